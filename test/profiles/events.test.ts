import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  eventKey,
  instantMs,
  isDate,
  loadCustomers,
  loadEachEvent,
  loadEvents,
} from '../../src/profiles/index.ts'
import type { EventRow } from '../../src/profiles/index.ts'
import { now, openShop } from './world.ts'
import type { Shop } from './world.ts'

let shop: Shop
let customerId = ''
let other = ''
const limits = { latest: new Date(now) }

beforeAll(async () => {
  shop = await openShop()
  const [a, b] = await shop.ingest((tx) =>
    loadCustomers(tx, shop.deps.keys, shop.catalog, [{ id: 'a' }, { id: 'b' }]),
  )
  if (a === undefined || b === undefined || a.status === 'rejected' || b.status === 'rejected')
    throw new Error('the customers were not loaded')
  customerId = a.customerId
  other = b.customerId
})
afterAll(async () => {
  await shop.world.close()
})

const row = (id: string, more: Partial<EventRow> = {}): EventRow => ({
  customerId,
  event: 'purchase',
  source: 'test',
  id,
  at: '2025-05-01T10:00:00Z',
  properties: {},
  ...more,
})

const load = (rows: readonly EventRow[]) =>
  shop.ingest((tx) => loadEvents(tx, shop.catalog, rows, limits))
const loadEach = (rows: readonly EventRow[]) =>
  shop.ingest((tx) => loadEachEvent(tx, shop.catalog, rows, limits))

