import { describe, expect, test } from 'vitest'
import { format, parse, readRule, resolvedSkeleton, translate } from '#grammar'
import { examples } from '../support/examples.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

/** Chinese without any space outside texts, names and comments; lines stay, since a comment ends with its line. */
const glued = (text: string): string =>
  text.replace(/("[^"\n]*"|\[[^\]\n]*\]|\/\/[^\n]*)|[ \t]+/g, '$1')

describe.each(examples)('$topic', ({ en, zh }) => {
  test('is the same tree in both languages', () => {
    const english = parse(en)
    const chinese = parse(zh)
    expect(english.diagnostics).toEqual([])
    expect(chinese.diagnostics).toEqual([])
    expect([english.surface, chinese.surface]).toEqual(['en', 'zh'])
    const [one, two] = [english.ast, chinese.ast]
    if (one === undefined || two === undefined) throw new Error('a tree without errors')
    expect(resolvedSkeleton(two, shopCatalog)).toEqual(resolvedSkeleton(one, shopCatalog))
  })

  test('has one hash, written in English, in Chinese and in Chinese without spaces', () => {
    const { rule, ruleHash } = readRule(en, shopCatalog)
    expect(rule).toBeDefined()
    expect(ruleHash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(readRule(zh, shopCatalog).ruleHash).toBe(ruleHash)
    expect(readRule(glued(zh), shopCatalog).ruleHash).toBe(ruleHash)
  })

  test('is formatted to the same text from either language, once and for all', () => {
    for (const to of ['en', 'zh'] as const) {
      const fromEnglish = translate(en, to, shopCatalog)
      const fromChinese = translate(zh, to, shopCatalog)
      expect(fromChinese).toEqual(fromEnglish)
      if (!fromEnglish.ok) throw new Error('a rule without errors')
      const again = parse(fromEnglish.text).ast
      if (again === undefined) throw new Error('a formatted rule is a rule')
      expect(format(again, to, shopCatalog)).toBe(fromEnglish.text)
    }
  })
})

test('the formatted examples are what a reader expects', async () => {
  const texts = examples.flatMap(({ topic, en }) =>
    (['en', 'zh'] as const).map((to) => {
      const translated = translate(en, to, shopCatalog)
      return `// ${topic}\n${translated.ok ? translated.text : 'refused'}`
    }),
  )
  await expect(texts.join('\n\n')).toMatchFileSnapshot('./examples.snap.txt')
})
