/** Reads the catalogue: what a rule may speak of, and where each thing is stored. */
import { sql } from 'kysely'
import type {
  CatalogAttribute,
  CatalogEvent,
  CatalogName,
  CatalogTag,
  DataClass,
  Label,
  RuleCatalog,
} from '#grammar'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { isCustomerColumn, isEventSlot } from './physical.ts'
import type { PhysicalCatalog, PhysicalColumn, PhysicalEvent } from './physical.ts'
import { readStoredType } from './value-types.ts'
import type { StoredValue } from './value-types.ts'

interface ValueRow extends StoredValue {
  readonly sources: readonly string[]
}

interface Labelled {
  readonly id: string
  readonly label_en: string
  readonly label_zh: string
}

/** Reads no data of anybody, so every duty but `yq_identity` may call it; audiences need a duty that sees segments. */
export async function loadCatalog(tx: DutyTx): Promise<PhysicalCatalog> {
  const deployment = await tx
    .selectFrom('meta.deployment')
    .select(['time_zone', 'currency', 'catalog_revision'])
    .executeTakeFirstOrThrow()
  const classes = await readClasses(tx)
  const attributes = await readAttributes(tx, classes)
  const events = await readEvents(tx, classes)
  const parties = await readParties(tx)
  const rules: RuleCatalog = {
    version: deployment.catalog_revision,
    timeZone: deployment.time_zone,
    currency: deployment.currency,
    attributes: attributes.map(({ rule }) => rule),
    events: events.map(({ rule }) => rule),
    tags: await readTags(tx, classes),
    ...parties,
    audiences: await readAudiences(tx),
  }
  return {
    rules,
    revision: deployment.catalog_revision,
    attribute: finder(attributes, 'attribute'),
    event: finder(events, 'event'),
  }
}

interface Placed<R extends { readonly id: string }, P> {
  readonly rule: R
  readonly place: P
}

function finder<P>(
  items: readonly Placed<{ readonly id: string }, P>[],
  what: string,
): (id: string) => P {
  const placeById = new Map(items.map(({ rule, place }) => [rule.id, place]))
  return (id) => {
    const place = placeById.get(id)
    assert(place !== undefined, `an ${what} of the catalogue`)
    return place
  }
}

type Classes = ReadonlyMap<string, DataClass>

async function readClasses(tx: DutyTx): Promise<Classes> {
  const rows = await tx.selectFrom('catalog.category').select(['id', 'data_class']).execute()
  return new Map(rows.map((row) => [row.id, row.data_class]))
}

const labelOf = (row: Labelled): Label => ({ en: row.label_en, zh: row.label_zh })

const describe = (row: Labelled & { readonly category_id: string | null }, classes: Classes) => {
  const dataClass = row.category_id === null ? undefined : classes.get(row.category_id)
  return {
    id: row.id,
    label: labelOf(row),
    ...(row.category_id === null ? {} : { category: row.category_id }),
    ...(dataClass === undefined ? {} : { dataClass }),
  }
}

