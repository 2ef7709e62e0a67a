import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldReader, readBoolean, readDate, timeReader } from '../../src/imports/cells.ts'
import { columnsOf } from '../../src/imports/columns.ts'
import {
  compareDecimals,
  decimalText,
  multiply,
  negate,
  readDecimal,
} from '../../src/imports/decimal.ts'
import { tagIdOf } from '../../src/imports/draft.ts'
import { seenIds } from '../../src/imports/seen-ids.ts'
import { whereOf } from '../../src/imports/where.ts'

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 9 }))
  .map(([units, scale]) => ({ units, scale }))

describe('decimals', () => {
  test('come back from their text', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const read = readDecimal(decimalText(value))
        expect(read === undefined ? undefined : compareDecimals(read, value)).toBe(0)
      }),
    )
  })

  test('multiply and compare without losing a digit', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const wide = (value: typeof a): bigint => value.units * 10n ** BigInt(9 - value.scale)
        const product = multiply(a, b)
        expect(product.units * 10n ** BigInt(18 - product.scale)).toBe(wide(a) * wide(b))
        expect(Math.sign(compareDecimals(a, b))).toBe(
          wide(a) < wide(b) ? -1 : wide(a) > wide(b) ? 1 : 0,
        )
        expect(compareDecimals(negate(a), { units: 0n, scale: 0 })).toBe(
          -compareDecimals(a, { units: 0n, scale: 0 }) + 0,
        )
      }),
    )
  })

  test.each(['1e3', '1,000', '', '.', '.5', '5.', '--1', '0x10', '１', '12 ', '¥1', 'NaN'])(
    '%j is none',
    (text) => {
      expect(readDecimal(text)).toBeUndefined()
    },
  )
})

describe('cells', () => {
  const read = (type: Parameters<typeof fieldReader>[0]['type'], ...texts: string[]) =>
    fieldReader({ type }, 'Asia/Shanghai')(texts)

  test.each([
    ['2.550', '6', '15.300'],
    ['0.1', '0.2', '0.02'],
    ['-3', '1.25', '-3.75'],
    ['9007199254740993', '1000', '9007199254740993000'],
  ])('the product of %s and %s is %s', (a, b, product) => {
    expect(read('money', a, b)).toEqual({ ok: true, value: product })
  })

  test('a sign is changed on request', () => {
    expect(fieldReader({ type: 'integer', negate: true }, 'UTC')(['-6'])).toEqual({
      ok: true,
      value: '6',
    })
    expect(fieldReader({ type: 'money', negate: true }, 'UTC')(['-6', '2.5'])).toEqual({
      ok: true,
      value: '15.0',
    })
  })

  test.each([
    ['percent', '70%', '0.70'],
    ['percent', '0.7', '0.7'],
    ['percent', '12.5 %', '0.125'],
    ['integer', '+6', '6'],
    ['date', '2026/3/1', '2026-03-01'],
    ['date', '20260301', '2026-03-01'],
    ['month-day', '2/29', '02-29'],
    ['month-day', '1990-12-31', '12-31'],
    ['timestamp', '2026-03-01 08:00', '2026-03-01T00:00:00Z'],
    ['timestamp', '2026/3/1 8:00:30', '2026-03-01T00:00:30Z'],
    ['timestamp', '2026-03-01', '2026-02-28T16:00:00Z'],
    ['timestamp', '2026-03-01 08:00:00+08:00', '2026-03-01T08:00:00+08:00'],
    ['text', ' as it is ', ' as it is '],
  ] as const)('%s %j is %j', (type, text, value) => {
    expect(read(type, text)).toEqual({ ok: true, value })
  })

  test.each([
    ['money', '12元', 'not-a-number'],
    ['money', '1,200.00', 'not-a-number'],
    ['integer', '70%', 'not-a-number'],
    ['date', '2026-02-29', 'not-a-date'],
    ['date', '01.03.2026', 'not-a-date'],
    ['date', '3/1/2026', 'not-a-date'],
    ['month-day', '2-30', 'not-a-month-day'],
    ['timestamp', '2026-03-01 24:00', 'not-a-time'],
    ['timestamp', '2026-03-01 08:00:60', 'not-a-time'],
    ['timestamp', '1709251200', 'not-a-time'],
    ['boolean', 'maybe', 'not-a-boolean'],
  ] as const)('%s %j is refused', (type, text, error) => {
    expect(read(type, text)).toEqual({ ok: false, error })
  })

  test('booleans and dates know the words of both languages', () => {
    for (const word of ['是', 'YES', '1', 't'])
      expect(readBoolean(word)).toEqual({ ok: true, value: true })
    for (const word of ['否', 'No', '0'])
      expect(readBoolean(word)).toEqual({ ok: true, value: false })
    expect(readDate('2024-02-29')).toEqual({ ok: true, value: '2024-02-29' })
  })

  test('a local time that the clock skips or repeats is one instant', () => {
    const readTime = timeReader('America/New_York')
    expect(readTime('2026-03-08 02:30')).toEqual({ ok: true, value: '2026-03-08T07:30:00Z' })
    expect(readTime('2026-11-01 01:30')).toEqual({ ok: true, value: '2026-11-01T05:30:00Z' })
    expect(readTime('2026-11-01 01:30')).toEqual({ ok: true, value: '2026-11-01T05:30:00Z' })
  })
})

