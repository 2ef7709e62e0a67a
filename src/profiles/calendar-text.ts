/** Dates and instants as data carries them. */

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d{1,6})?(?:([Zz])|[+-](?:0\d|1[0-4]):[0-5]\d)$/
const datePattern = /^\d{4}-\d{2}-\d{2}$/
const yearZero = '0000'

/**
 * Milliseconds since 1970 of an RFC 3339 instant, or undefined for a text, day or time that does not exist.
 * Microseconds are allowed in the text and cut here.
 */
export function instantMs(text: string): number | undefined {
  const match = instantPattern.exec(text)
  if (match === null || text.startsWith(yearZero)) return undefined
  const [, date = '', time = ''] = match
  // Date.parse rolls 30 February over into March, so the local part must come back as it was.
  const local = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== `${date}T${time}`)
    return undefined
  const isWhole = match[3] === undefined && match[4] !== undefined
  return isWhole ? local : Date.parse(`${date}T${text.slice(date.length + 1)}`)
}

/** Whether `YYYY-MM-DD` is a day of the calendar. */
export function isDate(text: string): boolean {
  if (!datePattern.test(text) || text.startsWith(yearZero)) return false
  const day = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text)
}
