import { describe, expect, test } from 'vitest'
import { feedOf, useImporter } from './folder.ts'
import { files, shop } from './shop.ts'

const importer = useImporter()

describe('rows that are wrong', () => {
  const small = {
    version: 1,
    name: 'small',
    timeZone: 'UTC',
    currency: 'CNY',
    customers: {
      file: 'c.csv',
      id: 'id',
      attributes: {
        points: { column: 'points', type: 'integer' },
        price: { column: 'price', type: 'money' },
      },
      status: 'status',
      birthDate: 'born',
    },
    events: [
      {
        file: 'e.csv',
        name: 'visit',
        customer: 'id',
        time: 'at',
        id: ['day', 'n'],
        properties: {
          page: { column: 'page', type: 'text' },
          took: { column: 'took', type: 'decimal' },
        },
      },
    ],
  }
  const customers = (rows: string) => `id,points,price,status,born\n${rows}`
  const events = (rows: string) => `id,at,day,n,page,took\n${rows}`

  test('are listed with file, line, column and reason, never with a value, and the rest is loaded', async () => {
    const imported = await importer.load(small, {
      'c.csv': customers(
        '1,1,1,,\n2,many,1,,\n3,1,1.234,,\n4,1,1元,,\n,1,1,,\n5,1,1,asleep,\n6,1,1,,1990-02-30\n7,1,1,,2090-01-01\n8,1\n1,1,1,,\n1,2,1,,\n9,1,1,,\n',
      ),
      'e.csv': events(
        '1,2025-01-01T00:00:00Z,1,1,/,1\n1,2025-02-30T00:00:00Z,1,2,/,1\n1,2026-03-05T00:00:00Z,1,3,/,1\n77,2025-01-01T00:00:00Z,1,4,/,1\n1,2025-01-01T00:00:00Z,,5,/,1\n1,2025-01-01T00:00:00Z,1,6,/,fast\n1,,1,7,/,1\n1,2025-01-01T00:00:00Z,1,1,/other,2\n',
      ),
    })
    expect(feedOf(imported, 'customers')).toMatchObject({
      read: 12,
      loaded: 2,
      duplicate: 1,
      withoutCustomer: 1,
      rejected: {
        'not-a-number': 2,
        'too-many-decimals': 1,
        'unknown-status': 1,
        'not-a-date': 1,
        'in-future': 1,
        'column-count': 1,
        'duplicate-id': 1,
      },
    })
    expect(feedOf(imported, 'events', 'visit')).toMatchObject({
      read: 8,
      loaded: 1,
      duplicate: 1,
      rejected: {
        'not-a-time': 2,
        'in-future': 1,
        'unknown-customer': 1,
        'not-an-id': 1,
        'not-a-number': 1,
      },
    })
    expect(imported.rejects.toSorted()).toEqual(
      [
        'c.csv,10,,column-count',
        'c.csv,12,id,duplicate-id',
        'c.csv,3,points,not-a-number',
        'c.csv,4,price,too-many-decimals',
        'c.csv,5,price,not-a-number',
        'c.csv,7,status,unknown-status',
        'c.csv,8,born,not-a-date',
        'c.csv,9,born,in-future',
        'e.csv,3,at,not-a-time',
        'e.csv,4,at,in-future',
        'e.csv,5,id,unknown-customer',
        'e.csv,6,day*n,not-an-id',
        'e.csv,7,took,not-a-number',
        'e.csv,8,at,not-a-time',
      ].toSorted(),
    )
  })

  test('ids keep their leading zeros', async () => {
    const imported = await importer.load(small, {
      'c.csv': customers('007,1,1,,\n7,2,1,,\n'),
      'e.csv': events('007,2025-01-01T00:00:00Z,1,1,/,1\n07,2025-01-01T00:00:00Z,1,2,/,1\n'),
    })
    expect(feedOf(imported, 'customers')).toMatchObject({ loaded: 2 })
    expect(feedOf(imported, 'events', 'visit')).toMatchObject({
      loaded: 1,
      rejected: { 'unknown-customer': 1 },
    })
    expect(await importer.profiles('007', '7')).toMatchObject([{ points: 1 }, { points: 2 }])
  })

  test('names of files that would be formulas are harmless in the list', async () => {
    const imported = await importer.load(
      { ...small, events: [], customers: { ...small.customers, file: '=c.csv' } },
      { '=c.csv': customers('1,x,1,,\n') },
    )
    expect(imported.rejects).toEqual(["'=c.csv,2,points,not-a-number"])
  })

  test('consents that say too little, or name what nobody declared, are no consents', async () => {
    const consents = {
      ...shop.consents[0],
      columns: {
        ...shop.consents[0]?.columns,
        categories: 'categories',
        noticeVersion: 'version',
        validUntil: 'until',
      },
      defaults: { notice: 'privacy' },
    }
    const row = (text: string) => `001,${text}\n`
    const imported = await importer.load(
      { ...shop, consents: [consents] },
      {
        ...files,
        'consents.csv': `customer_id,purpose,channel,state,at,categories,version,until\n${[
          'marketing,sms,given,2025-01-01T00:00:00Z,transaction,1,',
          'marketing,sms,given,2025-01-01T00:00:00Z,,1,',
          'marketing,sms,given,2025-01-01T00:00:00Z,transaction,,',
          'marketing,sms,given,2025-01-01T00:00:00Z,transaction,2,',
          'marketing,sms,given,2025-01-01T00:00:00Z,transaction,one,',
          'research,sms,given,2025-01-01T00:00:00Z,transaction,1,',
          'marketing,fax,given,2025-01-01T00:00:00Z,transaction,1,',
          'marketing,sms,maybe,2025-01-01T00:00:00Z,transaction,1,',
          'marketing,sms,given,2027-01-01T00:00:00Z,transaction,1,',
          'marketing,sms,given,2025-01-01T00:00:00Z,transaction,1,2024-01-01',
          'marketing,,withdrawn,2025-06-01T00:00:00Z,,1,',
        ]
          .map(row)
          .join('')}999,marketing,sms,given,2025-01-01T00:00:00Z,transaction,1,\n`,
      },
    )
    expect(feedOf(imported, 'consents')).toMatchObject({ read: 12, loaded: 2 })
    expect(imported.rejects.filter((line) => line.startsWith('consents'))).toEqual(
      [
        'consents.csv,6,version,not-a-number',
        'consents.csv,3,categories,category-missing',
        'consents.csv,4,notice,notice-missing',
        'consents.csv,5,notice,notice-unknown',
        'consents.csv,7,purpose,purpose-unknown',
        'consents.csv,8,channel,channel-unknown',
        'consents.csv,9,state,state-unknown',
        'consents.csv,10,at,time-in-future',
        'consents.csv,11,until,validity-empty',
        'consents.csv,13,customer_id,unknown-customer',
      ].map((line) => line.replace(',notice,', ',,')),
    )
  })
})
