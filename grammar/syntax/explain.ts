/** The token that the grammar stumbled over → a diagnostic that a marketer understands. */
import type { IToken, TokenType } from 'chevrotain'
import type { Language } from '../check/catalog.ts'
import { diagnostic, replacement } from '../diagnostics/diagnostic.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { suggest } from '../diagnostics/suggest.ts'
import type { Romanise } from '../diagnostics/suggest.ts'
import { spanOf } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { describeExpected, spellingsOf } from './expectation.ts'
import { spell } from './keywords.ts'
import { makeToken, spanOfToken } from './lex.ts'
import { expectedAfter } from './probe.ts'
import type { Repair } from './repair.ts'
import { shapes } from './tokens.ts'

export interface Stumble {
  readonly text: string
  readonly tokens: readonly IToken[]
  /** Index of the unexpected token; the number of tokens at the end of the text. */
  readonly at: number
  readonly expected: readonly TokenType[]
  readonly surface: Language
  readonly romanise?: Romanise
}

export function explain(stumble: Stumble, kind: Repair['kind']): Diagnostic {
  const { tokens, at, surface } = stumble
  const found = tokens[at]
  const end = endBefore(tokens, at)
  if (kind === 'extra-close' && found !== undefined) {
    const span = spanOfToken(found)
    return diagnostic('E207', span, { found: found.image }, [edit(span, '')])
  }
  if (kind === 'missing-close') {
    return diagnostic('E203', lastOpen(tokens, at), {}, [edit(spanOf(end, end), ')')])
  }
  const description = describeExpected(stumble.expected, surface)
  if (found === undefined) return diagnostic('E202', spanOf(end, end), description)
  const span = spanOfToken(found)
  const head = edit(spanOf(span.start, span.start), `${spell('CustomersWho', surface)} `)
  const fixes = kind === 'missing-head' ? [head] : []
  return diagnostic('E201', span, { found: found.image, ...description }, fixes)
}

const edit = (span: Span, text: string): Fix => ({
  title: text.trim(),
  applicability: 'maybe-incorrect',
  edits: [{ span, text }],
})

function endBefore(tokens: readonly IToken[], at: number): number {
  const before = tokens[at - 1]
  return before === undefined ? 0 : spanOfToken(before).end
}

function lastOpen(tokens: readonly IToken[], at: number): Span {
  let closed = 0
  for (const token of tokens.slice(0, at).reverse()) {
    if (token.tokenType === shapes.Close) closed++
    if (token.tokenType === shapes.Open && closed-- === 0) return spanOfToken(token)
  }
  const end = endBefore(tokens, at)
  return spanOf(end, end)
}

/** Longer than any keyword has words. */
const maxWords = 3

export interface Misspelling {
  readonly diagnostic: Diagnostic
  /** The tokens with the keyword that was meant, so that the rest of the clause is still read. */
  readonly tokens: readonly IToken[]
}

/** A keyword with a slip of the pen: the unexpected words, or the bare name before them. */
export function misspelling(stumble: Stumble): Misspelling | undefined {
  const { tokens, at, expected } = stumble
  if (tokens[at - 1]?.tokenType === shapes.Word) {
    const before = expectedAfter(tokens.slice(0, at - 1))
    const found = nearestKeyword(stumble, at - 1, before)
    if (found !== undefined) return found
  }
  return at < tokens.length ? nearestKeyword(stumble, at, expected) : undefined
}

function nearestKeyword(
  stumble: Stumble,
  from: number,
  expected: readonly TokenType[],
): Misspelling | undefined {
  const { text, tokens, romanise } = stumble
  const spellings = spellingsOf(expected)
  for (let size = maxWords; size > 0; size--) {
    const words = tokens.slice(from, from + size)
    const first = words[0]
    const last = words.at(-1)
    if (first === undefined || last === undefined || words.length < size) continue
    const span = spanOf(spanOfToken(first).start, spanOfToken(last).end)
    const written = text.slice(span.start, span.end)
    if (!words.some(({ tokenType }) => tokenType === shapes.Word) || !isWords(written)) continue
    const suggestions = suggest(written, spellings.keys(), romanise)
    const type = spellings.get(suggestions[0] ?? '')
    if (type === undefined) continue
    const meant = makeToken(type, written, span.start, span.end)
    return {
      diagnostic: diagnostic(
        'E205',
        span,
        { word: written, suggestions },
        suggestions.map((suggestion) => replacement(span, suggestion)),
      ),
      tokens: tokens.toSpliced(from, size, meant),
    }
  }
  return undefined
}

const isWords = (written: string): boolean => /^[A-Za-z\u3400-\u9fff\s]+$/.test(written)
