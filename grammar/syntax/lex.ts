/** Text → tokens. Any text lexes: what cannot be read becomes a diagnostic, never an exception. */
import type { IToken, TokenType } from 'chevrotain'
import type { CommentNode } from '../ast/nodes.ts'
import { diagnostic, replacement } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { spanOf } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { isDate, normaliseDate } from './dates.ts'
import { segmentHan, segmentLatin } from './segment.ts'
import type { Piece } from './segment.ts'
import { keywordToken, shapeLexer, shapes } from './tokens.ts'

export interface Lexed {
  readonly tokens: readonly IToken[]
  readonly comments: readonly CommentNode[]
  readonly diagnostics: readonly Diagnostic[]
}

export const makeToken = (
  tokenType: TokenType,
  image: string,
  start: number,
  end: number,
): IToken => ({
  image,
  startOffset: start,
  endOffset: end - 1,
  tokenType,
  // The parser compares this number; chevrotain gives it to every type it creates.
  tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
})

export const spanOfToken = (token: IToken): Span =>
  // The lexer leaves the end out; the tokens made here have one, which may lie apart from their image.
  spanOf(token.startOffset, endOfToken(token))

const endOfToken = ({ startOffset, endOffset, image }: IToken): number =>
  endOffset === undefined ? startOffset + image.length : endOffset + 1

export function lex(text: string): Lexed {
  const lexed = shapeLexer.tokenize(text)
  const tokens = withoutHabitualCommas(lexed.tokens.flatMap(cut))
  const unreadable = lexed.errors.map(({ offset, length }) => unreadableText(text, offset, length))
  return {
    tokens,
    comments: (lexed.groups['comments'] ?? []).map(commentOf),
    diagnostics: [...unreadable, ...tokens.flatMap(problemsOf)],
  }
}

function cut(token: IToken): IToken[] {
  if (token.tokenType === shapes.HanStretch) return toTokens(token, segmentHan(token.image))
  if (token.tokenType === shapes.LatinStretch) return toTokens(token, segmentLatin(token.image))
  return [token]
}

const toTokens = (stretch: IToken, pieces: readonly Piece[]): IToken[] =>
  pieces.map(({ kind, start, end }) => {
    const type = kind === 'Word' || kind === 'Currency' ? shapes[kind] : keywordToken(kind)
    const from = stretch.startOffset
    return makeToken(type, stretch.image.slice(start, end), from + start, from + end)
  })

/** In Chinese a comma before 且 and 或 is a matter of taste. */
function withoutHabitualCommas(tokens: readonly IToken[]): IToken[] {
  return tokens.filter((token, index) => {
    const next = tokens[index + 1]?.tokenType
    const joins = next === keywordToken('And') || next === keywordToken('Or')
    return token.tokenType !== shapes.Comma || !joins
  })
}

const commentOf = (token: IToken): CommentNode => ({
  kind: 'comment',
  text: token.image.replace(/^(?:\/\/|#)/, '').trim(),
  span: spanOfToken(token),
})

function unreadableText(text: string, offset: number, length: number): Diagnostic {
  const span = spanOf(offset, offset + length)
  const written = text.slice(span.start, span.end)
  const plain = written.replace(/[\uff01-\uff5e]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) - 0xfee0),
  )
  const fixes =
    plain !== written
      ? [replacement(span, plain)]
      : /^[。！.]+$/.test(written)
        ? [{ title: '', applicability: 'machine-applicable' as const, edits: [{ span, text: '' }] }]
        : []
  return diagnostic('E101', span, { character: written.slice(0, 16) }, fixes)
}

function problemsOf(token: IToken): Diagnostic[] {
  const span = spanOfToken(token)
  switch (token.tokenType) {
    case shapes.UnclosedText: {
      const close = token.image.startsWith('"') ? '"' : '”'
      return [diagnostic('E102', span, {}, [closing(span, token.image, close)])]
    }
    case shapes.UnclosedName: {
      const close = token.image.startsWith('[') ? ']' : '】'
      return [diagnostic('E103', span, {}, [closing(span, token.image, close)])]
    }
    case shapes.BadName:
      return [diagnostic('E105', span, { name: token.image.slice(1, -1) })]
    case shapes.Name:
      return token.image.slice(1, -1).trim() === ''
        ? [diagnostic('E105', span, { name: token.image.slice(1, -1) })]
        : []
    case shapes.Date:
      return isDate(normaliseDate(token.image))
        ? []
        : [diagnostic('E104', span, { date: token.image })]
    case shapes.Text:
      return unknownEscapes(token)
    default:
      return []
  }
}

function closing(span: Span, image: string, close: string) {
  const end = span.start + image.trimEnd().length
  return {
    title: `${image.trimEnd()}${close}`,
    applicability: 'maybe-incorrect' as const,
    edits: [{ span: spanOf(end, end), text: close }],
  }
}

function unknownEscapes(token: IToken): Diagnostic[] {
  return [...token.image.matchAll(/\\([^\r\n])/g)]
    .filter((match) => !/["“”\\n]/.test(match[1] ?? ''))
    .map((match) => {
      const start = token.startOffset + match.index
      return diagnostic('E106', spanOf(start, start + match[0].length), { escape: match[0] })
    })
}
