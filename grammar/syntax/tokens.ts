/** The token types: one for each concept, and those that are recognised by their shape. */
import { createToken, Lexer } from 'chevrotain'
import type { TokenType } from 'chevrotain'
import { concepts } from './keywords.ts'
import type { Concept } from './keywords.ts'

// Ranges of the basic plane and surrogate pairs instead of \p{Script=Han}: with the `u` flag the lexer silently
// loses its dispatch on the first character and becomes several times slower.
const space = ' \\t\\r\\n\\u3000\\u00a0\\ufeff'
const han = '(?:[\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff]|[\\ud840-\\ud87f][\\udc00-\\udfff])'
const latin = '[A-Za-z_\\u00c0-\\u024f][A-Za-z0-9_\\u00c0-\\u024f]*'

const token = (name: string, pattern: RegExp, options: object = {}): TokenType =>
  createToken({ name, pattern, ...options })

const keyword = (name: Concept): readonly [Concept, TokenType] => [
  name,
  createToken({ name, pattern: Lexer.NA }),
]

/** Made of stretches of words by the segmentation, never by the lexer itself. */
const keywordTokens: ReadonlyMap<string, TokenType> = new Map(concepts.map(keyword))

export function keywordToken(concept: Concept): TokenType {
  const found = keywordTokens.get(concept)
  if (found === undefined) throw new Error(`broken assertion: a token for ${concept}`)
  return found
}

export const shapes = {
  Space: token('Space', new RegExp(`[${space}]+`), { group: Lexer.SKIPPED, line_breaks: true }),
  Comment: token('Comment', /(?:\/\/|#)[^\r\n]*/, { group: 'comments' }),
  Text: token('Text', /"(?:[^"\\\r\n]|\\[^\r\n])*"|\u201c(?:[^\u201d\\\r\n]|\\[^\r\n])*\u201d/),
  Name: token(
    'Name',
    /\[[^[\]\u3010\u3011\r\n"()]{1,64}\]|\u3010[^[\]\u3010\u3011\r\n"()]{1,64}\u3011/,
  ),
  /** Brackets that hold something which cannot be a name. */
  BadName: token('BadName', /\[[^[\]\u3010\u3011\r\n]*\]|\u3010[^[\]\u3010\u3011\r\n]*\u3011/),
  // Without these two an unclosed quote would silently lex its content as rule text.
  UnclosedText: token('UnclosedText', /["\u201c][^\r\n]*/),
  UnclosedName: token('UnclosedName', /[[\u3010][^[\]\u3010\u3011\r\n"()\uff08\uff09]*/),
  Variable: token('Variable', /\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[^{}\s]{1,32}\})/),
  Date: token(
    'Date',
    /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?|\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5/,
  ),
  Percent: token('Percent', /[-\uff0d\u2212]?\d+(?:\.\d+)?[%\uff05]/),
  Number: token('Number', /[-\uff0d\u2212]?\d+(?:\.\d+)?/),
  GreaterOrEqual: token('GreaterOrEqual', />=|≥|\uff1e\uff1d|\uff1e=/),
  LessOrEqual: token('LessOrEqual', /<=|≤|\uff1c\uff1d|\uff1c=/),
  NotEqual: token('NotEqual', /!=|≠|<>|\uff01=|\uff01\uff1d/),
  Greater: token('Greater', />|\uff1e/),
  Less: token('Less', /<|\uff1c/),
  Equal: token('Equal', /==?|\uff1d/),
  Open: token('Open', /\(|\uff08/),
  Close: token('Close', /\)|\uff09/),
  Comma: token('Comma', /,|\uff0c|\u3001/),
  Colon: token('Colon', /:|\uff1a/),
  Semicolon: token('Semicolon', /;|\uff1b/),
  Dot: token('Dot', /\./),
  Slash: token('Slash', /\/|÷/),
  /** Words with nothing but white space between them; cut into keywords and names afterwards. */
  HanStretch: token('HanStretch', new RegExp(`${han}+(?:[${space}]+${han}+)*`), {
    line_breaks: true,
  }),
  LatinStretch: token('LatinStretch', new RegExp(`${latin}(?:[${space}]+${latin})*`), {
    line_breaks: true,
  }),
  /** A bare name, or a word that means nothing. */
  Word: token('Word', Lexer.NA),
  Currency: token('Currency', Lexer.NA),
  /** Stands where a broken clause was, so that the rest of the rule is still read; no text lexes to it. */
  Hole: token('Hole', Lexer.NA),
} as const

/** What the lexer itself recognises, in order of precedence. */
const lexed: readonly TokenType[] = Object.values(shapes).filter(
  (type) => type.PATTERN !== Lexer.NA,
)

export const vocabulary: TokenType[] = [...Object.values(shapes), ...keywordTokens.values()]

export const shapeLexer = new Lexer([...lexed], {
  ensureOptimizations: true,
  positionTracking: 'onlyOffset',
})
