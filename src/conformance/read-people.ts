/** Rows of an open run as a world of the evaluator. */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { World, WorldEvent, WorldValue, WorldValues } from '#grammar'
import { columnRef, worldValueOf } from '../catalog/index.ts'
import type { PhysicalCatalog, PhysicalColumn } from '../catalog/index.ts'
import type { DutyTx } from '../db/index.ts'

export interface ReadPeople {
  readonly world: World
  /** Internal keys by source id: `sample` hashes them. */
  readonly keyById: ReadonlyMap<string, string>
}

interface Place {
  readonly id: string
  readonly column: PhysicalColumn
}

/** The texts of the columns of a row, in the order of the places. */
type Texts = readonly (string | null)[]

export async function readPeople(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  sourceOf: (id: string) => string,
): Promise<ReadPeople> {
  const attributes = catalog.rules.attributes.map(({ id }) => ({
    id,
    column: catalog.attribute(id),
  }))
  const { rows } = await sql<{ id: string; tags: readonly string[]; texts: Texts }>`
    select c.customer_id as id, c.tags, ${textsOf('c', attributes)} as texts
    from profile.customer as c`.execute(tx)
  const eventsById = new Map<string, WorldEvent[]>()
  for (const { id } of catalog.rules.events) await readEvents(tx, catalog, id, eventsById)
  return {
    world: {
      customers: rows.map(({ id, tags, texts }) => ({
        id: sourceOf(id),
        attributes: valuesOf(attributes, texts),
        tags,
        events: eventsById.get(id) ?? [],
      })),
    },
    keyById: new Map(rows.map(({ id }) => [sourceOf(id), id])),
  }
}

async function readEvents(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  event: string,
  eventsById: Map<string, WorldEvent[]>,
): Promise<void> {
  const { number, propertyIds, property } = catalog.event(event)
  const places = propertyIds.map((id) => ({ id, column: property(id) }))
  const { rows } = await sql<{ customer: string; id: string; at: string; texts: Texts }>`
    select e.customer_id as customer, e.event_key as id, ${instantText(sql`e.occurred_at`)} as at,
      ${textsOf('e', places)} as texts
    from profile.event as e where e.event_number = ${number}::smallint`.execute(tx)
  for (const { customer, id, at, texts } of rows) {
    const own = eventsById.get(customer) ?? []
    own.push({ id, event, at, properties: valuesOf(places, texts) })
    eventsById.set(customer, own)
  }
}

/** Every digit of it: a Date has no microseconds. */
const instantText = (value: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

function textsOf(alias: string, places: readonly Place[]): RawBuilder<unknown> {
  if (places.length === 0) return sql`'{}'::text[]`
  const texts = places.map(({ column }) => {
    const value = columnRef(alias, column)
    return column.type.kind === 'timestamp' ? instantText(value) : sql`${value}::text`
  })
  return sql`array[${sql.join(texts)}]`
}

const valuesOf = (places: readonly Place[], texts: Texts): WorldValues =>
  Object.fromEntries(
    places.map(({ id, column }, index) => [id, valueOf(column, texts[index] ?? null)]),
  )

const valueOf = ({ type }: PhysicalColumn, text: string | null): WorldValue | null =>
  type.kind === 'boolean' && text !== null ? text === 'true' : worldValueOf(type, text)
