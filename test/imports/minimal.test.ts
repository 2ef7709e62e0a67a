/** The smallest dataset: consents that say who, for what, by which channel, what and when, and nothing besides. */
import { chmod } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { judge } from '../../src/consent/index.ts'
import type { Assumed } from '../../src/imports/index.ts'
import { importDataset } from '../../src/imports/index.ts'
import { findCustomers } from '../../src/pseudonyms/index.ts'
import { context, feedOf, makeFolder, now, reportOf, useImporter } from './folder.ts'

const importer = useImporter()

const city = {
  column: 'city',
  type: 'enum',
  label: { en: 'City', zh: '城市' },
  category: 'demographic.location',
  class: 'S1',
  values: [{ id: 'shanghai', en: 'Shanghai', zh: '上海', source: ['上海'] }],
}
const customers = {
  file: 'customers.csv',
  id: 'customer_id',
  missing: ['', 'NA'],
  attributes: { city },
  identifiers: { mobile: 'phone', email: 'email', name: 'name' },
  tags: { column: 'tags', separator: '|' },
}
const purchase = {
  file: 'lines.csv.gz',
  name: 'purchase',
  label: { en: 'Purchase', zh: '购买' },
  customer: 'customer_id',
  time: 'invoice_at',
  id: 'line_no',
  where: { quantity: { '>': 0 } },
  category: 'transaction',
  class: 'S1',
  retentionDays: 1100,
  properties: {
    amount: {
      product: ['quantity', 'unit_price'],
      type: 'money',
      currency: 'GBP',
      scale: 3,
      label: { en: 'Amount', zh: '金额' },
    },
  },
}
const consents = {
  file: 'consents.csv',
  columns: {
    subject: 'customer_id',
    purpose: 'purpose',
    channel: 'channel',
    state: 'state',
    effectiveAt: 'at',
  },
}
const minimal = {
  version: 1,
  name: 'shop',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  customers,
  events: [purchase],
  consents: [consents],
}

const consentRows = (...rows: readonly string[]) =>
  `customer_id,purpose,channel,state,at\n${rows.map((row) => `${row}\n`).join('')}`

const files = {
  'customers.csv': `customer_id,city,phone,email,name,tags,adult
c-1,上海,13800138001,a@example.com,张三,vip,yes
c-2,上海,13800138002,b@example.com,NA,,yes
c-3,NA,13800138003,,,,yes
c-4,上海,,d@example.com,,,
`,
  'lines.csv.gz': gzipSync(`customer_id,invoice_at,line_no,quantity,unit_price
c-1,2025-05-01 10:00:00,1,2,2.550
c-2,2025-05-01 10:00:00,2,-1,2.550
`),
  'consents.csv': consentRows(
    'c-1,marketing,sms,given,2025-01-01',
    'c-1,marketing.winback,edm,given,2025-01-01',
    'c-2,marketing,sms,given,2025-01-01',
    'c-2,marketing,,withdrawn,2025-02-01',
    'c-3,Marketing!,sms,given,2025-01-01',
    'c-3,marketing,SMS,given,2025-01-01',
    'c-4,marketing,sms,given,2025-01-01',
  ),
}

const adults = { ...minimal, customers: { ...customers, adult: 'adult' } }

const everything = {
  categories: ['demographic.location', 'tag', 'transaction'],
  notice: { id: 'imported.shop', version: 1 },
  purposes: ['marketing', 'marketing.winback'],
  channels: ['edm', 'sms'],
  recipient: 'own',
}
const nothing = { categories: [], notice: null, purposes: [], channels: [], recipient: null }

