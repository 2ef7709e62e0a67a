/** Words and signs of a text with what they are, for colouring. Nothing is left out but white space. */
import type { TokenType } from 'chevrotain'
import type { Span } from '../source/span.ts'
import { textTooLong } from './bounds.ts'
import { lex, spanOfToken } from './lex.ts'
import { shapes } from './tokens.ts'

export type TokenKind =
  | 'keyword'
  | 'name'
  | 'text'
  | 'number'
  | 'parameter'
  | 'operator'
  | 'punctuation'
  | 'comment'
  | 'word'
  | 'error'

export interface ColouredToken {
  readonly kind: TokenKind
  readonly span: Span
}

const kinds = new Map<TokenType, TokenKind>([
  [shapes.Text, 'text'],
  [shapes.Name, 'name'],
  [shapes.BadName, 'error'],
  [shapes.UnclosedText, 'error'],
  [shapes.UnclosedName, 'error'],
  [shapes.Variable, 'parameter'],
  [shapes.Date, 'number'],
  [shapes.Percent, 'number'],
  [shapes.Number, 'number'],
  [shapes.Currency, 'number'],
  [shapes.GreaterOrEqual, 'operator'],
  [shapes.LessOrEqual, 'operator'],
  [shapes.NotEqual, 'operator'],
  [shapes.Greater, 'operator'],
  [shapes.Less, 'operator'],
  [shapes.Equal, 'operator'],
  [shapes.Slash, 'operator'],
  [shapes.Open, 'punctuation'],
  [shapes.Close, 'punctuation'],
  [shapes.Comma, 'punctuation'],
  [shapes.Colon, 'punctuation'],
  [shapes.Semicolon, 'punctuation'],
  [shapes.Dot, 'punctuation'],
  [shapes.Word, 'word'],
])

/** In the order of the text, without overlap; a text beyond the limits is not looked at. */
export function tokenise(text: string): readonly ColouredToken[] {
  if (textTooLong(text) !== undefined) return []
  const { tokens, comments } = lex(text)
  const words = tokens.map((token) => ({
    kind: kinds.get(token.tokenType) ?? 'keyword',
    span: spanOfToken(token),
  }))
  const notes = comments.map(({ span }) => ({ kind: 'comment' as const, span }))
  return [...words, ...notes].sort((a, b) => a.span.start - b.span.start)
}
