import { describe, expect, test } from 'vitest'
import type { Scalar, Test, TimeTest, ValueTest, Window } from '../../grammar/check/checked-rule.ts'
import type { Run, WorldValue } from '../../grammar/evaluate/index.ts'
import { attribute, compare, customer, members, money, not, number } from '../support/cases.ts'

/** Which of the values pass; `null` stands for missing. */
function passing(
  id: string,
  valueTest: ValueTest,
  values: readonly (WorldValue | null)[],
  run?: Run,
): (WorldValue | null)[] {
  const customers = values.map((value, index) => customer(`c${index}`, { [id]: value }))
  const found = members(attribute(id, valueTest), customers, run)
  return values.filter((_, index) => found.includes(`c${index}`))
}

const literal = (value: Scalar) => ({ kind: 'literal' as const, value })
const text = (value: string): Scalar => ({ kind: 'text', value })
const date = (value: string): Scalar => ({ kind: 'date', value })
const when = (test: TimeTest): ValueTest => ({ kind: 'when', when: test })

describe('a missing value', () => {
  test('makes a comparison false', () => {
    for (const op of ['=', '<', '<=', '>', '>='] as const) {
      expect(passing('age', compare(op, number('18')), [null])).toEqual([])
    }
  })

  test('makes the complements true', () => {
    expect(passing('age', compare('!=', number('18')), ['18', '19', null])).toEqual(['19', null])
    const notIn: ValueTest = { kind: 'in', operands: [literal(number('18'))], negated: true }
    expect(passing('age', notIn, ['18', '19', null])).toEqual(['19', null])
    const notContains: ValueTest = {
      kind: 'contains',
      text: 'a',
      ignoreCase: false,
      negated: true,
    }
    expect(passing('nickname', notContains, ['cat', 'dog', null])).toEqual(['dog', null])
  })

  test('is what "unknown" finds, and an absent key is missing too', () => {
    const customers = [customer('a'), customer('b', { age: null }), customer('c', { age: '0' })]
    expect(members(attribute('age', { kind: 'unknown' }), customers)).toEqual(['a', 'b'])
    expect(members(attribute('age', { kind: 'known' }), customers)).toEqual(['c'])
  })

  test('is on the side of "not (age > 30)" but not of "age <= 30"', () => {
    const older = attribute('age', compare('>', number('30')))
    const customers = [
      customer('old', { age: '31' }),
      customer('young', { age: '30' }),
      customer('unknown'),
    ]
    expect(members(not(older), customers)).toEqual(['unknown', 'young'])
    expect(members(attribute('age', compare('<=', number('30'))), customers)).toEqual(['young'])
  })

  test('equals no other missing value', () => {
    const same: Test = attribute('shipping_city', {
      kind: 'compare',
      op: '=',
      operand: {
        kind: 'field',
        field: 'home_city',
        type: { kind: 'enum', values: [] },
      },
    })
    const customers = [
      customer('both', { shipping_city: 'beijing', home_city: 'beijing' }),
      customer('none'),
      customer('one', { shipping_city: 'beijing' }),
    ]
    expect(members(same, customers)).toEqual(['both'])
  })
})

test('money compares exactly, however many decimals are written', () => {
  expect(
    passing('lifetime_value', compare('=', money('12.50')), ['12.5', '12.500', '12.51']),
  ).toEqual(['12.5', '12.500'])
  const large = '90071992547409.93'
  expect(
    passing('lifetime_value', compare('>', money(large)), [large, '90071992547409.94']),
  ).toEqual(['90071992547409.94'])
})

test('a percentage is a ratio', () => {
  const test70: ValueTest = compare('>=', { kind: 'percent', value: '0.7' })
  expect(passing('churn', test70, ['0.69999999999999999', '0.70', '1'])).toEqual(['0.70', '1'])
})

test('between includes both ends and is empty the wrong way round', () => {
  const between = (low: string, high: string): ValueTest => ({
    kind: 'between',
    low: literal(number(low)),
    high: literal(number(high)),
  })
  expect(passing('age', between('18', '20'), ['17', '18', '20', '21', null])).toEqual(['18', '20'])
  expect(passing('age', between('20', '18'), ['18', '19', '20'])).toEqual([])
})

