import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ValueType, WorldValue } from '../../grammar/index.ts'
import { storedValueReader, worldValueOf } from '../../src/catalog/index.ts'

const read = (type: ValueType, value: WorldValue | null | undefined) =>
  storedValueReader({ type, valueBySpelling: new Map([['上海', 'shanghai']]) })(value)

const integer: ValueType = { kind: 'integer' }
const decimal: ValueType = { kind: 'decimal' }
const score: ValueType = { kind: 'score', low: 1, high: 5 }
const money = (scale: number): ValueType => ({ kind: 'money', currency: 'CNY', scale })
const date: ValueType = { kind: 'date' }
const timestamp: ValueType = { kind: 'timestamp' }
const monthDay: ValueType = { kind: 'month-day' }

describe('refuses', () => {
  const nul = '\u0000'
  test.each<[string, ValueType, WorldValue]>([
    ['not-a-number', integer, 'twelve'],
    ['not-a-number', integer, ''],
    ['not-a-number', integer, '1e3'],
    ['not-a-number', decimal, '.5'],
    ['not-a-number', decimal, 'NaN'],
    ['not-a-number', decimal, 'Infinity'],
    ['not-a-number', decimal, 1e300],
    ['not-a-number', money(2), true],
    ['not-whole', integer, '12.5'],
    ['too-many-decimals', money(2), '12.505'],
    ['too-many-decimals', money(0), '12.5'],
    ['out-of-range', integer, '9223372036854775808'],
    ['out-of-range', money(2), '92233720368547758.08'],
    ['out-of-range', decimal, '1'.repeat(61)],
    ['out-of-range', score, '0.9'],
    ['out-of-range', score, '5.01'],
    ['out-of-range', score, '-1'],
    ['not-text', { kind: 'text' }, 12],
    ['not-text', { kind: 'text' }, `a${nul}b`],
    ['not-text', { kind: 'text' }, '\ud800'],
    ['unknown-value', { kind: 'enum', values: [] }, 'Shanghai'],
    ['not-a-boolean', { kind: 'boolean' }, 'true'],
    ['not-a-date', date, '2026-02-29'],
    ['not-a-date', date, '0000-01-01'],
    ['not-a-date', date, '2026-1-1'],
    ['not-a-date', date, '2026-06-18T00:00:00Z'],
    ['not-a-time', timestamp, '2026-06-18T00:00:00'],
    ['not-a-time', timestamp, '2026-06-18T24:00:00Z'],
    ['not-a-time', timestamp, '2026-06-18T00:00:00.0000001Z'],
    ['not-a-month-day', monthDay, '02-30'],
    ['not-a-month-day', monthDay, '2-3'],
  ])('%s', (code, type, value) => {
    expect(read(type, value)).toEqual({ ok: false, error: { code } })
  })
})

describe('stores', () => {
  test.each<[ValueType, WorldValue, string | boolean]>([
    [integer, '-9223372036854775807', '-9223372036854775807'],
    [integer, 12, '12'],
    [integer, '007.0', '7'],
    [integer, '-0', '0'],
    [money(2), '12.5', '1250'],
    [money(2), 0.1, '10'],
    [money(3), '-0.005', '-5'],
    [money(0), '100.00', '100'],
    [decimal, '-2.250', '-2.25'],
    [decimal, '0.000000000000000001', '0.000000000000000001'],
    [score, '5.00', '5'],
    [{ kind: 'enum', values: [] }, '上海', 'shanghai'],
    [{ kind: 'text' }, "O'Neil 茶", "O'Neil 茶"],
    [{ kind: 'boolean' }, false, false],
    [date, '2028-02-29', '2028-02-29'],
    [timestamp, '2026-06-18T08:00:00.000001+08:00', '2026-06-18T00:00:00.000001Z'],
    [monthDay, '02-29', '229'],
    [monthDay, '12-31', '1231'],
  ])('%j %s', (type, value, stored) => {
    expect(read(type, value)).toEqual({ ok: true, value: stored })
  })

  test('what is missing as missing', () => {
    expect(read(integer, null)).toEqual({ ok: true, value: null })
    expect(read(integer, undefined)).toEqual({ ok: true, value: null })
    expect(worldValueOf(integer, null)).toBe(null)
  })
})

test('every amount comes back to its digits', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
      fc.nat(9),
      (units, scale) => {
        const world = worldValueOf(money(scale), String(units))
        expect(read(money(scale), world)).toEqual({ ok: true, value: String(units) })
      },
    ),
  )
})

test('every day of a leap year comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 365 }), (day) => {
      const text = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(5, 10)
      const stored = read(monthDay, text)
      expect(
        stored.ok && typeof stored.value === 'string' && worldValueOf(monthDay, stored.value),
      ).toBe(text)
    }),
  )
})

test('trailing zeros of a decimal column mean nothing', () => {
  expect(worldValueOf(decimal, '12.500')).toBe('12.5')
  expect(worldValueOf(decimal, '12.000')).toBe('12')
  expect(worldValueOf(decimal, '1200')).toBe('1200')
})
