/** A line's own world, brought into the form that the evaluator takes; a value that its type does not know is told. */
import type { RuleCatalog, ValueType, World, WorldEvent, WorldValue } from '#grammar'
import { storedValueReader, worldValueOf } from '../catalog/index.ts'
import type { StoredValueReader } from '../catalog/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { InlineWorld } from './line.ts'

/** `pointer` is a JSON pointer into the world; `code` says what is wrong there. */
export interface WorldError {
  readonly code: string
  readonly pointer: string
}

/** Thrown and caught in this file only. */
class Refused extends Error {
  readonly reason: WorldError
  constructor(code: string, pointer: string) {
    super(code)
    this.reason = { code, pointer }
  }
}

export function inlineWorld(inline: InlineWorld, catalog: RuleCatalog): Result<World, WorldError> {
  try {
    return ok(worldOf(inline, catalog))
  } catch (error) {
    if (error instanceof Refused) return err(error.reason)
    throw error
  }
}

type Fields = ReadonlyMap<string, Field>
interface Field {
  readonly type: ValueType
  readonly read: StoredValueReader
}

const timestamp: ValueType = { kind: 'timestamp' }

function worldOf(inline: InlineWorld, catalog: RuleCatalog): World {
  const attributes = fieldsOf(catalog.attributes)
  const events = new Map(catalog.events.map(({ id, properties }) => [id, fieldsOf(properties)]))
  const tags = new Set(catalog.tags.map(({ id }) => id))
  const eventsById = new Map<string, WorldEvent[]>()
  for (const [place, { id, events: own }] of inline.customers.entries()) {
    if (eventsById.has(id)) throw new Refused('customer-twice', `/customers/${place}/id`)
    const at = `/customers/${place}/events`
    eventsById.set(
      id,
      own.map((event, index) => eventOf(event, events, `${at}/${index}`)),
    )
  }
  for (const [place, { customer, ...event }] of inline.events.entries()) {
    const own = eventsById.get(customer)
    if (own === undefined) throw new Refused('unknown-customer', `/events/${place}/customer`)
    own.push(eventOf(event, events, `/events/${place}`))
  }
  return {
    customers: inline.customers.map((customer, place) => ({
      id: customer.id,
      attributes: valuesOf(customer.attributes, attributes, `/customers/${place}/attributes`),
      tags: customer.tags.map((tag, index) => {
        if (!tags.has(tag)) throw new Refused('unknown-tag', `/customers/${place}/tags/${index}`)
        return tag
      }),
      events: eventsById.get(customer.id) ?? [],
    })),
    ...(inline.audiences === undefined ? {} : { audiences: inline.audiences }),
  }
}

const fieldsOf = (items: readonly { readonly id: string; readonly type: ValueType }[]): Fields =>
  new Map(
    items.map(({ id, type }) => [
      id,
      { type, read: storedValueReader({ type, valueBySpelling: spellings(type) }) },
    ]),
  )

/** A value may come by its id or by either label; the id wins. */
const spellings = (type: ValueType): ReadonlyMap<string, string> =>
  type.kind !== 'enum' && type.kind !== 'region'
    ? new Map()
    : new Map([
        ...type.values.flatMap(({ id, label }) => [
          [label.en, id] as const,
          [label.zh, id] as const,
        ]),
        ...type.values.map(({ id }) => [id, id] as const),
      ])

function eventOf(
  { id, event, at, properties }: WorldEvent,
  events: ReadonlyMap<string, Fields>,
  pointer: string,
): WorldEvent {
  const fields = events.get(event)
  if (fields === undefined) throw new Refused('unknown-event', `${pointer}/event`)
  const read = storedValueReader({ type: timestamp, valueBySpelling: new Map() })(at)
  if (!read.ok) throw new Refused(read.error.code, `${pointer}/at`)
  return {
    id,
    event,
    at: String(read.value),
    properties: valuesOf(properties, fields, `${pointer}/properties`),
  }
}

function valuesOf(
  values: Readonly<Record<string, WorldValue | null | undefined>>,
  fields: Fields,
  pointer: string,
): Record<string, WorldValue | null> {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => {
      const place = `${pointer}/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const field = fields.get(id)
      if (field === undefined) throw new Refused('unknown-field', place)
      const stored = field.read(value)
      if (!stored.ok) throw new Refused(stored.error.code, place)
      return [id, worldValueOf(field.type, stored.value)]
    }),
  )
}
