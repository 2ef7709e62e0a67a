/** Events into the profile, deduplicated by (source, event id), set by set. An event is written once and never changed. */
import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { PhysicalCatalog } from '../catalog/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { instantMs } from './calendar-text.ts'
import { columnName, isSourceId, placesOf, textOf } from './physical.ts'
import type { EventPlaces, FieldError, LoadValue, Placed } from './physical.ts'
import { stagedRef, withStaged } from './staged.ts'
import type { StagedColumn } from './staged.ts'

export interface EventRow extends EventDraft {
  /** The internal key; see `findCustomers`. */
  readonly customerId: string
}

/** An event before it is known whose it is. */
export interface EventDraft {
  /** Event type of the catalogue. */
  readonly event: string
  /** Who names the event by `id`: one source never uses an id twice for a customer. */
  readonly source: string
  readonly id: string
  /** RFC 3339, at most microseconds. */
  readonly at: string
  /** By property id; an absent one is missing. */
  readonly properties: Readonly<Record<string, LoadValue | null>>
}

export interface EventLimits {
  /** Events later than this are refused: a clock or a column is wrong. */
  readonly latest: Date
}

export interface RejectedEvent extends FieldError {
  /** Of the row. */
  readonly index: number
}

export interface EventsLoaded {
  readonly inserted: number
  /** Loaded before, or named twice in these rows. */
  readonly duplicate: number
  readonly rejected: readonly RejectedEvent[]
}

export type EventOutcome =
  | { readonly status: 'inserted' | 'duplicate' }
  | ({ readonly status: 'rejected' } & FieldError)

/** An event as it will be written. */
export interface CheckedEvent {
  readonly key: string
  readonly at: string
  readonly places: EventPlaces
  /** In the order of the event's properties. */
  readonly values: readonly (string | null)[]
}

/** Makes what checks events ahead of the transaction that `insertEvents` them. */
export function eventReader(
  catalog: PhysicalCatalog,
  limits: EventLimits,
): (draft: EventDraft) => Result<CheckedEvent, FieldError> {
  const { events } = placesOf(catalog)
  const latestMs = limits.latest.getTime()
  return (draft) => readEvent(events.get(draft.event), draft, latestMs)
}

export interface CustomerEvent {
  readonly customerId: string
  readonly event: CheckedEvent
}

/** Loads checked events of customers that are known; gives how many were new. The loader's duty. */
export async function insertEvents(tx: DutyTx, events: readonly CustomerEvent[]): Promise<number> {
  if (events.length === 0) return 0
  return await insert(tx, events, async (statement) => {
    const { numAffectedRows } = await statement.execute(tx)
    return Number(numAffectedRows ?? 0)
  })
}

/** Loads events of customers that are known. Good rows are loaded, bad ones are answered. The loader's duty. */
export async function loadEvents(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  rows: readonly EventRow[],
  limits: EventLimits,
): Promise<EventsLoaded> {
  const { good, rejected } = readRows(catalog, rows, limits)
  const inserted = await insertEvents(tx, good)
  return { inserted, duplicate: good.length - inserted, rejected }
}

/** As `loadEvents`, with the outcome of each row, in order. */
export async function loadEachEvent(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  rows: readonly EventRow[],
  limits: EventLimits,
): Promise<EventOutcome[]> {
  const { good, rejected } = readRows(catalog, rows, limits)
  const outcomes: EventOutcome[] = rows.map(() => ({ status: 'duplicate' }))
  for (const { index, code, field } of rejected)
    outcomes[index] = { status: 'rejected', code, field }
  if (good.length === 0) return outcomes
  const added = await insert(tx, good, async (statement) => {
    const returning = sql<{ customer_id: string; event_key: string }>`
      ${statement} returning customer_id, event_key`
    const { rows: written } = await returning.execute(tx)
    return new Set(written.map((row) => `${row.customer_id} ${row.event_key}`))
  })
  for (const item of good) {
    // Deleted, so that of two rows of one event the first is the one that was inserted.
    if (added.delete(`${item.customerId} ${item.event.key}`))
      outcomes[item.index] = { status: 'inserted' }
  }
  return outcomes
}

