/** Text → tree and diagnostics. Never throws, whatever the text. */
import type { IToken, TokenType } from 'chevrotain'
import type { LiteralNode, RuleAst } from '../ast/nodes.ts'
import type { Language } from '../check/catalog.ts'
import { byPosition, isError } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Romanise } from '../diagnostics/suggest.ts'
import { textTooLong, tokensBeyondLimits } from './bounds.ts'
import { explain, misspelling } from './explain.ts'
import { lex, spanOfToken } from './lex.ts'
import type { Lexed } from './lex.ts'
import { expectedAfter, grammar, isExpectedAfter } from './probe.ts'
import { repair } from './repair.ts'
import { structureProblems } from './structure.ts'
import { scriptOf, surfaceOf } from './surface.ts'
import { shapes } from './tokens.ts'

export interface Parsed {
  /** Present when the text is a rule: there is no error among the diagnostics. */
  readonly ast?: RuleAst
  /** The tree with holes in the place of what could not be read; enough for further checks and for completion. */
  readonly partial?: RuleAst
  readonly diagnostics: readonly Diagnostic[]
  /** The language that the keywords are written in. */
  readonly surface: Language
}

export interface ParseOptions {
  /** Lets "did you mean" find Chinese words by their pinyin. */
  readonly romanise?: Romanise
}

/** After these the rest of a text is more likely noise than more mistakes. */
const maxSyntaxErrors = 10
const maxRepairs = 40

export function parse(text: string, options: ParseOptions = {}): Parsed {
  const tooLong = textTooLong(text)
  if (tooLong !== undefined) return { diagnostics: [tooLong], surface: scriptOf(text) }
  const lexed = lex(text)
  const surface = surfaceOf(lexed.tokens, text)
  const beyond = tokensBeyondLimits(lexed.tokens)
  if (beyond !== undefined) return { diagnostics: [...lexed.diagnostics, beyond], surface }
  const { ast, diagnostics } = parseTokens(text, lexed, surface, options)
  const found = [...lexed.diagnostics, ...diagnostics]
  if (ast === undefined) return { diagnostics: found.sort(byPosition), surface }
  const partial: RuleAst = { ...ast, comments: lexed.comments }
  found.push(...structureProblems(partial, text, surface))
  found.sort(byPosition)
  const whole = found.some(isError) ? {} : { ast: partial }
  return { ...whole, partial, diagnostics: found, surface }
}

/** A single literal, such as the value of a parameter. */
export function parseLiteral(text: string): LiteralNode | undefined {
  if (textTooLong(text) !== undefined) return undefined
  const { tokens, diagnostics } = lex(text)
  if (diagnostics.length > 0 || tokensBeyondLimits(tokens) !== undefined) return undefined
  const result = grammar.readLiteral(tokens)
  return 'ast' in result ? result.ast : undefined
}

function parseTokens(
  text: string,
  lexed: Lexed,
  surface: Language,
  options: ParseOptions,
): { readonly ast?: RuleAst; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  let tokens: readonly IToken[] = lexed.tokens
  for (let attempt = 0; attempt < maxRepairs; attempt++) {
    const result = grammar.read(tokens)
    if ('ast' in result) return { ast: result.ast, diagnostics }
    const index = tokens.indexOf(result.unexpected)
    const at = index === -1 ? tokens.length : index
    const prefix = tokens.slice(0, at)
    const isNew = !isExplained(tokens[at], lexed) && diagnostics.length < maxSyntaxErrors
    const expected = isNew ? expectedAfter(prefix) : []
    const stumble = { text, tokens, at, expected, surface, ...options }
    const typo = isNew ? misspelling(stumble) : undefined
    if (typo !== undefined) {
      diagnostics.push(typo.diagnostic)
      tokens = typo.tokens
      continue
    }
    const expectsClose = () => isExpectedAfter(prefix, shapes.Close)
    const mended = repair(tokens, at, canStartClause, expectsClose)
    if (isNew) diagnostics.push(explain(stumble, mended.kind))
    if (mended.kind === 'impossible') break
    tokens = mended.tokens
  }
  return { diagnostics }
}

/** A hole is what an earlier diagnostic left, and the lexer has spoken of its own tokens. */
function isExplained(token: IToken | undefined, lexed: Lexed): boolean {
  if (token === undefined) return false
  const { start } = spanOfToken(token)
  return (
    token.tokenType === shapes.Hole ||
    lexed.diagnostics.some(({ span }) => span.start === start && span.end > start)
  )
}

const clauseStarts: ReadonlySet<TokenType> = new Set(expectedAfter(lex('customers who').tokens))

function canStartClause(type: TokenType): boolean {
  return clauseStarts.has(type)
}
