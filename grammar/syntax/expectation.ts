/** Expected token types → words or a category that a marketer understands. */
import type { TokenType } from 'chevrotain'
import type { Language } from '../check/catalog.ts'
import type { Expected, Expectation } from '../diagnostics/codes.ts'
import { concepts, keywords } from './keywords.ts'
import type { Spellings } from './keywords.ts'
import { keywordToken, shapes } from './tokens.ts'

/** With more words than these the list is the follow set of a parser and no hint. */
const maxWords = 3

const punctuation = new Map<TokenType, string>([
  [shapes.Open, '('],
  [shapes.Close, ')'],
  [shapes.Comma, ','],
  [shapes.Colon, ':'],
  [shapes.Semicolon, ';'],
  [shapes.Slash, '/'],
])

const spellingsByToken: ReadonlyMap<TokenType, Spellings> = new Map(
  concepts.map((concept) => [keywordToken(concept), keywords[concept]]),
)

/** The first that holds names the place. */
const categories: readonly (readonly [Expectation, TokenType])[] = [
  ['condition', keywordToken('Not')],
  ['header', keywordToken('CustomersWho')],
  ['comparison', keywordToken('Is')],
  ['value', shapes.Text],
  ['clause-end', keywordToken('And')],
  ['window', keywordToken('Ever')],
  ['unit', keywordToken('Month')],
  ['number', shapes.Number],
  ['number', shapes.Percent],
  ['name', shapes.Name],
]

export function describeExpected(types: readonly TokenType[], language: Language): Expected {
  const expected = new Set(types)
  const category = categories.find(([, type]) => expected.has(type))?.[0] ?? 'end'
  const words = types.map((type) => wordOf(type, language))
  const listed = words.filter((word) => word !== undefined)
  const open = types.some((type) => !spellingsByToken.has(type) && !punctuation.has(type))
  const few = !open && listed.length > 0 && listed.length <= maxWords
  return { expected: few ? listed : [], category }
}

/** Undefined for what has no word in that language, and for what is no word at all. */
function wordOf(type: TokenType, language: Language): string | undefined {
  return punctuation.get(type) ?? spellingsByToken.get(type)?.[language][0]
}

/** Every spelling, in both languages, of the expected keywords, with its token type. */
export const spellingsOf = (types: readonly TokenType[]): ReadonlyMap<string, TokenType> =>
  new Map(
    types.flatMap((type) => {
      const { en, zh } = spellingsByToken.get(type) ?? { en: [], zh: [] }
      return [...en, ...zh].map((spelling) => [spelling, type] as const)
    }),
  )
