import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { format, parse, readRule, renderDiagnostic, tokenise } from '#grammar'
import type { RuleAst } from '#grammar'
import { concepts, keywords } from '../../grammar/syntax/keywords.ts'
import type { Spellings } from '../../grammar/syntax/keywords.ts'
import { examples } from '../support/examples.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

const spellings = concepts.flatMap((concept) => {
  const { en, zh }: Spellings = keywords[concept]
  return [...en, ...zh]
})
const signs = [
  '(',
  ')',
  '（',
  '）',
  '[City]',
  '【城市】',
  '"a"',
  '“上海”',
  '"',
  '[',
  '$min',
  '3',
  '10%',
  '2026-06-18',
  '2026-13-01',
  '>=',
  '!=',
  ',',
  ';',
  ':',
  '.',
  '//',
  '#',
  '\n',
  '元',
  'USD',
  '\\',
  '。',
  '\ud800',
  '😀',
  '客户',
  'foo',
]

/** Words of the language in any order, and any characters at all. */
const wordSoup = fc
  .array(fc.oneof(fc.constantFrom(...spellings), fc.constantFrom(...signs)), { maxLength: 40 })
  .map((words) => `customers who ${words.join(' ')}`)

/** An example with some pieces cut out, doubled or swapped. */
const mutilated = fc
  .record({
    text: fc.constantFrom(...examples.flatMap(({ en, zh }) => [en, zh])),
    cuts: fc.array(
      fc.tuple(
        fc.nat(500),
        fc.nat(12),
        fc.constantFrom('', ' ', ')', '(', ' and ', '且', '"', 'x'),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  })
  .map(({ text, cuts }) =>
    cuts.reduce((left, [at, size, put]) => {
      const start = at % (left.length + 1)
      return left.slice(0, start) + put + left.slice(start + size)
    }, text),
  )

const anyText = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 2, arbitrary: wordSoup },
  { weight: 3, arbitrary: mutilated },
)

/** What is read can be written, whatever names it holds, and reads back the same. */
function expectStable(ast: RuleAst): void {
  const english = format(ast, 'en', shopCatalog)
  const again = parse(english).ast
  if (again === undefined) throw new Error(`unreadable: ${english}`)
  expect(format(again, 'en', shopCatalog)).toBe(english)
}

test('any text is read without an exception, and every complaint has a place inside it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { rule, ast, diagnostics } = readRule(text, shopCatalog)
      expect(rule === undefined || ast !== undefined).toBe(true)
      if (ast === undefined)
        expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
      if (ast !== undefined) expectStable(ast)
      for (const found of diagnostics) {
        expect(found.span.start).toBeGreaterThanOrEqual(0)
        expect(found.span.end).toBeGreaterThanOrEqual(found.span.start)
        expect(found.span.end).toBeLessThanOrEqual(text.length)
        expect(renderDiagnostic(found, 'en')).not.toBe('')
        expect(renderDiagnostic(found, 'zh')).not.toBe('')
      }
    }),
    { numRuns: 200 },
  )
})

test('coloured tokens lie in order, inside the text and beside each other', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let end = 0
      for (const { span } of tokenise(text)) {
        expect(span.start).toBeGreaterThanOrEqual(end)
        expect(span.end).toBeGreaterThan(span.start)
        end = span.end
      }
      expect(end).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 400 },
  )
})
