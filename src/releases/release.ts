/**
 * The one way from an exact number of people to a number that somebody may see.
 *
 * INVARIANT: no count reaches a marketer but through `release` (test/releases/release.test.ts).
 * Source: product.md promise 5; privacy.md E.
 */

/** A number as the outside sees it. `error` is the half width of its 95% interval, null where none is stated. */
export interface Released {
  readonly value: number | null
  readonly error: number | null
  readonly suppressed: boolean
  /** Which state of the data it speaks of. */
  readonly epoch: string
}

/** Below this many people a number would speak of persons. */
export const leastCount = 50
/** Released numbers are multiples of this. */
export const countStep = 10

/** Nothing below `leastCount`, rounded to `countStep` (halves upward). */
export function release(exact: number, epoch: string): Released {
  if (exact < leastCount) return { value: null, error: null, suppressed: true, epoch }
  const value = Math.round(exact / countStep) * countStep
  return { value, error: null, suppressed: false, epoch }
}

/** A number that the database already made coarse by the same two constants, null where it withheld one. */
export const releaseAgain = (coarse: number | null, epoch: string): Released =>
  release(coarse ?? 0, epoch)
