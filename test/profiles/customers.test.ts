import * as fc from 'fast-check'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCustomers } from '../../src/profiles/index.ts'
import type { CustomerOutcome, CustomerRow } from '../../src/profiles/index.ts'
import { openShop } from './world.ts'
import type { Shop } from './world.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(async () => {
  await shop.world.close()
})

const load = (rows: readonly CustomerRow[]): Promise<CustomerOutcome[]> =>
  shop.ingest((tx) => loadCustomers(tx, shop.deps.keys, shop.catalog, rows))

const idOf = (outcome: CustomerOutcome | undefined): string =>
  outcome !== undefined && outcome.status !== 'rejected' ? outcome.customerId : ''

async function asOwner<T extends object>(
  statement: string,
  values: readonly unknown[],
): Promise<T[]> {
  const client = new Client({ connectionString: shop.world.adminUrl })
  await client.connect()
  try {
    const { rows } = await client.query<T>(statement, [...values])
    return rows
  } finally {
    await client.end()
  }
}

const historyOf = (customerId: string) =>
  asOwner<{ recorded_from: Date; recorded_to: Date; old: Record<string, unknown> }>(
    `select recorded_from, recorded_to, to_jsonb(h) as old from profile.customer_history h
     where customer_id = $1 order by recorded_from`,
    [customerId],
  )

