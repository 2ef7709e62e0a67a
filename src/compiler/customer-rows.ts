/** Rows of customers: the present ones, or those that were on record at the watermark. */
import { sql } from 'kysely'
import { columnRef } from '../catalog/index.ts'
import type { RunTime } from './run-time.ts'
import { timestamptz } from './sql.ts'
import type { Sql } from './sql.ts'

/** Generated names, or `tags`. */
export const customerColumn = (alias: string, column: string): Sql =>
  column === 'tags' ? sql.ref(`${alias}.tags`) : columnRef(alias, { column })

/** A `from` item under the alias, with the customer's id and the columns. */
export function customerRows(alias: string, columns: ReadonlySet<string>, time: RunTime): Sql {
  const name = sql.id(alias)
  if (time.watermark === undefined) return sql`profile.customer as ${name}`
  const moment = timestamptz(time.watermark)
  const list = (from: string) =>
    sql.join([
      sql.ref(`${from}.customer_id`),
      ...[...columns].map((each) => customerColumn(from, each)),
    ])
  // A row of the history was the customer's from `recorded_from` until `recorded_to`.
  return sql`(
    select ${list('now')} from profile.customer as now where now.recorded_from <= ${moment}
    union all
    select ${list('past')} from profile.customer_history as past
    where past.recorded_from <= ${moment} and past.recorded_to > ${moment}) as ${name}`
}
