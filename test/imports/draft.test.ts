import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RequestContext } from '../../src/audit/index.ts'
import { draftDataset, importDataset, importErrorSentence } from '../../src/imports/index.ts'
import type { Dataset } from '../../src/imports/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { testDatabase } from '../support/database.ts'
import { findSharedData } from '../truths/truths.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'yunqun-draft-'))
})

afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(root, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries(files))
    writeFileSync(path.join(folder, file), file.endsWith('.gz') ? gzipSync(text) : text)
  return folder
}

async function draft(folder: string) {
  const drafted = await draftDataset(folder)
  if (!drafted.ok) throw new Error(drafted.error.code)
  return drafted.value
}

const typesOf = (fields: NonNullable<Dataset['events']>[number]['properties'] = {}) =>
  Object.fromEntries(Object.entries(fields).map(([id, { type }]) => [id, type]))

const shop = {
  'customers.csv': [
    'customer_id,email,Full name,birth_date,city,member since,points,vip,income,zip_code,note,nothing',
    '001,a@x.cn,Li,1990-01-02,Shanghai,2020-01-01,5,yes,1000.5,00123,one,',
    '002,b@x.cn,Wu,1991-01-02,Beijing,2020-01-02,NA,no,2000,00124,two,',
    '003,,Hu,NA,Shanghai,2020-01-03,-,no,?,00125,three,',
    '004,d@x.cn,Xu,1993-01-02,Beijing,,7,yes,4000,00126,four,',
    '',
  ].join('\n'),
  'orders.csv.gz': [
    'order_id,customer_id,ordered_at,amount,quantity,phone',
    '10,001,2026-01-01T10:00:00Z,9.99,1,13800000000',
    '11,001,2026-01-02T10:00:00Z,19.995,2,13800000000',
    '',
  ].join('\n'),
  'consents.csv': [
    'customer_id,purpose,channel,state,at',
    '001,marketing,sms,given,2026-01-01',
    '',
  ].join('\n'),
  'goods.csv': 'sku,title\n1,Hat\n',
}

test('a draft says what can be seen: customers, contact data, types, missing words, events, consents', async () => {
  const { dataset, unused } = await draft(folderOf('shop', shop))
  expect(unused).toEqual(['goods.csv'])
  expect(dataset).toMatchObject({
    version: 1,
    name: 'shop',
    timeZone: 'UTC',
    customers: {
      file: 'customers.csv',
      id: 'customer_id',
      missing: expect.arrayContaining(['', 'NA', '?']),
      birthDate: 'birth_date',
      identifiers: { email: 'email', name: 'Full name' },
    },
    events: [
      {
        file: 'orders.csv.gz',
        name: 'order',
        label: { en: 'Order', zh: expect.any(String) },
        customer: 'customer_id',
        time: 'ordered_at',
        id: 'order_id',
      },
    ],
    consents: [{ file: 'consents.csv', columns: { subject: 'customer_id', effectiveAt: 'at' } }],
  })
  const { attributes = {} } = dataset.customers ?? {}
  expect(typesOf(attributes)).toEqual({
    city: 'enum',
    member_since: 'date',
    points: 'integer',
    vip: 'boolean',
    income: 'money',
    zip_code: 'text',
    note: 'text',
  })
  expect(attributes['points']?.missing).toEqual(['-'])
  expect(attributes['income']).toMatchObject({ class: 'S2', label: { zh: '收入' } })
  expect(typesOf(dataset.events?.[0]?.properties)).toEqual({ amount: 'money', quantity: 'integer' })
  expect(dataset.events?.[0]?.properties?.['amount']?.scale).toBe(3)
})

async function importReport(folder: string, dataset: Dataset) {
  const dir = mkdtempSync(path.join(root, 'import-'))
  writeFileSync(path.join(dir, 'dataset.json'), JSON.stringify(dataset))
  const world = await testDatabase()
  const clock = fixedClock('2026-06-01T00:00:00Z')
  const deps = { database: world.db, keys: keysFrom(Buffer.alloc(32, 3)), clock }
  const context: RequestContext = {
    actor: { kind: 'system', id: 'draft', role: 'steward', demo: false },
    requestId: 'draft',
  }
  try {
    const imported = await importDataset(deps, context, dir, { dataDir: folder })
    if (!imported.ok) throw new Error(importErrorSentence(imported.error))
    return imported.value
  } finally {
    await world.close()
  }
}

test('what is drafted is imported as it stands, without a reject', async () => {
  const folder = folderOf('whole', shop)
  const { dataset } = await draft(folder)
  const report = await importReport(folder, dataset)
  expect(report.rejects).toBe(0)
  expect(report.feeds.map(({ kind, loaded }) => [kind, loaded])).toEqual([
    ['customers', 4],
    ['events', 2],
    ['consents', 1],
  ])
}, 30_000)

test('a file of events alone names its customers', async () => {
  const { dataset } = await draft(
    folderOf('alone', {
      'visits.csv': 'member_no,day\n1,2026-01-01\n2,2026-01-02\n1,2026-01-03\n',
    }),
  )
  expect(dataset).toMatchObject({
    timeZone: 'Asia/Shanghai',
    customers: { file: 'visits.csv', id: 'member_no' },
    events: [{ file: 'visits.csv', name: 'visit', customer: 'member_no', time: 'day' }],
  })
})

test('a folder without customers, without files, or with a broken file is refused', async () => {
  const codeOf = async (folder: string) => {
    const drafted = await draftDataset(folder)
    return drafted.ok ? undefined : drafted.error.code
  }
  expect(await codeOf(folderOf('goods', { 'goods.csv': shop['goods.csv'] }))).toBe('no-customers')
  expect(await codeOf(folderOf('empty', {}))).toBe('no-customers')
  expect(await codeOf(path.join(root, 'nowhere'))).toBe('file-missing')
  expect(await codeOf(folderOf('broken', { 'c.csv': 'customer_id\n"1\n' }))).toBe('csv-quotes')
})

test('the customers of a phone company are drafted and imported', async (context) => {
  const found = findSharedData('telco-churn')
  if ('reason' in found) return context.skip(found.reason)
  const { dataset } = await draft(found.folder)
  const types = typesOf(dataset.customers?.attributes)
  expect(types).toMatchObject({ contract: 'enum', tenure: 'integer', total_charges: 'money' })
  const report = await importReport(found.folder, dataset)
  expect(report).toMatchObject({ rejects: 0, feeds: [{ kind: 'customers', loaded: 7043 }] })
}, 60_000)

test('purchases without a file of customers are drafted and imported', async (context) => {
  const found = findSharedData('cdnow')
  if ('reason' in found) return context.skip(found.reason)
  const { dataset } = await draft(found.folder)
  expect(dataset.customers).toMatchObject({ file: 'transactions.csv', id: 'customer_id' })
  const report = await importReport(found.folder, dataset)
  // Of a customer's rows the first makes the customer; the others are counted.
  expect(report.rejects).toBe(69_659 - 23_570)
  const counts = report.feeds.map(({ kind, loaded }) => [kind, loaded])
  expect(counts).toEqual([
    ['customers', 23_570],
    ['events', 69_659],
  ])
}, 60_000)
