/** The one place that reads the clock, so that a test can hold it still. */

export interface Clock {
  /** The present instant. */
  readonly now: () => Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still, for tests and for worlds that are pinned to an instant. */
export const fixedClock = (instant: string | Date): Clock => {
  const at = new Date(instant)
  return { now: () => new Date(at) }
}

/** Milliseconds that only ever grow, for durations. */
export const monotonicMs = (): number => performance.now()
