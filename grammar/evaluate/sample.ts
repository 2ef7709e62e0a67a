/** Which customers a sample keeps: the same ones at every run, and a larger percentage keeps all of a smaller one. */
import { sha256 } from '@noble/hashes/sha2.js'
import { compareRationals, multiply, parseDecimal, wholeNumber } from './rational.ts'

/** Where the hash puts a customer: a millionth, `[0, 1_000_000)`. */
export function samplePlace(seed: string, customerKey: string): bigint {
  const digest = sha256(new TextEncoder().encode(`${seed}:${customerKey}`))
  const first = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  return first % 1_000_000n
}

/** `percent` is "10" for 10%. */
export const isSampled = (percent: string, seed: string, customerKey: string): boolean =>
  compareRationals(
    wholeNumber(samplePlace(seed, customerKey)),
    multiply(parseDecimal(percent), wholeNumber(10_000)),
  ) < 0
