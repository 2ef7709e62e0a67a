/**
 * What may come next, by trying: each token type is appended to the tokens read so far, and those that the grammar
 * does not stumble over are the answer. Exact, since the grammar looks one token ahead.
 */
import type { IToken, TokenType } from 'chevrotain'
import { makeToken } from './lex.ts'
import { RuleGrammar } from './rule-grammar.ts'
import { shapes, vocabulary } from './tokens.ts'

/** One parser for all: building it takes far longer than reading a rule, and it keeps no state between rules. */
export const grammar = new RuleGrammar()

const samples = new Map<TokenType, string>([
  [shapes.Text, '"x"'],
  [shapes.Name, '[x]'],
  [shapes.Variable, '$x'],
  [shapes.Date, '2026-01-01'],
  [shapes.Percent, '5%'],
  [shapes.Number, '3'],
])

const never: ReadonlySet<TokenType> = new Set<TokenType>([
  shapes.Space,
  shapes.Comment,
  shapes.BadName,
  shapes.UnclosedText,
  shapes.UnclosedName,
  shapes.HanStretch,
  shapes.LatinStretch,
  shapes.Hole,
])

const candidates = vocabulary.filter((type) => !never.has(type))

export function expectedAfter(prefix: readonly IToken[]): TokenType[] {
  return candidates.filter((type) => {
    const sample = makeToken(type, samples.get(type) ?? 'x', 0, 1)
    const result = grammar.read([...prefix, sample])
    return !('unexpected' in result) || result.unexpected !== sample
  })
}

/** Whether the rule may end here. */
export const mayEndAfter = (prefix: readonly IToken[]): boolean => 'ast' in grammar.read(prefix)
