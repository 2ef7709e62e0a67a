/** Where something stands in the text: half-open UTF-16 offsets `[start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export const spanOf = (start: number, end: number): Span => ({ start, end })

/** The smallest span that covers both. */
export const cover = (a: Span, b: Span): Span => ({
  start: Math.min(a.start, b.start),
  end: Math.max(a.end, b.end),
})
