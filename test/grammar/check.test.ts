import { describe, expect, test } from 'vitest'
import type { Test } from '#grammar'
import { ruleOf, testOf } from '../support/rules.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

const typeOf = (id: string) => shopCatalog.attributes.find((attribute) => attribute.id === id)?.type
const propertyType = (id: string) =>
  shopCatalog.events[0]?.properties.find((property) => property.id === id)?.type

/** Without places and types, which other tests look at. */
function plain(test: unknown): unknown {
  if (Array.isArray(test)) return test.map(plain)
  if (typeof test !== 'object' || test === null) return test
  return Object.fromEntries(
    Object.entries(test)
      .filter(([key]) => key !== 'span' && key !== 'type')
      .map(([key, value]) => [key, plain(value)]),
  )
}

const valueTest = (clause: string, params?: Parameters<typeof testOf>[1]): unknown => {
  const found: Test = testOf(clause, params)
  return found.kind === 'attribute' ? plain(found.test) : plain(found)
}

const number = (value: string) => ({ kind: 'literal', value: { kind: 'number', value } })
const always = { kind: 'ever' }
const once = { measure: { kind: 'times' }, count: { kind: 'compare', op: '>=', value: 1 } }

test('a test of an attribute carries its id, its type and its place', () => {
  expect(testOf('[Age] > 30')).toEqual({
    kind: 'attribute',
    attribute: 'age',
    type: typeOf('age'),
    test: { kind: 'compare', op: '>', operand: number('30') },
    span: { start: 14, end: 24 },
  })
})

describe('literals are of the type that they are compared with', () => {
  test.each([
    ['[Age] is 030', { kind: 'number', value: '30' }],
    ['[Age] > -5', { kind: 'number', value: '-5' }],
    ['[Height] > 1.50', { kind: 'number', value: '1.5' }],
    ['[Age] > 1.5 万', { kind: 'number', value: '15000' }],
    ['[CLV] > 0.5 亿元', { kind: 'money', value: '50000000', currency: 'CNY' }],
    ['[CLV] > 12.50 CNY', { kind: 'money', value: '12.5', currency: 'CNY' }],
    ['[Churn probability] > 70%', { kind: 'percent', value: '0.7' }],
    ['[Churn probability] > 7.5％', { kind: 'percent', value: '0.075' }],
    ['[Nickname] is "a \\"b\\" \\\\ \\n"', { kind: 'text', value: 'a "b" \\ \n' }],
    ['[City] is "上海"', { kind: 'enum', value: 'shanghai' }],
    ['[Region] is "Xihu"', { kind: 'region', value: '330106', codes: ['330106'] }],
    [
      '[Region] is "浙江省"',
      { kind: 'region', value: '330000', codes: ['330000', '330100', '330106'] },
    ],
    ['[Phone verified] is yes', { kind: 'boolean', value: true }],
    ['[Phone verified] is no', { kind: 'boolean', value: false }],
    ['[Joined on] > 2026年6月8日', { kind: 'date', value: '2026-06-08' }],
    ['[Registered at] > 2026-06-08', { kind: 'date', value: '2026-06-08' }],
    ['[Registered at] > 2026-06-08T09:30', { kind: 'timestamp', value: '2026-06-08T09:30' }],
    ['[Birthday] is "02-29"', { kind: 'month-day', value: '02-29' }],
  ])('%s', (clause, value) => {
    expect(valueTest(clause)).toMatchObject({ operand: { kind: 'literal', value } })
  })
})

test.each([
  ['[Age] between 20 and 30', { kind: 'between', low: number('20'), high: number('30') }],
  ['[Age] not in (1, 2)', { kind: 'in', operands: [number('1'), number('2')], negated: true }],
  [
    '[Nickname] does not contain "x" ignoring case',
    { kind: 'contains', text: 'x', ignoreCase: true, negated: true },
  ],
  [
    '[Nickname] starts with "x"',
    { kind: 'starts-with', text: 'x', ignoreCase: false, negated: false },
  ],
  ['[Age] is known', { kind: 'known' }],
  [
    '[CLV] >= [Spend limit]',
    { kind: 'compare', op: '>=', operand: { kind: 'field', field: 'limit' } },
  ],
  ['[Joined on] < today', { kind: 'compare', op: '<', operand: { kind: 'today' } }],
  [
    '[Joined on] more than 30 days ago',
    { kind: 'when', when: { kind: 'ago', op: '>', duration: { count: 30, unit: 'day' } } },
  ],
  [
    '[Joined on] before today',
    { kind: 'when', when: { kind: 'before', point: { kind: 'today' } } },
  ],
  [
    '[Registered at] from 2026-01-01 to 2026-01-31',
    {
      kind: 'when',
      when: {
        kind: 'in',
        window: {
          kind: 'from-to',
          from: { kind: 'date', value: '2026-01-01' },
          to: { kind: 'date', value: '2026-01-31' },
        },
      },
    },
  ],
  [
    '[Birthday] in next 7 days',
    { kind: 'anniversary', window: { kind: 'next', count: 7, unit: 'day' } },
  ],
  [
    '[Joined on] anniversary this month',
    { kind: 'anniversary', window: { kind: 'this', unit: 'month' } },
  ],
])('a value test: %s', (clause, expected) => {
  expect(valueTest(clause)).toEqual(expected)
})

