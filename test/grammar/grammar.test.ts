import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RuleGrammar } from '../../grammar/syntax/rule-grammar.ts'
import { ebnf, keywordTable } from '../support/ebnf.ts'

const reference = readFileSync('grammar/README.md', 'utf8')

test('one token of look-ahead decides everywhere: no alternative is ambiguous', () => {
  // The parser that serves rules leaves this analysis out, because it takes longer than reading a rule.
  expect(() => new RuleGrammar(false)).not.toThrow()
})

test('the reference prints the grammar that the parser was built with', () => {
  expect(reference).toContain(`\n${ebnf()}\n`)
})

test('the reference lists every keyword', () => {
  expect(reference).toContain(`\n${keywordTable()}\n`)
})
