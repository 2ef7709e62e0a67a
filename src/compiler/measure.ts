/** Measures of a customer's events, each one aggregate over the rows of one selection in one window. */
import { sql } from 'kysely'
import type { Aggregate, DidTest, EventSelection, OccurrenceTest, ValueType } from '#grammar'
import { assert, unreachable } from '../kernel/assert.ts'
import { eventColumn, propertyTest, slotOf } from './event-rows.ts'
import type { Setting } from './event-rows.ts'
import { localDate } from './sql.ts'
import type { Sql } from './sql.ts'
import { storedSubject } from './value.ts'
import type { NumberSubject, Subject } from './value.ts'
import { earlier, windowSpan } from './window.ts'
import type { Span } from './window.ts'

/** Aggregates run over rows of this alias. */
export const rowAlias = 'e'

export interface Measure {
  /** An audience inside a rule may have a time zone of its own. */
  readonly setting: Setting
  readonly selection: EventSelection
  readonly span: Span
  /** What it is without any row: a count and a sum are zero, everything else is missing. */
  readonly ofNothing: 'zero' | 'missing'
  /** `filter` is empty or `filter (where …)`. */
  readonly aggregate: (filter: Sql) => Sql
}

const span = (window: Aggregate['window'], { time }: Setting): Span => {
  const { start, end } = windowSpan(window, time)
  return { ...(start === undefined ? {} : { start }), end: earlier(end, time.asOf) }
}

/** How often, on how many local days, or with how many values. */
export function countMeasure(test: DidTest, setting: Setting): Measure {
  const { event, window, measure } = test
  const base = {
    setting,
    selection: event,
    span: span(window, setting),
    ofNothing: 'zero',
  } as const
  switch (measure.kind) {
    case 'times':
      return { ...base, aggregate: (filter) => sql`count(*) ${filter}` }
    case 'days': {
      const day = localDate(eventColumn(rowAlias, 'occurred_at'), setting.time.timeZone)
      return { ...base, aggregate: (filter) => sql`count(distinct ${day}) ${filter}` }
    }
    case 'different': {
      const slot = slotOf(rowAlias, event.event, measure.property, setting)
      return { ...base, aggregate: (filter) => sql`count(distinct ${slot}) ${filter}` }
    }
    default:
      return unreachable(measure)
  }
}

/** An aggregate as one measure or two, and the subject that their columns make. */
export interface Measured<S extends Subject = Subject> {
  readonly measures: readonly Measure[]
  readonly subject: (columns: readonly Sql[]) => S
}

export function aggregateMeasures(aggregate: Aggregate, setting: Setting): Measured {
  const { fn, event, property, window } = aggregate
  const base = { setting, selection: event, span: span(window, setting) }
  const counted = (columns: readonly Sql[]): NumberSubject => ({
    kind: 'number',
    over: columnAt(columns, 0),
    scale: 0,
    isWhole: true,
  })
  if (fn === 'count') {
    const rows: Measure = {
      ...base,
      ofNothing: 'zero',
      aggregate: (filter) => sql`count(*) ${filter}`,
    }
    return { measures: [rows], subject: counted }
  }
  assert(property !== undefined, 'a property to measure')
  const slot = slotOf(rowAlias, event.event, property.id, setting)
  const { type } = setting.catalog.event(event.event).property(property.id)
  assert(type.kind === property.type.kind, 'a rule that was checked against this catalogue')
  const missing = { ...base, ofNothing: 'missing' } as const
  switch (fn) {
    case 'distinct': {
      const aggregate = (filter: Sql) => sql`count(distinct ${slot}) ${filter}`
      return { measures: [{ ...base, ofNothing: 'zero', aggregate }], subject: counted }
    }
    case 'sum': {
      const aggregate = (filter: Sql) => sql`coalesce(sum(${slot}) ${filter}, 0)`
      return {
        measures: [{ ...base, ofNothing: 'zero', aggregate }],
        subject: (columns) => summed(type, columnAt(columns, 0)),
      }
    }
    case 'average':
      return {
        measures: [
          { ...missing, aggregate: (filter) => sql`sum(${slot}) ${filter}` },
          { ...missing, aggregate: (filter) => sql`nullif(count(${slot}) ${filter}, 0)` },
        ],
        subject: (columns) => ({
          ...summed(type, columnAt(columns, 0)),
          under: columnAt(columns, 1),
        }),
      }
    case 'min':
      return extreme({ ...missing, aggregate: (filter) => sql`min(${slot}) ${filter}` }, type)
    case 'max':
      return extreme({ ...missing, aggregate: (filter) => sql`max(${slot}) ${filter}` }, type)
    default:
      return unreachable(fn)
  }
}

const extreme = (measure: Measure, type: ValueType): Measured => ({
  measures: [measure],
  subject: (columns) => storedSubject(type, columnAt(columns, 0)),
})

/** A sum of bigints is a numeric. */
function summed(type: ValueType, sum: Sql): NumberSubject {
  const subject = storedSubject(type, sum)
  assert(subject.kind === 'number', 'a number to sum')
  return { ...subject, isWhole: false }
}

/** Exact quotient: both sides carry their own scale, and the divisor's sign moves above the line. */
export function ratioMeasures(
  over: Aggregate,
  under: Aggregate,
  setting: Setting,
): Measured<NumberSubject> {
  const above = aggregateMeasures(over, setting)
  const below = aggregateMeasures(under, setting)
  return {
    measures: [...above.measures, ...below.measures],
    subject: (columns) => {
      const a = above.subject(columns.slice(0, above.measures.length))
      const b = below.subject(columns.slice(above.measures.length))
      assert(a.kind === 'number' && b.kind === 'number', 'a ratio of numbers')
      const numerator = product(a.over, b.under)
      const divisor = product(b.over, a.under)
      return {
        kind: 'number',
        over: sql`(${numerator} * sign(${divisor}))`,
        under: sql`nullif(abs(${divisor}), 0)`,
        scale: a.scale - b.scale,
        isWhole: false,
      }
    },
  }
}

const product = (a: Sql, b: Sql | undefined): Sql =>
  b === undefined ? sql`${a}::numeric` : sql`(${a}::numeric * ${b})`

/** When the first or last event of the selection happened. */
export function occurrenceTime({ which, event }: OccurrenceTest, setting: Setting): Measure {
  const at = eventColumn(rowAlias, 'occurred_at')
  return {
    setting,
    selection: event,
    span: { end: setting.time.asOf },
    ofNothing: 'missing',
    aggregate: (filter) =>
      which === 'first' ? sql`min(${at}) ${filter}` : sql`max(${at}) ${filter}`,
  }
}

/** Whether the first or last event of the selection passes a test; of equal times the key decides. */
export function occurrencePasses(
  { which, event }: OccurrenceTest,
  where: Extract<OccurrenceTest['test'], { readonly kind: 'had' }>['where'],
  setting: Setting,
): Measure {
  const passes = propertyTest(rowAlias, event.event, where, setting)
  const at = eventColumn(rowAlias, 'occurred_at')
  const key = eventColumn(rowAlias, 'event_key')
  const order = which === 'first' ? sql`${at}, ${key}` : sql`${at} desc, ${key} desc`
  return {
    setting,
    selection: event,
    span: { end: setting.time.asOf },
    ofNothing: 'missing',
    aggregate: (filter) => sql`(array_agg((${passes}) is true order by ${order}) ${filter})[1]`,
  }
}

export function columnAt(columns: readonly Sql[], place: number): Sql {
  const column = columns[place]
  assert(column !== undefined, 'a column for every measure')
  return column
}
