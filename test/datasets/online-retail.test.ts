import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readDataset } from '../../src/imports/index.ts'
import { findSharedData } from '../truths/truths.ts'
import { consentsCsv, contactsCsv, readIds } from './online-retail/generate.ts'

const folder = path.join(import.meta.dirname, 'online-retail')
const textOf = (name: string): string =>
  gunzipSync(readFileSync(path.join(folder, name))).toString()

describe('the online retail dataset', () => {
  test('uses the words of its CSV as labels, and Chinese ones beside them', () => {
    const dataset = readDataset(readFileSync(path.join(folder, 'dataset.json'), 'utf8'))
    if (!dataset.ok) throw new Error(JSON.stringify(dataset.error))
    const { customers, events = [] } = dataset.value
    const properties = events.map((event) =>
      Object.values(event.properties ?? {}).map(({ label }) => label?.en),
    )
    const words = [
      'Invoice',
      'Stock code',
      'Description',
      'Quantity',
      'Unit price',
      'Amount',
      'Country',
    ]
    expect(events.map(({ label }) => label)).toEqual([
      { en: 'Purchase', zh: '购买' },
      { en: 'Return', zh: '退货' },
    ])
    expect(properties).toEqual([words, words])
    expect(customers?.attributes?.['country']?.label).toEqual({ en: 'Country', zh: '国家' })
  })

  test('has contacts and consents that are generated again to the same byte', (context) => {
    const found = findSharedData('online-retail')
    if ('reason' in found) return context.skip(found.reason)
    const ids = readIds(path.join(found.folder, 'customers.csv'))
    expect(ids.length).toBe(4372)
    expect(contactsCsv(ids)).toBe(textOf('contacts.csv.gz'))
    expect(consentsCsv(ids)).toBe(textOf('consents.csv.gz'))
  })

  test('holds every kind of answer, and people without any', () => {
    const rows = textOf('consents.csv.gz')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    const people = new Set(rows.map((fields) => fields[1]))
    expect(people.size).toBeGreaterThan(3500)
    expect(people.size).toBeLessThan(4200)
    expect(new Set(rows.map((fields) => fields[7]))).toEqual(
      new Set(['given', 'refused', 'requested', 'withdrawn']),
    )
    expect(rows.some((fields) => fields[9] !== '')).toBe(true)
    expect(rows.some((fields) => fields[11] === '1')).toBe(true)
    expect(rows.some((fields) => fields[2] === 'separate:recipient')).toBe(true)
  })

  test('names nobody: contacts are of numbers and addresses that nobody has', () => {
    const rows = textOf('contacts.csv.gz')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    expect(rows.every((fields) => fields[2] === '' || /^160\d{8}$/.test(fields[2] ?? ''))).toBe(
      true,
    )
    expect(
      rows.every((fields) => fields[3] === '' || fields[3]?.endsWith('@example.com') === true),
    ).toBe(true)
  })
})
