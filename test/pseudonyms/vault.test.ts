import { inspect } from 'node:util'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysFrom } from '../../src/keys/index.ts'
import { reveal } from '../../src/kernel/redacted.ts'
import {
  claimCustomers,
  findCustomers,
  issuePseudonyms,
  ownersOf,
  pseudonymOf,
  resolveContacts,
  storeContacts,
} from '../../src/pseudonyms/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { availableExport, consentTo, defineWorld, handler, processor } from './world.ts'

const keys = keysFrom(Buffer.alloc(32, 7))
const at = new Date('2026-01-01T00:00:00Z')
const sources = ['SRC-0001', 'SRC-0002', 'SRC-0003', '0004', '4']
const planted = sources.map((_, index) => ({
  mobile: `1380013800${index}`,
  email: `planted.${index}@example.com`,
  name: `韩梅梅${index}`,
}))

let world: TestDatabase
let ids: readonly string[]
let exportId: string

const ingest = <T>(work: Parameters<typeof world.asRole<T>>[2]): Promise<T> =>
  world.asRole('yq_ingest', { actor: 'loader' }, work)

const contactsOf = (index: number) =>
  Object.entries(planted[index] ?? {}).map(([kind, value]) => ({
    customerId: ids[index] ?? '',
    kind,
    value,
  }))

beforeAll(async () => {
  world = await testDatabase()
  await defineWorld(world)
  ids = await ingest(async (tx) => {
    const claimed = await claimCustomers(tx, keys, sources)
    return sources.map((source) => claimed.get(source) ?? '')
  })
  await ingest((tx) =>
    storeContacts(
      tx,
      keys,
      sources.flatMap((_, index) => contactsOf(index)),
    ),
  )
  await consentTo(world, ids, 'given')
  exportId = await availableExport(world, {
    recipient: processor,
    columns: ['id', 'mobile', 'name'],
    members: ids.map((id) => ({ customerId: id, pseudonym: pseudonymOf(keys, processor, 1, id) })),
  })
})
afterAll(async () => {
  await world.close()
})

const resolve = (recipient: string, exported: string, customers: readonly string[]) =>
  world.asRole('yq_exporter', { actor: 'tool', recipient }, async (tx) => {
    const resolved = await resolveContacts(tx, keys, exported, customers, at)
    return new Map(
      [...resolved].map(([id, kinds]) => [
        id,
        Object.fromEntries([...kinds].map(([kind, value]) => [kind, reveal(value)])),
      ]),
    )
  })

describe('who may not reach the vault', () => {
  const tables = ['source_key', 'person_key', 'contact', 'pseudonym', 'pseudonym_owner'] as const
  const readers: Readonly<Record<(typeof tables)[number], readonly string[]>> = {
    source_key: ['yq_ingest', 'yq_consent', 'yq_auditor'],
    person_key: ['yq_ingest'],
    contact: [],
    pseudonym: ['yq_builder'],
    pseudonym_owner: [],
  }
  const roles = [
    'yq_identity',
    'yq_steward',
    'yq_ingest',
    'yq_consent',
    'yq_author',
    'yq_analyst',
    'yq_builder',
    'yq_approver',
    'yq_exporter',
    'yq_privacy',
    'yq_auditor',
  ] as const

  test.each(tables)('vault.%s is read whole by its duties and by nobody else', async (table) => {
    const able: string[] = []
    for (const role of roles) {
      const outcome = world.asRole(role, { actor: 'a', recipient: processor }, (tx) =>
        sql`select * from ${sql.table(`vault.${table}`)}`.execute(tx),
      )
      await outcome.then(
        () => able.push(role),
        (error: unknown) => {
          expect(String(error)).toMatch(/permission denied/)
        },
      )
    }
    expect(able.sort()).toEqual([...readers[table]].sort())
  })

  test('a loader cannot read back what it stored', async () => {
    await expect(
      ingest((tx) => sql`select ciphertext from vault.contact`.execute(tx)),
    ).rejects.toThrow(/permission denied/)
  })

  test.each(roles.filter((role) => role !== 'yq_exporter'))('%s cannot resolve', async (role) => {
    await expect(
      world.asRole(role, { actor: 'a', recipient: processor }, (tx) =>
        resolveContacts(tx, keys, exportId, ids, at),
      ),
    ).rejects.toThrow(/permission denied/)
  })

  test.each(roles.filter((role) => role !== 'yq_builder'))(
    '%s cannot issue pseudonyms',
    async (role) => {
      await expect(
        world.asRole(role, { actor: 'a' }, (tx) => issuePseudonyms(tx, keys, processor, 1, ids)),
      ).rejects.toThrow(/permission denied/)
    },
  )

  test('another recipient gets nothing of the export', async () => {
    await expect(resolve(handler, exportId, ids)).rejects.toThrow(/for nobody/)
  })

  test('a handler gets no contact data of its own export either', async () => {
    const own = await availableExport(world, {
      recipient: handler,
      columns: ['id', 'mobile'],
      members: ids.map((id) => ({ customerId: id, pseudonym: pseudonymOf(keys, handler, 1, id) })),
    })
    await expect(resolve(handler, own, ids)).rejects.toThrow(/for nobody/)
  })
})

