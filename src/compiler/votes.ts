/**
 * The votes: for each customer a mask of the leaves that differ from what they are for customers without any row.
 *
 * One aggregate for each event name (leaves of one event share a scan), `union all`, one last `bit_or`; no joins
 * between leaves, so that no misjudged selectivity of one can spoil the plan (engine.md 2, shape "vote").
 */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { assert } from '../kernel/assert.ts'
import { eventColumn, isNumber, isOnRecord, propertyTest } from './event-rows.ts'
import type { Setting } from './event-rows.ts'
import { bitOf, bitsPerWord, wordOf } from './formula.ts'
import type { EventLeaf, JoinedMeasures, SetLeaf } from './leaves.ts'
import { rowAlias } from './measure.ts'
import type { Measure } from './measure.ts'
import { allOf, int8, notTrue, timestamptz } from './sql.ts'
import type { Sql } from './sql.ts'
import { later } from './window.ts'
import type { Span } from './window.ts'

export const wordName = (word: number): string => `bits${word}`

/** A query of `customer_id` and the words, each customer at most once. */
export function voteQuery(leaves: readonly (EventLeaf | SetLeaf)[], setting: Setting): Sql {
  const words = Array.from({ length: Math.ceil(leaves.length / bitsPerWord) }, (_, word) => word)
  const branches = [
    ...groupByEvents(leaves).map((group) => eventBranch(group, words, setting)),
    ...leaves.filter((leaf) => leaf.kind === 'set').map((leaf) => setBranch(leaf, words)),
  ]
  const [only] = branches
  assert(only !== undefined, 'a leaf to vote')
  if (branches.length === 1) return only
  const sums = words.map((word) => {
    const name = sql.id(wordName(word))
    return sql`bit_or(branch.${name}) as ${name}`
  })
  return sql`select branch.customer_id, ${sql.join(sums)}
    from (${sql.join(branches, sql` union all `)}) as branch group by branch.customer_id`
}

/** Leaves that read the same events, in the order of the rule; a ratio of two events reads both. */
function groupByEvents(leaves: readonly (EventLeaf | SetLeaf)[]): readonly EventLeaf[][] {
  const groups = Map.groupBy(
    leaves.filter((leaf) => leaf.kind === 'events'),
    ({ measures }) => JSON.stringify(eventsOf(measures)),
  )
  return [...groups.values()]
}

const eventsOf = (measures: readonly Measure[]): readonly string[] =>
  [...new Set(measures.map(({ selection }) => selection.event))].sort()

function eventBranch(
  leaves: readonly EventLeaf[],
  words: readonly number[],
  setting: Setting,
): Sql {
  const measures = leaves.flatMap((leaf) => leaf.measures)
  let next = 0
  const bits = leaves.map((leaf) => {
    const columns = leaf.measures.map(() => {
      next += 1
      return sql.ref(`m.${measureName(next - 1)}`)
    })
    const holds = leaf.holds(columns)
    const differs = leaf.ofNothing ? notTrue(holds) : holds
    return {
      place: leaf.place,
      bit: sql`case when ${differs} then ${int8(bitOf(leaf.place))} else 0 end`,
    }
  })
  return sql`select m.customer_id, ${wordColumns(bits, words)}
    from (${measureQuery(measures, setting)}) as m`
}

const setBranch = ({ place, query }: SetLeaf, words: readonly number[]): Sql =>
  sql`select s.customer_id, ${wordColumns([{ place, bit: int8(bitOf(place)) }], words)}
    from (${query}) as s`

interface Bit {
  readonly place: number
  readonly bit: Sql
}

const wordColumns = (bits: readonly Bit[], words: readonly number[]): Sql =>
  sql.join(
    words.map((word) => {
      const own = bits.filter(({ place }) => wordOf(place) === word).map(({ bit }) => bit)
      const mask = own.length === 0 ? int8(0) : sql.join(own, sql` | `)
      return sql`${mask} as ${sql.id(wordName(word))}`
    }),
  )

export const measureName = (place: number): string => `m${place}`

/** A query of `customer_id` and the measures, for customers with a row that any of them may need. */
export function measureQuery(measures: readonly Measure[], setting: Setting): Sql {
  const events = eventsOf(measures)
  const range = coveringSpan(measures.map(({ span }) => span))
  // What all measures ask of a row is asked once, below the aggregate.
  const shared = sameSelection(measures)
  const columns = measures.map((measure, place) => {
    const own = shared === undefined ? ownConditions(measure, events, range) : []
    const filter = own.length === 0 ? sql`` : sql`filter (where ${allOf(own)})`
    return sql`${measure.aggregate(filter)} as ${sql.id(measureName(place))}`
  })
  const rows = [
    isOneOf(events, setting),
    ...(range.start === undefined ? [] : [isFrom(range.start)]),
    ...isOnRecord(rowAlias, setting, range.end),
    ...(shared?.selection.where === undefined
      ? []
      : [propertyTest(rowAlias, shared.selection.event, shared.selection.where, shared.setting)]),
  ]
  return sql`select e.customer_id, ${sql.join(columns)} from profile.event as e
    where ${sql.join(rows, sql` and `)} group by e.customer_id`
}

/** The measures joined to the customer `c`. */
export const joinedQuery = ({ alias, measures }: JoinedMeasures, setting: Setting): Sql =>
  sql`left join (${measureQuery(measures, setting)}) as ${sql.id(alias)}
    on ${sql.ref(`${alias}.customer_id`)} = c.customer_id`

const at = eventColumn(rowAlias, 'occurred_at')
const isFrom = (start: Temporal.Instant): Sql => sql`${at} >= ${timestamptz(start)}`

function isOneOf(events: readonly string[], setting: Setting): Sql {
  const [only] = events
  assert(only !== undefined, 'a measure of some event')
  if (events.length === 1) return isNumber(rowAlias, only, setting)
  const numbers = events.map((event) => setting.catalog.event(event).number)
  return sql`e.event_number = any (${numbers}::smallint[])`
}

function ownConditions(
  { selection, span, setting }: Measure,
  events: readonly string[],
  range: Span,
): readonly Sql[] {
  const { event, where } = selection
  const startsLater = span.start !== undefined && !isSame(span.start, range.start)
  return [
    ...(events.length > 1 ? [isNumber(rowAlias, event, setting)] : []),
    ...(startsLater ? [isFrom(span.start)] : []),
    ...(isSame(span.end, range.end) ? [] : [sql`${at} < ${timestamptz(span.end)}`]),
    ...(where === undefined ? [] : [propertyTest(rowAlias, event, where, setting)]),
  ]
}

const isSame = (a: Temporal.Instant, b: Temporal.Instant | undefined): boolean =>
  b !== undefined && a.equals(b)

/** The first measure, when all read the same rows. */
function sameSelection(measures: readonly Measure[]): Measure | undefined {
  const keys = measures.map(({ selection, span, setting: { time } }) =>
    JSON.stringify([selection, span.start, span.end, time.timeZone, time.asOf]),
  )
  return new Set(keys).size === 1 ? measures[0] : undefined
}

function coveringSpan(spans: readonly Span[]): Span {
  const starts = spans.map(({ start }) => start).filter((start) => start !== undefined)
  const end = spans.map((span) => span.end).reduce((a, b) => later(a, b))
  if (starts.length < spans.length) return { end }
  return { start: starts.reduce((a, b) => (Temporal.Instant.compare(a, b) <= 0 ? a : b)), end }
}