describe('text', () => {
  test('is compared by code points, in no locale', () => {
    const values = ['B', 'a', 'É', '茶', '\uFF21', '𠮷', 'b']
    expect(passing('nickname', compare('<', text('a')), values)).toEqual(['B'])
    // UTF-16 order would put the surrogates of 𠮷 before the full-width letter.
    expect(passing('nickname', compare('>', text('\uFF21')), values)).toEqual(['𠮷'])
    expect(passing('nickname', compare('=', text('tea')), ['tea', 'Tea', 'tea '])).toEqual(['tea'])
  })

  test('is searched literally: no character is a wildcard', () => {
    const contains = (needle: string): ValueTest => ({
      kind: 'contains',
      text: needle,
      ignoreCase: false,
      negated: false,
    })
    expect(passing('nickname', contains('%'), ['100%', '100'])).toEqual(['100%'])
    expect(passing('nickname', contains('a_c'), ['abc', 'a_c'])).toEqual(['a_c'])
    expect(passing('nickname', contains('\\'), ['a\\b', 'ab'])).toEqual(['a\\b'])
  })

  test('ignoring case folds A to Z and nothing else', () => {
    const starts: ValueTest = { kind: 'starts-with', text: 'TEA', ignoreCase: true, negated: false }
    expect(passing('nickname', starts, ['tea time', 'Tea', 'a tea'])).toEqual(['tea time', 'Tea'])
    const contains: ValueTest = { kind: 'contains', text: 'é', ignoreCase: true, negated: false }
    expect(passing('nickname', contains, ['CAFÉ', 'café'])).toEqual(['café'])
  })
})

test('a region includes everything below it', () => {
  const zhejiang = compare('=', {
    kind: 'region',
    value: '330000',
    codes: ['330000', '330100', '330106'],
  })
  expect(passing('region', zhejiang, ['330000', '330106', '310000', null])).toEqual([
    '330000',
    '330106',
  ])
})

describe('a date', () => {
  const days = ['2026-08-21', '2026-08-22', '2026-08-23', '2026-08-24', null]

  test('counts as the midnight at which it begins', () => {
    const last: Window = { kind: 'last', count: 1, unit: 'day' }
    expect(passing('joined_on', when({ kind: 'in', window: last }), days)).toEqual([
      '2026-08-22',
      '2026-08-23',
    ])
    const next: Window = { kind: 'next', count: 1, unit: 'day' }
    expect(passing('expires_on', when({ kind: 'in', window: next }), days)).toEqual([
      '2026-08-23',
      '2026-08-24',
    ])
  })

  test('may lie in a window of the future that names both ends', () => {
    const window: Window = {
      kind: 'from-to',
      from: { kind: 'date', value: '2026-08-24' },
      to: { kind: 'date', value: '2026-12-31' },
    }
    expect(passing('expires_on', when({ kind: 'in', window }), days)).toEqual(['2026-08-24'])
  })

  test('is compared with today', () => {
    const today = { kind: 'today' as const }
    expect(passing('joined_on', { kind: 'compare', op: '<', operand: today }, days)).toEqual([
      '2026-08-21',
      '2026-08-22',
    ])
    expect(passing('joined_on', { kind: 'compare', op: '!=', operand: today }, days)).toEqual([
      '2026-08-21',
      '2026-08-22',
      '2026-08-24',
      null,
    ])
  })

  test('is before, on or after a day', () => {
    const point = { kind: 'date', value: '2026-08-22' } as const
    expect(passing('joined_on', when({ kind: 'before', point }), days)).toEqual(['2026-08-21'])
    expect(passing('joined_on', when({ kind: 'on', point }), days)).toEqual(['2026-08-22'])
    expect(passing('joined_on', when({ kind: 'after', point }), days)).toEqual([
      '2026-08-23',
      '2026-08-24',
    ])
  })
})

describe('a timestamp', () => {
  const times = [
    '2026-06-17T15:59:59Z',
    '2026-06-17T16:00:00Z',
    '2026-06-18T15:59:59.999999Z',
    '2026-06-18T16:00:00Z',
    null,
  ]

  test('compared with a day means the whole local day', () => {
    const day = date('2026-06-18')
    expect(passing('registered_at', compare('=', day), times)).toEqual(times.slice(1, 3))
    expect(passing('registered_at', compare('<', day), times)).toEqual(times.slice(0, 1))
    expect(passing('registered_at', compare('<=', day), times)).toEqual(times.slice(0, 3))
    expect(passing('registered_at', compare('>', day), times)).toEqual(times.slice(3, 4))
    expect(passing('registered_at', compare('>=', day), times)).toEqual(times.slice(1, 4))
    const between: ValueTest = { kind: 'between', low: literal(day), high: literal(day) }
    expect(passing('registered_at', between, times)).toEqual(times.slice(1, 3))
  })

  test('is after a day only when the whole day is over', () => {
    const point = { kind: 'date', value: '2026-06-18' } as const
    expect(passing('registered_at', when({ kind: 'after', point }), times)).toEqual(
      times.slice(3, 4),
    )
    expect(passing('registered_at', when({ kind: 'on', point }), times)).toEqual(times.slice(1, 3))
  })

  test('compared with a date-time means that moment', () => {
    const moment: Scalar = { kind: 'timestamp', value: '2026-06-18T00:00' }
    expect(passing('registered_at', compare('=', moment), times)).toEqual(times.slice(1, 2))
    const after: TimeTest = {
      kind: 'after',
      point: { kind: 'timestamp', value: '2026-06-18T00:00' },
    }
    expect(passing('registered_at', when(after), times)).toEqual(times.slice(2, 4))
  })
})