const stored = (source: string, ids: readonly string[]) =>
  shop.ingest(async (tx) => {
    const keys = ids.map((id) => eventKey(source, id))
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(event) - 'ingested_at' - 'customer_id' as row from profile.event
      where event_key = any (${keys}::uuid[]) order by array_position(${keys}::uuid[], event_key)`.execute(
      tx,
    )
    return rows.map((found) => found.row)
  })

const slot = (event: string, property: string): string =>
  shop.catalog.event(event).property(property).column

describe('who may not load events', () => {
  test.each(['yq_steward', 'yq_consent', 'yq_analyst', 'yq_builder', 'yq_exporter'] as const)(
    '%s cannot',
    async (role) => {
      await expect(
        shop.world.asRole(role, { actor: 'a' }, (tx) =>
          loadEvents(tx, shop.catalog, [row('1')], limits),
        ),
      ).rejects.toThrow(/permission denied/)
    },
  )

  test('nobody changes or deletes an event, a loader neither', async () => {
    await expect(
      shop.ingest((tx) => sql`update profile.event set i1 = 0`.execute(tx)),
    ).rejects.toThrow(/permission denied/)
    await expect(shop.ingest((tx) => sql`delete from profile.event`.execute(tx))).rejects.toThrow(
      /permission denied/,
    )
  })
})

describe('an event', () => {
  test('is stored in the slots of its type, each type by its own', async () => {
    const loaded = await load([
      row('p', {
        properties: { product: '85123A', quantity: '6', amount: '15.3' },
        at: '2025-05-01T10:00:00.123456+01:00',
      }),
      row('v', { event: 'visit', properties: { page: '/home\t\\N', app: true } }),
      row('n'),
    ])
    expect(loaded).toEqual({ inserted: 3, duplicate: 0, rejected: [] })
    const [purchase, visit, nothing] = await stored('test', ['p', 'v', 'n'])
    expect(purchase).toMatchObject({
      event_number: shop.catalog.event('purchase').number,
      occurred_at: '2025-05-01T09:00:00.123456+00:00',
      [slot('purchase', 'product')]: '85123A',
      [slot('purchase', 'quantity')]: 6,
      [slot('purchase', 'amount')]: 15300,
    })
    expect(visit).toMatchObject({
      [slot('visit', 'page')]: '/home\t\\N',
      [slot('visit', 'app')]: true,
    })
    expect(nothing).toMatchObject({
      [slot('purchase', 'product')]: null,
      [slot('purchase', 'amount')]: null,
    })
  })

  test('of the same source and id is one, whatever else it says', async () => {
    expect(await load([row('once', { properties: { quantity: '1' } })])).toMatchObject({
      inserted: 1,
    })
    expect(await load([row('once', { properties: { quantity: '2' } })])).toMatchObject({
      inserted: 0,
      duplicate: 1,
    })
    const [kept] = await stored('test', ['once'])
    expect(kept).toMatchObject({ [slot('purchase', 'quantity')]: 1 })
  })

  test('of another source or customer is another', async () => {
    expect(
      await load([
        row('same'),
        row('same', { source: 'till' }),
        row('same', { customerId: other }),
      ]),
    ).toEqual({
      inserted: 3,
      duplicate: 0,
      rejected: [],
    })
  })

  test('named twice in one load is inserted once, and the first is the one', async () => {
    expect(
      await loadEach([
        row('twin', { properties: { quantity: '1' } }),
        row('twin', { properties: { quantity: '2' } }),
      ]),
    ).toEqual([{ status: 'inserted' }, { status: 'duplicate' }])
  })

  test.each<[Partial<EventRow>, string, string]>([
    [{ event: 'refund' }, 'unknown-event', 'event'],
    [{ id: '' }, 'not-an-id', 'id'],
    [{ at: '2025-02-30T00:00:00Z' }, 'not-a-time', 'time'],
    [{ at: '2025-02-03 00:00:00' }, 'not-a-time', 'time'],
    [{ at: '2026-03-01T00:00:00.001Z' }, 'in-future', 'time'],
    [{ properties: { colour: 'red' } }, 'unknown-property', 'properties.colour'],
    [{ properties: { quantity: 'six' } }, 'not-a-number', 'properties.quantity'],
    [{ properties: { amount: '1.2345' } }, 'too-many-decimals', 'properties.amount'],
  ])('with %j is answered, not loaded', async (wrong, code, field) => {
    expect(await loadEach([row('good'), row('bad', wrong)])).toEqual([
      expect.not.objectContaining({ status: 'rejected' }),
      { status: 'rejected', code, field },
    ])
    expect(await stored('test', ['bad'])).toEqual([])
  })
})

test('thousands at once count what is new, what is known and what is wrong', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) =>
    row(`bulk-${index}`, {
      properties: { quantity: index % 1000 === 0 ? 'x' : String(index), product: `A\\${index}\t` },
    }),
  )
  const first = await load(rows)
  expect(first).toMatchObject({ inserted: 2_997, duplicate: 0 })
  expect(first.rejected.map(({ index, code }) => [index, code])).toEqual([
    [0, 'not-a-number'],
    [1000, 'not-a-number'],
    [2000, 'not-a-number'],
  ])
  expect(await load([...rows, row('bulk-new')])).toMatchObject({ inserted: 1, duplicate: 2_997 })
  const [seventh] = await stored('test', ['bulk-7'])
  expect(seventh).toMatchObject({ [slot('purchase', 'product')]: 'A\\7\t' })
})

describe('keys and times', () => {
  test('source and id cannot run into each other', () => {
    expect(eventKey('a', '1/b')).not.toBe(eventKey('a/1', 'b'))
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (s1, i1, s2, i2) => {
        expect(eventKey(s1, i1) === eventKey(s2, i2)).toBe(s1 === s2 && i1 === i2)
      }),
    )
  })

  test('an instant is read to the millisecond, whatever its offset', () => {
    const instants = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, (instant) => {
        expect(instantMs(instant.toISOString())).toBe(instant.getTime())
        expect(isDate(instant.toISOString().slice(0, 10))).toBe(true)
      }),
    )
    expect(instantMs('2025-05-01T10:00:00.5+08:00')).toBe(Date.parse('2025-05-01T02:00:00.500Z'))
  })

  test.each([
    '2025-02-29T00:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T23:60:00Z',
    '0000-01-01T00:00:00Z',
    '2025-01-01T00:00:00',
    '2025-01-01',
    '2025-01-01T00:00:00.1234567Z',
    '',
  ])('%j is no instant', (text) => {
    expect(instantMs(text)).toBeUndefined()
  })

  test.each(['2025-02-29', '2025-13-01', '2025-1-1', '0000-01-01', '20250101'])(
    '%j is no date',
    (text) => {
      expect(isDate(text)).toBe(false)
    },
  )
})
