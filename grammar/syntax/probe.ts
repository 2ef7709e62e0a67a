/**
 * What may come next, by trying: each token type is appended to the tokens read so far, and those that the grammar
 * does not stumble over are the answer. Exact, since the grammar looks one token ahead.
 */
import type { IToken, TokenType } from 'chevrotain'
import { isBetweenAnd } from './between.ts'
import { makeToken } from './lex.ts'
import { RuleGrammar } from './rule-grammar.ts'
import { keywordToken, shapes, vocabulary } from './tokens.ts'

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

/** Answers by the types of the tokens, on which alone they depend: an editor asks the same thing at every key. */
const known = new Map<string, readonly TokenType[]>()
const maxKnown = 1_000

export function expectedAfter(prefix: readonly IToken[]): readonly TokenType[] {
  const shorter = shortened(prefix)
  const key = shorter.map(({ tokenTypeIdx }) => tokenTypeIdx).join(' ')
  const remembered = known.get(key)
  if (remembered !== undefined) return remembered
  const found = candidates.filter((type) => canFollow(shorter, type))
  if (known.size >= maxKnown) known.clear()
  known.set(key, found)
  return found
}

export const isExpectedAfter = (prefix: readonly IToken[], type: TokenType): boolean =>
  canFollow(shortened(prefix), type)

function canFollow(prefix: readonly IToken[], type: TokenType): boolean {
  const sample = makeToken(type, samples.get(type) ?? 'x', 0, 1)
  const result = grammar.read([...prefix, sample])
  return !('unexpected' in result) || result.unexpected !== sample
}

const head = makeToken(keywordToken('CustomersWho'), 'customers who', 0, 13)
const hole = makeToken(shapes.Hole, '', 0, 0)
const heads = new Set([keywordToken('CustomersWho'), keywordToken('Everyone')])
const sections = new Set([keywordToken('Exclude'), keywordToken('Sample')])
const separators = new Set<TokenType>([keywordToken('And'), keywordToken('Or'), shapes.Semicolon])

/**
 * The same place in a smaller rule: of each level of parentheses only the clause that is being written. After "and"
 * the same may follow as where the level began, and a long rule is parsed once for every candidate.
 */
function shortened(tokens: readonly IToken[]): readonly IToken[] {
  const headAt = tokens.findIndex(({ tokenType }) => heads.has(tokenType))
  const first = tokens[headAt]
  if (first === undefined) return tokens
  const kept = [first]
  const levels = [1]
  for (let at = headAt + 1; at < tokens.length; at++) {
    const token = tokens[at] ?? first
    const type = token.tokenType
    if (sections.has(type)) {
      kept.splice(0, kept.length, head, hole, token)
      levels.splice(0, levels.length, kept.length)
    } else if (separators.has(type) && !isBetweenAnd(tokens, at)) {
      kept.length = levels.at(-1) ?? 1
    } else {
      kept.push(token)
      if (type === shapes.Open || heads.has(type)) levels.push(kept.length)
      if (type === shapes.Close && levels.length > 1) levels.pop()
    }
  }
  return kept
}
