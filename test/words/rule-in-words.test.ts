import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckedRule, Test } from '../../grammar/check/checked-rule.ts'
import { ruleInWords } from '../../grammar/words/index.ts'
import { checkedRule, sequenceTest, wholeLanguage } from '../support/arbitraries.ts'
import {
  and,
  attribute,
  compare,
  did,
  money,
  not,
  number,
  or,
  propertyType,
  ruleOf,
  shanghai,
} from '../support/cases.ts'
import { testCatalog } from '../support/test-catalog.ts'
import { anyRun } from '../support/worlds.ts'

const use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'own_brand' }
const words = (rule: CheckedRule) => ruleInWords(rule, testCatalog, { ...shanghai, use })

/** The only clause of a rule, without its number. */
function clause(include: Test): { en: string | undefined; zh: string | undefined } {
  const { en, zh } = words(ruleOf(include))
  return { en: en[1]?.replace(/^1\. /, ''), zh: zh[1]?.replace(/^1\. /, '') }
}

const winback: CheckedRule = ruleOf(
  and(
    {
      kind: 'metric',
      metric: {
        kind: 'aggregate',
        fn: 'sum',
        event: { event: 'order_paid' },
        window: { kind: 'last', count: 365, unit: 'day' },
        property: { id: 'amount', type: propertyType('order_paid', 'amount') },
      },
      type: propertyType('order_paid', 'amount'),
      test: compare('>=', money('5000')),
    },
    {
      kind: 'occurrence',
      which: 'last',
      event: { event: 'order_paid' },
      test: {
        kind: 'happened',
        when: { kind: 'ago', op: '>', duration: { count: 90, unit: 'day' } },
      },
    },
    or(
      attribute('home_city', compare('=', { kind: 'enum', value: 'shanghai' })),
      not(did({ kind: 'last', count: 60, unit: 'day' }, { event: 'app_opened' })),
    ),
  ),
  {
    exclude: [attribute('age', compare('<', number('18')))],
    sample: { percent: '90', seed: 'winback-2026-06' },
  },
)

test('a whole rule in English', () => {
  expect(words(winback).en).toEqual([
    'As of 2026-08-23 09:00 Asia/Shanghai, customers who meet all of these:',
    '1. The total of [Amount] over [Order paid] in the last 365 days (2025-08-23 00:00 → 2026-08-23 09:00 Asia/Shanghai) is at least 5000 CNY. For someone who never did it, the figure is 0.',
    '2. The last [Order paid] was more than 90 days ago (before 2026-05-25 00:00 Asia/Shanghai). Someone who never did it does not meet this.',
    '3. At least one of these:',
    '3.1. [Home city] is “Shanghai”. Someone whose [Home city] is unknown does not meet this.',
    '3.2. Did not do [App opened] in the last 60 days (2026-06-24 00:00 → 2026-08-23 09:00 Asia/Shanghai).',
    'Left out: [Age] is less than 18. Someone whose [Age] is unknown is not left out.',
    'Of these, 90% are kept, always the same people for the seed “winback-2026-06”.',
    'Then, automatically: only people who agreed to [Win-back marketing] by [SMS] from [Own brand], as things stand at the moment of the run. No record of consent means no; minors are left out.',
  ])
})

test('the same rule in Chinese', () => {
  expect(words(winback).zh).toEqual([
    '截至 2026-08-23 09:00（Asia/Shanghai），同时满足以下全部条件的客户：',
    '1. 近 365 天内（2025-08-23 00:00 → 2026-08-23 09:00 Asia/Shanghai）[支付订单]的[实付金额]合计至少 5000 元。从未做过的客户，该数值按 0 计算。',
    '2. 最近一次[支付订单]距今超过 90 天（早于 2026-05-25 00:00 Asia/Shanghai）。从未做过的客户不满足此条。',
    '3. 满足以下任意一项：',
    '3.1. [常驻城市]为“上海”。[常驻城市]未知的客户不满足此条。',
    '3.2. 近 60 天内（2026-06-24 00:00 → 2026-08-23 09:00 Asia/Shanghai）未做过[打开应用]。',
    '排除：[年龄]低于 18。[年龄]未知的客户不会被排除。',
    '从中抽取 90%；种子“winback-2026-06”不变，抽中的人就不变。',
    '然后自动：只包含已同意[本品牌]通过[短信]用于[唤回营销]的人，以运行当时的状态为准。没有同意记录即视为不同意；未成年人一律不包含。',
  ])
})

describe('negation', () => {
  test('is a sentence of its own where the opposite is exact', () => {
    expect(clause(not(attribute('age', compare('=', number('30')))))).toEqual({
      en: '[Age] is not 30. Someone whose [Age] is unknown meets this too.',
      zh: '[年龄]不为 30。[年龄]未知的客户也算满足此条。',
    })
    expect(clause(not(did({ kind: 'ever' })))).toEqual({
      en: 'Never did [Order paid] (up to 2026-08-23 09:00 Asia/Shanghai).',
      zh: '从未做过[支付订单]。',
    })
    const thrice = did(
      { kind: 'today' },
      { event: 'order_paid' },
      { kind: 'compare', op: '>=', value: 3 },
    )
    expect(clause(not(thrice)).en).toMatch(/^Did \[Order paid\] fewer than 3 times today/)
    const tagged: Test = { kind: 'tags', quantifier: 'any', tags: ['coffee', 'camping'] }
    expect(clause(not(tagged)).zh).toBe('没有标签[咖啡爱好者]或[爱露营]。')
  })

  test('never turns "not more than" into "at most", which would lose the unknown', () => {
    expect(clause(not(attribute('age', compare('>', number('30')))))).toEqual({
      en: 'It is not true that [Age] is more than 30. Someone whose [Age] is unknown meets this too.',
      zh: '不满足：[年龄]超过 30。[年龄]未知的客户也算满足此条。',
    })
  })

  test('of a group is said above its parts', () => {
    const either = or(attribute('age', { kind: 'known' }), attribute('height', { kind: 'known' }))
    expect(words(ruleOf(not(either))).en.slice(0, 3)).toEqual([
      'As of 2026-08-23 09:00 Asia/Shanghai, customers who meet none of these:',
      '1. [Age] is known.',
      '2. [Height] is known.',
    ])
  })
})

