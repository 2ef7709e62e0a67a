import { describe, expect, test } from 'vitest'
import { categoriesOf, personalised, readRule } from '#grammar'
import type { RuleCatalog } from '#grammar'
import { hashOf, problemsOf, ruleOf } from '../support/rules.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

describe('the hash of a rule', () => {
  test.each([
    [
      'the order of conditions',
      'customers who [Age] > 3 and [City] is known and [CLV] > 5 CNY',
      'customers who [CLV] > 5 CNY and [Age] > 3 and [City] is known',
    ],
    [
      'parentheses that change nothing',
      'customers who [Age] > 3 and ([City] is known and ([CLV] > 5 CNY))',
      'customers who ([Age] > 3 and [City] is known) and [CLV] > 5 CNY',
    ],
    [
      'the order of lists, tags, items and exclusions',
      'customers who [Age] in (1, 2) and have any tag ([Coffee lover], [Loves camping]) and at least 1 of ([Age] > 3; [Age] < 2) exclude [Age] > 9 exclude [Age] < 1',
      'customers who [Age] in (2, 1) and have any tag ([Loves camping], [Coffee lover]) and at least 1 of ([Age] < 2; [Age] > 3) exclude [Age] < 1 exclude [Age] > 9',
    ],
    ['how a number is written', 'customers who [CLV] > 10000 CNY', '客户满足 [CLV] > 1.00 万元'],
    [
      'names and values by label or id',
      'customers who [city] is "shanghai"',
      '客户满足 【城市】 是 “上海”',
    ],
    [
      'two ways to deny membership',
      'customers who not in audience [Staff]',
      'customers who not (in audience [Staff])',
    ],
    [
      'name, use, owner and comments',
      'customers who [Age] > 3',
      'audience "A" purpose: [Win-back marketing] channel: [SMS] owner: "x" // note\ncustomers who [Age] > 3',
    ],
    [
      'a parameter and its value',
      'parameter $min = 3 customers who [Age] > $min',
      'customers who [Age] > 3',
    ],
  ])('does not see %s', (_, one, other) => {
    expect(hashOf(one)).toBeDefined()
    expect(hashOf(other)).toBe(hashOf(one))
  })

  test.each([
    ['customers who [Age] > 3', 'customers who [Age] >= 3'],
    ['customers who not ([Age] > 3)', 'customers who [Age] <= 3'],
    ['customers who [Age] > 3 or [CLV] > 3 CNY', 'customers who [Age] > 3 and [CLV] > 3 CNY'],
    ['customers who [Age] between 1 and 2', 'customers who [Age] in (1, 2)'],
    ['customers who [Age] > 3', 'customers who [Age] > 3 sample 50% seed "a"'],
    ['everyone sample 50% seed "a"', 'everyone sample 50% seed "b"'],
    ['customers who [Age] > 3', 'time zone: "Asia/Tokyo" customers who [Age] > 3'],
    ['customers who [Age] > 3', 'as of: 2026-01-01 customers who [Age] > 3'],
    [
      'customers who did in order ([Refund] then [Order paid]) ever',
      'customers who did in order ([Order paid] then [Refund]) ever',
    ],
    [
      'customers who count([Refund] ever) / count([Order paid] ever) < 1',
      'customers who count([Order paid] ever) / count([Refund] ever) < 1',
    ],
  ])('sees that %s is not %s', (one, other) => {
    expect(hashOf(one)).toBeDefined()
    expect(hashOf(other)).toBeDefined()
    expect(hashOf(one)).not.toBe(hashOf(other))
  })

  test('does not change when a label changes or a region gains a district', () => {
    const renamed: RuleCatalog = {
      ...shopCatalog,
      attributes: shopCatalog.attributes.map((attribute) =>
        attribute.type.kind === 'region'
          ? {
              ...attribute,
              label: { en: 'Area', zh: '区域' },
              type: {
                kind: 'region',
                values: [
                  ...attribute.type.values,
                  { id: '330200', label: { en: 'Ningbo', zh: '宁波市' }, parent: '330000' },
                ],
              },
            }
          : attribute,
      ),
    }
    const before = readRule('customers who [Region] is "Zhejiang"', shopCatalog).ruleHash
    const after = readRule('customers who [Area] is "Zhejiang"', renamed).ruleHash
    expect(before).toBeDefined()
    expect(after).toBe(before)
  })
})

