import { describe, expect, test } from 'vitest'
import { parse, readRule, renderDiagnostic } from '#grammar'
import type { Diagnostic } from '#grammar'
import { shopCatalog } from '../support/shop-catalog.ts'
import { problemsOf } from '../support/rules.ts'

/** Text → code and words of everything that is wrong with it. */
const mistakes: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing', '', ['E202']],
  ['no head', '[Age] > 30', ['E201 [Age]']],
  ['no condition', 'customers who', ['E202']],
  ['no value', 'customers who [Age] >', ['E202']],
  ['a character without meaning', 'customers who [Age] > 30。', ['E101 。']],
  ['an open text', 'customers who [City] is "Shanghai', ['E102 "Shanghai']],
  ['an open name', 'customers who [Age > 30', ['E103 [Age > 30', 'E202']],
  ['an impossible date', 'customers who [Joined on] is 2026-02-30', ['E104 2026-02-30']],
  [
    'a name with a bracket inside',
    'customers who [Age (years)] > 30',
    ['E105 [Age (years)]', 'E301 [Age (years)]'],
  ],
  ['an unknown escape', 'customers who [Nickname] is "a\\d"', ['E106 \\d']],
  ['a misspelt keyword', 'customers who did [Order paid] at leest 3 times ever', ['E205 at leest']],
  ['a misspelt verb', 'customers who didd [Order paid] ever', ['E205 didd']],
  ['a misspelt Chinese keyword', '客户满足 [城市] 属与 ("上海")', ['E205 属与']],
  ['a missing parenthesis', 'customers who ([Age] > 30 and [City] is known', ['E203 (']],
  [
    'a list that is not closed',
    'customers who [City] in ("Shanghai", "Beijing" and [Age] > 3',
    ['E203 ('],
  ],
  ['a surplus parenthesis', 'customers who [Age] > 30) and [City] is known', ['E207 )']],
  [
    'and with or',
    'customers who [Age] > 30 or [Age] < 20 and [City] is known',
    ['E204 or [Age] < 20 and'],
  ],
  [
    'no window',
    'customers who did [Order paid] at least 3 times',
    ['E206 did [Order paid] at least 3 times'],
  ],
  ['two windows', '客户满足 近 3 天 内 做过 [支付订单] 本月', ['E206 本月']],
  [
    'no window in an aggregate',
    'customers who sum([Order paid].[Amount]) > 5 CNY',
    ['E206 [Order paid].[Amount]'],
  ],
  [
    'behaviour inside where',
    'customers who did [Order paid] where (did [Refund] ever) ever',
    ['E208 did [Refund] ever'],
  ],
  [
    'two counts',
    'customers who did [Order paid] at least 1 time at most 3 times ever',
    ['E209 at most 3 times', 'W204 at least 1 time'],
  ],
  [
    'a field without colon',
    'purpose [Win-back marketing]\ncustomers who [Age] > 30',
    ['E201 [Win-back marketing]'],
  ],
  ['a sample without percent sign', 'customers who [Age] > 30 sample 10 seed "a"', ['E201 10']],
  ['a doubled word', 'customers who [Age] > 30 and and [City] is known', ['E201 and']],
]

test.each(mistakes)('%s', (_, text, problems) => {
  const withoutWarnings = problems.filter((problem) => problem.startsWith('E'))
  expect(problemsOf(text).filter((problem) => problem.startsWith('E'))).toEqual(withoutWarnings)
})

test('one mistake does not hide the next, nor an unknown name behind it', () => {
  const text = `customers who did [Order paid] at leest 3 times ever
  and [Age] >
  and [Cty] is "Shanghai"
  and ([City] in ("Shanghai" "Beijing") or [Age] betwen 1 and 2)
exclude [Gender] is
sample 10% sed "x"`
  expect(problemsOf(text)).toEqual([
    'E205 at leest',
    'E201 and',
    'E301 [Cty]',
    'E201 "Beijing"',
    'E205 betwen',
    'E201 sample',
    'E205 sed',
  ])
})

