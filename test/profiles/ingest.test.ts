import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ingestCustomers, ingestEvents } from '../../src/profiles/index.ts'
import { openShop, source } from './world.ts'
import type { Shop } from './world.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(async () => {
  await shop.world.close()
})

const entries = (action: string) =>
  shop.world.asRole('yq_auditor', { actor: 'reviewer' }, (tx) =>
    tx
      .selectFrom('audit.entry')
      .select(['action', 'actor', 'row_count', 'detail', 'subject_ref'])
      .where('action', '=', action)
      .orderBy('seq')
      .execute(),
  )

describe('customers over the API', () => {
  test('are answered one by one, and all of it is one entry without a value', async () => {
    const outcome = await ingestCustomers(shop.deps, source, [
      { id: 'c1', attributes: { city: 'shanghai' }, identifiers: { mobile: 'none' } },
      { id: 'c2', attributes: { city: 'Atlantis' } },
      { id: 'c3', tags: ['vip'] },
    ])
    expect(outcome).toEqual({
      ok: true,
      value: [
        { id: 'c1', status: 'inserted', refused: [{ kind: 'mobile', code: 'contact-mobile' }] },
        { id: 'c2', status: 'rejected', code: 'unknown-value', field: 'attributes.city' },
        { id: 'c3', status: 'inserted' },
      ],
    })
    expect(await entries('customer.ingest')).toEqual([
      {
        action: 'customer.ingest',
        actor: 'shop-crm',
        row_count: '3',
        detail: { inserted: 2, rejected: 1 },
        subject_ref: null,
      },
    ])
  })

  test('sent again under the same key are not loaded again', async () => {
    const context = {
      ...source,
      idempotency: { key: 'k1', route: 'POST /v1/customers', bodyDigest: 'sha256:1' },
    }
    const first = await ingestCustomers(shop.deps, context, [{ id: 'c9' }])
    const again = await ingestCustomers(shop.deps, context, [{ id: 'c9' }])
    expect(again).toEqual(first)
    expect(first).toEqual({ ok: true, value: [{ id: 'c9', status: 'inserted' }] })
    expect(
      await ingestCustomers(
        shop.deps,
        { ...context, idempotency: { ...context.idempotency, bodyDigest: 'sha256:2' } },
        [{ id: 'c10' }],
      ),
    ).toEqual({
      ok: false,
      error: { code: 'idempotency-key-reused' },
    })
  })
})

describe('events over the API', () => {
  test('are answered one by one; a customer nobody knows is not made', async () => {
    await ingestCustomers(shop.deps, source, [{ id: 'buyer' }])
    const item = { event: 'purchase', customer: 'buyer', time: '2025-01-01T00:00:00Z' }
    const send = () =>
      ingestEvents(shop.deps, source, [
        { ...item, id: 'e1', properties: { quantity: 2 } },
        { ...item, id: 'e2', customer: 'stranger' },
        { ...item, id: 'e3', customer: '' },
        { ...item, id: 'e4', time: '2026-03-03T00:00:00Z' },
        { ...item, id: 'e1' },
      ])
    const rejected = [
      { id: 'e2', status: 'rejected', code: 'unknown-customer', field: 'customer' },
      { id: 'e3', status: 'rejected', code: 'unknown-customer', field: 'customer' },
      { id: 'e4', status: 'rejected', code: 'in-future', field: 'time' },
    ]
    const twice = { id: 'e1', status: 'duplicate' }
    expect(await send()).toEqual({
      ok: true,
      value: [{ id: 'e1', status: 'inserted' }, ...rejected, twice],
    })
    expect(await send()).toEqual({ ok: true, value: [twice, ...rejected, twice] })
    expect(await entries('event.ingest')).toMatchObject([
      { row_count: '5', detail: { inserted: 1, rejected: 3, duplicate: 1 } },
      { row_count: '5', detail: { rejected: 3, duplicate: 2 } },
    ])
  })

  test('of two clients do not shadow each other', async () => {
    await ingestCustomers(shop.deps, source, [{ id: 'buyer' }])
    const item = { id: 'shared', event: 'visit', customer: 'buyer', time: '2025-01-01T00:00:00Z' }
    const other = { ...source, actor: { ...source.actor, id: 'till' } }
    for (const context of [source, other]) {
      expect(await ingestEvents(shop.deps, context, [item])).toEqual({
        ok: true,
        value: [{ id: 'shared', status: 'inserted' }],
      })
    }
  })
})