test.each([
  ['did [Refund] ever', { kind: 'did', event: { event: 'refund' }, window: always, ...once }],
  [
    'did not [Refund] ever',
    { kind: 'not', test: { kind: 'did', event: { event: 'refund' }, window: always, ...once } },
  ],
  [
    'did [App opened] between 2 and 4 different days yesterday',
    {
      kind: 'did',
      event: { event: 'login' },
      window: { kind: 'yesterday' },
      measure: { kind: 'days' },
      count: { kind: 'between', low: 2, high: 4 },
    },
  ],
  [
    'did [Order paid] exactly 2 different [Category] in last full 2 quarters',
    {
      kind: 'did',
      event: { event: 'paid' },
      window: { kind: 'last-full', count: 2, unit: 'quarter' },
      measure: { kind: 'different', property: 'category' },
      count: { kind: 'compare', op: '=', value: 2 },
    },
  ],
  [
    'did [Order paid] where (not ([Quantity] > 1) or at least 1 of ([Amount] > [List price])) since 2026-01-01',
    {
      kind: 'did',
      event: {
        event: 'paid',
        where: {
          kind: 'or',
          tests: [
            {
              kind: 'not',
              test: {
                kind: 'property',
                property: 'quantity',
                test: { kind: 'compare', op: '>', operand: number('1') },
              },
            },
            {
              kind: 'at-least',
              count: 1,
              tests: [
                {
                  kind: 'property',
                  property: 'amount',
                  test: {
                    kind: 'compare',
                    op: '>',
                    operand: { kind: 'field', field: 'list_price' },
                  },
                },
              ],
            },
          ],
        },
      },
      window: { kind: 'since', from: { kind: 'date', value: '2026-01-01' } },
      ...once,
    },
  ],
  [
    'did not in order ([Product viewed] then within 3 days [Add to cart] then within 24 hours no [Order paid]) in last 30 days',
    {
      kind: 'not',
      test: {
        kind: 'sequence',
        first: { event: 'view' },
        // oxlint-disable-next-line unicorn/no-thenable -- the steps that follow; a list is never awaited
        then: [
          { event: { event: 'cart' }, within: { count: 3, unit: 'day' }, absent: false },
          { event: { event: 'paid' }, within: { count: 24, unit: 'hour' }, absent: true },
        ],
        window: { kind: 'last', count: 30, unit: 'day' },
      },
    },
  ],
  [
    'last [Order paid] happened at least 2 months ago',
    {
      kind: 'occurrence',
      which: 'last',
      event: { event: 'paid' },
      test: {
        kind: 'happened',
        when: { kind: 'ago', op: '>=', duration: { count: 2, unit: 'month' } },
      },
    },
  ],
  [
    'first [Order paid] had ([Channel] is "Tmall")',
    {
      kind: 'occurrence',
      which: 'first',
      event: { event: 'paid' },
      test: {
        kind: 'had',
        where: {
          kind: 'property',
          property: 'channel',
          test: {
            kind: 'compare',
            op: '=',
            operand: { kind: 'literal', value: { kind: 'enum', value: 'tmall' } },
          },
        },
      },
    },
  ],
  [
    'rank in bottom 0.5% by max([Order paid].[Amount] this year) among [VIP 2026]',
    {
      kind: 'rank',
      side: 'bottom',
      limit: { kind: 'percent', percent: '0.5' },
      by: {
        kind: 'aggregate',
        fn: 'max',
        event: { event: 'paid' },
        property: { id: 'amount' },
        window: { kind: 'this', unit: 'year' },
      },
      among: 'vip',
    },
  ],
  [
    'rank in top 100 by [CLV]',
    {
      kind: 'rank',
      side: 'top',
      limit: { kind: 'count', count: 100 },
      by: { kind: 'attribute', attribute: 'clv' },
    },
  ],
  ['not in audience [Staff]', { kind: 'not', test: { kind: 'audience', audience: 'staff' } }],
  ['have no tag [爱露营]', { kind: 'tags', quantifier: 'none', tags: ['camping'] }],
])('a clause: %s', (clause, expected) => {
  expect(plain(testOf(clause))).toEqual(expected)
})

