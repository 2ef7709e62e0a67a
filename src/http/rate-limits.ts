/** How much one party may ask in a time: a bucket that fills steadily. */
import { LRUCache } from 'lru-cache'

export interface Rate {
  readonly perMinute: number
  /** As much may come at once. */
  readonly burst: number
}

/** Somebody who is not signed in, by network. A page load is some ten requests. */
export const anonymousRate: Rate = { perMinute: 300, burst: 120 }
/** A person at work: an editor asks a few times a second while somebody writes. */
export const personRate: Rate = { perMinute: 600, burst: 200 }
/** A machine that sends single events or pulls chunk by chunk. */
export const machineRate: Rate = { perMinute: 6000, burst: 1000 }
/** Counts read everybody, so one person may not keep the database busy alone. */
export const countRate: Rate = { perMinute: 60, burst: 30 }

export interface Limiter {
  /** Takes one; gives 0, or the milliseconds until there is one. */
  readonly take: (name: string, rate: Rate, atMs: number) => number
}

const namesMax = 50_000
const minuteMs = 60_000

export function limiter(): Limiter {
  const buckets = new LRUCache<string, { readonly level: number; readonly atMs: number }>({
    max: namesMax,
  })
  return {
    take: (name, rate, atMs) => {
      const known = buckets.get(name) ?? { level: rate.burst, atMs }
      const perMs = rate.perMinute / minuteMs
      const level = Math.min(rate.burst, known.level + Math.max(0, atMs - known.atMs) * perMs)
      const enough = level >= 1
      buckets.set(name, { level: enough ? level - 1 : level, atMs })
      return enough ? 0 : Math.ceil((1 - level) / perMs)
    },
  }
}