describe('contact data', () => {
  test('comes back normalised, only the approved kinds', async () => {
    const resolved = await resolve(processor, exportId, ids)
    expect(resolved.size).toBe(sources.length)
    expect(resolved.get(ids[1] ?? '')).toEqual({ mobile: '+8613800138001', name: '韩梅梅1' })
  })

  test('is not printed by accident', async () => {
    const printed = await world.asRole(
      'yq_exporter',
      { actor: 'tool', recipient: processor },
      async (tx) => {
        const resolved = await resolveContacts(tx, keys, exportId, ids, at)
        const values = [...resolved.values()].flatMap((kinds) => [...kinds.values()])
        return `${JSON.stringify(values)} ${inspect(values, { depth: 9 })}`
      },
    )
    expect(printed).toContain('<redacted>')
    expect(printed).not.toContain('138001')
  })

  test('of a person who withdrew does not come', async () => {
    const [first = ''] = ids
    await consentTo(world, [first], 'withdrawn')
    const resolved = await resolve(processor, exportId, ids)
    expect(resolved.has(first)).toBe(false)
    expect(resolved.size).toBe(sources.length - 1)
  })

  test('stored again is unchanged, changed is stored, and rubbish is refused by its code', async () => {
    const customerId = ids[2] ?? ''
    const outcomes = await ingest((tx) =>
      storeContacts(tx, keys, [
        { customerId, kind: 'mobile', value: '+86 138 0013 8002' },
        { customerId, kind: 'email', value: 'new@example.com' },
        { customerId, kind: 'name', value: '' },
      ]),
    )
    expect(outcomes).toEqual(['unchanged', 'stored', 'contact-empty'])
    expect(await ingest((tx) => storeContacts(tx, keys, contactsOf(2)))).toEqual([
      'unchanged',
      'stored',
      'unchanged',
    ])
  })

  test('loaded by two at the same moment opens afterwards', async () => {
    const claimed = await ingest((tx) => claimCustomers(tx, keys, ['twice']))
    const customerId = claimed.get('twice') ?? ''
    const row = { customerId, kind: 'mobile', value: '13900139000' }
    await Promise.all([1, 2, 3].map(() => ingest((tx) => storeContacts(tx, keys, [row]))))
    await consentTo(world, [customerId], 'given')
    const own = await availableExport(world, {
      recipient: processor,
      columns: ['id', 'mobile'],
      members: [{ customerId, pseudonym: pseudonymOf(keys, processor, 1, customerId) }],
    })
    expect(await resolve(processor, own, [customerId])).toEqual(
      new Map([[customerId, { mobile: '+8613900139000' }]]),
    )
  })
})

