/**
 * Steps in order: each looks for the next in a semi-join of the same customer.
 *
 * Times strictly increase and every step that happened lies in the window. An absence with a duration must be over by
 * `as of`; one without lasts until the next step that happens, else until `as of`. The window does not bound it.
 */
import { sql } from 'kysely'
import type { Duration, SequenceStep, SequenceTest } from '#grammar'
import { eventColumn, selectedRows } from './event-rows.ts'
import type { Setting } from './event-rows.ts'
import { minutesIn, monthsIn } from './run-time.ts'
import { allOf, localTime, momentOf, notTrue, timestamptz } from './sql.ts'
import type { Sql } from './sql.ts'
import { windowSpan } from './window.ts'
import type { Span } from './window.ts'

/** A query of the customers who went through all steps, each once. */
export function sequenceQuery(test: SequenceTest, setting: Setting): Sql {
  const span = windowSpan(test.window, setting.time)
  const alias = aliasOf(0)
  const conditions = [
    ...selectedRows(alias, test.first, setting),
    ...isInside(alias, span),
    ...continues(alias, test.then, [], { span, setting, depth: 0 }),
  ]
  return sql`select ${eventColumn(alias, 'customer_id')} from profile.event as ${sql.id(alias)}
    where ${sql.join(conditions, sql` and `)} group by ${eventColumn(alias, 'customer_id')}`
}

interface Search {
  readonly span: Span
  readonly setting: Setting
  /** Of subqueries, so that every row has a name of its own. */
  readonly depth: number
}

const aliasOf = (depth: number): string => `step${depth}`
const atOf = (alias: string): Sql => eventColumn(alias, 'occurred_at')

const isInside = (alias: string, { start, end }: Span): readonly Sql[] => [
  ...(start === undefined ? [] : [sql`${atOf(alias)} >= ${timestamptz(start)}`]),
  sql`${atOf(alias)} < ${timestamptz(end)}`,
]

/** What must follow the row `previous`; `unbounded` are absences that last until the next step happens. */
function continues(
  previous: string,
  steps: readonly SequenceStep[],
  unbounded: readonly SequenceStep[],
  search: Search,
): readonly Sql[] {
  const [step, ...rest] = steps
  if (step === undefined) {
    return unbounded.map((absence) => notTrue(happens(previous, absence, [], search)))
  }
  if (step.absent && step.within === undefined) {
    return continues(previous, rest, [...unbounded, step], search)
  }
  const limit = step.within && shifted(atOf(previous), step.within, search.setting.time.timeZone)
  if (step.absent && limit !== undefined) {
    const alias = aliasOf(search.depth + 1)
    return [
      sql`${limit} <= ${timestamptz(search.setting.time.asOf)}`,
      notTrue(happens(previous, step, [sql`${atOf(alias)} <= ${limit}`], search)),
      ...continues(previous, rest, unbounded, search),
    ]
  }
  const deeper = { ...search, depth: search.depth + 1 }
  const next = aliasOf(deeper.depth)
  const between = { ...search, depth: deeper.depth }
  return [
    happens(
      previous,
      step,
      [
        ...isInside(next, search.span),
        ...(limit === undefined ? [] : [sql`${atOf(next)} <= ${limit}`]),
        ...unbounded.map((absence) => {
          const inner = aliasOf(between.depth + 1)
          const before = sql`${atOf(inner)} < ${atOf(next)}`
          return notTrue(happens(previous, absence, [before], between, next))
        }),
        ...continues(next, rest, [], deeper),
      ],
      search,
    ),
  ]
}

/**
 * A row of the step after `previous`, of the customer of `owner`, which is the nearest row around it.
 *
 * `is true` keeps it a probe of the customer's own index range: a bare `exists` may be pulled up into a join over all
 * customers' times, which misjudged statistics turn from milliseconds into minutes.
 */
function happens(
  previous: string,
  step: SequenceStep,
  conditions: readonly Sql[],
  { setting, depth }: Search,
  owner = previous,
): Sql {
  const alias = aliasOf(depth + 1)
  const all = [
    sql`${eventColumn(alias, 'customer_id')} = ${eventColumn(owner, 'customer_id')}`,
    sql`${atOf(alias)} > ${atOf(previous)}`,
    ...selectedRows(alias, step.event, setting),
    ...conditions,
  ]
  return sql`(exists (select from profile.event as ${sql.id(alias)} where ${allOf(all)})) is true`
}

/**
 * A moment later by an exact span (a day is 24 hours, whatever the clocks do), or by calendar months at the same local
 * time.
 */
function shifted(moment: Sql, duration: Duration, timeZone: string): Sql {
  const minutes = minutesIn(duration)
  if (minutes !== undefined) return sql`(${moment} + make_interval(mins => ${minutes}::integer))`
  const months = monthsIn(duration) ?? 0
  const local = sql`(${localTime(moment, timeZone)} + make_interval(months => ${months}::integer))`
  return momentOf(local, timeZone)
}
