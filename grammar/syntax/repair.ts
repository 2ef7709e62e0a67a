/**
 * Makes broken tokens parseable, so that one mistake does not hide the next.
 *
 * A broken clause becomes a hole, a broken header field disappears, a missing parenthesis is put in and a needless one
 * taken out. When the grammar stumbles over the hole itself, the hole grows to the next larger clause.
 */
import { EOF } from 'chevrotain'
import type { IToken, TokenType } from 'chevrotain'
import type { Concept } from './keywords.ts'
import { isBetweenAnd } from './between.ts'
import { makeToken, spanOfToken } from './lex.ts'
import { keywordToken, shapes } from './tokens.ts'

const tokensOf = (...names: Concept[]): ReadonlySet<TokenType> => new Set(names.map(keywordToken))

const heads = tokensOf('CustomersWho', 'Everyone')
const sections = tokensOf('Exclude', 'Sample')
const headerStarts = tokensOf(
  'LanguageVersion',
  'Audience',
  'Purpose',
  'Channel',
  'Recipient',
  'Basis',
  'Owner',
  'Refresh',
  'Expires',
  'TimeZone',
  'AsOf',
  'Note',
  'Parameter',
  'Include',
  'CustomersWho',
  'Everyone',
)
const separators = new Set<TokenType>([
  ...tokensOf('And', 'Or', 'Not', 'CustomersWho', 'Include', 'Exclude', 'Sample'),
  shapes.Semicolon,
])

const and = keywordToken('And')

export type Repair =
  | { readonly kind: 'missing-head' | 'missing-close' | 'extra-close'; readonly tokens: IToken[] }
  | { readonly kind: 'dropped'; readonly tokens: IToken[] }
  | { readonly kind: 'impossible' }

/** `canStartClause` tells whether a condition may begin with a token; `expectsClose` whether `)` may stand at `at`. */
export function repair(
  tokens: readonly IToken[],
  at: number,
  canStartClause: (type: TokenType) => boolean,
  expectsClose: () => boolean,
): Repair {
  const found = tokens[at]
  const headAt = tokens.findIndex((token) => heads.has(token.tokenType))
  if (headAt === -1 || at <= headAt) return repairHeader(tokens, at, headAt, canStartClause)
  if (found?.tokenType === shapes.Hole) return growHole(tokens, at)
  const { type: section, index: sectionAt } = sectionOf(tokens, at)
  if (section === keywordToken('Sample')) return dropSample(tokens, sectionAt)
  const opened = openedBefore(tokens, at)
  const isEnd = found === undefined || separators.has(found.tokenType)
  if (opened > 0 && isEnd && expectsClose()) {
    return {
      kind: 'missing-close',
      tokens: tokens.toSpliced(at, 0, insertedAt(tokens, at, shapes.Close, ')')),
    }
  }
  if (found?.tokenType === shapes.Close && opened === 0) {
    return { kind: 'extra-close', tokens: tokens.toSpliced(at, 1) }
  }
  return digHole(tokens, boundaryBefore(tokens, at), boundaryAfter(tokens, at))
}

function repairHeader(
  tokens: readonly IToken[],
  at: number,
  headAt: number,
  canStartClause: (type: TokenType) => boolean,
): Repair {
  const found = tokens[at]
  if (headAt === -1 && found !== undefined && canStartClause(found.tokenType)) {
    const head = insertedAt(tokens, at, keywordToken('CustomersWho'), 'customers who')
    return { kind: 'missing-head', tokens: tokens.toSpliced(at, 0, head) }
  }
  const next = tokens.findIndex((token, index) => index > at && headerStarts.has(token.tokenType))
  if (found === undefined || (next === -1 && !headerStarts.has(found.tokenType))) {
    return { kind: 'impossible' }
  }
  // A field keyword at the wrong place is itself the next start; otherwise its own field is dropped.
  const start = tokens.findLastIndex(
    (token, index) => index < at && headerStarts.has(token.tokenType),
  )
  const from = start === -1 ? at : start
  const to = headerStarts.has(found.tokenType) && from < at ? at : next === -1 ? at + 1 : next
  return to > from
    ? { kind: 'dropped', tokens: tokens.toSpliced(from, to - from) }
    : { kind: 'impossible' }
}

