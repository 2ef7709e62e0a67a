/** Tells what happens, one line for each step, and stops at the first thing that is not as it must be. */

export interface Story {
  readonly chapter: (title: string) => void
  readonly step: (text: string) => void
}

export class WalkFailed extends Error {}

export function check(condition: unknown, mustHold: string): asserts condition {
  if (!condition) throw new WalkFailed(mustHold)
}

export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, must] = [JSON.stringify(actual), JSON.stringify(expected)]
  check(is === must, `${what}: ${is} instead of ${must}`)
}

export const printed = (write: (line: string) => void): Story => {
  let steps = 0
  return {
    chapter: (title) => write(`\n${title}`),
    step: (text) => {
      steps += 1
      write(`  ${String(steps).padStart(2)}. ${text}`)
    },
  }
}