describe('who may not load', () => {
  test.each([
    'yq_steward',
    'yq_consent',
    'yq_analyst',
    'yq_builder',
    'yq_author',
    'yq_exporter',
    'yq_auditor',
  ] as const)('%s cannot', async (role) => {
    await expect(
      shop.world.asRole(role, { actor: 'a' }, (tx) =>
        loadCustomers(tx, shop.deps.keys, shop.catalog, [{ id: 'nobody' }]),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})

describe('a customer', () => {
  const whole: CustomerRow = {
    id: 'whole',
    attributes: {
      city: '上海市',
      note: 'tab\there, line\nthere, back\\slash, \\N and “quotes”',
      points: '12',
      rate: '0.50',
      balance: '12.3',
      member: true,
      joined: '2024-02-29',
      seen: '2026-01-02T03:04:05.123456+08:00',
      birthday: '02-29',
    },
    tags: ['vip', 'new', 'vip'],
    identifiers: { mobile: '13800138000', email: 'A@example.com' },
    person: { bornOn: '1990-01-01' },
  }

  test('is stored by the catalogue’s types', async () => {
    const [outcome] = await load([whole])
    expect(outcome).toMatchObject({ status: 'inserted', refused: [] })
    expect(await shop.profileOf(idOf(outcome))).toEqual({
      tags: ['new', 'vip'],
      identifier_kinds: ['email', 'mobile'],
      city: 'shanghai',
      note: whole.attributes?.['note'],
      points: 12,
      rate: 0.5,
      balance: 1230,
      member: true,
      joined: '2024-02-29',
      seen: '2026-01-01T19:04:05.123456+00:00',
      birthday: 229,
    })
  })

  test('loaded again is unchanged and gets no history', async () => {
    const [outcome] = await load([whole])
    expect(outcome?.status).toBe('unchanged')
    expect(await historyOf(idOf(outcome))).toEqual([])
  })

  test('that changed keeps what it was, for as long as it was that', async () => {
    const [first] = await load([
      { id: 'moves', attributes: { city: 'beijing', points: '1' }, tags: ['new'] },
    ])
    const [second] = await load([
      { id: 'moves', attributes: { city: 'shanghai', points: '1' }, tags: ['new'] },
    ])
    expect([first?.status, second?.status]).toEqual(['inserted', 'updated'])
    expect(idOf(second)).toBe(idOf(first))
    const [before, ...more] = await historyOf(idOf(first))
    expect(more).toEqual([])
    expect(before?.old[shop.catalog.attribute('city').column]).toBe('beijing')
    expect(Number(before?.recorded_to)).toBeGreaterThanOrEqual(Number(before?.recorded_from))
    expect(await shop.profileOf(idOf(first))).toMatchObject({
      city: 'shanghai',
      points: 1,
      tags: ['new'],
    })
  })

  test('keeps what a later row does not name, and loses what it says is missing', async () => {
    const [outcome] = await load([
      {
        id: 'partly',
        attributes: { city: 'beijing', points: '5' },
        tags: ['vip'],
        identifiers: { mobile: '13900139001' },
      },
    ])
    await load([
      { id: 'partly', attributes: { points: null }, identifiers: { email: 'p@example.com' } },
    ])
    expect(await shop.profileOf(idOf(outcome))).toMatchObject({
      city: 'beijing',
      points: null,
      tags: ['vip'],
      identifier_kinds: ['email', 'mobile'],
    })
  })

  test('named twice in one load ends as the rows say one after the other', async () => {
    const outcomes = await load([
      { id: 'double', attributes: { city: 'beijing', points: '1' } },
      { id: 'double', attributes: { points: '2' }, tags: ['vip'] },
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['inserted', 'inserted'])
    expect(await shop.profileOf(idOf(outcomes[0]))).toMatchObject({
      city: 'beijing',
      points: 2,
      tags: ['vip'],
    })
  })

  test('with leading zeros in the id is another one than without', async () => {
    const [a, b] = await load([{ id: '007' }, { id: '7' }])
    expect(idOf(a)).not.toBe(idOf(b))
  })

  test('with a contact that is none is loaded without it', async () => {
    const [outcome] = await load([
      { id: 'badphone', identifiers: { mobile: 'call me', email: 'b@example.com' } },
    ])
    expect(outcome).toMatchObject({
      status: 'inserted',
      refused: [{ kind: 'mobile', code: 'contact-mobile' }],
    })
    expect(await shop.profileOf(idOf(outcome))).toMatchObject({ identifier_kinds: ['email'] })
  })

  test('whose contact alone changed is updated', async () => {
    await load([{ id: 'newphone', identifiers: { mobile: '13900139002' } }])
    const [outcome] = await load([{ id: 'newphone', identifiers: { mobile: '13900139003' } }])
    expect(outcome?.status).toBe('updated')
  })

  test('is known to the decision, with what was said of the person', async () => {
    const outcomes = await load([
      { id: 'p1', person: { bornOn: '1990-05-06', noProfiling: true } },
      { id: 'p2', person: { adultDeclared: true, status: 'frozen' } },
      { id: 'p3' },
    ])
    await load([{ id: 'p1', person: { noProfiling: false } }])
    const rows = await asOwner<object>(
      `select status, born_on::text, adult_declared, no_profiling from consent.person
       where customer_id = any ($1::bigint[]) order by array_position($1::bigint[], customer_id)`,
      [outcomes.map(idOf)],
    )
    expect(rows).toEqual([
      { status: 'active', born_on: '1990-05-06', adult_declared: false, no_profiling: false },
      { status: 'frozen', born_on: null, adult_declared: true, no_profiling: false },
      { status: 'active', born_on: null, adult_declared: false, no_profiling: false },
    ])
  })
})

describe('a row that is wrong', () => {
  test.each<[CustomerRow, string, string]>([
    [{ id: '' }, 'not-an-id', 'id'],
    [{ id: 'x'.repeat(201) }, 'not-an-id', 'id'],
    [{ id: 'a\u0000b' }, 'not-an-id', 'id'],
    [{ id: 'x', attributes: { height: '1' } }, 'unknown-attribute', 'attributes.height'],
    [{ id: 'x', attributes: { city: 'Atlantis' } }, 'unknown-value', 'attributes.city'],
    [{ id: 'x', attributes: { points: '1.5' } }, 'not-whole', 'attributes.points'],
    [
      { id: 'x', attributes: { points: '9223372036854775808' } },
      'out-of-range',
      'attributes.points',
    ],
    [{ id: 'x', attributes: { balance: '1.234' } }, 'too-many-decimals', 'attributes.balance'],
    [{ id: 'x', attributes: { balance: '¥12' } }, 'not-a-number', 'attributes.balance'],
    [{ id: 'x', attributes: { joined: '2026-02-30' } }, 'not-a-date', 'attributes.joined'],
    [{ id: 'x', tags: ['vip', 'unknown'] }, 'unknown-tag', 'tags'],
    [{ id: 'x', identifiers: { 'Mobile!': '1' } }, 'not-an-id', 'identifiers'],
    [{ id: 'x', person: { bornOn: '1990-13-01' } }, 'not-a-date', 'birthDate'],
  ])('%j is answered and not loaded, and its neighbours are', async (row, code, field) => {
    const outcomes = await load([{ id: 'neighbour' }, row])
    expect(outcomes[0]?.status).not.toBe('rejected')
    expect(outcomes[1]).toEqual({ status: 'rejected', code, field })
  })

  test('leaves nothing behind', async () => {
    await load([
      { id: 'half', attributes: { points: 'many' }, identifiers: { mobile: '13900139004' } },
    ])
    const { rows } = await shop.ingest((tx) =>
      sql`select 1 from vault.source_key where source_hash = ${shop.deps.keys.mac('source-index', 'half')}`.execute(
        tx,
      ),
    )
    expect(rows).toEqual([])
  })
})

describe('thousands at once, which go another way into the database', () => {
  const texts = fc.sample(
    fc.string({
      unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', '李', '😀', '"', ',', '\\.', ' ', "'"),
    }),
    { seed: 4, numRuns: 2_500 },
  )
  const rows = texts.map((note, index): CustomerRow => ({
    id: `many-${index}`,
    attributes: { note, points: index % 7 === 0 ? null : String(index) },
    tags: index % 2 === 0 ? ['vip'] : [],
  }))

  test('hold what few hold', async () => {
    const outcomes = await load(rows)
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['inserted']))
    const { column: note } = shop.catalog.attribute('note')
    const { column: points } = shop.catalog.attribute('points')
    const held = await asOwner<{ note: string; points: string | null; tags: string[] }>(
      `select ${note} as note, ${points} as points, tags from profile.customer
       where customer_id = any ($1::bigint[]) order by array_position($1::bigint[], customer_id)`,
      [outcomes.map(idOf)],
    )
    expect(held).toEqual(
      rows.map(({ attributes, tags }) => ({
        note: attributes?.['note'],
        points: attributes?.['points'],
        tags,
      })),
    )
    expect(new Set((await load(rows.slice(0, 10))).map(({ status }) => status))).toEqual(
      new Set(['unchanged']),
    )
  })

  test('are unchanged the second time, and one that changed is found', async () => {
    const changed = rows.map((row, index) => (index === 1234 ? { ...row, tags: ['new'] } : row))
    const outcomes = await load(changed)
    expect(
      outcomes.flatMap(({ status }, index) => (status === 'unchanged' ? [] : [[index, status]])),
    ).toEqual([[1234, 'updated']])
  })
})

test('two loads of the same people at once both succeed', async () => {
  const rows = Array.from({ length: 300 }, (_, index): CustomerRow => ({
    id: `race-${index}`,
    attributes: { points: String(index) },
    identifiers: { mobile: `139${String(index).padStart(8, '0')}` },
  }))
  const [a, b] = await Promise.all([load(rows), load(rows.toReversed())])
  expect(a?.map(idOf)).toEqual(b?.toReversed().map(idOf))
})