/** The decision for each of the customers; null is permitted. */
async function decide(
  subjects: readonly string[],
  purpose: string,
  channel: string,
  categories: readonly string[] = ['transaction', 'demographic.location'],
) {
  const { world, deps } = importer
  const ids = await world.asRole('yq_ingest', { actor: 'test' }, (tx) =>
    findCustomers(tx, deps.keys, subjects),
  )
  const use = { purpose, channel, recipient: 'own' }
  const facts = { categories, personalised: true, at: new Date(now) }
  const reasons = await world.asRole('yq_privacy', { actor: 'test' }, (tx) =>
    judge(tx, [...ids.values()], use, facts),
  )
  return subjects.map((subject) => reasons.get(ids.get(subject) ?? ''))
}

describe('a dataset whose consents say little', () => {
  test('is loaded with every row counted, and its report says what was assumed', async () => {
    const said: Assumed[] = []
    const imported = await importer.load(minimal, files, {
      onAssumed: (assumed) => said.push(assumed),
    })
    expect(feedOf(imported, 'customers')).toMatchObject({ read: 4, loaded: 4 })
    expect(feedOf(imported, 'events', 'purchase')).toMatchObject({
      read: 2,
      loaded: 1,
      filtered: 1,
    })
    expect(feedOf(imported, 'consents')).toMatchObject({
      read: 7,
      loaded: 5,
      rejected: { 'purpose-unknown': 1, 'channel-unknown': 1 },
    })
    expect(imported.rejects).toEqual([
      'consents.csv,6,purpose,purpose-unknown',
      'consents.csv,7,channel,channel-unknown',
    ])
    expect(reportOf(imported).assumed).toEqual(everything)
    expect(said).toEqual([everything])
  })

  test('makes the purposes, channels, recipient and categories that it names', async () => {
    await importer.load(minimal, files)
    expect(
      await importer.asOwner(
        'select id, label_en, label_zh, kind, covered_by, notice_id, min_notice_version from consent.purpose order by id',
      ),
    ).toMatchObject([
      { id: 'marketing', label_en: 'marketing', kind: 'marketing', covered_by: ['marketing'] },
      {
        id: 'marketing.winback',
        label_zh: 'marketing.winback',
        kind: 'marketing',
        covered_by: ['marketing.winback', 'marketing'],
        notice_id: null,
        min_notice_version: 1,
      },
    ])
    expect(
      await importer.asOwner('select id, identifier_kind from consent.channel order by id'),
    ).toEqual([
      { id: 'edm', identifier_kind: 'email' },
      { id: 'sms', identifier_kind: 'mobile' },
    ])
    expect(
      await importer.asOwner('select id, label_en, label_zh, role from consent.recipient'),
    ).toEqual([{ id: 'own', label_en: 'Own brand', label_zh: '本品牌', role: 'internal' }])
    expect(
      await importer.asOwner(
        'select id, label_en, label_zh, data_class from catalog.category order by id',
      ),
    ).toEqual([
      { id: 'demographic.location', label_en: 'location', label_zh: 'location', data_class: 'S1' },
      { id: 'tag', label_en: 'tag', label_zh: 'tag', data_class: 'S1' },
      { id: 'transaction', label_en: 'transaction', label_zh: 'transaction', data_class: 'S1' },
    ])
  })

  test('stands on a notice that says so in both languages', async () => {
    await importer.load(minimal, files)
    const notices = await importer.asOwner<{ id: string; version: number; text: string }>(
      'select id, version, text from consent.notice',
    )
    expect(notices).toMatchObject([{ id: 'imported.shop', version: 1 }])
    const text = notices[0]?.text ?? ''
    for (const words of [
      '2026-03-01',
      'taken over',
      '品牌',
      'demographic.location, tag, transaction',
    ])
      expect(text).toContain(words)
    expect(
      await importer.asOwner(
        `select distinct mechanism, source from consent.event where state = 'given'`,
      ),
    ).toEqual([{ mechanism: 'imported', source: 'shop' }])
  })

  test('its consents count, but nobody whose age is unknown is reached', async () => {
    await importer.load(minimal, files)
    expect(await decide(['c-1', 'c-4'], 'marketing', 'sms')).toEqual(['age', 'age'])
    await importer.load(adults, files)
    expect(await decide(['c-1', 'c-2', 'c-3', 'c-4'], 'marketing', 'sms')).toEqual([
      null,
      'general',
      'general',
      'age',
    ])
    // A wider purpose's consent reaches down, by its own channel only.
    expect(await decide(['c-1'], 'marketing.winback', 'sms')).toEqual([null])
    expect(await decide(['c-1'], 'marketing.winback', 'edm')).toEqual([null])
    expect(await decide(['c-1'], 'marketing', 'edm')).toEqual(['general'])
  })

  test('imported again on a later day adds nothing', async () => {
    await importer.load(minimal, files)
    const content = () =>
      importer.asOwner(`select (select count(*) from consent.event) as events, (select count(*) from consent.notice) as notices,
        (select md5(string_agg(n::text, '')) from consent.notice n) as notice, (select count(*) from consent.purpose) as purposes,
        (select count(*) from consent.recipient) as recipients, (select catalog_revision from meta.deployment) as revision`)
    const before = await content()
    const again = await importer.load(minimal, files, {}, '2026-03-09T00:00:00Z')
    expect(feedOf(again, 'consents')).toMatchObject({ loaded: 0, duplicate: 5 })
    expect(reportOf(again).assumed).toEqual({
      ...everything,
      purposes: [],
      channels: [],
      recipient: null,
    })
    expect(await content()).toEqual(before)
  })

  test('its event ids hold nobody in clear', async () => {
    await importer.load(minimal, files)
    const ids = await importer.asOwner<{ id: string }>('select event_id as id from consent.event')
    expect(ids).toHaveLength(5)
    for (const { id } of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  test('covers no category above S1, nor one that has such a category below it', async () => {
    const attributes = {
      city,
      illness: { column: 'city', type: 'text', category: 'health.illness', class: 'S2' },
      fitness: { column: 'city', type: 'text', category: 'health', class: 'S1' },
    }
    const sensitive = { ...adults, customers: { ...adults.customers, attributes } }
    const imported = await importer.load(sensitive, files)
    expect(reportOf(imported).assumed.categories).toEqual(everything.categories)
    expect(await decide(['c-1'], 'marketing', 'sms', ['health.illness'])).toEqual(['general'])
    expect(await decide(['c-1'], 'marketing', 'sms', ['health'])).toEqual(['general'])
    expect(await decide(['c-1'], 'marketing', 'sms')).toEqual([null])
  })

  test('that grew by a category stands on a new version of the notice', async () => {
    await importer.load(adults, files)
    const wider = {
      ...adults,
      customers: {
        ...adults.customers,
        attributes: { city, name: { column: 'name', type: 'text', category: 'x.y', class: 'S1' } },
      },
    }
    const imported = await importer.load(wider, files)
    expect(reportOf(imported).assumed).toMatchObject({
      categories: ['demographic.location', 'tag', 'transaction', 'x.y'],
      notice: { id: 'imported.shop', version: 2 },
    })
    expect(await decide(['c-1', 'c-2'], 'marketing', 'sms', ['x.y'])).toEqual([null, 'general'])
    const back = await importer.load(adults, files)
    expect(reportOf(back).assumed.notice).toEqual({ id: 'imported.shop', version: 1 })
    expect(feedOf(back, 'consents')).toMatchObject({ loaded: 0, duplicate: 5 })
  })
})

describe('what a dataset says is not assumed', () => {
  const label = { en: 'Ours', zh: '我们的' }
  const notices = [{ id: 'privacy', version: 1, language: 'zh', text: '告知书' }]
  const parties = {
    notices,
    purposes: [{ id: 'marketing', label, kind: 'price_offer', notice: 'privacy' }],
    channels: [{ id: 'sms', label, identifierKind: 'mobile' }],
    recipients: [{ id: 'brand', label, role: 'internal' }],
  }
  const defaults = { notice: 'privacy', noticeVersion: 1, categories: ['transaction'] }

  test('with parties and defaults nothing is', async () => {
    const said = { ...minimal, parties, consents: [{ ...consents, defaults }] }
    const imported = await importer.load(said, files)
    expect(reportOf(imported).assumed).toEqual(nothing)
    expect(feedOf(imported, 'consents')).toMatchObject({
      rejected: { 'purpose-unknown': 2, 'channel-unknown': 1 },
    })
  })

  test('parties that are there already are never changed', async () => {
    const first = { ...minimal, parties, consents: [{ ...consents, defaults }] }
    await importer.load(first, files)
    const imported = await importer.load(minimal, files)
    expect(reportOf(imported).assumed).toMatchObject({
      purposes: ['marketing.winback'],
      channels: ['edm'],
      recipient: null,
    })
    expect(
      await importer.asOwner(`select label_en, kind from consent.purpose where id = 'marketing'`),
    ).toEqual([{ label_en: 'Ours', kind: 'price_offer' }])
    expect(await importer.asOwner('select id from consent.recipient')).toEqual([{ id: 'brand' }])
  })

  test('without consents there is nothing to assume', async () => {
    const imported = await importer.load({ ...minimal, consents: [] }, files)
    expect(reportOf(imported).assumed).toEqual(nothing)
    expect(await importer.asOwner('select id from consent.recipient')).toEqual([])
  })

  test('kinds of consent that are separate are not taken to cover anything', async () => {
    const kinds = { ...consents, defaults: { kind: 'separate:sensitive' } }
    const imported = await importer.load({ ...minimal, consents: [kinds] }, files)
    expect(feedOf(imported, 'consents').rejected).toMatchObject({ 'category-missing': 4 })
  })

  test('a column of a hundred purposes is the wrong column', async () => {
    const rows = Array.from({ length: 101 }, (_, n) => `c-1,p${n},sms,given,2025-01-01`)
    const { outcome } = await importer.load(minimal, {
      ...files,
      'consents.csv': consentRows(...rows),
    })
    expect(outcome).toEqual({
      ok: false,
      error: { code: 'parties-too-many', file: 'consents.csv', column: 'purpose', limit: 100 },
    })
    expect(await importer.asOwner('select id from catalog.category')).toEqual([])
  })
})

describe('the list of rejected rows', () => {
  test('is not written when nothing was rejected, and an old one is gone then', async () => {
    const folder = await makeFolder({ ...files, 'rejects.csv': 'of an earlier import' })
    const clean = consentRows('c-1,marketing,sms,given,2025-01-01')
    await folder.put({ 'dataset.json': JSON.stringify(minimal), 'consents.csv': clean })
    const outcome = await importDataset(importer.deps, context, folder.place)
    const names = await folder.names()
    await folder.remove()
    expect(outcome).toMatchObject({ ok: true, value: { rejects: 0, rejectsFile: null } })
    expect(names).toEqual(['consents.csv', 'customers.csv', 'dataset.json', 'lines.csv.gz'])
  })

  test('stands elsewhere when the folder of the dataset cannot be written to', async () => {
    const elsewhere = await makeFolder()
    // A folder in the list's place keeps even the superuser of the machine from writing it there.
    const folder = await makeFolder({ ...files, 'rejects.csv.partial/in-the-way': '' })
    await folder.put({ 'dataset.json': JSON.stringify(minimal) })
    await chmod(folder.place, 0o555)
    const outcome = await importDataset(importer.deps, context, folder.place, {
      outElse: elsewhere.place,
    })
    const listed = await elsewhere.read('rejects.csv').catch(() => '')
    await chmod(folder.place, 0o755)
    await Promise.all([folder.remove(), elsewhere.remove()])
    const rejectsFile = path.join(elsewhere.place, 'rejects.csv')
    expect(outcome).toMatchObject({ ok: true, value: { rejects: 2, rejectsFile } })
    expect(listed.split('\n')).toHaveLength(4)
  })
})