/** UUID-shaped: the first 16 bytes of SHA-256 over source and id, which cannot run into each other. */
export function eventKey(source: string, id: string): string {
  const digest = hash('sha256', `${source.length}/${source}/${id}`, 'hex')
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`
}

interface ReadEvent extends CustomerEvent {
  readonly index: number
}

function readRows(catalog: PhysicalCatalog, rows: readonly EventRow[], limits: EventLimits) {
  const readOne = eventReader(catalog, limits)
  const good: ReadEvent[] = []
  const rejected: RejectedEvent[] = []
  for (const [index, row] of rows.entries()) {
    const read = readOne(row)
    if (read.ok) good.push({ index, customerId: row.customerId, event: read.value })
    else rejected.push({ index, ...read.error })
  }
  return { good, rejected }
}

function readEvent(
  places: EventPlaces | undefined,
  row: EventDraft,
  latestMs: number,
): Result<CheckedEvent, FieldError> {
  if (places === undefined) return err({ code: 'unknown-event', field: 'event' })
  if (!isSourceId(row.id)) return err({ code: 'not-an-id', field: 'id' })
  const atMs = instantMs(row.at)
  if (atMs === undefined) return err({ code: 'not-a-time', field: 'time' })
  if (atMs > latestMs) return err({ code: 'in-future', field: 'time' })
  for (const id in row.properties) {
    if (!places.byId.has(id)) return err({ code: 'unknown-property', field: `properties.${id}` })
  }
  const values: (string | null)[] = []
  for (const { id, read } of places.properties) {
    const stored = read(row.properties[id])
    if (!stored.ok) return err({ code: stored.error.code, field: `properties.${id}` })
    values.push(textOf(stored.value))
  }
  return ok({ key: eventKey(row.source, row.id), at: row.at, places, values })
}

async function insert<T>(
  tx: DutyTx,
  good: readonly CustomerEvent[],
  run: (statement: RawBuilder<unknown>) => Promise<T>,
): Promise<T> {
  const slots = slotsOf(good)
  const columns: readonly StagedColumn[] = [
    { type: 'bigint', values: good.map(({ customerId }) => customerId) },
    { type: 'uuid', values: good.map(({ event }) => event.key) },
    { type: 'smallint', values: good.map(({ event }) => String(event.places.number)) },
    { type: 'timestamptz', values: good.map(({ event }) => event.at) },
    ...slots.map(({ type, placeOf }) => ({
      type,
      values: good.map(({ event }) => event.values[placeOf.get(event.places) ?? -1] ?? null),
    })),
  ]
  const names = slots.map(({ name }) => name)
  const values = columns.map((_, index) => stagedRef(index))
  return await withStaged(tx, columns, (source) =>
    run(sql`
      insert into profile.event (${sql.join([
        sql`customer_id, event_key, event_number, occurred_at`,
        ...names,
      ])})
      select ${sql.join(values)} from ${source}
      on conflict do nothing`),
  )
}

interface Slot {
  readonly name: RawBuilder<unknown>
  readonly type: StagedColumn['type']
  /** Where each event type has the value of this slot among its properties. */
  readonly placeOf: Map<EventPlaces, number>
}

/** The slots that the events of these rows fill; events of several types share them. */
function slotsOf(good: readonly CustomerEvent[]): readonly Slot[] {
  const slots = new Map<string, Slot>()
  for (const places of new Set(good.map(({ event }) => event.places))) {
    for (const [index, property] of places.properties.entries()) {
      slotOf(slots, property).placeOf.set(places, index)
    }
  }
  return [...slots.values()]
}

function slotOf(slots: Map<string, Slot>, { column, type }: Placed): Slot {
  const known = slots.get(column.column)
  if (known !== undefined) return known
  const made: Slot = { name: columnName(column), type, placeOf: new Map() }
  slots.set(column.column, made)
  return made
}
