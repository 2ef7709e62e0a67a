/** Tells the "and" of `between 1 and 2` from the one that joins conditions. */
import type { IToken } from 'chevrotain'
import { keywordToken, shapes } from './tokens.ts'

const and = keywordToken('And')
const between = keywordToken('Between')

/** `between 1 万 CNY and`: no more than these stand between the two words. */
const maxBetweenTokens = 4

export function isBetweenAnd(tokens: readonly IToken[], index: number): boolean {
  for (let i = index - 1; i >= Math.max(0, index - maxBetweenTokens); i--) {
    const type = tokens[i]?.tokenType
    if (type === between) return true
    if (type === and || type === shapes.Open || type === shapes.Close) return false
  }
  return false
}
