import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadCatalog } from '../../src/catalog/index.ts'
import { feedOf, reportOf, useImporter } from './folder.ts'
import { files, shop } from './shop.ts'

const importer = useImporter()

const nothing = {
  filtered: 0,
  rejected: {},
  refusedContacts: {},
  updated: 0,
  duplicate: 0,
  withoutCustomer: 0,
}

describe('a folder', () => {
  test('is loaded as its dataset.json says, and every row is counted once', async () => {
    const imported = await importer.load(shop, files)
    expect(feedOf(imported, 'customers')).toEqual({
      ...nothing,
      kind: 'customers',
      name: '',
      file: 'customers.csv',
      read: 3,
      loaded: 3,
      refusedContacts: { 'contact-email': 1 },
    })
    expect(feedOf(imported, 'events', 'purchase')).toEqual({
      ...nothing,
      kind: 'events',
      name: 'purchase',
      file: 'lines.csv.gz',
      read: 5,
      loaded: 2,
      filtered: 2,
      withoutCustomer: 1,
    })
    expect(feedOf(imported, 'events', 'return')).toMatchObject({
      read: 5,
      loaded: 1,
      filtered: 3,
      withoutCustomer: 1,
    })
    expect(feedOf(imported, 'consents')).toMatchObject({ read: 3, loaded: 2, withoutCustomer: 1 })
    expect(imported.rejects).toEqual(['customers.csv,3,email,contact-email'])
    const [tag] = (await importer.profiles('001')).map((row) => row['tags'])
    expect(Array.isArray(tag) ? tag.length : 0).toBe(4)
    expect(await importer.profiles('001', '002', '003')).toMatchObject([
      {
        city: 'shanghai',
        channel: 'app',
        points: 12,
        balance: 1050,
        share: 0.7,
        score: 4,
        member: true,
        joined: '2024-02-29',
        seen: '2026-01-01T00:00:00+00:00',
        birthday: 228,
        identifier_kinds: ['email', 'mobile'],
      },
      {
        city: 'beijing',
        channel: 'web',
        points: null,
        balance: null,
        share: 0.5,
        score: null,
        member: false,
        joined: '2025-01-02',
        birthday: 1231,
        tags: [],
        identifier_kinds: ['mobile'],
      },
      { city: null, channel: null, points: null, tags: [], identifier_kinds: [] },
    ])
  })

  test('makes its catalogue with labels, found values and tags', async () => {
    await importer.load(shop, files)
    const { rules } = await importer.world.asRole('yq_analyst', { actor: 'test' }, loadCatalog)
    const channel = rules.attributes.find(({ id }) => id === 'channel')
    expect(channel).toMatchObject({
      category: 'demographic.location',
      dataClass: 'S1',
      type: { kind: 'enum', values: [{ id: 'app' }, { id: 'web' }] },
    })
    expect(rules.tags.map((tag) => tag.label.zh).sort()).toEqual(
      ['coffee', 'vip', '新客', '露营'].sort(),
    )
    expect(rules.events.find(({ id }) => id === 'return')?.properties).toMatchObject([
      { id: 'amount', label: { en: 'Amount' }, type: { kind: 'money', currency: 'GBP', scale: 3 } },
    ])
    expect(rules.attributes.find(({ id }) => id === 'balance')?.type).toEqual({
      kind: 'money',
      currency: 'CNY',
      scale: 2,
    })
    expect(rules.purposes.map(({ id }) => id)).toEqual(['marketing', 'marketing.sms'])
  })

  test('loaded again adds nothing and changes nothing', async () => {
    await importer.load(shop, files)
    const everything = () =>
      importer.asOwner(`select (select count(*) from profile.customer) as customers, (select count(*) from profile.customer_history) as history,
        (select count(*) from profile.event) as events, (select count(*) from consent.event) as consents, (select count(*) from vault.contact) as contacts,
        (select md5(string_agg(c::text, '' order by customer_id)) from profile.customer c) as content,
        (select md5(string_agg(ciphertext::text, '' order by customer_id, kind)) from vault.contact) as sealed,
        (select catalog_revision from meta.deployment) as revision`)
    const before = await everything()
    const again = await importer.load(shop, files)
    expect(feedOf(again, 'customers')).toMatchObject({ loaded: 0, updated: 0, duplicate: 3 })
    expect(feedOf(again, 'events', 'purchase')).toMatchObject({ loaded: 0, duplicate: 2 })
    expect(feedOf(again, 'events', 'return')).toMatchObject({ loaded: 0, duplicate: 1 })
    expect(feedOf(again, 'consents')).toMatchObject({ loaded: 0, duplicate: 2 })
    expect(await everything()).toEqual(before)
  })

  test('in which a row changed updates it and keeps what it was', async () => {
    await importer.load(shop, files)
    const moved = {
      ...files,
      'customers.csv': files['customers.csv'].replace('001,上海', '001,beijing'),
    }
    expect(feedOf(await importer.load(shop, moved), 'customers')).toMatchObject({
      loaded: 0,
      updated: 1,
      duplicate: 2,
    })
    expect(await importer.profiles('001')).toMatchObject([{ city: 'beijing', points: 12 }])
    expect(
      await importer.asOwner(
        'select recorded_to >= recorded_from as ordered from profile.customer_history',
      ),
    ).toEqual([{ ordered: true }])
  })

  test('that grew adds what is new', async () => {
    await importer.load(shop, files)
    const grown = {
      ...files,
      'customers.csv': `${files['customers.csv']}004,上海,kiosk,1,1,1%,1,1,2025-01-01,2026-01-01,1990-01-01,,,,\n`,
      'lines.csv.gz': gzipSync(
        'line_no,customer_id,at,quantity,price\n1,001,2025-05-01 10:00:00,6,2.550\n9,004,2025-05-01 10:00:00,6,2.550\n',
      ),
    }
    const imported = await importer.load(shop, grown)
    expect(feedOf(imported, 'customers')).toMatchObject({ loaded: 1, duplicate: 3 })
    expect(feedOf(imported, 'events', 'purchase')).toMatchObject({ loaded: 1, duplicate: 1 })
    expect(await importer.profiles('004')).toMatchObject([{ channel: 'kiosk' }])
  })

  test('ends the demo: the deployment is in production under the name of the dataset, once', async () => {
    expect(await importer.deployment()).toMatchObject([{ mode: 'empty' }])
    await importer.load(shop, files)
    const expected = [
      { mode: 'production', name: 'shop', time_zone: 'Asia/Shanghai', currency: 'CNY' },
    ]
    expect(await importer.deployment()).toEqual(expected)
    await importer.load({ ...shop, name: 'second', currency: 'EUR' }, files)
    expect(await importer.deployment()).toEqual(expected)
  })

  test('leaves a run and entries that name no value of anybody', async () => {
    const report = reportOf(await importer.load(shop, files))
    const runs = await importer.asOwner<{ id: string; state: string; report: object }>(
      'select id, state, report from ingest.run',
    )
    expect(runs).toMatchObject([
      { id: report.run, state: 'done', report: { dataset: 'shop', feeds: report.feeds } },
    ])
    const entries = await importer.asOwner<{ rows: string; text: string }>(
      `select row_count as rows, row_to_json(e)::text as text from audit.entry e where action = 'data.import' order by seq`,
    )
    expect(entries.map(({ rows }) => rows)).toEqual([null, '3', '5', '3', null])
    const log = JSON.stringify([runs, entries])
    for (const value of ['13800138001', 'a@example.com', '上海', '001,'])
      expect(log).not.toContain(value)
  })

  test('keeps no identifier outside the vault, and none in clear inside it', async () => {
    await importer.load(shop, files)
    const tables = await importer.asOwner<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('audit', 'profile', 'consent', 'vault', 'ingest', 'edge', 'meta')`,
    )
    let dump = ''
    for (const { name } of tables) {
      const rows = await importer.asOwner<{ row: string }>(`select t::text as row from ${name} t`)
      dump += rows.map(({ row }) => row).join('\n')
    }
    expect(dump).toContain('shanghai')
    for (const value of ['13800138001', '13800138002', 'a@example.com', '"001"', ',001,', '(001,'])
      expect(dump).not.toContain(value)
  })
})

describe('contact data in a file of its own', () => {
  const dataset = {
    version: 1,
    name: 'apart',
    timeZone: 'UTC',
    currency: 'CNY',
    customers: {
      file: 'c.csv',
      id: 'id',
      contacts: {
        file: 'k.csv',
        id: 'customer',
        identifiers: { mobile: 'phone' },
        adult: 'adult',
        noProfiling: 'objects',
      },
    },
  }
  test('belongs to customers that are known, and says what the decision needs', async () => {
    const imported = await importer.load(dataset, {
      'c.csv': 'id\n1\n2\n3\n',
      'k.csv':
        'customer,phone,adult,objects\n1,13800138001,yes,\n2,13800138002,,yes\n9,13800138009,yes,\n3,12,perhaps,\n',
    })
    expect(feedOf(imported, 'contacts')).toMatchObject({
      read: 4,
      updated: 2,
      rejected: { 'unknown-customer': 1, 'not-a-boolean': 1 },
    })
    expect(await importer.profiles('1', '2', '3')).toEqual([
      { tags: [], identifier_kinds: ['mobile'] },
      { tags: [], identifier_kinds: ['mobile'] },
      { tags: [], identifier_kinds: [] },
    ])
    expect(
      await importer.asOwner(
        'select adult_declared, no_profiling, count(*)::int as people from consent.person group by 1, 2 order by 1, 2',
      ),
    ).toEqual([
      { adult_declared: false, no_profiling: false, people: 1 },
      { adult_declared: false, no_profiling: true, people: 1 },
      { adult_declared: true, no_profiling: false, people: 1 },
    ])
  })

  test('that no longer says so takes back a declaration but keeps an objection', async () => {
    await importer.load(dataset, {
      'c.csv': 'id\n1\n',
      'k.csv': 'customer,phone,adult,objects\n1,,yes,yes\n',
    })
    await importer.load(dataset, {
      'c.csv': 'id\n1\n',
      'k.csv': 'customer,phone,adult,objects\n1,,,\n',
    })
    expect(
      await importer.asOwner('select adult_declared, no_profiling from consent.person'),
    ).toEqual([{ adult_declared: false, no_profiling: true }])
  })
})