describe('a stolen or altered database', () => {
  const admin = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: world.adminUrl })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  test('holds no phone, name, e-mail address or source id in clear', async () => {
    const dump = await admin(async (client) => {
      let text = ''
      for (const table of ['source_key', 'person_key', 'contact', 'pseudonym', 'pseudonym_owner']) {
        const { rows } = await client.query<{ row: string }>(
          `select row_to_json(t)::text as row from vault.${table} t`,
        )
        const { rows: raw } = await client.query<{ row: string }>(
          `select convert_from(convert_to(t::text, 'UTF8'), 'UTF8') as row from vault.${table} t`,
        )
        text += [...rows, ...raw].map(({ row }) => row).join('\n')
      }
      return text
    })
    expect(dump.length).toBeGreaterThan(1000)
    const clear = [
      ...planted.flatMap((row) => [row.mobile, row.email, row.name]),
      ...sources.slice(0, 3),
    ]
    const hidden = clear.flatMap((value) => [value, Buffer.from(value).toString('hex')])
    expect(hidden.filter((value) => dump.includes(value))).toEqual([])
  })

  test('two people of one name look unlike', async () => {
    const [a = '', b = ''] = ids
    await ingest((tx) =>
      storeContacts(tx, keys, [
        { customerId: a, kind: 'nickname', value: '小李' },
        { customerId: b, kind: 'nickname', value: '小李' },
      ]),
    )
    const distinct = await admin((client) =>
      client.query<{ n: string }>(
        `select count(distinct index_hash) as n from vault.contact where kind = 'nickname'`,
      ),
    )
    expect(distinct.rows[0]?.n).toBe('2')
  })

  const swapped = [
    ['of two people', `kind = 'mobile'`, `c.customer_id in ($1, $2) and c.kind = 'mobile'`],
    [
      'of two kinds',
      `customer_id = $1`,
      `c.customer_id = $1 and c.kind in ('mobile', 'name') and $2::bigint > 0`,
    ],
  ] as const

  test.each(swapped)('with ciphertexts %s exchanged opens neither', async (_, __, where) => {
    const [, , , a = '', b = ''] = ids
    const swap = () =>
      admin((client) =>
        client.query(
          `update vault.contact c set ciphertext = o.ciphertext from vault.contact o
           where ${where} and ${where.replaceAll('c.', 'o.')}
             and (c.customer_id, c.kind) <> (o.customer_id, o.kind)`,
          [a, b],
        ),
      )
    await swap()
    await expect(resolve(processor, exportId, [a])).rejects.toThrow(
      /stands in the row it was sealed for/,
    )
    await swap()
    expect((await resolve(processor, exportId, [a])).get(a)).toEqual({
      mobile: '+8613800138003',
      name: '韩梅梅3',
    })
  })

  test('with data keys exchanged opens nothing', async () => {
    const [, , , a = '', b = ''] = ids
    const swap = () =>
      admin((client) =>
        client.query(
          `update vault.person_key k set wrapped = o.wrapped from vault.person_key o
           where k.customer_id in ($1, $2) and o.customer_id in ($1, $2) and k.customer_id <> o.customer_id`,
          [a, b],
        ),
      )
    await swap()
    await expect(resolve(processor, exportId, [a])).rejects.toThrow(/as these keys sealed it/)
    await swap()
  })

  test('under other keys opens nothing', async () => {
    await expect(
      world.asRole('yq_exporter', { actor: 'tool', recipient: processor }, (tx) =>
        resolveContacts(tx, keysFrom(Buffer.alloc(32, 9)), exportId, ids, at),
      ),
    ).rejects.toThrow(/as these keys sealed it/)
  })
})

describe('the brand’s ids', () => {
  test('lead to one random key each; leading zeros count', async () => {
    expect(new Set(ids).size).toBe(sources.length)
    expect(ids.every((id) => /^[1-9]\d*$/.test(id))).toBe(true)
    const again = await ingest((tx) => claimCustomers(tx, keys, sources))
    expect(sources.map((source) => again.get(source))).toEqual(ids)
  })

  test('that are unknown are absent, and asking makes nothing', async () => {
    const found = await world.asRole('yq_consent', { actor: 'crm' }, (tx) =>
      findCustomers(tx, keys, ['SRC-0001', 'nobody']),
    )
    expect([...found.keys()]).toEqual(['SRC-0001'])
  })

  test('claimed by several at once still lead to one key each', async () => {
    const wanted = Array.from({ length: 500 }, (_, index) => `race-${index}`)
    const claims = await Promise.all(
      [wanted, wanted.toReversed(), wanted].map((part) =>
        ingest((tx) => claimCustomers(tx, keys, part)),
      ),
    )
    const [first] = claims
    for (const claim of claims) {
      expect(wanted.map((id) => claim.get(id))).toEqual(wanted.map((id) => first?.get(id)))
    }
  })
})

describe('pseudonyms in the database', () => {
  test('are issued once, found again by their recipient and by nobody else', async () => {
    const issue = () =>
      world.asRole('yq_builder', { actor: 'builder', recipient: processor }, (tx) =>
        issuePseudonyms(tx, keys, processor, 1, ids),
      )
    const issued = await issue()
    expect(issued).toEqual(ids.map((id) => pseudonymOf(keys, processor, 1, id)))
    expect(await issue()).toEqual(issued)
    const ask = (setting: string, recipient: string) =>
      world.asRole('yq_exporter', { actor: 'tool', recipient: setting }, (tx) =>
        ownersOf(tx, recipient, [...issued, 'p1_unknown']),
      )
    const owners = await ask(processor, processor)
    expect(issued.map((pseudonym) => owners.get(pseudonym))).toEqual(ids)
    expect(owners.size).toBe(ids.length)
    expect((await ask(handler, processor)).size).toBe(0)
    expect((await ask(handler, handler)).size).toBe(0)
  })
})
