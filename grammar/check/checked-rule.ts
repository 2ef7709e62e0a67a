/**
 * A checked rule: names are catalogue ids, values are typed, every clause is well formed. Plain JSON.
 *
 * The evaluator and the SQL compiler share this tree and nothing else. Windows, time zones and decimals stay as
 * written here ("last 90 days", "2026-01-01", "12.50") and each of the two resolves them for itself, so that one
 * mistake cannot hide in both.
 */
import type { Span } from '../source/span.ts'
import type { ValueType } from './catalog.ts'

export interface CheckedRule {
  readonly version: 1
  readonly header: CheckedHeader
  readonly include: Test
  readonly exclude: readonly Test[]
  readonly sample?: { readonly percent: string; readonly seed: string }
}

/** What the text proposes; the use itself comes with the request. */
export interface CheckedHeader {
  readonly name?: string
  readonly purpose?: string
  readonly channels: readonly string[]
  readonly recipient?: string
  readonly timeZone?: string
  /** Local date or date-time as written. */
  readonly asOf?: string
}

export type Test =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly Test[] }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'at-least'; readonly count: number; readonly tests: readonly Test[] }
  | AttributeTest
  | TagTest
  | DidTest
  | MetricTest
  | OccurrenceTest
  | SequenceTest
  | RankTest
  | AudienceTest

/** Every leaf says where it stands in the text, for explanations; spans are left out of the rule hash. */
interface Leaf {
  readonly span?: Span
}

/** `type` is the attribute's, repeated here so that neither evaluator nor compiler needs the catalogue for meaning. */
export interface AttributeTest extends Leaf {
  readonly kind: 'attribute'
  readonly attribute: string
  readonly type: ValueType
  readonly test: ValueTest
}

export interface TagTest extends Leaf {
  readonly kind: 'tags'
  readonly quantifier: 'any' | 'all' | 'none'
  readonly tags: readonly string[]
}

/** `did not` is `not` around a DidTest of at least one. A comparison with a count of nothing sees zero. */
export interface DidTest extends Leaf {
  readonly kind: 'did'
  readonly event: EventSelection
  readonly window: Window
  readonly measure:
    | { readonly kind: 'times' }
    /** Distinct local calendar days of the rule's time zone. */
    | { readonly kind: 'days' }
    /** Distinct values of a property; missing values are not counted. */
    | { readonly kind: 'different'; readonly property: string; readonly type: ValueType }
  readonly count: CountTest
}

export type CountTest =
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number }

/** Event rows of one name, narrowed by tests of their properties. */
export interface EventSelection {
  readonly event: string
  readonly where?: PropertyTest
}

export type PropertyTest =
  | { readonly kind: 'and' | 'or'; readonly tests: readonly PropertyTest[] }
  | { readonly kind: 'not'; readonly test: PropertyTest }
  | { readonly kind: 'at-least'; readonly count: number; readonly tests: readonly PropertyTest[] }
  | {
      readonly kind: 'property'
      readonly property: string
      readonly type: ValueType
      readonly test: ValueTest
      readonly span?: Span
    }

export interface MetricTest extends Leaf {
  readonly kind: 'metric'
  readonly metric: Metric
  /** The type of the metric's value: what the literals in `test` are compared as. */
  readonly type: ValueType
  readonly test: ValueTest
}

export type Metric =
  | Aggregate
  /** Exact quotient; division by zero, or of something missing, is missing. */
  | { readonly kind: 'ratio'; readonly over: Aggregate; readonly under: Aggregate }

export interface Aggregate {
  readonly kind: 'aggregate'
  readonly fn: 'count' | 'sum' | 'average' | 'min' | 'max' | 'distinct'
  readonly event: EventSelection
  /** Absent for `count` only. */
  readonly property?: { readonly id: string; readonly type: ValueType }
  readonly window: Window
}

/**
 * The first or last matching event up to `as of` (of equal times the one with the greater event id is the last, the
 * smaller the first). False for customers who never did it.
 */
export interface OccurrenceTest extends Leaf {
  readonly kind: 'occurrence'
  readonly which: 'first' | 'last'
  readonly event: EventSelection
  readonly test:
    | { readonly kind: 'happened'; readonly when: TimeTest }
    | { readonly kind: 'had'; readonly where: PropertyTest }
}

