import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completionsAt, readRule, tokenise } from '#grammar'
import { romanise } from '#grammar/pinyin'
import { examples } from '../support/examples.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

const offered = (text: string): readonly string[] =>
  completionsAt(text, text.length, shopCatalog).items.map((item) => item.text)

/** The text with the first item in the place of what was being written. */
const completed = (text: string): string => {
  const { from, items } = completionsAt(text, text.length, shopCatalog)
  return text.slice(0, from) + (items[0]?.text ?? '')
}

describe('what is begun is completed', () => {
  test.each([
    ['cust', 'customers who'],
    ['customers wh', 'customers who'],
    ['customers who Ci', 'customers who [City]'],
    ['customers who [Hom', 'customers who [Home city]'],
    ['customers who [City] is "Sh', 'customers who [City] is "Shanghai"'],
    ['customers who [City] is ', 'customers who [City] is "Shanghai"'],
    ['customers who [City] in ("Shanghai", "Ha', 'customers who [City] in ("Shanghai", "Hangzhou"'],
    ['customers who did [Order paid] at le', 'customers who did [Order paid] at least'],
    ['customers who did [Order paid] in la', 'customers who did [Order paid] in last'],
    [
      'customers who did [Order paid] where ([Cat',
      'customers who did [Order paid] where ([Category]',
    ],
    ['customers who sum([Order paid].', 'customers who sum([Order paid].[Amount]'],
    [
      'customers who have any tag ([Coffee lover], [Lo',
      'customers who have any tag ([Coffee lover], [Loves camping]',
    ],
    ['purpose: [Win', 'purpose: [Win-back marketing]'],
    ['channel: [SMS], ', 'channel: [SMS], [SMS]'],
    ['customers who in audience [D', 'customers who in audience [Double-11 buyers]'],
    [
      'parameter $min = 3 customers who [Age] > $m',
      'parameter $min = 3 customers who [Age] > $min',
    ],
    ['客户满', '客户满足'],
    ['客户满足 城', '客户满足 [城市]'],
    ['客户满足 [年龄] > 3 且城', '客户满足 [年龄] > 3 且[城市]'],
    ['客户满足 [城市] 属于 ("上', '客户满足 [城市] 属于 ("上海"'],
    ['客户满足 近 90 天 内 依次', '客户满足 近 90 天 内 依次做过'],
    ['客户满足 [性别] 为 ', '客户满足 [性别] 为 "女"'],
  ])('%s', (text, expected) => {
    expect(completed(text)).toBe(expected)
  })
})

test('only what fits the place and the type is offered', () => {
  expect(offered('customers who did ').every((text) => text.startsWith('['))).toBe(true)
  expect(offered('customers who did ')).toContain('[Order paid]')
  expect(offered('customers who did ')).not.toContain('[Raw event]')
  expect(offered('customers who ')).not.toContain('[Mobile]')
  expect(offered('customers who [City] ')).not.toContain('contains')
  expect(offered('customers who [City] ')).not.toContain('between')
  expect(offered('customers who [Age] ')).toContain('between')
  expect(offered('customers who [Nickname] ')).toContain('contains')
  expect(offered('customers who [City] is ')).toContain('[Home city]')
  expect(offered('customers who [City] is ')).not.toContain('[Age]')
  expect(offered('customers who [Phone verified] is ')).toEqual(
    expect.arrayContaining(['yes', 'no', '[Phone verified]']),
  )
  expect(offered('customers who did [Order paid] where (')).not.toContain('did')
  expect(offered('customers who did [Order paid] at least 3 ')).toEqual([
    'times',
    'different',
    'days',
  ])
  expect(offered('客户满足 近 90 ')).toContain('天')
  expect(offered('customers who [Age] > 3 // c')).toEqual([])
})

test('pinyin finds Chinese names where a romaniser is at hand', () => {
  for (const written of ['chengs', 'cs']) {
    const text = `客户满足 ${written}`
    const { from, items } = completionsAt(text, text.length, shopCatalog, { romanise })
    expect([from, items[0]?.text]).toEqual([5, '[城市]'])
  }
})

test('an empty text is begun in the language of the reader', () => {
  const first = (surface: 'en' | 'zh') =>
    completionsAt('', 0, shopCatalog, { surface }).items.map((item) => item.text)
  expect(first('en')).toContain('customers who')
  expect(first('zh')).toContain('客户满足')
})

test('completion answers at every place of every example, from inside the text', () => {
  const texts = examples.flatMap(({ en, zh }) => [en, zh])
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), (text, at) => {
      const offset = at % (text.length + 1)
      const { from } = completionsAt(text, offset, shopCatalog)
      expect(from).toBeGreaterThanOrEqual(0)
      expect(from).toBeLessThanOrEqual(offset)
    }),
    { numRuns: 60 },
  )
})

test('a keyword that is offered after a finished word can be read there', () => {
  const text = 'customers who did [Order paid] at least 3 '
  for (const word of offered(text)) {
    const { diagnostics } = readRule(`${text}${word} `, shopCatalog)
    expect(
      diagnostics.every(
        ({ span }) => span.start > text.length || span.end <= text.length + word.length + 1,
      ),
    ).toBe(true)
  }
})

test('every word of a rule has a colour', () => {
  const text = '客户满足 [城市] 为 "上海" 且 年龄 >= $min // x'
  const kinds = tokenise(text).map(
    ({ kind, span }) => `${kind} ${text.slice(span.start, span.end)}`,
  )
  expect(kinds).toEqual([
    'keyword 客户满足',
    'name [城市]',
    'keyword 为',
    'text "上海"',
    'keyword 且',
    'word 年龄',
    'operator >=',
    'parameter $min',
    'comment // x',
  ])
  expect(tokenise('customers who [Age is "x').map(({ kind }) => kind)).toEqual([
    'keyword',
    'error',
    'error',
  ])
})