test('the value of a metric has the type of what it is made of', () => {
  const typed = (clause: string) => {
    const found = testOf(clause)
    return found.kind === 'metric' ? found.type : undefined
  }
  const amount = propertyType('amount')
  expect(typed('count([Refund] ever) > 3')).toEqual({ kind: 'integer' })
  expect(typed('distinct([Order paid].[Category] ever) > 3')).toEqual({ kind: 'integer' })
  expect(typed('sum([Order paid].[Amount] ever) > 3 CNY')).toEqual(amount)
  expect(typed('average([Order paid].[Amount] ever) > 3 CNY')).toEqual(amount)
  expect(typed('average([Order paid].[Quantity] ever) > 1.5')).toEqual({ kind: 'decimal' })
  expect(typed('max([Order paid].[Ships on] ever) > 2026-01-01')).toEqual({ kind: 'date' })
  expect(typed('count([Refund] ever) / count([Order paid] ever) < 20%')).toEqual({
    kind: 'percent',
  })
  expect(typed('count([Refund] ever) / count([Order paid] ever) < 0.2')).toEqual({
    kind: 'decimal',
  })
  expect(typed('sum([Order paid].[Amount] ever) / count([Order paid] ever) > 5 CNY')).toEqual(
    amount,
  )
})

describe('parameters become literals', () => {
  test('of the type of their place', () => {
    const declared = 'parameter $p\ncustomers who'
    const include = (clause: string, value: string | number | readonly string[]) => {
      const { include: found } = ruleOf(`${declared} ${clause}`, { p: value })
      return found.kind === 'attribute' ? plain(found.test) : plain(found)
    }
    expect(include('[Age] > $p', 30)).toMatchObject({ operand: number('30') })
    expect(include('[CLV] > $p', '1.5 万元')).toMatchObject({
      operand: { value: { kind: 'money', value: '15000', currency: 'CNY' } },
    })
    expect(include('[Nickname] is $p', '30')).toMatchObject({
      operand: { value: { kind: 'text', value: '30' } },
    })
    expect(include('[City] in $p', ['Shanghai', '杭州'])).toMatchObject({
      operands: [{ value: { value: 'shanghai' } }, { value: { value: 'hangzhou' } }],
    })
    expect(include('[Joined on] before $p', '2026-01-01')).toMatchObject({
      when: { point: { kind: 'date', value: '2026-01-01' } },
    })
    expect(include('did [Refund] at least $p times in last $p days', 3)).toMatchObject({
      count: { value: 3 },
      window: { count: 3, unit: 'day' },
    })
    expect(include('did [Refund] in last $p', '2 weeks')).toMatchObject({
      window: { kind: 'last', count: 2, unit: 'week' },
    })
    expect(include('[Nickname] contains $p', 'x')).toMatchObject({ text: 'x' })
  })

  test('from the text unless one is given', () => {
    const text = 'parameter $min = 2\ncustomers who [Age] > $min'
    const least = (params?: Record<string, number>) => {
      const { include } = ruleOf(text, params)
      return include.kind === 'attribute' ? plain(include.test) : undefined
    }
    expect(least()).toMatchObject({ operand: number('2') })
    expect(least({ min: 5 })).toMatchObject({ operand: number('5') })
  })
})

test('the header proposes a use and says when and where', () => {
  const { header } = ruleOf(`audience "A"
purpose: [唤回营销]
channel: [SMS], [WeCom]
recipient: [own]
legal basis: [同意]
owner: "x"
refresh: weekly
expires: 2026-12-31
time zone: "Asia/Shanghai"
as of: 2026-06-18T09:00
note: "n"
everyone`)
  expect(header).toEqual({
    name: 'A',
    purpose: 'winback',
    channels: ['sms', 'wecom'],
    recipient: 'own',
    timeZone: 'Asia/Shanghai',
    asOf: '2026-06-18T09:00',
  })
})

test('exclusions and a sample are part of the rule', () => {
  const rule = ruleOf(
    'everyone exclude [Age] < 18 exclude customers who [Age] > 90 sample 0.50% seed "s"',
  )
  expect(rule.include).toEqual({ kind: 'everyone' })
  expect(rule.exclude).toHaveLength(2)
  expect(rule.sample).toEqual({ percent: '0.5', seed: 's' })
})
