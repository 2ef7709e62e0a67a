/** Ids of the database, as they stand in URLs and bodies. */

const shape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Lower case with hyphens: the spelling that the database gives. */
export const isUuid = (text: string): boolean => shape.test(text)