/** Steps at strictly increasing times, all inside the window; `no` steps are absences that have matured. */
export interface SequenceTest extends Leaf {
  readonly kind: 'sequence'
  readonly first: EventSelection
  readonly then: readonly SequenceStep[]
  readonly window: Window
}

export interface SequenceStep {
  readonly event: EventSelection
  readonly within?: Duration
  readonly absent: boolean
}

/** Ties are all in: a member iff fewer than the limit have a strictly better value. */
export interface RankTest extends Leaf {
  readonly kind: 'rank'
  readonly side: 'top' | 'bottom'
  readonly limit:
    | { readonly kind: 'percent'; readonly percent: string }
    | { readonly kind: 'count'; readonly count: number }
  readonly by:
    | Aggregate
    | { readonly kind: 'attribute'; readonly attribute: string; readonly type: ValueType }
  readonly among?: string
}

export interface AudienceTest extends Leaf {
  readonly kind: 'audience'
  readonly audience: string
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** Missing makes every one of these false but `unknown`, `!=`, `not in` and `not contains`, the complements. */
export type ValueTest =
  | { readonly kind: 'compare'; readonly op: Comparison; readonly operand: Operand }
  | { readonly kind: 'between'; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operands: readonly Operand[]; readonly negated: boolean }
  | {
      readonly kind: 'contains' | 'starts-with'
      readonly text: string
      readonly ignoreCase: boolean
      readonly negated: boolean
    }
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Dates and timestamps. */
  | { readonly kind: 'when'; readonly when: TimeTest }
  /** The month and day fall into the window, whatever the year. */
  | { readonly kind: 'anniversary'; readonly window: Window }

export type Operand =
  | { readonly kind: 'literal'; readonly value: Scalar }
  /** Another attribute of the customer (or, inside `where`, another property of the event), of the same type. */
  | { readonly kind: 'field'; readonly field: string; readonly type: ValueType }
  /** The local day of `as of`. */
  | { readonly kind: 'today' }

/** Numbers are decimal strings without exponent and without needless zeros: "12", "-0.5". */
export type Scalar =
  | { readonly kind: 'number'; readonly value: string }
  /** In units of the currency as written ("12.50"), at most the type's scale of decimals. */
  | { readonly kind: 'money'; readonly value: string; readonly currency: string }
  /** A ratio: 70% is "0.7". */
  | { readonly kind: 'percent'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'enum'; readonly value: string }
  /** `codes`: this code and everything below it, as the catalogue had it. */
  | { readonly kind: 'region'; readonly value: string; readonly codes: readonly string[] }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `YYYY-MM-DD` */
  | { readonly kind: 'date'; readonly value: string }
  /** Local, `YYYY-MM-DDTHH:MM[:SS]`, in the rule's time zone. */
  | { readonly kind: 'timestamp'; readonly value: string }
  /** `MM-DD` */
  | { readonly kind: 'month-day'; readonly value: string }

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

export interface Duration {
  readonly count: number
  readonly unit: Unit
}

/** Half-open `[start, end)`, end at most `as of` (but `next`); language.md 3.3 says how each is resolved. */
export type Window =
  | { readonly kind: 'last'; readonly count: number; readonly unit: Unit }
  | { readonly kind: 'last-full'; readonly count: number; readonly unit: Unit }
  | { readonly kind: 'next'; readonly count: number; readonly unit: Unit }
  | { readonly kind: 'this'; readonly unit: Unit }
  | { readonly kind: 'previous'; readonly unit: Unit }
  | { readonly kind: 'ever' }
  | { readonly kind: 'from-to'; readonly from: Point; readonly to: Point }
  | { readonly kind: 'since'; readonly from: Point }
  | { readonly kind: 'today' }
  | { readonly kind: 'yesterday' }

/** A local date (its whole day), a local date-time, or the local day of `as of`. */
export type Point =
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'timestamp'; readonly value: string }
  | { readonly kind: 'today' }

export type TimeTest =
  /** "more than 90 days ago" is `>`: before the start of "in last 90 days"; "at most" is `<=`: inside it. */
  | { readonly kind: 'ago'; readonly op: '>' | '>=' | '<' | '<='; readonly duration: Duration }
  | { readonly kind: 'before' | 'after' | 'on'; readonly point: Point }
  | { readonly kind: 'in'; readonly window: Window }