describe('columns', () => {
  const row = (...fields: string[]) => ({ line: 2, fields })

  test('are found by name, trimmed, and words for nothing are nothing', () => {
    const columns = columnsOf('a.csv', ['id', ' city '], ['NA', 'unknown'])
    const city = columns.cell('city')
    expect(
      [row('1', ' Shanghai '), row('1', 'NA'), row('1', ' unknown '), row('1', '  '), row('1')].map(
        city,
      ),
    ).toEqual(['Shanghai', undefined, undefined, undefined, undefined])
    expect(columns.wholeCell('city')(row('1', ' Shanghai '))).toBe(' Shanghai ')
  })

  test('that are missing or twice stop the import by name', () => {
    const columns = columnsOf('a.csv', ['id', 'city', 'city'])
    expect(() => columns.cell('town')).toThrow(
      expect.objectContaining({
        reason: { code: 'column-missing', file: 'a.csv', column: 'town' },
      }),
    )
    expect(() => columns.cell('city')).toThrow(
      expect.objectContaining({ reason: { code: 'column-twice', file: 'a.csv', column: 'city' } }),
    )
    expect(columns.cell('id')(row('7'))).toBe('7')
  })
})

describe('where', () => {
  const columns = columnsOf('a.csv', ['quantity', 'kind'])
  const holds = (where: Parameters<typeof whereOf>[1], quantity: string, kind = 'sale') =>
    whereOf(columns, where)({ line: 2, fields: [quantity, kind] })
  const yes = { ok: true, value: true }
  const no = { ok: true, value: false }

  test.each<[Parameters<typeof whereOf>[1], string, typeof yes]>([
    [{ quantity: { '>': 0 } }, '1', yes],
    [{ quantity: { '>': 0 } }, '0', no],
    [{ quantity: { '>': 0 } }, '-1', no],
    [{ quantity: { '>': 0 } }, '', no],
    [{ quantity: { '>=': 0.1 } }, '0.10', yes],
    [{ quantity: { '>=': 9007199254740992 } }, '9007199254740993', yes],
    [{ quantity: { '>=': 1, '<=': 5 } }, '5.0', yes],
    [{ quantity: { '>=': 1, '<=': 5 } }, '5.01', no],
    [{ quantity: { '<': 10 } }, '9', yes],
    [{ quantity: { '!=': 3 } }, '', yes],
    [{ quantity: { '!=': 3 } }, '3.0', no],
    [{ quantity: { in: [1, 2] } }, '2', yes],
    [{ quantity: { in: [1, 2] } }, '3', no],
    [{ quantity: 2 }, '2.00', yes],
    [{ quantity: { '=': '2' } }, '2.00', no],
    [{ kind: 'sale' }, 'x', yes],
    [{ kind: { in: ['gift'] } }, 'x', no],
    [{ kind: 'sale', quantity: { '>': 0 } }, '-1', no],
    [{}, '', yes],
  ])('%j on %j', (where, quantity, expected) => {
    expect(holds(where, quantity)).toEqual(expected)
  })

  test('a number that is none is refused, not dropped', () => {
    expect(holds({ quantity: { '>': 0 } }, 'two')).toEqual({
      ok: false,
      error: { column: 'quantity', code: 'not-a-number' },
    })
  })
})

test('ids that were seen are known as a map would know them', () => {
  const ids = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 2 })),
    {
      minLength: 20_000,
      maxLength: 20_000,
    },
  )
  for (const drawn of fc.sample(ids, { seed: 3, numRuns: 2 })) {
    const seen = seenIds()
    const known = new Map<number, number>()
    const answers = drawn.map(([id, row]) => {
      const before = known.get(id)
      if (before === undefined) known.set(id, row)
      return before === undefined ? 'new' : before === row ? 'same' : 'other'
    })
    expect(drawn.map(([id, row]) => seen.see(String(id), [String(id), String(row)]))).toEqual(
      answers,
    )
  }
})

test('a tag keeps its word as id where it can, and is the same every time where it cannot', () => {
  expect(tagIdOf('vip')).toBe('vip')
  expect(tagIdOf('高价值')).toBe(tagIdOf('高价值'))
  expect(tagIdOf('高价值')).toMatch(/^t-[0-9a-f]{16}$/)
  expect(tagIdOf('VIP')).not.toBe(tagIdOf('vip'))
})
