import { describe, expect, test } from 'vitest'
import type {
  Aggregate,
  Comparison,
  DidTest,
  Metric,
  OccurrenceTest,
  PropertyTest,
  Test,
  TimeTest,
  Window,
} from '../../grammar/check/checked-rule.ts'
import type { WorldEvent } from '../../grammar/evaluate/index.ts'
import {
  and,
  compare,
  customer,
  did,
  event,
  members,
  money,
  not,
  number,
  onePerMoment,
  propertyType,
} from '../support/cases.ts'

const ever: Window = { kind: 'ever' }
const lastMonth: Window = { kind: 'last', count: 30, unit: 'day' }

const amountTest = (op: Comparison, value: string): PropertyTest => ({
  kind: 'property',
  property: 'amount',
  type: propertyType('order_paid', 'amount'),
  test: compare(op, money(value)),
})

const aggregate = (fn: Aggregate['fn'], property = 'amount'): Aggregate => ({
  kind: 'aggregate',
  fn,
  event: { event: 'order_paid' },
  window: ever,
  property: { id: property, type: propertyType('order_paid', property) },
})

const metric = (what: Metric, op: Comparison, value: string): Test => ({
  kind: 'metric',
  metric: what,
  type: { kind: 'decimal' },
  test: compare(op, number(value)),
})

const amounts = (...values: (string | null)[]): WorldEvent[] =>
  values.map((amount, index) => event(`e${index}`, '2026-08-20T00:00:00Z', { amount }))

describe('counting', () => {
  test('sees zero where nothing happened', () => {
    const customers = [customer('never'), ...onePerMoment(['2026-08-20T00:00:00Z'])]
    const count = (op: Comparison, value: number): DidTest =>
      did(ever, { event: 'order_paid' }, { kind: 'compare', op, value })
    expect(members(count('<=', 2), customers)).toEqual(['2026-08-20T00:00:00Z', 'never'])
    expect(members(count('=', 0), customers)).toEqual(['never'])
    expect(members(not(count('>=', 1)), customers)).toEqual(['never'])
    const between: DidTest['count'] = { kind: 'between', low: 1, high: 2 }
    expect(members(did(ever, { event: 'order_paid' }, between), customers)).toEqual([
      '2026-08-20T00:00:00Z',
    ])
  })

  test('takes an event id once', () => {
    const row = event('e1', '2026-08-20T00:00:00Z')
    const twice = did(ever, { event: 'order_paid' }, { kind: 'compare', op: '=', value: 2 })
    const customers = [
      customer('repeated', {}, { events: [row, row] }),
      customer('two', {}, { events: [row, { ...row, id: 'e2' }] }),
    ]
    expect(members(twice, customers)).toEqual(['two'])
  })

  test('takes the first row of an event id, as the one that arrived first', () => {
    const small = event('e1', '2026-08-20T00:00:00Z', { amount: '1' })
    const large = event('e1', '2026-08-20T00:00:00Z', { amount: '500' })
    const customers = [
      customer('small-first', {}, { events: [small, large] }),
      customer('large-first', {}, { events: [large, small] }),
    ]
    const where = amountTest('>=', '100')
    expect(members(did(ever, { event: 'order_paid', where }), customers)).toEqual(['large-first'])
  })

  test('counts local days of the time zone', () => {
    const days: DidTest = {
      ...did(ever, { event: 'order_paid' }, { kind: 'compare', op: '=', value: 2 }),
      measure: { kind: 'days' },
    }
    const aroundMidnight = [
      event('e1', '2026-08-19T15:59:59Z'),
      event('e2', '2026-08-19T16:00:00Z'),
    ]
    const customers = [customer('a', {}, { events: aroundMidnight })]
    expect(members(days, customers)).toEqual(['a'])
    expect(members(days, customers, { asOf: '2026-08-23T01:00:00Z', timeZone: 'UTC' })).toEqual([])
  })

  test('counts different values, not spellings and not missing ones', () => {
    const different = (value: number): DidTest => ({
      ...did(ever, { event: 'order_paid' }, { kind: 'compare', op: '=', value }),
      measure: {
        kind: 'different',
        property: 'amount',
        type: propertyType('order_paid', 'amount'),
      },
    })
    const customers = [customer('a', {}, { events: amounts('12.5', '12.50', '13', null) })]
    expect(members(different(2), customers)).toEqual(['a'])
    expect(members(different(3), customers)).toEqual([])
  })

  test('takes only events that pass the filter, in which missing is false too', () => {
    const where: PropertyTest = { kind: 'not', test: amountTest('>=', '100') }
    const customers = [
      customer('large', {}, { events: amounts('100') }),
      customer('small', {}, { events: amounts('99.99') }),
      customer('unknown', {}, { events: amounts(null) }),
    ]
    expect(members(did(ever, { event: 'order_paid', where }), customers)).toEqual([
      'small',
      'unknown',
    ])
    const atLeast: PropertyTest = {
      kind: 'at-least',
      count: 2,
      tests: [amountTest('>', '50'), amountTest('<', '100'), amountTest('=', '100')],
    }
    expect(members(did(ever, { event: 'order_paid', where: atLeast }), customers)).toEqual([
      'large',
      'small',
    ])
  })
})

