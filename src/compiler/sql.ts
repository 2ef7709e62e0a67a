/**
 * Pieces of SQL.
 *
 * INVARIANT: a predicate is true exactly where the condition holds, and false or null elsewhere. `and` and `or` keep
 * that, `not` becomes `is not true`, so that missing data never makes a third case (language.md 3.1); a bare
 * comparison in a positive place stays bare, and its index usable.
 */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Temporal } from 'temporal-polyfill'

export type Sql = RawBuilder<unknown>

export const allOf = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`

export const anyOf = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`

export const notTrue = (part: Sql): Sql => sql`(${part}) is not true`

export const atLeastOf = (count: number, parts: readonly Sql[]): Sql =>
  parts.length === 0
    ? sql`${0}::integer >= ${count}::integer`
    : sql`(${sql.join(
        parts.map((part) => sql`((${part}) is true)::integer`),
        sql` + `,
      )}) >= ${count}::integer`

export const int8 = (value: bigint | number | string): Sql => sql`${String(value)}::bigint`
export const numeric = (digits: string): Sql => sql`${digits}::numeric`
export const text = (value: string): Sql => sql`${value}::text`
export const textArray = (values: readonly string[]): Sql => sql`${values}::text[]`

/** Loaders take years 1 to 9999 only, so what lies outside is before or after everything. */
export const timestamptz = (moment: Temporal.Instant): Sql => {
  const { year } = moment.toZonedDateTimeISO('UTC')
  return sql`${beyond(year) ?? moment.toString()}::timestamptz`
}

export const date = (day: Temporal.PlainDate): Sql =>
  sql`${beyond(day.year) ?? day.toString()}::date`

function beyond(year: number): string | undefined {
  if (year < 1) return '-infinity'
  return year > 9_999 ? 'infinity' : undefined
}

/** The local wall clock of a moment, of type timestamp. */
export const localTime = (moment: Sql, timeZone: string): Sql =>
  sql`(${moment} at time zone ${text(timeZone)})`

export const localDate = (moment: Sql, timeZone: string): Sql =>
  sql`${localTime(moment, timeZone)}::date`

/**
 * The moment of a wall clock. One that the clocks show twice is the earlier, where PostgreSQL alone would take the
 * later; one that they skip moves forward by the gap. Clocks are put back by half an hour, one hour or two.
 */
export const momentOf = (wall: Sql, timeZone: string): Sql => sql`(
    select min(near.at)
    from (select ${wall} as wall) as target,
      lateral (select ${localTime(sql`target.wall`, timeZone)} as at) as found,
      lateral (values (found.at), (found.at - interval '30 minutes'), (found.at - interval '1 hour'),
        (found.at - interval '2 hours')) as near (at)
    where near.at = found.at or ${localTime(sql`near.at`, timeZone)} = target.wall)`
