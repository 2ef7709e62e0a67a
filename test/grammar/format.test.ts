import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { format, parse, resolvedSkeleton } from '#grammar'
import type { RuleAst } from '#grammar'
import { ruleTree } from '../support/rule-trees.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

const read = (text: string): RuleAst => {
  const { partial } = parse(text)
  if (partial === undefined) throw new Error(`not a rule: ${text}`)
  return partial
}

const written = (text: string, to: 'en' | 'zh' = 'en') => format(read(text), to, shopCatalog)

test('every tree is written and read back the same in both languages', () => {
  fc.assert(
    fc.property(ruleTree, (tree) => {
      const meaning = resolvedSkeleton(tree, shopCatalog)
      for (const to of ['en', 'zh'] as const) {
        const text = format(tree, to, shopCatalog)
        const back = read(text)
        expect(resolvedSkeleton(back, shopCatalog)).toEqual(meaning)
        expect(format(back, to, shopCatalog)).toBe(text)
      }
    }),
    { numRuns: 400 },
  )
})

test('a rule written without any space outside its texts and names means the same in Chinese', () => {
  fc.assert(
    fc.property(ruleTree, (tree) => {
      const text = format(tree, 'zh', shopCatalog)
      const glued = text.replace(/("(?:[^"\\]|\\.)*"|\[[^\]]*\])|\s+/g, '$1')
      expect(resolvedSkeleton(read(glued), shopCatalog)).toEqual(
        resolvedSkeleton(tree, shopCatalog),
      )
    }),
    { numRuns: 300 },
  )
})

test('comments stay with the clause that they precede, in either language', () => {
  const text = `# who
audience "A" // header
customers who
  // old enough
  [Age] > 30 // near us
  and (
    // either city
    [City] is "Shanghai"
    // or the other
    or [City] is "Hangzhou"
  )
// not these
exclude customers who [Gender] is "Male"
// the end`
  expect(written(text)).toBe(`// who
audience "A"
// header
customers who
  // old enough
  [Age] > 30
  // near us
  and (
    // either city
    [City] is "Shanghai"
    // or the other
    or [City] is "Hangzhou"
  )
// not these
exclude customers who [Gender] is "Male"
// the end`)
  expect(written(written(text, 'zh'))).toBe(written(text))
})

test('above a hundred columns every clause has its line, and a Chinese character takes two', () => {
  const clause = '[Age] > 30'
  const fits = `customers who ${Array.from({ length: 6 }, () => clause).join(' and ')}`
  expect(written(fits)).toBe(fits)
  expect(written(`${fits} and ${clause}`).split('\n')).toHaveLength(8)
  const chinese = `客户满足 ${Array.from({ length: 6 }, () => '[常驻城市] 有值').join(' 且 ')}`
  expect(chinese.length).toBeLessThan(100)
  expect(written(chinese, 'zh').split('\n')).toHaveLength(7)
})

test('order and parentheses stay; a name the catalogue does not know stays as written', () => {
  const text = 'customers who ([Nobody] is "x" or [年龄] > 30) and ([Age] < 20)'
  expect(written(text)).toBe(text.replace('年龄', 'Age'))
})

test('a label that means two things, or cannot stand in brackets, gives way to the id', () => {
  const [age] = shopCatalog.attributes
  if (age === undefined) throw new Error('the shop has attributes')
  const confusing = {
    ...shopCatalog,
    attributes: [
      { ...age, id: 'a.one', label: { en: 'Same', zh: '甲' } },
      { ...age, id: 'a.two', label: { en: 'Same', zh: '乙' } },
      { ...age, id: 'a.three', label: { en: 'Three (3)', zh: '丙' } },
    ],
  }
  const tree = read('客户满足 [甲] > 1 且 [丙] > 2')
  expect(format(tree, 'en', confusing)).toBe('customers who [a.one] > 1 and [a.three] > 2')
  expect(format(tree, 'zh', confusing)).toBe('客户满足 [甲] > 1 且 [丙] > 2')
})
