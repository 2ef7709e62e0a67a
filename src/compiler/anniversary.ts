/** Month and day fall into a window, whatever the year. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Window } from '#grammar'
import { firstDateFrom } from './run-time.ts'
import type { RunTime } from './run-time.ts'
import { int8, localTime } from './sql.ts'
import type { Sql } from './sql.ts'
import type { TimeSubject } from './time-value.ts'
import { isEmptySpan, windowSpan } from './window.ts'

export type AnniversarySubject = TimeSubject | { readonly kind: 'month-day'; readonly sql: Sql }

/** That many days in a row hold every month and day, 29 February with them. */
const everyDay = 366

export function anniversaryTest(subject: AnniversarySubject, window: Window, time: RunTime): Sql {
  const span = windowSpan(window, time)
  // Every anniversary has been before any `as of`.
  if (span.start === undefined) return sql`${subject.sql} is not null`
  if (isEmptySpan(span)) return sql`false`
  // The days that begin inside the window.
  const first = firstDateFrom(span.start, time.timeZone)
  const last = firstDateFrom(span.end, time.timeZone).subtract({ days: 1 })
  const days = first.until(last, { largestUnit: 'day' }).days + 1
  if (days < 1) return sql`false`
  if (days >= everyDay) return sql`${subject.sql} is not null`
  const value = monthDay(subject, time.timeZone)
  const [low, high] = [int8(numberOf(first)), int8(lastNumberOf(last))]
  return numberOf(first) <= lastNumberOf(last)
    ? sql`${value} between ${low} and ${high}`
    : sql`(${value} >= ${low} or ${value} <= ${high})`
}

const numberOf = (day: Temporal.PlainDate): number => day.month * 100 + day.day

/** 29 February is 28 February in common years. */
const lastNumberOf = (day: Temporal.PlainDate): number =>
  numberOf(day) === 228 && !day.inLeapYear ? 229 : numberOf(day)

/** Month times a hundred plus day, as month-days are stored. */
function monthDay(subject: AnniversarySubject, timeZone: string): Sql {
  if (subject.kind === 'month-day') return subject.sql
  const local = subject.kind === 'date' ? subject.sql : localTime(subject.sql, timeZone)
  return sql`(extract(month from ${local}) * 100 + extract(day from ${local}))`
}
