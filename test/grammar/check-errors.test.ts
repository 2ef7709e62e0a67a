import { describe, expect, test } from 'vitest'
import { check, parse, readRule } from '#grammar'
import type { RuleCatalog } from '#grammar'
import { romanise } from '#grammar/pinyin'
import { problemsOf } from '../support/rules.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

const errorsOf = (clause: string, params?: Parameters<typeof problemsOf>[1]): string[] =>
  problemsOf(clause, params).filter((problem) => problem.startsWith('E'))

describe('names', () => {
  test.each([
    ['customers who [Agee] > 30', 'E301 [Agee]', '[Age]'],
    ['客户满足 [城事] 为 "上海"', 'E301 [城事]', '[城市]'],
    ['customers who did [Ordr paid] ever', 'E302 [Ordr paid]', '[Order paid]'],
    ['customers who did [Order paid] where ([Amout] > 3 CNY) ever', 'E303 [Amout]', '[Amount]'],
    ['customers who have tag [Cofee lover]', 'E304 [Cofee lover]', '[Coffee lover]'],
    ['customers who [City] is "Shangai"', 'E305 "Shangai"', '"Shanghai"'],
    ['customers who in audience [VIP 2025]', 'E306 [VIP 2025]', '[VIP 2026]'],
    ['purpose: [Winback marketing] everyone', 'E307 [Winback marketing]', '[Win-back marketing]'],
    ['渠道: [短讯] 全部客户', 'E308 [短讯]', '[短信]'],
    ['recipient: [Own brnd] everyone', 'E309 [Own brnd]', '[Own brand]'],
    ['parameter $min = 2 customers who [Age] > $mim', 'E310 $mim', '$min'],
    ['legal basis: [Consnt] everyone', 'E313 [Consnt]', '[Consent]'],
  ])('%s', (text, problem, suggestion) => {
    expect(errorsOf(text)).toEqual([problem])
    const [found] = readRule(text, shopCatalog).diagnostics
    expect(found?.fixes?.[0]?.title).toBe(suggestion)
  })

  test('labels of both languages and ids are known, Latin in either case', () => {
    for (const name of ['City', 'CITY', 'city', '城市', ' City ']) {
      expect(errorsOf(`customers who [${name}] is "shanghai"`)).toEqual([])
    }
    for (const value of ['Shanghai', 'SHANGHAI', '上海']) {
      expect(errorsOf(`客户满足 [City] 为 "${value}"`)).toEqual([])
    }
  })

  test('pinyin and its initials find Chinese names where a romaniser is at hand', () => {
    for (const written of ['chengshi', 'cs', '程式']) {
      const text = `客户满足 [${written}] 有值`
      const { diagnostics } = readRule(text, shopCatalog, {}, { romanise })
      expect(diagnostics[0]?.fixes?.map(({ title }) => title)).toContain('[城市]')
      expect(readRule(text, shopCatalog).diagnostics[0]?.fixes).toBeUndefined()
    }
  })

  test('a label of two things is ambiguous', () => {
    const [age, gender] = shopCatalog.attributes
    if (age === undefined || gender === undefined) throw new Error('the shop has attributes')
    const catalog: RuleCatalog = {
      ...shopCatalog,
      attributes: [age, { ...gender, label: { en: 'Age', zh: '性别' } }],
    }
    const { diagnostics } = readRule('customers who [Age] > 3', catalog)
    expect(diagnostics.map(({ code }) => code)).toEqual(['E312'])
    expect(diagnostics[0]?.fixes?.map(({ title }) => title)).toEqual(['[age]', '[gender]'])
  })

  test('what has no category, identifies people or is sensitive cannot be read', () => {
    expect(errorsOf('customers who [Mystery] is known')).toEqual(['E506 [Mystery]'])
    expect(errorsOf('customers who did [Raw event] ever')).toEqual(['E506 [Raw event]'])
    expect(errorsOf('customers who [Mobile] starts with "139"')).toEqual(['E507 [Mobile]'])
    expect(errorsOf('customers who [Nickname] is [Mobile]')).toEqual(['E507 [Mobile]'])
    expect(errorsOf('customers who [Illness] is known')).toEqual(['E507 [Illness]'])
    expect(errorsOf('customers who rank in top 5 by [Mystery]')).toEqual(['E506 [Mystery]'])
  })
})