describe('categories come from the rule as written', () => {
  test('attributes, fields beside them, tags, events, ranks and exclusions', () => {
    const rule = ruleOf(`customers who [CLV] >= [Spend limit] and have tag [Coffee lover]
      and rank in top 5 by [Churn probability]
      exclude [Age] > 200 or did [Message sent] ever`)
    expect(categoriesOf(rule, shopCatalog)).toEqual([
      'demographic.basic',
      'inference.churn',
      'inference.value',
      'interest.food',
      'service.messages',
      'transaction.limits',
    ])
  })

  test('every event of a sequence and both sides of a ratio', () => {
    const read = (clause: string) => readRule(`customers who ${clause}`, shopCatalog).categories
    expect(
      read(
        'did in order ([Add to cart] then [Coupon received] then no [Order paid] then [Refund]) ever',
      ),
    ).toEqual(['behaviour.coupons', 'behaviour.visits', 'transaction.orders'])
    expect(read('count([Message sent] ever) / count([Refund] ever) > 1')).toEqual([
      'service.messages',
      'transaction.orders',
    ])
  })

  test('what can never matter is read all the same', () => {
    const { categories } = readRule(
      'customers who [Age] > 3 and ([Age] > 3 or [City] is known)',
      shopCatalog,
    )
    expect(categories).toEqual(['demographic.basic', 'demographic.location'])
  })

  test('a rule with an error has none', () => {
    expect(readRule('customers who [Age] > "x"', shopCatalog).categories).toEqual([])
  })
})

test('only everyone, and a sample of everyone, is not personalised', () => {
  expect(personalised(ruleOf('everyone'))).toBe(false)
  expect(personalised(ruleOf('everyone sample 5% seed "a"'))).toBe(false)
  expect(personalised(ruleOf('everyone exclude [Age] < 18'))).toBe(true)
  expect(personalised(ruleOf('customers who in audience [Staff]'))).toBe(true)
  expect(readRule('customers who', shopCatalog).personalised).toBe(true)
})

const warningsOf = (text: string) => problemsOf(text).filter((problem) => !problem.startsWith('E'))

describe('missing data is no surprise', () => {
  test.each([
    ['customers who [City] is not "Shanghai"', ['W203 [City] is not "Shanghai"']],
    ['customers who [City] not in ("Shanghai")', ['W203 [City] not in ("Shanghai")']],
    ['customers who [Nickname] does not contain "x"', ['W203 [Nickname] does not contain "x"']],
    ['customers who not ([Age] > 30)', ['W203 [Age] > 30']],
    ['customers who not ([City] is not "Shanghai")', []],
    ['customers who [City] is not "Shanghai" and [City] is known', []],
    [
      'customers who [City] is not "Shanghai" and ([Age] > 3 or [City] is known)',
      ['W203 [City] is not "Shanghai"'],
    ],
    ['customers who [City] is "Shanghai" and [Age] > 3', []],
    ['everyone exclude [Age] < 18', ['P203 [Age] < 18']],
    ['everyone exclude [Age] < 18 or [Age] is unknown', []],
    ['everyone exclude not ([Age] >= 18)', ['W203 [Age] >= 18']],
    ['customers who did [Refund] at most 2 times ever', ['W204 at most 2 times']],
    ['customers who did [Refund] fewer than 3 times ever', ['W204 fewer than 3 times']],
    ['customers who did [Refund] between 0 and 3 times ever', ['W204 between 0 and 3 times']],
    ['customers who did [Refund] between 1 and 3 times ever', []],
    ['customers who did not [Refund] at least 2 times ever', []],
    ['customers who sum([Order paid].[Amount] ever) < 5 CNY', ['W204 < 5 CNY']],
    ['customers who average([Order paid].[Amount] ever) < 5 CNY', []],
    [
      'customers who last [Refund] happened more than 30 days ago',
      ['W205 last [Refund] happened more than 30 days ago'],
    ],
    ['customers who last [Refund] happened at most 30 days ago', []],
  ])('%s', (text, warnings) => {
    expect(warningsOf(text)).toEqual(warnings)
    expect(readRule(text, shopCatalog).rule).toBeDefined()
  })

  test('the fix closes the gap', () => {
    for (const text of [
      'customers who [City] is not "Shanghai"',
      'customers who [Age] > 3 or [City] is not "Shanghai"',
      '客户满足 [年龄] > 3 或 [城市] 不为 "上海"',
      'everyone exclude [Age] < 18',
      'everyone exclude [Age] < 18 and [City] is known',
    ]) {
      const [found] = readRule(text, shopCatalog).diagnostics
      const fixed = [...(found?.fixes?.[0]?.edits ?? [])]
        .sort((a, b) => b.span.start - a.span.start)
        .reduce(
          (left, { span, text: put }) => left.slice(0, span.start) + put + left.slice(span.end),
          text,
        )
      expect(fixed).not.toBe(text)
      expect(problemsOf(fixed).filter((problem) => problem.startsWith(found?.code ?? ''))).toEqual(
        [],
      )
    }
  })
})
