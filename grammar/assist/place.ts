/** Where in a clause a text ends: which kind of name, or whose value, would be written next. */
import type { IToken, TokenType } from 'chevrotain'
import type { CatalogEvent, RuleCatalog, ValueType } from '../check/catalog.ts'
import { isReadable } from '../check/context.ts'
import { legalBases } from '../check/legal-bases.ts'
import { find } from '../check/names.ts'
import type { Named } from '../check/names.ts'
import { keywordToken, shapes } from '../syntax/tokens.ts'
import type { Concept } from '../syntax/keywords.ts'

const tokensOf = (...concepts: Concept[]): ReadonlySet<TokenType | undefined> =>
  new Set(concepts.map(keywordToken))

const beforeEvent = tokensOf(
  'Did',
  'DidNot',
  'NeverDid',
  'First',
  'LastOne',
  'Then',
  'No',
  'NotYet',
)
const opensEvents = tokensOf(
  'InOrder',
  'NotInOrder',
  'Count',
  'Sum',
  'Average',
  'Min',
  'Max',
  'Distinct',
)
const beforeTag = tokensOf('HasTag', 'HasAllTags', 'HasNoTag')
const beforeAudience = tokensOf('InAudience', 'NotInAudience', 'Among')
const opensWhere = tokensOf('Where', 'Having')
const endsLength = tokensOf(
  ...([
    'Minute',
    'Hour',
    'Day',
    'DayLength',
    'Week',
    'Month',
    'Quarter',
    'Year',
    'Inside',
  ] as const),
  ...([
    'FullDay',
    'FullWeek',
    'FullMonth',
    'FullQuarter',
    'FullYear',
    'Today',
    'Yesterday',
  ] as const),
  ...(['ThisWeek', 'ThisMonth', 'ThisQuarter', 'ThisYear', 'Ever', 'SinceEnd'] as const),
  ...(['PreviousWeek', 'PreviousMonth', 'PreviousQuarter', 'PreviousYear'] as const),
)
const startsClause = tokensOf('And', 'Or', 'Not', 'CustomersWho', 'Exclude')

interface Field extends Named {
  readonly type: ValueType
}

export interface Place {
  /** What a name may stand for here. */
  readonly names: readonly Named[]
  /** The type of the value that is tested, where a comparison or a value is next. */
  readonly type?: ValueType
  /** Inside `where` only properties can be tested. */
  readonly insideWhere?: boolean
}

export function placeAfter(tokens: readonly IToken[], whole: RuleCatalog): Place {
  const catalog: RuleCatalog = {
    ...whole,
    attributes: whole.attributes.filter(isReadable),
    events: whole.events.filter(isReadable),
    tags: whole.tags.filter(isReadable),
  }
  const at = tokens.length - 1
  const last = tokens[at]?.tokenType
  const before = tokens[at - 1]?.tokenType
  if (beforeEvent.has(last) || (last === shapes.Open && opensEvents.has(before))) {
    return { names: catalog.events }
  }
  if (beforeAudience.has(last)) return { names: catalog.audiences }
  if (last === keywordToken('By')) return { names: catalog.attributes }
  if (last === shapes.Dot || last === keywordToken('Possessive')) {
    return { names: eventBefore(tokens, at, catalog)?.properties ?? [] }
  }
  if (last === keywordToken('Different')) {
    return { names: eventBefore(tokens, at, catalog)?.properties ?? [] }
  }
  const field = headerList(tokens, catalog)
  if (field !== undefined) return { names: field }
  const opener = enclosing(tokens)
  if (
    beforeTag.has(last) ||
    (opener !== undefined && beforeTag.has(tokens[opener - 1]?.tokenType))
  ) {
    return { names: catalog.tags }
  }
  if (endsLength.has(last)) return { names: catalog.events }
  const { fields, insideWhere } = fieldsIn(tokens, catalog)
  const clauseStarts = last === shapes.Semicolon || startsClause.has(last)
  const groupStarts = last === shapes.Open && !isList(before)
  if (clauseStarts || groupStarts || last === undefined) return { names: fields, insideWhere }
  const type = subjectType(tokens, fields)
  if (type === undefined) return { names: fields }
  return { names: fields.filter((field) => field.type.kind === type.kind), type }
}

const isList = (type: TokenType | undefined): boolean =>
  type === keywordToken('In') || type === keywordToken('NotIn')

/** Index of the innermost parenthesis that is still open. */
function enclosing(tokens: readonly IToken[], from = tokens.length): number | undefined {
  let closed = 0
  for (let at = from - 1; at >= 0; at--) {
    const type = tokens[at]?.tokenType
    if (type === shapes.Close) closed++
    else if (type === shapes.Open && closed-- === 0) return at
  }
  return undefined
}

/** The nearest name before, not counting what stands in closed parentheses. */
function nameBefore(tokens: readonly IToken[], from: number): string | undefined {
  let closed = 0
  for (let at = from - 1; at >= 0; at--) {
    const token = tokens[at]
    if (token === undefined) break
    if (token.tokenType === shapes.Close) closed++
    else if (token.tokenType === shapes.Open) closed--
    else if (closed === 0 && token.tokenType === shapes.Name) return token.image.slice(1, -1)
    else if (closed === 0 && token.tokenType === shapes.Word) return token.image
    if (closed < 0) break
  }
  return undefined
}

function eventBefore(
  tokens: readonly IToken[],
  from: number,
  catalog: RuleCatalog,
): CatalogEvent | undefined {
  const name = nameBefore(tokens, from)
  return name === undefined ? undefined : find(catalog.events, name)
}

/** The event's properties inside `where`, else the attributes. */
function fieldsIn(
  tokens: readonly IToken[],
  catalog: RuleCatalog,
): { readonly fields: readonly Field[]; readonly insideWhere: boolean } {
  for (let at = enclosing(tokens); at !== undefined; at = enclosing(tokens, at)) {
    if (opensWhere.has(tokens[at - 1]?.tokenType)) {
      return { fields: eventBefore(tokens, at - 1, catalog)?.properties ?? [], insideWhere: true }
    }
  }
  return { fields: catalog.attributes, insideWhere: false }
}

/** `[City] is …`, `[City] in ("…", …`: the type of the city. */
function subjectType(tokens: readonly IToken[], fields: readonly Field[]): ValueType | undefined {
  const opener = enclosing(tokens)
  const inList = opener !== undefined && isList(tokens[opener - 1]?.tokenType)
  const name = nameBefore(tokens, inList ? opener : tokens.length)
  return name === undefined ? undefined : find(fields, name)?.type
}

/** The list that a header field takes its names from. */
function headerList(
  tokens: readonly IToken[],
  { purposes, channels, recipients }: RuleCatalog,
): readonly Named[] | undefined {
  const colon = tokens.findLastIndex(({ tokenType }) => tokenType === shapes.Colon)
  const rest = tokens.slice(colon + 1)
  const last = tokens.at(-1)?.tokenType
  const isOpen = last === shapes.Colon || last === shapes.Comma
  const values = new Set<TokenType>([shapes.Name, shapes.Word, shapes.Comma])
  if (colon === -1 || !isOpen || !rest.every(({ tokenType }) => values.has(tokenType))) {
    return undefined
  }
  const lists = new Map<TokenType | undefined, readonly Named[]>([
    [keywordToken('Purpose'), purposes],
    [keywordToken('Channel'), channels],
    [keywordToken('Recipient'), recipients],
    [keywordToken('Basis'), legalBases],
  ])
  return lists.get(tokens[colon - 1]?.tokenType) ?? []
}
