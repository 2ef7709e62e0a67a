/** What became of every row. The counts of a feed add up to the rows it read, or the import is a bug. */
import { assert } from '../kernel/assert.ts'
import type { Assumed } from './assumed.ts'

/** One use of one file: the customers in it, or the events of one kind. */
export interface FeedReport {
  readonly kind: 'customers' | 'contacts' | 'events' | 'consents'
  /** Event id; empty for the others. */
  readonly name: string
  readonly file: string
  /** Rows without the header and blank lines. */
  readonly read: number
  readonly loaded: number
  readonly updated: number
  /** As it was before, or named before by the same id. */
  readonly duplicate: number
  readonly withoutCustomer: number
  /** `where` says that the row is no such event. */
  readonly filtered: number
  readonly rejected: Readonly<Record<string, number>>
  /** Contact data that is none, by reason; its row was loaded without it and is counted as such. */
  readonly refusedContacts: Readonly<Record<string, number>>
}

export interface ImportReport {
  readonly dataset: string
  /** Of `ingest.run`. */
  readonly run: string
  readonly feeds: readonly FeedReport[]
  readonly assumed: Assumed
  /** Where the rejected rows are listed; null when there are none. */
  readonly rejectsFile: string | null
  readonly rejects: number
  readonly durationMs: number
}

/** A row or cell that was not loaded, without its value. */
export interface Reject {
  readonly line: number
  /** Empty where it is about the whole row. */
  readonly column: string
  readonly reason: string
}

/** What one batch of rows came to. */
export interface Tally {
  read: number
  loaded: number
  updated: number
  duplicate: number
  withoutCustomer: number
  filtered: number
  /** One for each rejected row. */
  readonly rejects: Reject[]
  /** Cells that were left out of a row that was loaded. */
  readonly refused: Reject[]
}

export const emptyTally = (): Tally => ({
  read: 0,
  loaded: 0,
  updated: 0,
  duplicate: 0,
  withoutCustomer: 0,
  filtered: 0,
  rejects: [],
  refused: [],
})

/** Adds up the batches of one feed. */
export interface FeedCounter {
  readonly file: string
  readonly add: (tally: Tally) => void
  readonly report: () => FeedReport
}

const sums = ['read', 'loaded', 'updated', 'duplicate', 'withoutCustomer', 'filtered'] as const

export function feedCounter(kind: FeedReport['kind'], name: string, file: string): FeedCounter {
  const { rejects: _, refused: __, ...counted } = emptyTally()
  const rejected = new Map<string, number>()
  const refusedContacts = new Map<string, number>()
  return {
    file,
    add: (tally) => {
      for (const sum of sums) counted[sum] += tally[sum]
      count(rejected, tally.rejects)
      count(refusedContacts, tally.refused)
    },
    report: () => {
      const { read, loaded, updated, duplicate, withoutCustomer, filtered } = counted
      const rejectedRows = [...rejected.values()].reduce((sum, rows) => sum + rows, 0)
      assert(
        read === loaded + updated + duplicate + withoutCustomer + filtered + rejectedRows,
        'every row that was read is counted once',
      )
      return {
        kind,
        name,
        file,
        ...counted,
        rejected: byReason(rejected),
        refusedContacts: byReason(refusedContacts),
      }
    },
  }
}

function count(counts: Map<string, number>, rejects: readonly Reject[]): void {
  for (const { reason } of rejects) counts.set(reason, (counts.get(reason) ?? 0) + 1)
}

const byReason = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