function sectionOf(tokens: readonly IToken[], at: number) {
  const index = tokens.findLastIndex((token, i) => i < at && sections.has(token.tokenType))
  return { type: tokens[index]?.tokenType, index }
}

function dropSample(tokens: readonly IToken[], from: number): Repair {
  const to = tokens.findIndex((token, index) => index > from && sections.has(token.tokenType))
  return {
    kind: 'dropped',
    tokens: tokens.toSpliced(from, (to === -1 ? tokens.length : to) - from),
  }
}

function growHole(tokens: readonly IToken[], hole: number): Repair {
  const before = tokens[hole - 1]
  if (before === undefined || heads.has(before.tokenType) || before.tokenType === EOF) {
    return { kind: 'impossible' }
  }
  const left = boundaryBefore(tokens, hole - 1)
  const closesAfter = before.tokenType === shapes.Open ? matchingClose(tokens, hole) : hole
  return digHole(tokens, left, boundaryAfter(tokens, closesAfter + 1))
}

/** The tokens between the two boundaries, which stay, become one hole. */
function digHole(tokens: readonly IToken[], before: number, after: number): Repair {
  const first = tokens[before + 1]
  const last = tokens[after - 1]
  const isEmpty = after - before <= 1 || first === undefined || last === undefined
  const hole = isEmpty
    ? insertedAt(tokens, after, shapes.Hole, '')
    : makeToken(shapes.Hole, '', first.startOffset, spanOfToken(last).end)
  return { kind: 'dropped', tokens: tokens.toSpliced(before + 1, after - before - 1, hole) }
}

/** A token of no width after the token before `index`. */
function insertedAt(
  tokens: readonly IToken[],
  index: number,
  type: TokenType,
  image: string,
): IToken {
  const before = tokens[index - 1]
  const at = before === undefined ? (tokens[index]?.startOffset ?? 0) : spanOfToken(before).end
  return makeToken(type, image, at, at)
}

function openedBefore(tokens: readonly IToken[], at: number): number {
  let opened = 0
  for (const token of tokens.slice(0, at)) {
    if (token.tokenType === shapes.Open) opened++
    if (token.tokenType === shapes.Close) opened--
    if (sections.has(token.tokenType)) opened = 0
  }
  return opened
}

const isSeparator = (tokens: readonly IToken[], index: number): boolean => {
  const type = tokens[index]?.tokenType
  return (
    type !== undefined && separators.has(type) && !(type === and && isBetweenAnd(tokens, index))
  )
}

/** The separator or parenthesis that the clause around `at` begins after. */
function boundaryBefore(tokens: readonly IToken[], at: number): number {
  let depth = 0
  for (let i = at - 1; i >= 0; i--) {
    const type = tokens[i]?.tokenType
    if (type === shapes.Close) depth++
    else if (type === shapes.Open && depth-- === 0) return i
    else if (depth === 0 && isSeparator(tokens, i)) return i
  }
  return -1
}

function boundaryAfter(tokens: readonly IToken[], at: number): number {
  let depth = 0
  for (let i = at; i < tokens.length; i++) {
    const type = tokens[i]?.tokenType
    if (type === shapes.Open) depth++
    else if (type === shapes.Close && depth-- === 0) return i
    else if (depth === 0 && isSeparator(tokens, i)) return i
  }
  return tokens.length
}

function matchingClose(tokens: readonly IToken[], from: number): number {
  const close = boundaryAfterDepth(tokens, from)
  return close === -1 ? tokens.length - 1 : close
}

function boundaryAfterDepth(tokens: readonly IToken[], from: number): number {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    const type = tokens[i]?.tokenType
    if (type === shapes.Open) depth++
    if (type === shapes.Close && depth-- === 0) return i
  }
  return -1
}
