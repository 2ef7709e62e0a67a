import { describe, expect, test } from 'vitest'
import { readDataset } from '../../src/imports/index.ts'

describe('dataset.json', () => {
  const plain = { version: 1, name: 'x', timeZone: 'UTC', currency: 'CNY' }
  const customers = { file: 'c.csv', id: 'id' }
  const event = { file: 'e.csv', name: 'visit', customer: 'id', time: 'at' }
  test.each<[object | string, string]>([
    ['{', ''],
    [{ ...plain, version: 2 }, '/version'],
    [{ ...plain, timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ ...plain, currency: 'yuan' }, '/currency'],
    [{ ...plain, customer: customers }, '/customer'],
    [{ ...plain, customers: { ...customers, file: '../c.csv' } }, '/customers/file'],
    [{ ...plain, customers: { ...customers, file: '/etc/passwd' } }, '/customers/file'],
    [
      { ...plain, customers: { ...customers, attributes: { 'a/b': { type: 'text' } } } },
      '/customers/attributes/a~1b/column',
    ],
    [
      { ...plain, customers: { ...customers, attributes: { a: { column: 'a', type: 'number' } } } },
      '/customers/attributes/a/type',
    ],
    [
      { ...plain, customers: { ...customers, attributes: { a: { column: 'a', type: 'score' } } } },
      '/customers/attributes/a/low',
    ],
    [
      {
        ...plain,
        customers: { ...customers, attributes: { a: { product: ['a', 'b'], type: 'text' } } },
      },
      '/customers/attributes/a/product',
    ],
    [
      {
        ...plain,
        customers: {
          ...customers,
          attributes: { a: { column: 'a', type: 'text', values: 'auto' } },
        },
      },
      '/customers/attributes/a/values',
    ],
    [
      { ...plain, events: [{ ...event, properties: { a: { column: 'a', type: 'tags' } } }] },
      '/events/0/properties/a/type',
    ],
    [{ ...plain, events: [{ ...event, where: { q: { '=>': 1 } } }] }, '/events/0/where/q/=>'],
    [{ ...plain, events: [{ ...event, where: { q: { '>': 1e30 } } }] }, '/events/0/where/q/>'],
    [{ ...plain, events: [event, { ...event, time: 7 }] }, '/events/1/time'],
    [
      { ...plain, consents: [{ file: 'k.csv', columns: { purpose: 'p' } }] },
      '/consents/0/columns/subject',
    ],
  ])('%j is refused at %j', (dataset, pointer) => {
    const text = typeof dataset === 'string' ? dataset : JSON.stringify(dataset)
    expect(readDataset(text)).toMatchObject({
      ok: false,
      error: { code: 'dataset-invalid', pointer },
    })
  })

  test('of the contract is read as it stands', () => {
    const contract = {
      version: 1,
      name: 'shop',
      timeZone: 'Asia/Shanghai',
      currency: 'CNY',
      customers: {
        file: 'customers.csv',
        id: 'customer_id',
        missing: ['', 'NA'],
        attributes: {
          city: {
            column: 'city',
            type: 'enum',
            label: { en: 'City', zh: '城市' },
            category: 'demographic.location',
            class: 'S1',
            values: [{ id: 'shanghai', en: 'Shanghai', zh: '上海', source: ['上海'] }],
          },
        },
        identifiers: { mobile: 'phone', email: 'email', name: 'name' },
        tags: { column: 'tags', separator: '|' },
      },
      events: [
        {
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
        },
      ],
      consents: [
        {
          file: 'consents.csv',
          columns: {
            subject: 'customer_id',
            purpose: 'purpose',
            channel: 'channel',
            state: 'state',
            effectiveAt: 'at',
          },
        },
      ],
    }
    expect(readDataset(JSON.stringify(contract))).toEqual({ ok: true, value: contract })
  })
})
