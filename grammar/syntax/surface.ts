/** Which of the two languages a text is written in. */
import type { IToken, TokenType } from 'chevrotain'
import type { Language } from '../check/catalog.ts'
import { shapes } from './tokens.ts'

const hanLetter = /[\u3400-\u9fff]/
const shapeTypes: ReadonlySet<TokenType> = new Set(Object.values(shapes))

/** The surface with more keywords; the script of the text when there are none. */
export function surfaceOf(tokens: readonly IToken[], text: string): Language {
  const words = tokens.filter(({ tokenType }) => !shapeTypes.has(tokenType))
  if (words.length === 0) return scriptOf(text)
  const chinese = words.filter(({ image }) => hanLetter.test(image)).length
  return chinese * 2 > words.length ? 'zh' : 'en'
}

export const scriptOf = (text: string): Language => (hanLetter.test(text) ? 'zh' : 'en')