async function readAttributes(
  tx: DutyTx,
  classes: Classes,
): Promise<readonly Placed<CatalogAttribute, PhysicalColumn>[]> {
  const rows = await tx
    .selectFrom('catalog.attribute')
    .select(['id', 'label_en', 'label_zh', 'type', 'category_id', 'column_name'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const values = await tx
    .selectFrom('catalog.attribute_value')
    .select(['attribute_id', 'id', 'label_en', 'label_zh', 'parent_id', 'sources'])
    .orderBy('position')
    .orderBy('id')
    .execute()
  const valuesById = Map.groupBy(values, (row) => row.attribute_id)
  return rows.map((row) => {
    assert(isCustomerColumn(row.column_name), 'a generated column name')
    const place = placeOf(row, (valuesById.get(row.id) ?? []).map(valueOf))
    return { rule: { ...describe(row, classes), type: place.type }, place }
  })
}

async function readEvents(
  tx: DutyTx,
  classes: Classes,
): Promise<readonly Placed<CatalogEvent, PhysicalEvent>[]> {
  const rows = await tx
    .selectFrom('catalog.event_type')
    .select(['number', 'id', 'label_en', 'label_zh', 'category_id', 'retention_days'])
    .orderBy('number')
    .execute()
  const properties = Map.groupBy(await readProperties(tx), ({ event }) => event)
  return rows.map((row) => {
    const own = properties.get(row.number) ?? []
    const rule: CatalogEvent = {
      ...describe(row, classes),
      properties: own.map((property) => property.rule),
      ...(row.retention_days === null ? {} : { retentionDays: row.retention_days }),
    }
    return {
      rule,
      place: {
        number: row.number,
        propertyIds: own.map((property) => property.rule.id),
        property: finder(own, 'event property'),
      },
    }
  })
}

async function readProperties(tx: DutyTx) {
  const rows = await tx
    .selectFrom('catalog.event_property')
    .select(['event_number', 'id', 'label_en', 'label_zh', 'type', 'column_name'])
    .orderBy('event_number')
    .orderBy('position')
    .orderBy('id')
    .execute()
  const values = await tx
    .selectFrom('catalog.event_property_value')
    .select(['event_number', 'property_id', 'id', 'label_en', 'label_zh', 'parent_id', 'sources'])
    .orderBy('position')
    .orderBy('id')
    .execute()
  const valuesByProperty = Map.groupBy(values, (row) => `${row.event_number} ${row.property_id}`)
  return rows.map((row) => {
    assert(isEventSlot(row.column_name), 'a generated slot name')
    const own = valuesByProperty.get(`${row.event_number} ${row.id}`) ?? []
    const place = placeOf(row, own.map(valueOf))
    return {
      event: row.event_number,
      rule: { id: row.id, label: labelOf(row), type: place.type },
      place,
    }
  })
}

const valueOf = (
  row: Labelled & { readonly parent_id: string | null; readonly sources: readonly string[] },
): ValueRow => ({ id: row.id, label: labelOf(row), parent: row.parent_id, sources: row.sources })

const placeOf = (
  row: { readonly column_name: string; readonly type: unknown },
  values: readonly ValueRow[],
): PhysicalColumn => ({
  column: row.column_name,
  type: readStoredType(row.type, values),
  valueBySpelling: new Map([
    ...values.flatMap(({ id, sources }) => sources.map((source) => [source, id] as const)),
    ...values.map(({ id }) => [id, id] as const),
  ]),
})

async function readTags(tx: DutyTx, classes: Classes): Promise<readonly CatalogTag[]> {
  const rows = await tx
    .selectFrom('catalog.tag')
    .select(['id', 'label_en', 'label_zh', 'category_id'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => describe(row, classes))
}

async function readParties(
  tx: DutyTx,
): Promise<Pick<RuleCatalog, 'purposes' | 'channels' | 'recipients'>> {
  const named = (row: Labelled): CatalogName => ({ id: row.id, label: labelOf(row) })
  const read = async (table: 'consent.purpose' | 'consent.channel' | 'consent.recipient') => {
    const rows = await tx
      .selectFrom(table)
      .select(['id', 'label_en', 'label_zh'])
      .orderBy('id')
      .execute()
    return rows.map(named)
  }
  return {
    purposes: await read('consent.purpose'),
    channels: await read('consent.channel'),
    recipients: await read('consent.recipient'),
  }
}

/** Saved segments; none for a duty that loads data and has no business with them. */
async function readAudiences(tx: DutyTx): Promise<readonly CatalogName[]> {
  const { rows } = await sql<{ may: boolean }>`
    select has_schema_privilege('segment', 'usage') as may`.execute(tx)
  if (rows[0]?.may !== true) return []
  const segments = await tx
    .selectFrom('segment.segment')
    .select(['id', 'name'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return segments.map(({ id, name }) => ({ id, label: { en: name, zh: name } }))
}
