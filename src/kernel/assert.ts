/** A broken assertion is a bug of ours: it stops the work instead of carrying a wrong answer on. */

export function assert(condition: unknown, mustHold: string): asserts condition {
  if (!condition) throw new Error(`broken assertion: ${mustHold}`)
}

/** Marks the branch of an exhaustive switch that cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