test.each([
  ['[City] > "Shanghai"', 'E401 > "Shanghai"'],
  ['[Age] contains "3"', 'E401 contains "3"'],
  ['[Age] in last 3 days', 'E401 in last 3 days'],
  ['[Birthday] > "06-18"', 'E401 > "06-18"'],
  ['[CLV] >= 1000', 'E402 1000'],
  ['[CLV] >= 1000 USD', 'E403 1000 USD'],
  ['[Age] > "x"', 'E404 "x"'],
  ['[Age] > 30.5', 'E404 30.5'],
  ['[Age] > 30 days', 'E404 30 days'],
  ['[City] is 3', 'E404 3'],
  ['[Phone verified] is "yes"', 'E404 "yes"'],
  ['[Churn probability] > 0.7', 'E404 0.7'],
  ['[Joined on] is 2026-01-01T09:00', 'E404 2026-01-01T09:00'],
  ['[Birthday] is "13-01"', 'E404 "13-01"'],
  ['[CLV] >= 1.005 CNY', 'E405 1.005 CNY'],
  ['[R score] >= 6', 'E406 6'],
  ['[Age] > [City]', 'E407 [City]'],
  ['did [Order paid] at least 1.5 times ever', 'E408 1.5'],
  ['did [Order paid] in last 0 days', 'E408 0'],
  ['at least 0 of ([Age] > 3)', 'E408 0'],
  ['[Age] between 30 and 20', 'E409 between 30 and 20'],
  ['did [Order paid] from 2026-02-01 to 2026-01-01', 'E409 2026-02-01 to 2026-01-01'],
  ['did [Order paid] between 3 and 2 times ever', 'E409 between 3 and 2 times'],
  ['did [Order paid] in next 3 days', 'E410 in next 3 days'],
  ['last [Order paid] happened in next 3 days', 'E410 in next 3 days'],
  ['[Joined on] is 30 days ago', 'E411 is 30 days ago'],
  ['sum([Order paid] ever) > 3', 'E412 sum([Order paid] ever)'],
  ['count([Order paid].[Amount] ever) > 3', 'E412 [Amount]'],
  ['sum([Order paid].[Category] ever) > 3', 'E413 [Category]'],
  ['rank in top 0% by [CLV]', 'E414 0%'],
  ['rank in top 10% by [City]', 'E415 [City]'],
  [
    'count([Refund] ever) / sum([Order paid].[Amount] ever) > 3',
    'E416 count([Refund] ever) / sum([Order paid].[Amount] ever)',
  ],
  ['did in order ([Add to cart] then no [Order paid]) ever', 'E417 then no [Order paid]'],
  ['[Joined on] more than 3 ago', 'E419 3'],
  ['did [App opened] in last 401 days', 'E604 in last 401 days'],
  ['[Age] > 1234567890123456', 'E609 1234567890123456'],
  ['did [Order paid] in last 101 years', 'E610 101 years'],
])('customers who %s', (clause, problem) => {
  expect(errorsOf(`customers who ${clause}`)).toEqual([problem])
})

describe('the header', () => {
  test.each([
    ['language version 2 everyone', 'E501 2'],
    ['owner: "a" owner: "b" everyone', 'E502 owner: "b"'],
    ['purpose: "x" everyone', 'E503 "x"'],
    ['recipient: [Own brand], [Partner] everyone', 'E503 [Partner]'],
    ['as of: today everyone', 'E503 today'],
    ['time zone: "Shanghai" everyone', 'E504 "Shanghai"'],
    ['time zone: "Asia/Nowhere" everyone', 'E504 "Asia/Nowhere"'],
  ])('%s', (text, problem) => {
    expect(errorsOf(text)).toEqual([problem])
  })
})

describe('parameters', () => {
  const text = 'parameter $min customers who [Age] > $min'

  test('need a value, from the text or from outside', () => {
    expect(errorsOf(text)).toEqual(['E311 $min'])
    expect(errorsOf(text, { min: 30 })).toEqual([])
    expect(errorsOf(text, { min: '30' })).toEqual([])
    expect(errorsOf(text, { min: [30, 40] })).toEqual(['E418 $min'])
    expect(errorsOf(text, { min: 'many' })).toEqual(['E404 $min'])
    expect(errorsOf(text, { min: 1e21 })).toEqual(['E404 $min'])
  })

  test('are declared once, and only declared ones are given', () => {
    expect(errorsOf(`parameter $min = 2 ${text}`)).toEqual(['E314 $min'])
    expect(errorsOf(text, { min: 3, max: 4 })).toEqual(['E315'])
    expect(errorsOf(text, { min: 3, toString: 4 })).toEqual(['E315'])
    expect(errorsOf('parameter $constructor customers who [Age] > $constructor')).toEqual([
      'E311 $constructor',
    ])
  })
})

describe('limits', () => {
  const joined = (count: number) =>
    `customers who ${Array.from({ length: count }, () => '[Age] > 3').join(' and ')}`

  test('64 tests, counting those inside where', () => {
    expect(errorsOf(joined(64))).toEqual([])
    expect(errorsOf(joined(65)).map((problem) => problem.slice(0, 4))).toEqual(['E606'])
    const inside = `${joined(63)} and did [Order paid] where ([Quantity] > 1) ever`
    expect(errorsOf(inside).map((problem) => problem.slice(0, 4))).toEqual(['E606'])
  })

  test('500 values of a list', () => {
    const list = (count: number) =>
      `customers who [Age] in (${Array.from({ length: count }, (_, at) => at).join(',')})`
    expect(errorsOf(list(500))).toEqual([])
    expect(errorsOf(list(501)).map((problem) => problem.slice(0, 4))).toEqual(['E607'])
  })

  test('five steps of a sequence', () => {
    const steps = (count: number) =>
      `customers who did in order ([Refund]${' then [Refund]'.repeat(count - 1)}) ever`
    expect(errorsOf(steps(5))).toEqual([])
    expect(errorsOf(steps(6)).map((problem) => problem.slice(0, 4))).toEqual(['E608'])
  })
})

test('all mistakes are reported at once, in the order of the text', () => {
  const text = `purpose: [Nothing]
customers who [Agee] > 30 and [CLV] > 3 and did [Ordr paid] where ([Amout] > 3) in last 0 days
  and sum([Order paid].[Category] in last 400 years) > "x"
exclude have tag [Nobody]`
  expect(errorsOf(text)).toEqual([
    'E307 [Nothing]',
    'E301 [Agee]',
    'E402 3',
    'E302 [Ordr paid]',
    'E408 0',
    'E413 [Category]',
    'E610 400 years',
    'E304 [Nobody]',
  ])
})

test('a tree with holes is checked as far as it goes and never becomes a rule', () => {
  const { ast, partial } = parse('customers who [Age] > and [Agee] > 3')
  expect(ast).toBeUndefined()
  if (partial === undefined) throw new Error('the second clause can be read')
  const { rule, diagnostics } = check(partial, shopCatalog)
  expect(rule).toBeUndefined()
  expect(diagnostics.map(({ code }) => code)).toEqual(['E301'])
})