const fixesOf = (text: string): readonly string[] =>
  readRule(text, shopCatalog).diagnostics.flatMap(({ fixes = [] }) =>
    fixes.map(({ edits }) =>
      [...edits]
        .sort((a, b) => b.span.start - a.span.start)
        .reduce(
          (left, { span, text: put }) => left.slice(0, span.start) + put + left.slice(span.end),
          text,
        ),
    ),
  )

describe('a fix writes what was meant', () => {
  test.each([
    [
      'customers who [Age] > 30 or [Age] < 20 and [City] is known',
      [
        'customers who ([Age] > 30 or [Age] < 20) and [City] is known',
        'customers who [Age] > 30 or ([Age] < 20 and [City] is known)',
      ],
    ],
    [
      'customers who did [Refund]',
      ['customers who did [Refund] in last 90 days', 'customers who did [Refund] ever'],
    ],
    ['客户满足 做过 [退款]', ['客户满足 近 90 天 内 做过 [退款]', '客户满足 历史上 做过 [退款]']],
    ['[Age] > 30', ['customers who [Age] > 30']],
    ['[年龄] > 30', ['客户满足 [年龄] > 30']],
    ['customers who ([Age] > 30', ['customers who ([Age] > 30)']],
    ['customers who [Age] > 30)', ['customers who [Age] > 30']],
    ['customers who [Age] > 30。', ['customers who [Age] > 30']],
    ['customers who [Age] betwean 1 and 2', ['customers who [Age] between 1 and 2']],
    ['customers who [CLV] > 1000', ['customers who [CLV] > 1000 CNY']],
    ['customers who [Churn probability] > 0.7', ['customers who [Churn probability] > 70%']],
    ['customers who [City] is Shanghai', ['customers who [City] is "Shanghai"']],
  ])('%s', (text, fixed) => {
    expect(fixesOf(text)).toEqual(fixed)
    const hasPlaceholder = /in last 90 days|近 90 天/
    for (const result of fixed) {
      if (hasPlaceholder.test(result)) continue
      const errors = readRule(result, shopCatalog).diagnostics.filter(
        ({ severity }) => severity === 'error',
      )
      expect(errors).toEqual([])
    }
  })
})

const only = (text: string): Diagnostic => {
  const [found, ...others] = parse(text).diagnostics
  if (found === undefined || others.length > 0) throw new Error(`one diagnostic: ${text}`)
  return found
}

test('few expected words are listed in the language of the author, many by what they are', () => {
  const english = only('purpose [x]\ncustomers who [Age] > 30')
  expect(renderDiagnostic(english, 'en')).toBe('`[x]` stands where `:` should be')
  const times = only('客户满足 近 3 天 内 做过 [支付订单] 至少 3 回')
  expect(renderDiagnostic(times, 'zh')).toBe('`回` 处应为`次`、`种`或`天`')
  expect(renderDiagnostic(times, 'en')).toBe('`回` stands where `次`, `种` or `天` should be')
  const value = only('customers who [Age] >')
  expect(renderDiagnostic(value, 'en')).toBe('the rule ends where a value should be')
  expect(renderDiagnostic(value, 'zh')).toBe('规则在此结束，此处应为值')
})

describe('limits hold before the parser runs', () => {
  test('16 KB of text', () => {
    const [found] = parse(`customers who [Age] > 30 // ${'x'.repeat(17_000)}`).diagnostics
    expect(found?.code).toBe('E603')
  })

  test('2,000 tokens', () => {
    const [found] = parse(`customers who ${'a '.repeat(2_100)}`).diagnostics
    expect(found?.code).toBe('E605')
  })

  test('24 levels of parentheses and "not", and not one more', () => {
    const nested = (depth: number, open: string, close: string) =>
      parse(`customers who ${open.repeat(depth)}[Age] > 30${close.repeat(depth)}`)
    for (const [open, close] of [
      ['(', ')'],
      ['not ', ''],
    ] as const) {
      expect(nested(24, open, close).ast).toBeDefined()
      expect(nested(25, open, close).diagnostics.map(({ code }) => code)).toEqual(['E602'])
      expect(nested(900, open, close).diagnostics.map(({ code }) => code)).toEqual(['E602'])
    }
  })
})
