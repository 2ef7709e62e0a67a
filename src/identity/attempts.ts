/**
 * How long somebody who guesses has to wait: exponentially longer, and never for ever.
 *
 * An attempt is counted before its password is looked at, so that guesses sent at once are no cheaper than one by one.
 */
import { LRUCache } from 'lru-cache'
import type { Database } from '../db/index.ts'

export interface Pace {
  /** Attempts that cost nothing. */
  readonly freeMax: number
  readonly waitMsMax: number
  /** After so long without an attempt the count starts anew. */
  readonly forgetMs: number
}

const waitMsFirst = 1000
const minuteMs = 60_000

/** For one account: five slips, then 1 s, 2 s, 4 s … up to five minutes. */
export const accountPace: Pace = { freeMax: 5, waitMsMax: 5 * minuteMs, forgetMs: 60 * minuteMs }

/** For one network, which may be an office with many people behind it. */
export const networkPace: Pace = { freeMax: 50, waitMsMax: 15 * minuteMs, forgetMs: 30 * minuteMs }

/** How long to wait after the `count`th attempt. */
export function waitMsAfter(pace: Pace, count: number): number {
  if (count <= pace.freeMax) return 0
  const doublings = Math.min(count - pace.freeMax - 1, 30)
  return Math.min(waitMsFirst * 2 ** doublings, pace.waitMsMax)
}

export interface Attempts {
  /** Counts an attempt. Gives 0, or the milliseconds to wait; an attempt that has to wait is not counted. */
  readonly claim: (key: string, atMs: number) => number
  /** Takes the last attempt back: it was a good one. */
  readonly giveBack: (key: string) => void
}

const keysMax = 50_000

interface Count {
  readonly count: number
  readonly lockedUntilMs: number
  readonly lastMs: number
}

/** Counts in memory: a restart forgets them, which a guesser cannot cause. */
export function attemptsInMemory(pace: Pace): Attempts {
  const counts = new LRUCache<string, Count>({ max: keysMax })
  return {
    claim: (key, atMs) => {
      const known = counts.get(key)
      const before = known === undefined || atMs - known.lastMs > pace.forgetMs ? undefined : known
      if (before !== undefined && before.lockedUntilMs > atMs) return before.lockedUntilMs - atMs
      const count = (before?.count ?? 0) + 1
      counts.set(key, { count, lockedUntilMs: atMs + waitMsAfter(pace, count), lastMs: atMs })
      return 0
    },
    giveBack: (key) => {
      const known = counts.get(key)
      if (known === undefined) return
      if (known.count <= 1) counts.delete(key)
      else counts.set(key, { ...known, count: known.count - 1, lockedUntilMs: 0 })
    },
  }
}

/** What one running service remembers of those who try to sign in. */
export interface Watch {
  readonly networks: Attempts
  /** Addresses without an account are paced as accounts are, so that the pace does not tell which exist. */
  readonly strangers: Attempts
  /**
   * Networks from which a person signed in before. The account's own wait does not hold there: whoever guesses
   * elsewhere cannot keep the person out.
   */
  readonly familiar: LRUCache<string, true>
}

const watches = new WeakMap<Database, Watch>()

export function watchOf(database: Database): Watch {
  const known = watches.get(database)
  if (known !== undefined) return known
  const made: Watch = {
    networks: attemptsInMemory(networkPace),
    strangers: attemptsInMemory(accountPace),
    familiar: new LRUCache({ max: keysMax }),
  }
  watches.set(database, made)
  return made
}

/** What counts as one network: an IPv4 address, or the half of an IPv6 address that a household is given. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const bare = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
  return bare.includes(':') ? bare.split(':').slice(0, 4).join(':') : bare
}
