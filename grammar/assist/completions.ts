/** What may be written at a place of a text: keywords of its language, names and values of the catalogue. */
import type { IToken, TokenType } from 'chevrotain'
import type { Language, RuleCatalog, ValueType } from '../check/catalog.ts'
import { foldName } from '../check/names.ts'
import type { Named } from '../check/names.ts'
import { printText, printVariable } from '../ast/print-values.ts'
import type { Romanise } from '../diagnostics/suggest.ts'
import { textTooLong, tokensBeyondLimits } from '../syntax/bounds.ts'
import { concepts, keywords } from '../syntax/keywords.ts'
import type { Concept, Spellings } from '../syntax/keywords.ts'
import { lex, spanOfToken } from '../syntax/lex.ts'
import { expectedAfter } from '../syntax/probe.ts'
import { surfaceOf } from '../syntax/surface.ts'
import { keywordToken, shapes } from '../syntax/tokens.ts'
import { fitsType, fitsWhere } from './fitting.ts'
import { placeAfter } from './place.ts'

export interface CompletionItem {
  readonly kind: 'keyword' | 'name' | 'value' | 'parameter'
  /** Rule text that takes the place of what stands between `from` and the cursor. */
  readonly text: string
  /** The label in the other language. */
  readonly detail?: string
}

export interface Completions {
  readonly from: number
  readonly items: readonly CompletionItem[]
}

export interface CompletionOptions {
  /** The language of keywords where the text has none yet. */
  readonly surface?: Language
  readonly romanise?: Romanise
}

/** A list longer than this helps nobody; typing on makes it shorter. */
const maxItems = 50

interface Request {
  readonly catalog: RuleCatalog
  readonly surface: Language
  readonly options: CompletionOptions
}

export function completionsAt(
  text: string,
  offset: number,
  catalog: RuleCatalog,
  options: CompletionOptions = {},
): Completions {
  const before = text.slice(0, offset)
  const nothing = { from: offset, items: [] }
  if (textTooLong(text) !== undefined) return nothing
  const { tokens, comments } = lex(before)
  if (tokensBeyondLimits(tokens) !== undefined) return nothing
  if (comments.some(({ span }) => span.end === before.length)) return nothing
  const whole = lex(text).tokens
  const surface = whole.length === 0 && options.surface ? options.surface : surfaceOf(whole, text)
  const request = { catalog, surface, options }
  const open = tokens.at(-1)
  if (open?.tokenType === shapes.UnclosedName || open?.tokenType === shapes.UnclosedText) {
    return insideQuotes(before, open, tokens.slice(0, -1), request)
  }
  for (const from of possibleStarts(before, tokens)) {
    const items = itemsAt(before.slice(from), lex(before.slice(0, from)).tokens, request)
    if (items.length > 0) return { from, items }
  }
  return nothing
}

/** No name or keyword that is being written has more words. */
const maxWords = 4

/**
 * Where what is being written may have begun, the most likely first: after white space here, else at one of the last
 * words, the earliest first, and at last inside a run of Chinese characters.
 */