test('a sequence says its order, its limits and when an absence counts', () => {
  const abandoned = sequenceTest(
    { event: 'coupon_received' },
    [
      { event: { event: 'app_opened' }, within: { count: 7, unit: 'day' }, absent: false },
      { event: { event: 'order_paid' }, within: { count: 24, unit: 'hour' }, absent: true },
    ],
    { kind: 'last', count: 1, unit: 'month' },
  )
  expect(clause(abandoned)).toEqual({
    en: 'Did, in this order in the last month (2026-07-23 00:00 → 2026-08-23 09:00 Asia/Shanghai): [Coupon received], then within 7 days [App opened], then within 24 hours no [Order paid]. Nobody counts as not having done it before the time for it is over.',
    zh: '近 1 个月内（2026-07-23 00:00 → 2026-08-23 09:00 Asia/Shanghai）依次做到：做过[领取优惠券]，然后 7 天内做过[打开应用]，然后 24 小时内未做过[支付订单]。期限届满之前，不会把任何人算作“未做过”。',
  })
})

test('an event window ends at "as of" in words too, the window of a value does not', () => {
  const window = {
    kind: 'from-to',
    from: { kind: 'date', value: '2026-08-01' },
    to: { kind: 'date', value: '2026-12-31' },
  } as const
  expect(clause(did(window)).en).toContain('2026-08-01 00:00 → 2026-08-23 09:00 Asia/Shanghai')
  const expires = attribute('expires_on', { kind: 'when', when: { kind: 'in', window } })
  expect(clause(expires).en).toContain('2026-08-01 00:00 → 2027-01-01 00:00 Asia/Shanghai')
})

test('values are said by their labels, and a region with all in it', () => {
  const zhejiang = attribute(
    'region',
    compare('=', { kind: 'region', value: '330000', codes: ['330000', '330100'] }),
  )
  expect(clause(zhejiang)).toEqual({
    en: '[Region] is “Zhejiang” (with everything in it). Someone whose [Region] is unknown does not meet this.',
    zh: '[地区]为“浙江省”（含下辖地区）。[地区]未知的客户不满足此条。',
  })
  const churn = attribute('churn', compare('>=', { kind: 'percent', value: '0.705' }))
  expect(clause(churn).zh).toMatch(/^\[流失概率\]至少 70\.5%。/)
  const verified = attribute('verified', compare('=', { kind: 'boolean', value: true }))
  expect(clause(verified).zh).toMatch(/^\[手机号已验证\]为是。/)
})

describe('the consent clause', () => {
  const lastLines = (rule: CheckedRule, withUse: boolean) => {
    const run = withUse ? { ...shanghai, use } : shanghai
    const { en, zh } = ruleInWords(rule, testCatalog, run)
    return [en.at(-1), zh.at(-1)]
  }
  const everyone: Test = { kind: 'everyone' }
  const header = { channels: ['sms', 'wecom'], purpose: 'marketing.general', recipient: 'agency' }

  test('stands last, whatever the rule says', () => {
    for (const line of lastLines(ruleOf(everyone), false)) {
      expect(line).toMatch(
        /^(Then, automatically: only people who agreed to|然后自动：只包含已同意)/,
      )
    }
  })

  test('names what the header proposes, unless the request says another use', () => {
    const proposed = lastLines(ruleOf(everyone, { header }), false)
    expect(proposed[0]).toContain('[General marketing] by [SMS] or [WeCom] from [Agency]')
    expect(proposed[1]).toContain('[代理商]通过[短信]或[企业微信]用于[一般营销]')
    const asked = lastLines(ruleOf(everyone, { header }), true)
    expect(asked[0]).toContain('[Win-back marketing] by [SMS] from [Own brand]')
  })
})

test('every rule has the same numbered sentences in both languages, whole and in its own script', () => {
  fc.assert(
    fc.property(checkedRule({ constructs: wholeLanguage }), anyRun, (rule, run) => {
      const { en, zh } = ruleInWords(rule, testCatalog, run)
      expect(zh).toHaveLength(en.length)
      for (const [index, english] of en.entries()) {
        const chinese = zh[index] ?? ''
        const ownNumber = (line: string) => /^[\d.]*/.exec(line)?.[0]
        expect(ownNumber(chinese)).toBe(ownNumber(english))
        expect(english).toMatch(/[.:]$/)
        expect(chinese).toMatch(/[。：]$/)
        for (const line of [english, chinese]) {
          expect(line).not.toMatch(/undefined|null|NaN|object Object|\s\s/)
        }
        const outsideQuotes = english.replaceAll(/“[^”]*”/g, '')
        expect(outsideQuotes).not.toMatch(/[\u4e00-\u9fff，。（）]/)
        const withoutNames = chinese.replaceAll(
          /\[[^\]]*\]|“[^”]*”|[A-Z][a-z]+\/[A-Z][A-Za-z_]+/g,
          '',
        )
        expect(withoutNames.replaceAll(/GBP/g, '')).not.toMatch(/[A-Za-z]{2}/)
      }
    }),
    { numRuns: 500 },
  )
})