describe('ago', () => {
  const ago = (op: '>' | '>=' | '<' | '<=', count: number, unit: 'day' | 'hour' | 'month') =>
    when({ kind: 'ago', op, duration: { count, unit } })
  const dates = ['2026-07-23', '2026-07-24', '2026-07-25', '2026-08-23', '2026-08-24', null]

  test('counts whole local days, and is of the past only', () => {
    expect(passing('joined_on', ago('>', 30, 'day'), dates)).toEqual(['2026-07-23'])
    expect(passing('joined_on', ago('>=', 30, 'day'), dates)).toEqual(['2026-07-23', '2026-07-24'])
    expect(passing('joined_on', ago('<', 30, 'day'), dates)).toEqual(['2026-07-25', '2026-08-23'])
    expect(passing('joined_on', ago('<=', 30, 'day'), dates)).toEqual([
      '2026-07-24',
      '2026-07-25',
      '2026-08-23',
    ])
  })

  test('is exact in hours', () => {
    const times = ['2026-08-22T00:59:59Z', '2026-08-22T01:00:00Z', '2026-08-22T01:00:00.000001Z']
    expect(passing('registered_at', ago('>', 24, 'hour'), times)).toEqual(times.slice(0, 1))
    expect(passing('registered_at', ago('>=', 24, 'hour'), times)).toEqual(times.slice(0, 2))
    expect(passing('registered_at', ago('<', 24, 'hour'), times)).toEqual(times.slice(2))
    expect(passing('registered_at', ago('<=', 24, 'hour'), times)).toEqual(times.slice(1))
  })

  test('clamps months like the window does', () => {
    const run: Run = { asOf: '2026-03-31T04:00:00Z', timeZone: 'Asia/Shanghai' }
    const days = ['2026-02-27', '2026-02-28', '2026-03-01']
    expect(passing('joined_on', ago('>', 1, 'month'), days, run)).toEqual(['2026-02-27'])
    expect(passing('joined_on', ago('<=', 1, 'month'), days, run)).toEqual([
      '2026-02-28',
      '2026-03-01',
    ])
  })
})

describe('an anniversary', () => {
  const inWindow = (window: Window): ValueTest => ({ kind: 'anniversary', window })
  const nextWeek = inWindow({ kind: 'next', count: 7, unit: 'day' })

  test('falls into the coming days, today and the last day included', () => {
    expect(passing('birthday', nextWeek, ['08-22', '08-23', '08-30', '08-31', null])).toEqual([
      '08-23',
      '08-30',
    ])
  })

  test('goes over the end of the year', () => {
    const run: Run = { asOf: '2026-12-29T04:00:00Z', timeZone: 'Asia/Shanghai' }
    expect(passing('birthday', nextWeek, ['12-28', '12-29', '01-05', '01-06'], run)).toEqual([
      '12-29',
      '01-05',
    ])
  })

  test('of 29 February is 28 February in common years', () => {
    const today = inWindow({ kind: 'today' })
    const common: Run = { asOf: '2027-02-28T04:00:00Z', timeZone: 'Asia/Shanghai' }
    const leapEve: Run = { asOf: '2028-02-28T04:00:00Z', timeZone: 'Asia/Shanghai' }
    const leapDay: Run = { asOf: '2028-02-29T04:00:00Z', timeZone: 'Asia/Shanghai' }
    const days = ['02-28', '02-29', '03-01']
    expect(passing('birthday', today, days, common)).toEqual(['02-28', '02-29'])
    expect(passing('birthday', today, days, leapEve)).toEqual(['02-28'])
    expect(passing('birthday', today, days, leapDay)).toEqual(['02-29'])
  })

  test('of a date or a timestamp is that of its local day', () => {
    const today = inWindow({ kind: 'today' })
    expect(passing('joined_on', today, ['1999-08-23', '2020-08-22'])).toEqual(['1999-08-23'])
    expect(
      passing('registered_at', today, ['2020-08-22T15:59:59Z', '2020-08-22T16:00:00Z']),
    ).toEqual(['2020-08-22T16:00:00Z'])
  })

  test('has always been before', () => {
    expect(passing('birthday', inWindow({ kind: 'ever' }), ['12-31', null])).toEqual(['12-31'])
  })
})
