/** Readers and column names of what the catalogue places, made once for many rows. */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { columnRef, storedValueReader } from '../catalog/index.ts'
import type {
  PhysicalCatalog,
  PhysicalColumn,
  StoredScalar,
  StoredValueError,
  StoredValueReader,
} from '../catalog/index.ts'
import { unreachable } from '../kernel/assert.ts'
import type { StagedType } from './staged.ts'

/** A value as it is sent: decimals, money, dates and times as text, ids or spellings of values, booleans. */
export type LoadValue = string | number | boolean

export interface Placed {
  readonly id: string
  readonly column: PhysicalColumn
  readonly type: StagedType
  readonly read: StoredValueReader
}

/** What may be wrong with one field of one row; `field` is as the sender named it. */
export interface FieldError {
  readonly code:
    | StoredValueError['code']
    | 'unknown-attribute'
    | 'unknown-event'
    | 'unknown-property'
    | 'unknown-tag'
    | 'unknown-customer'
    | 'unknown-status'
    | 'not-an-id'
    | 'in-future'
  readonly field: string
}

export interface EventPlaces {
  readonly number: number
  readonly properties: readonly Placed[]
  readonly byId: ReadonlyMap<string, Placed>
}

interface Places {
  readonly attributes: ReadonlyMap<string, Placed>
  readonly events: ReadonlyMap<string, EventPlaces>
  readonly tags: ReadonlySet<string>
}

const known = new WeakMap<PhysicalCatalog, Places>()

export function placesOf(catalog: PhysicalCatalog): Places {
  const places = known.get(catalog) ?? makePlaces(catalog)
  known.set(catalog, places)
  return places
}

const makePlaces = (catalog: PhysicalCatalog): Places => ({
  attributes: new Map(
    catalog.rules.attributes.map(({ id }) => [id, placed(id, catalog.attribute(id))]),
  ),
  events: new Map(
    catalog.rules.events.map(({ id }) => {
      const event = catalog.event(id)
      const properties = event.propertyIds.map((property) =>
        placed(property, event.property(property)),
      )
      const byId = new Map(properties.map((property) => [property.id, property]))
      return [id, { number: event.number, properties, byId }]
    }),
  ),
  tags: new Set(catalog.rules.tags.map(({ id }) => id)),
})

const placed = (id: string, column: PhysicalColumn): Placed => ({
  id,
  column,
  type: stagedTypeOf(column),
  read: storedValueReader(column),
})

function stagedTypeOf({ type }: PhysicalColumn): StagedType {
  switch (type.kind) {
    case 'integer':
    case 'money':
    case 'month-day':
      return 'bigint'
    case 'decimal':
    case 'percent':
    case 'score':
      return 'numeric'
    case 'text':
    case 'enum':
    case 'region':
      return 'text'
    case 'boolean':
    case 'date':
      return type.kind
    case 'timestamp':
      return 'timestamptz'
    default:
      return unreachable(type)
  }
}

/** The bare name of a generated column, for lists of columns to write. */
export function columnName(place: PhysicalColumn): RawBuilder<unknown> {
  // Refuses every name that the database did not generate.
  columnRef('target', place)
  return sql.id(place.column)
}

export const textOf = (value: StoredScalar | null): string | null =>
  value === null ? null : typeof value === 'boolean' ? String(value) : value

const idLengthMax = 200

/** Ids that come from outside: printable, well formed, short. */
export const isSourceId = (text: string): boolean =>
  text.length > 0 && text.length <= idLengthMax && text.isWellFormed() && !/\p{Cc}/u.test(text)
