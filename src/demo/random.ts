/**
 * Random numbers that a seed settles, for the fictional world only: xoshiro128** of Blackman and Vigna, seeded by the
 * SHA-256 of a text. Nothing secret is ever drawn from it.
 */
import { hash } from 'node:crypto'
import { assert } from '../kernel/assert.ts'

export interface Seeded {
  /** From 0 inclusive to 1 exclusive. */
  readonly unit: () => number
  /** A whole number, both ends included. */
  readonly whole: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T
  /** By weight; see `weighted`. */
  readonly draw: <T>(choices: Weighted<T>) => T
  /** Normally distributed, mean 0 and deviation 1. */
  readonly normal: () => number
}

export interface Weighted<T> {
  readonly items: readonly T[]
  /** Sums of the weights up to each item. */
  readonly sums: readonly number[]
}

export function weighted<T>(choices: readonly (readonly [T, number])[]): Weighted<T> {
  let sum = 0
  const sums = choices.map(([, weight]) => (sum += weight))
  return { items: choices.map(([item]) => item), sums }
}

/** The same text gives the same numbers; texts that differ share none. */
export function seededBy(text: string): Seeded {
  const digest = Buffer.from(hash('sha256', text, 'hex'), 'hex')
  const next = xoshiro([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)))
  const unit = (): number => next() / 2 ** 32
  const whole = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1))
  return {
    unit,
    whole,
    chance: (probability) => unit() < probability,
    pick: (items) => at(items, whole(0, items.length - 1)),
    draw: ({ items, sums }) => at(items, placeOf(sums, unit() * at(sums, sums.length - 1))),
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  }
}

/** The first place whose sum lies above a point. */
export function placeOf(sums: ArrayLike<number>, point: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0) > point) high = middle
    else low = middle + 1
  }
  return low
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  assert(item !== undefined, 'something to draw from')
  return item
}

function xoshiro(seed: readonly number[]): () => number {
  let [a = 0, b = 0, c = 0, d = 0] = seed
  assert((a | b | c | d) !== 0, 'a seed that is not all zero')
  const turn = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))
  return () => {
    const result = Math.imul(turn(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = turn(d, 11)
    return result
  }
}
