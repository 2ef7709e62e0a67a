/** The leaves of a rule, gathered while its formula is built. */
import type { Formula } from './formula.ts'
import type { Measure } from './measure.ts'
import type { Sql } from './sql.ts'

/** A leaf that is computed from aggregates of events; columns come in the order of the measures. */
export interface EventLeaf {
  readonly kind: 'events'
  readonly place: number
  readonly measures: readonly Measure[]
  readonly holds: (columns: readonly Sql[]) => Sql
  /** What it is for customers without a row. */
  readonly ofNothing: boolean
}

/** A leaf that is a set of customers, each once: a query of one column `customer_id`. */
export interface SetLeaf {
  readonly kind: 'set'
  readonly place: number
  readonly query: Sql
}

/** Measures that are compared with an attribute, so that they must stand beside the customer. */
export interface JoinedMeasures {
  readonly alias: string
  readonly measures: readonly Measure[]
}

export interface Leaves {
  readonly votes: (EventLeaf | SetLeaf)[]
  readonly joined: JoinedMeasures[]
  /** Columns of the customer that the formula reads. */
  readonly columns: Set<string>
}

export const noLeaves = (): Leaves => ({ votes: [], joined: [], columns: new Set() })

export function addEventLeaf(leaves: Leaves, leaf: Omit<EventLeaf, 'kind' | 'place'>): Formula {
  const place = leaves.votes.length
  leaves.votes.push({ kind: 'events', place, ...leaf })
  return { kind: 'vote', place, ofNothing: leaf.ofNothing }
}

export function addSetLeaf(leaves: Leaves, query: Sql): Formula {
  const place = leaves.votes.length
  leaves.votes.push({ kind: 'set', place, query })
  return { kind: 'vote', place, ofNothing: false }
}
