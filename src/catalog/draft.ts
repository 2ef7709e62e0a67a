/** What a dataset, the demo world or a steward wants the catalogue to hold. */
import type {
  CatalogAttribute,
  CatalogEvent,
  CatalogProperty,
  CatalogTag,
  DataClass,
  Label,
  ValueType,
} from '#grammar'
import { valuesOf } from './value-types.ts'

export interface CategoryDraft {
  readonly id: string
  readonly label: Label
  readonly dataClass: DataClass
}

/** Spellings of each value in the data, by value id. */
export type Spellings = Readonly<Record<string, readonly string[]>>

/**
 * `category` names one that exists, one of the draft's `categories`, or, with `dataClass` beside it, one that is then
 * made under its own id as label.
 */
export interface AttributeDraft extends CatalogAttribute {
  readonly spellings?: Spellings
}

export interface PropertyDraft extends CatalogProperty {
  readonly spellings?: Spellings
}

export interface EventDraft extends Omit<CatalogEvent, 'properties'> {
  readonly properties: readonly PropertyDraft[]
}

export interface CatalogDraft {
  readonly categories: readonly CategoryDraft[]
  readonly attributes: readonly AttributeDraft[]
  readonly events: readonly EventDraft[]
  readonly tags: readonly CatalogTag[]
}

export type CatalogError =
  /** A consent's categories are kept in one 62-bit mask. */
  | { readonly code: 'too-many-categories'; readonly limit: number }
  | { readonly code: 'unknown-category'; readonly id: string; readonly category: string }
  /** Rules and data were made for what is stored: a type, category or class never changes under its id. */
  | { readonly code: 'type-differs' | 'category-differs' | 'class-differs'; readonly id: string }
  | { readonly code: 'already-there' | 'unknown-id'; readonly id: string }
  /** An id, label, type or value that the catalogue cannot hold, or an id given twice. */
  | { readonly code: 'invalid'; readonly id: string; readonly field: DraftField }

export type DraftField = 'id' | 'label' | 'type' | 'values' | 'retentionDays'

export const categoriesMax = 62

const itemId = /^[a-z][a-z0-9_.-]{0,63}$/
const categoryId = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/
const labelLengthMax = 64
/** Decimals of the finest currency in use, with room. */
const scaleMax = 9
const currencyCode = /^[A-Z]{3}$/

/** The first thing in the draft that the catalogue cannot hold. */
export function findInvalid(draft: CatalogDraft): CatalogError | undefined {
  const { categories, attributes, events, tags } = draft
  return (
    firstOf(categories, (item) =>
      categoryId.test(item.id) ? labelProblem(item) : invalid(item.id, 'id'),
    ) ??
    repeated(categories) ??
    firstOf([...attributes, ...events, ...tags], impliedProblem) ??
    firstOf(attributes, (item) => itemProblem(item) ?? typeProblem(item)) ??
    repeated(attributes) ??
    firstOf(events, eventProblem) ??
    repeated(events) ??
    firstOf(tags, itemProblem) ??
    repeated(tags)
  )
}

/** A category that is named with its class is made, so its name must be one. */
const impliedProblem = ({ category, dataClass }: Implied): CatalogError | undefined =>
  category === undefined || dataClass === undefined || categoryId.test(category)
    ? undefined
    : invalid(category, 'id')

type Implied = Pick<AttributeDraft, 'category' | 'dataClass'>

function firstOf<T>(
  items: readonly T[],
  problemOf: (item: T) => CatalogError | undefined,
): CatalogError | undefined {
  for (const item of items) {
    const problem = problemOf(item)
    if (problem) return problem
  }
  return undefined
}

const invalid = (id: string, field: DraftField): CatalogError => ({ code: 'invalid', id, field })

function repeated(items: readonly { readonly id: string }[]): CatalogError | undefined {
  const seen = new Set<string>()
  for (const { id } of items) {
    if (seen.has(id)) return invalid(id, 'id')
    seen.add(id)
  }
  return undefined
}

interface Item {
  readonly id: string
  readonly label: Label
}

const itemProblem = (item: Item): CatalogError | undefined =>
  itemId.test(item.id) ? labelProblem(item) : invalid(item.id, 'id')

const labelProblem = ({ id, label }: Item): CatalogError | undefined =>
  isLabel(label.en) && isLabel(label.zh) ? undefined : invalid(id, 'label')

const isLabel = (text: string): boolean => {
  const { length } = Array.from(text)
  return length > 0 && length <= labelLengthMax && text.isWellFormed() && !/\p{Cc}/u.test(text)
}

const eventProblem = (event: EventDraft): CatalogError | undefined =>
  itemProblem(event) ??
  (event.retentionDays === undefined ||
  (Number.isSafeInteger(event.retentionDays) && event.retentionDays > 0)
    ? undefined
    : invalid(event.id, 'retentionDays')) ??
  firstOf(event.properties, (property) => itemProblem(property) ?? typeProblem(property)) ??
  repeated(event.properties)

interface Typed {
  readonly id: string
  readonly type: ValueType
}

function typeProblem({ id, type }: Typed): CatalogError | undefined {
  if (type.kind === 'money') {
    const isScale = Number.isSafeInteger(type.scale) && type.scale >= 0 && type.scale <= scaleMax
    return isScale && currencyCode.test(type.currency) ? undefined : invalid(id, 'type')
  }
  if (type.kind === 'score') {
    const { low, high } = type
    return Number.isSafeInteger(low) && Number.isSafeInteger(high) && low < high
      ? undefined
      : invalid(id, 'type')
  }
  return valuesProblem(id, type)
}

/** Value ids come from data too ("auto"), so they are any text; a parent is listed before what lies below it. */
function valuesProblem(id: string, type: ValueType): CatalogError | undefined {
  const seen = new Set<string>()
  for (const value of valuesOf(type)) {
    const isNew = value.id !== '' && value.id.isWellFormed() && !seen.has(value.id)
    const parent = 'parent' in value ? value.parent : undefined
    const isPlaced = parent === undefined || seen.has(parent)
    const isLabelled = value.label.en !== '' && value.label.zh !== ''
    if (!isNew || !isPlaced || !isLabelled) return invalid(id, 'values')
    seen.add(value.id)
  }
  return undefined
}
