import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importDataset } from '../../src/imports/index.ts'
import { context, feedOf, makeFolder, useImporter } from './folder.ts'
import { files, shop } from './shop.ts'

const importer = useImporter()

describe('what stops an import leaves the database as it was', () => {
  const bad = (more: object): object => ({ ...shop, ...more })
  const [consents] = shop.consents
  const broken = gzipSync('line_no,customer_id,at,quantity,price\n'.repeat(500)).subarray(0, 60)
  test.each<[string, object, object, object]>([
    [
      'a file that is missing',
      bad({ consents: [{ ...consents, file: 'nowhere.csv' }] }),
      {},
      { code: 'file-missing', file: 'nowhere.csv' },
    ],
    [
      'a column that is missing',
      shop,
      { 'consents.csv': 'customer_id,purpose,channel,state\n' },
      { code: 'column-missing', file: 'consents.csv', column: 'at' },
    ],
    [
      'a column that is there twice',
      shop,
      { 'consents.csv': 'customer_id,purpose,channel,state,at,at\n' },
      { code: 'column-twice', file: 'consents.csv', column: 'at' },
    ],
    [
      'a file that was cut off',
      shop,
      { 'lines.csv.gz': broken },
      { code: 'gzip-truncated', file: 'lines.csv.gz' },
    ],
    [
      'a file in another encoding',
      shop,
      { 'consents.csv': Buffer.from('customer_id,purpose,channel,state,at\n\xff', 'latin1') },
      { code: 'not-utf8', file: 'consents.csv' },
    ],
    [
      'a category without a class',
      bad({ events: [{ ...shop.events[0], category: 'unheard.of', class: undefined }] }),
      {},
      { code: 'catalog-refused', cause: { code: 'unknown-category' } },
    ],
    [
      'a category whose name cannot be one',
      bad({ events: [{ ...shop.events[0], category: 'Un heard', class: 'S1' }] }),
      {},
      { code: 'catalog-refused', cause: { code: 'invalid', id: 'Un heard' } },
    ],
    [
      'an id that cannot be one',
      bad({ events: [{ ...shop.events[0], name: 'Purchase!' }] }),
      {},
      { code: 'catalog-refused', cause: { code: 'invalid' } },
    ],
  ])('%s', async (_, dataset, more, error) => {
    const { outcome } = await importer.load(dataset, { ...files, ...more })
    expect(outcome).toMatchObject({ ok: false, error })
    expect(await importer.deployment()).toMatchObject([{ mode: 'empty' }])
    expect(
      await importer.asOwner(`select (select count(*) from profile.customer) + (select count(*) from vault.contact) + (select count(*) from catalog.attribute)
        + (select count(*) from profile.event) + (select count(*) from ingest.run) as rows`),
    ).toEqual([{ rows: '0' }])
  })

  test('a folder without dataset.json', async () => {
    const folder = await makeFolder()
    const outcome = await importDataset(importer.deps, context, folder.place)
    await folder.remove()
    expect(outcome).toEqual({ ok: false, error: { code: 'no-dataset', folder: folder.place } })
  })

  test('an attribute that has another type already', async () => {
    await importer.load(shop, files)
    const attributes = {
      ...shop.customers.attributes,
      points: { ...shop.customers.attributes.points, type: 'text' },
    }
    const { outcome } = await importer.load(
      { ...shop, customers: { ...shop.customers, attributes } },
      files,
    )
    expect(outcome).toEqual({
      ok: false,
      error: { code: 'catalog-refused', cause: { code: 'type-differs', id: 'points' } },
    })
  })
})

describe('an import that is stopped', () => {
  const rows = Array.from({ length: 12_000 }, (_, index) => `${index},2025-01-01T00:00:00Z\n`)
  const dataset = {
    version: 1,
    name: 'long',
    timeZone: 'UTC',
    currency: 'CNY',
    customers: { file: 'c.csv', id: 'id' },
    events: [{ file: 'e.csv', name: 'visit', customer: 'id', time: 'at' }],
  }
  const long = {
    'c.csv': `id\n${rows.map((_, index) => `${index}\n`).join('')}`,
    'e.csv': `id,at\n${rows.join('')}`,
  }

  test('keeps whole batches, says so, and is completed by the next one', async () => {
    const controller = new AbortController()
    const stopped = await importer.load(dataset, long, {
      signal: controller.signal,
      onProgress: ({ rows }) => {
        if (rows >= 15_000) controller.abort()
      },
    })
    expect(stopped.outcome).toEqual({ ok: false, error: { code: 'interrupted' } })
    const [{ n: before } = { n: '' }] = await importer.asOwner<{ n: string }>(
      'select count(*) as n from profile.event',
    )
    expect(Number(before)).toBeGreaterThan(0)
    expect(Number(before)).toBeLessThan(12_000)
    const completed = await importer.load(dataset, long)
    expect(feedOf(completed, 'customers')).toMatchObject({ loaded: 0, duplicate: 12_000 })
    const visits = feedOf(completed, 'events', 'visit')
    expect(visits).toMatchObject({ loaded: 12_000 - Number(before), duplicate: Number(before) })
    expect(await importer.asOwner('select state from ingest.run order by started_at')).toEqual([
      { state: 'failed' },
      { state: 'done' },
    ])
  })
})
