/** A personal value that cannot be printed by accident: only `reveal` gives it back. */
import { inspect } from 'node:util'

const values = new WeakMap<object, unknown>()

export interface Redacted<T> {
  readonly kind: 'redacted'
  /** Never present; keeps `Redacted<Phone>` and `Redacted<Email>` apart in the type checker. */
  readonly brand?: T
}

export function redact<T>(value: T): Redacted<T> {
  const shell = {
    kind: 'redacted' as const,
    toString: () => '<redacted>',
    toJSON: () => '<redacted>',
    [inspect.custom]: () => '<redacted>',
  }
  values.set(shell, value)
  return shell
}

/** Gives the value back. Allowed in pseudonyms/, profiles/, imports/ and exports/ only (the tidy test keeps it). */
export function reveal<T>(shell: Redacted<T>): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the map holds what `redact` put there for this shell
  return values.get(shell) as T
}
