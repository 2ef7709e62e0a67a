/** Rows of profile.event: which ones a selection means. */
import { sql } from 'kysely'
import type { EventSelection, PropertyTest } from '#grammar'
import { columnRef } from '../catalog/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { assert, unreachable } from '../kernel/assert.ts'
import type { RunTime } from './run-time.ts'
import { allOf, anyOf, atLeastOf, notTrue, timestamptz } from './sql.ts'
import type { Sql } from './sql.ts'
import { storedSubject, valueTest } from './value.ts'
import type { Scope } from './value.ts'

export interface Setting {
  readonly catalog: PhysicalCatalog
  readonly time: RunTime
}

export const eventColumn = (alias: string, name: 'customer_id' | 'occurred_at' | 'event_key') =>
  sql.ref(`${alias}.${name}`)

/** The slot of a property in the rows named `alias`. */
export const slotOf = (alias: string, event: string, property: string, { catalog }: Setting): Sql =>
  columnRef(alias, catalog.event(event).property(property))

export function propertyTest(
  alias: string,
  event: string,
  test: PropertyTest,
  setting: Setting,
): Sql {
  const each = (tests: readonly PropertyTest[]) =>
    tests.map((part) => propertyTest(alias, event, part, setting))
  switch (test.kind) {
    case 'and':
      return allOf(each(test.tests))
    case 'or':
      return anyOf(each(test.tests))
    case 'not':
      return notTrue(propertyTest(alias, event, test.test, setting))
    case 'at-least':
      return atLeastOf(test.count, each(test.tests))
    case 'property': {
      const place = setting.catalog.event(event).property(test.property)
      assert(place.type.kind === test.type.kind, 'a rule that was checked against this catalogue')
      const scope: Scope = {
        time: setting.time,
        field: (id) => {
          const other = setting.catalog.event(event).property(id)
          return storedSubject(other.type, columnRef(alias, other))
        },
      }
      return valueTest(storedSubject(place.type, columnRef(alias, place)), test.test, scope)
    }
    default:
      return unreachable(test)
  }
}

/** `number = …` of the selection's event. */
export const isNumber = (alias: string, event: string, { catalog }: Setting): Sql =>
  sql`${sql.ref(`${alias}.event_number`)} = ${catalog.event(event).number}::smallint`

/** What every read of events obeys: nothing from `as of` on, nothing that was not known by the watermark. */
export function isOnRecord(alias: string, { time }: Setting, end = time.asOf): readonly Sql[] {
  return [
    sql`${eventColumn(alias, 'occurred_at')} < ${timestamptz(end)}`,
    ...(time.watermark === undefined
      ? []
      : [sql`${sql.ref(`${alias}.ingested_at`)} <= ${timestamptz(time.watermark)}`]),
  ]
}

/** The rows of a selection before `as of`, whenever they happened. */
export const selectedRows = (
  alias: string,
  { event, where }: EventSelection,
  setting: Setting,
): readonly Sql[] => [
  isNumber(alias, event, setting),
  ...isOnRecord(alias, setting),
  ...(where === undefined ? [] : [propertyTest(alias, event, where, setting)]),
]