function possibleStarts(before: string, tokens: readonly IToken[]): readonly number[] {
  const end = before.length
  const variable = /\$\{?[\w\u3400-\u9fff]*$/.exec(before)
  if (variable !== null) return [variable.index]
  const words = new Set<number>()
  for (const token of tokens.slice(-maxWords).reverse()) {
    if (!isWord(token)) break
    words.add(spanOfToken(token).start)
  }
  const starts = [...words].reverse()
  const run = /[\u3400-\u9fff]+$/.exec(before)?.[0] ?? ''
  const inside = Array.from({ length: run.length }, (_, at) => end - run.length + at)
  const isInsideWord = /[\w\u3400-\u9fff]$/.test(before)
  return isInsideWord ? [...starts, ...inside, end] : [end, ...starts]
}

const isWord = ({ image }: IToken): boolean => /^[A-Za-z\u3400-\u9fff]/.test(image)

function insideQuotes(
  before: string,
  open: IToken,
  tokens: readonly IToken[],
  request: Request,
): Completions {
  const from = spanOfToken(open).start
  const written = before.slice(from + 1)
  const { names, type } = placeAfter(tokens, request.catalog)
  const items =
    open.tokenType === shapes.UnclosedName
      ? nameItems(written, names, request)
      : valueItems(written, type, request)
  return { from, items: items.slice(0, maxItems) }
}

function itemsAt(
  written: string,
  tokens: readonly IToken[],
  request: Request,
): readonly CompletionItem[] {
  const expected = new Set(expectedAfter(tokens))
  const { names, type, insideWhere = false } = placeAfter(tokens, request.catalog)
  const fits = (concept: Concept): boolean =>
    (!insideWhere || fitsWhere(concept)) && (type === undefined || fitsType(concept, type))
  const items = [
    ...(expected.has(shapes.Text) ? valueItems(written, type, request) : []),
    ...(expected.has(shapes.Name) ? nameItems(written, names, request) : []),
    ...(expected.has(shapes.Variable) ? parameterItems(written, tokens) : []),
    ...keywordItems(written, expected, fits, request),
  ]
  return items.slice(0, maxItems)
}

/** How well a candidate matches: 0 when it begins with what is written, 1 when it holds it, else undefined. */
function match(written: string, candidate: string, { options }: Request): number | undefined {
  const wanted = foldName(written)
  const folded = foldName(candidate)
  if (folded.startsWith(wanted)) return 0
  if (folded.includes(wanted)) return 1
  const syllables = options.romanise?.(candidate) ?? []
  const initials = syllables.map((syllable) => syllable.slice(0, 1)).join('')
  return syllables.join('').startsWith(wanted) || initials.startsWith(wanted) ? 1 : undefined
}

/** The entries with a label that matches, the best first. */
const labelled = (written: string, entries: readonly Named[], request: Request): readonly Named[] =>
  entries
    .flatMap((entry) => {
      const ranks = [entry.label.en, entry.label.zh].map((word) => match(written, word, request))
      const rank = Math.min(...ranks.map((found) => found ?? Infinity))
      return rank === Infinity ? [] : [{ entry, rank }]
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry)

function nameItems(
  written: string,
  entries: readonly Named[],
  request: Request,
): readonly CompletionItem[] {
  const { surface } = request
  return labelled(written, entries, request).map(({ label }) => ({
    kind: 'name',
    text: `[${label[surface]}]`,
    detail: label[surface === 'en' ? 'zh' : 'en'],
  }))
}

function valueItems(
  written: string,
  type: ValueType | undefined,
  request: Request,
): readonly CompletionItem[] {
  if (type?.kind !== 'enum' && type?.kind !== 'region') return []
  const { surface } = request
  const values: readonly Named[] = type.values
  return labelled(written, values, request).map(({ label }) => ({
    kind: 'value',
    text: printText(label[surface]),
    detail: label[surface === 'en' ? 'zh' : 'en'],
  }))
}

/** Parameters that the text has declared so far. */
function parameterItems(written: string, tokens: readonly IToken[]): readonly CompletionItem[] {
  const declared = tokens.flatMap((token, at) =>
    tokens[at - 1]?.tokenType === keywordToken('Parameter') ? [token.image] : [],
  )
  return declared
    .map((image) => printVariable(image.replace(/^\$\{?|\}$/g, '')))
    .filter((text) => text.startsWith(written.trim()))
    .map((text) => ({ kind: 'parameter', text }))
}

/** The canonical spelling of each expected keyword of which some spelling begins with what is written. */
function keywordItems(
  written: string,
  expected: ReadonlySet<TokenType>,
  fits: (concept: Concept) => boolean,
  { surface }: Request,
): readonly CompletionItem[] {
  const wanted = foldName(written)
  return concepts.flatMap((concept): CompletionItem[] => {
    const spellings: Spellings = keywords[concept]
    const [canonical] = spellings[surface]
    if (canonical === undefined || !expected.has(keywordToken(concept))) return []
    if (!fits(concept)) return []
    const isBegun = [...spellings.en, ...spellings.zh].some(
      (spelling) => foldName(spelling).startsWith(wanted) && foldName(spelling) !== wanted,
    )
    if (!isBegun) return []
    const [other] = spellings[surface === 'en' ? 'zh' : 'en']
    const detail = other === undefined ? {} : { detail: other }
    return [{ kind: 'keyword', text: canonical, ...detail }]
  })
}
