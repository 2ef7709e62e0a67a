/** The rule being written, kept in this tab so that a reload or an expired session loses nothing. */

const draftKey = 'yunqun.draft'

export const keepDraft = (text: string): void => sessionStorage.setItem(draftKey, text)

export const readDraft = (): string | null => sessionStorage.getItem(draftKey)

export const forgetDraft = (): void => sessionStorage.removeItem(draftKey)
