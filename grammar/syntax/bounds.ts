/** Limits that must hold before the parser runs: a recursive parser that runs out of stack cannot complain. */
import type { IToken } from 'chevrotain'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { spanOf } from '../source/span.ts'
import { spanOfToken } from './lex.ts'
import { maxDepth, maxTextBytes, maxTokens } from './limits.ts'
import { keywordToken, shapes } from './tokens.ts'

export function textTooLong(text: string): Diagnostic | undefined {
  const bytes = new TextEncoder().encode(text).length
  if (bytes <= maxTextBytes) return undefined
  return diagnostic('E603', spanOf(0, text.length), { limit: maxTextBytes })
}

export function tokensBeyondLimits(tokens: readonly IToken[]): Diagnostic | undefined {
  const surplus = tokens[maxTokens]
  if (surplus !== undefined) {
    return diagnostic('E605', spanOfToken(surplus), { limit: maxTokens })
  }
  const tooDeep = firstTooDeep(tokens)
  return tooDeep && diagnostic('E602', spanOfToken(tooDeep), { limit: maxDepth })
}

/** Parentheses and every "not" that waits for its condition count as one level each. */
function firstTooDeep(tokens: readonly IToken[]): IToken | undefined {
  const not = keywordToken('Not')
  const ends = new Set([
    keywordToken('And'),
    keywordToken('Or'),
    keywordToken('Exclude'),
    shapes.Semicolon,
  ])
  // For every open parenthesis, how many "not" wait.
  const waiting = [0]
  let depth = 0
  for (const token of tokens) {
    const type = token.tokenType
    const innermost = waiting.length - 1
    if (type === shapes.Open) {
      waiting.push(0)
      depth++
    } else if (type === not) {
      waiting[innermost] = (waiting[innermost] ?? 0) + 1
      depth++
    } else if (type === shapes.Close && innermost > 0) {
      depth -= 1 + (waiting.pop() ?? 0)
    } else if (ends.has(type)) {
      depth -= waiting[innermost] ?? 0
      waiting[innermost] = 0
    }
    if (depth > maxDepth) return token
  }
  return undefined
}
