/** The best or worst of a population; whoever has as good a value as the last one in is in. */
import { sql } from 'kysely'
import type { RankTest } from '#grammar'
import { assert } from '../kernel/assert.ts'
import { customerColumn, customerRows } from './customer-rows.ts'
import { shiftPoint } from './decimal.ts'
import type { Setting } from './event-rows.ts'
import { aggregateMeasures } from './measure.ts'
import { joinedColumns } from './joined.ts'
import { int8, numeric } from './sql.ts'
import type { Sql } from './sql.ts'
import type { Subject } from './value.ts'
import { joinedQuery } from './votes.ts'

/**
 * A query of the customers ranked in, each once. The population is everybody whose value is known, of `among` if
 * there is one: a query of one column `customer_id`.
 */
export function rankQuery(test: RankTest, among: Sql | undefined, setting: Setting): Sql {
  const order = test.side === 'top' ? sql`desc` : sql`asc`
  const places =
    test.limit.kind === 'count'
      ? int8(test.limit.count)
      : // A percentage of a small field still lets somebody in.
        sql`ceil(r.field * ${numeric(shiftPoint(test.limit.percent, -2))})`
  return sql`select r.customer_id from (
      select p.customer_id, rank() over (order by p.value ${order}) as place, count(*) over () as field
      from (${populationQuery(test, among, setting)}) as p where p.value is not null
    ) as r where r.place <= ${places}`
}

function populationQuery({ by }: RankTest, among: Sql | undefined, setting: Setting): Sql {
  const member = among === undefined ? sql`` : sql`where c.customer_id in (${among})`
  if (by.kind === 'attribute') {
    const { column } = setting.catalog.attribute(by.attribute)
    return sql`select c.customer_id, ${customerColumn('c', column)} as value
      from ${customerRows('c', new Set([column]), setting.time)} ${member}`
  }
  const { measures, subject } = aggregateMeasures(by, setting)
  const joined = { alias: 'j', measures }
  return sql`select c.customer_id, ${orderedValue(subject(joinedColumns(joined)))} as value
    from ${customerRows('c', new Set(), setting.time)} ${joinedQuery(joined, setting)} ${member}`
}

/** Larger than the product of any two counts of rows and of any decimals kept, so that different averages differ. */
const averageScale = '1' + '0'.repeat(100)

function orderedValue(subject: Subject): Sql {
  if (subject.kind !== 'number') {
    assert(subject.kind !== 'boolean', 'a value with an order')
    return subject.sql
  }
  // A quotient is cut to a whole number of tiny units: equal averages stay equal, as a rounded division would not.
  return subject.under
    ? sql`div(${subject.over}::numeric * ${numeric(averageScale)}, ${subject.under})`
    : subject.over
}