describe('a metric', () => {
  test('of nothing is zero for sum, count and distinct', () => {
    const customers = [customer('never'), customer('unpriced', {}, { events: amounts(null) })]
    const both = ['never', 'unpriced']
    expect(members(metric(aggregate('sum'), '=', '0'), customers)).toEqual(both)
    expect(members(metric(aggregate('distinct'), '=', '0'), customers)).toEqual(both)
    expect(members(metric(aggregate('count'), '<=', '0'), customers)).toEqual(['never'])
  })

  test('of nothing is missing for average, min, max and ratio', () => {
    const customers = [customer('never'), customer('unpriced', {}, { events: amounts(null) })]
    for (const fn of ['average', 'min', 'max'] as const) {
      expect(members(metric(aggregate(fn), '<=', '9999'), customers)).toEqual([])
      expect(members(metric(aggregate(fn), '!=', '0'), customers)).toEqual(['never', 'unpriced'])
    }
    const ratio: Metric = { kind: 'ratio', over: aggregate('sum'), under: aggregate('sum') }
    expect(members(metric(ratio, '<=', '9999'), customers)).toEqual([])
  })

  test('adds decimals exactly', () => {
    const customers = [customer('a', {}, { events: amounts('0.10', '0.20', null) })]
    expect(members(metric(aggregate('sum'), '=', '0.3'), customers)).toEqual(['a'])
    expect(members(metric(aggregate('average'), '=', '0.15'), customers)).toEqual(['a'])
    expect(members(metric(aggregate('min'), '=', '0.1'), customers)).toEqual(['a'])
    expect(members(metric(aggregate('max'), '=', '0.2'), customers)).toEqual(['a'])
  })

  test('counts a value once for distinct', () => {
    const customers = [customer('a', {}, { events: amounts('5', '5.00', '6', null) })]
    expect(members(metric(aggregate('distinct'), '=', '2'), customers)).toEqual(['a'])
  })

  test('divides exactly: a third is neither below nor above a third', () => {
    const third: Metric = {
      kind: 'ratio',
      over: aggregate('count'),
      under: aggregate('sum', 'quantity'),
    }
    const events = [event('e1', '2026-08-20T00:00:00Z', { quantity: '3' })]
    const customers = [customer('a', {}, { events })]
    expect(members(metric(third, '>', '0.3333333333333333'), customers)).toEqual(['a'])
    expect(members(metric(third, '<', '0.3333333333333334'), customers)).toEqual(['a'])
    const average = aggregate('average', 'quantity')
    const uneven = [1, 1, 2].map((quantity, index) =>
      event(`e${index}`, '2026-08-20T00:00:00Z', { quantity: String(quantity) }),
    )
    const [four] = [customer('b', {}, { events: uneven })]
    expect(members(metric(average, '>', '1.333333333333333333'), four ? [four] : [])).toEqual(['b'])
  })

  test('is compared with an attribute of the customer', () => {
    const overLimit: Test = {
      kind: 'metric',
      metric: aggregate('sum'),
      type: propertyType('order_paid', 'amount'),
      test: {
        kind: 'compare',
        op: '>',
        operand: {
          kind: 'field',
          field: 'spend_limit',
          type: propertyType('order_paid', 'amount'),
        },
      },
    }
    const customers = [
      customer('over', { spend_limit: '99.99' }, { events: amounts('100') }),
      customer('exact', { spend_limit: '100.00' }, { events: amounts('100') }),
      customer('unlimited', {}, { events: amounts('100') }),
    ]
    expect(members(overLimit, customers)).toEqual(['over'])
  })
})

describe('the first or last time', () => {
  const last = (test: OccurrenceTest['test'], which: 'first' | 'last' = 'last'): Test => ({
    kind: 'occurrence',
    which,
    event: { event: 'order_paid' },
    test,
  })
  const happened = (when: TimeTest) => last({ kind: 'happened', when })

  test('more than N days ago is: ever, but not in the last N days', () => {
    const moments = [
      '2026-07-23T15:59:59.999Z',
      '2026-07-23T16:00:00Z',
      '2026-08-23T00:59:59Z',
      '2026-08-23T01:00:00Z',
    ]
    const customers = [customer('never'), ...onePerMoment(moments)]
    const duration = { count: 30, unit: 'day' } as const
    const churned = members(happened({ kind: 'ago', op: '>', duration }), customers)
    expect(churned).toEqual([moments[0]])
    expect(members(and(did(ever), not(did(lastMonth))), customers)).toEqual(churned)
    expect(members(happened({ kind: 'ago', op: '<=', duration }), customers)).toEqual(
      members(did(lastMonth), customers),
    )
  })

  test('of equal times is by the id of the event', () => {
    const at = '2026-08-20T00:00:00Z'
    const events = [event('e2', at, { amount: '2' }), event('e1', at, { amount: '1' })]
    const customers = [customer('a', {}, { events })]
    const had = (value: string) => ({ kind: 'had', where: amountTest('=', value) }) as const
    expect(members(last(had('2')), customers)).toEqual(['a'])
    expect(members(last(had('1')), customers)).toEqual([])
    expect(members(last(had('1'), 'first'), customers)).toEqual(['a'])
  })

  test('is chosen after the filter of the event and before "had"', () => {
    const events = [
      event('e1', '2026-08-01T00:00:00Z', { amount: '500' }),
      event('e2', '2026-08-20T00:00:00Z', { amount: '5' }),
    ]
    const customers = [customer('a', {}, { events })]
    const large = { event: 'order_paid', where: amountTest('>=', '100') }
    const inJuly: TimeTest = { kind: 'before', point: { kind: 'date', value: '2026-08-10' } }
    const filtered: Test = {
      kind: 'occurrence',
      which: 'last',
      event: large,
      test: { kind: 'happened', when: inJuly },
    }
    expect(members(filtered, customers)).toEqual(['a'])
    expect(members(last({ kind: 'had', where: amountTest('>=', '100') }), customers)).toEqual([])
  })
})
