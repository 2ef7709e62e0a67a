import { describe, expect, test } from 'vitest'
import { en } from '../../grammar/messages/en.ts'
import { zhCN } from '../../grammar/messages/zh-CN.ts'
import { readRule, renderDiagnostic } from '#grammar'
import { shopCatalog } from '../support/shop-catalog.ts'

/** Arguments that fit any code: every message takes some of them. */
const everything = {
  character: 'x',
  date: 'x',
  name: 'x',
  escape: 'x',
  found: 'x',
  expected: ['x'],
  category: 'value',
  words: ['x', 'y'],
  word: 'x',
  suggestions: ['x', 'y'],
  event: 'x',
  field: 'x',
  candidates: ['x', 'y'],
  value: 'x',
  type: 'date',
  otherType: 'text',
  comparison: 'x',
  currency: 'CNY',
  scale: 2,
  low: 1,
  high: 5,
  other: 'x',
  least: 1,
  most: 9,
  aggregate: 'x',
  wanted: true,
  version: 'x',
  zone: 'x',
  dataClass: 'S4',
  limit: 9,
  days: 9,
  wholeDigits: 9,
  decimals: 9,
  years: 9,
}

const sentences = (messages: object): readonly (readonly [string, string])[] =>
  Object.entries(messages).map(([code, write]: [string, (args: unknown) => string]) => [
    code,
    write(everything),
  ])

test('both languages have a sentence for every code', () => {
  expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort())
  for (const [, sentence] of [...sentences(en), ...sentences(zhCN)]) {
    expect(sentence).not.toContain('undefined')
  }
})

describe('every sentence is in the style of the house', () => {
  test.each(sentences(en))('%s in English: %s', (_, sentence) => {
    expect(sentence).toMatch(/^[a-z`]/)
    expect(sentence).not.toMatch(/[.!]$/)
    expect(sentence).not.toMatch(/\byou\b|\byour\b|please|sorry/i)
  })

  test.each(sentences(zhCN))('%s in Chinese: %s', (_, sentence) => {
    expect(sentence).toMatch(/[\u4e00-\u9fff]/)
    expect(sentence).not.toMatch(/[。！]$|[你您请]/)
  })
})

test('a mistake in English can be read in Chinese, and the other way round', () => {
  const [english] = readRule('customers who [Agee] > 30', shopCatalog).diagnostics
  const [chinese] = readRule('客户满足 [城事] 有值', shopCatalog).diagnostics
  if (english === undefined || chinese === undefined) throw new Error('both names are wrong')
  expect(renderDiagnostic(english, 'zh')).toBe('没有名为 `Agee` 的属性，是否指 `Age`')
  expect(renderDiagnostic(chinese, 'en')).toBe('there is no attribute `城事`; perhaps `城市`')
})
