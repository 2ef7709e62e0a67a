/** What a dataset adds to the catalogue: its attributes, events and tags, with the values found in the data. */
import { hash } from 'node:crypto'
import type {
  AttributeDraft,
  CatalogDraft,
  EventDraft,
  PropertyDraft,
  Spellings,
} from '../catalog/index.ts'
import type { CatalogTag, DataClass, Label, ValueType } from '#grammar'
import type {
  Dataset,
  DatasetAttribute,
  DatasetEvent,
  DatasetField,
  DatasetTags,
  ListedValue,
} from './dataset.ts'
import { assert } from '../kernel/assert.ts'

/** Values found in the data, by the field they were asked for; see `autoFields`. */
export type FoundValues = ReadonlyMap<object, ReadonlySet<string>>

/** A field whose values are collected from its column. The field itself is the key of what was found. */
export interface AutoField {
  readonly key: object
  readonly file: string
  readonly column: string
  readonly missing: readonly string[]
  /** Between several values of one cell. */
  readonly separator?: string
  /** It names purposes or channels, of which nobody has many. */
  readonly isParty?: true
}

const tagSeparator = '|'
const tagsCategory = { category: 'tag', dataClass: 'S1' } as const

/** Every field with values: "auto", the customers' tags among them. */
export function autoFields(dataset: Dataset): readonly AutoField[] {
  const { customers, events = [] } = dataset
  const ofCustomers = tagColumns(dataset)
    .filter(({ values }) => !Array.isArray(values))
    .map(({ key, column, separator, missing }) => ({
      key,
      file: customers?.file ?? '',
      column,
      separator,
      missing,
    }))
  const attributes = Object.values(customers?.attributes ?? {})
    .filter(isAuto)
    .map((field) => autoField(customers?.file ?? '', field, customers?.missing))
  const properties = events.flatMap((event) =>
    Object.values(event.properties ?? {})
      .filter(isAuto)
      .map((field) => autoField(event.file, field, event.missing)),
  )
  return [...ofCustomers, ...attributes, ...properties]
}

const isAuto = ({ type, values }: DatasetField): boolean =>
  (type === 'enum' || type === 'region') && !Array.isArray(values)

const autoField = (
  file: string,
  field: DatasetField,
  missing: readonly string[] = [],
): AutoField => ({
  key: field,
  file,
  column: field.column ?? '',
  missing: [...missing, ...(field.missing ?? [])],
})

export interface TagColumn {
  readonly key: object
  readonly column: string
  readonly separator: string
  readonly values: DatasetTags['values']
  readonly category: string
  readonly dataClass: DataClass | undefined
  readonly missing: readonly string[]
}

/** The tags column and every attribute of the type tags: all of them are tags of the customer. */
export function tagColumns({ customers }: Dataset): readonly TagColumn[] {
  if (customers === undefined) return []
  const { tags, attributes = {}, missing = [] } = customers
  const declared = tags === undefined ? [] : [tagColumn(tags, tags, missing)]
  const typed = Object.values(attributes).filter(({ type }) => type === 'tags')
  return [...declared, ...typed.map((field) => tagColumn(field, field, missing))]
}

function tagColumn(
  key: object,
  field: DatasetTags | DatasetAttribute,
  missing: readonly string[],
): TagColumn {
  const own = 'missing' in field ? (field.missing ?? []) : []
  return {
    key,
    column: field.column ?? '',
    separator: field.separator ?? tagSeparator,
    values: field.values,
    category: field.category ?? tagsCategory.category,
    dataClass: field.category === undefined ? tagsCategory.dataClass : field.class,
    missing: [...missing, ...own],
  }
}

const plainTag = /^[a-z][a-z0-9_.-]{0,63}$/

/** The id of a tag that the data names in its own words: the word itself where it can be an id. */
export const tagIdOf = (word: string): string =>
  plainTag.test(word) ? word : `t-${hash('sha256', word, 'hex').slice(0, 16)}`

/** Ids of a column's tags by every spelling of them. */
export function tagsBySpelling(column: TagColumn, found: FoundValues): ReadonlyMap<string, string> {
  if (Array.isArray(column.values)) return spellingsOf(column.values)
  return new Map([...(found.get(column.key) ?? [])].map((word) => [word, tagIdOf(word)]))
}

const spellingsOf = (values: readonly ListedValue[]): ReadonlyMap<string, string> =>
  new Map([
    ...values.flatMap(({ id, source = [] }) => source.map((word) => [word, id] as const)),
    ...values.map(({ id }) => [id, id] as const),
  ])

export function draftOf(dataset: Dataset, found: FoundValues): CatalogDraft {
  const attributes = Object.entries(dataset.customers?.attributes ?? {}).filter(
    ([, { type }]) => type !== 'tags',
  )
  return {
    categories: (dataset.categories ?? []).map(({ id, label, class: dataClass }) => ({
      id,
      label,
      dataClass,
    })),
    attributes: attributes.map(([id, field]) => attributeDraft(dataset, id, field, found)),
    events: (dataset.events ?? []).map((event) => eventDraft(dataset, event, found)),
    tags: tagDrafts(dataset, found),
  }
}

const labelOf = (id: string, label: Label | undefined): Label => {
  if (label !== undefined) return label
  const words = id.replaceAll(/[_.-]+/g, ' ')
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return { en: title, zh: title }
}

const categoryOf = (item: {
  readonly category?: string | undefined
  readonly class?: DataClass | undefined
}) => ({
  ...(item.category === undefined ? {} : { category: item.category }),
  ...(item.class === undefined ? {} : { dataClass: item.class }),
})

const attributeDraft = (
  dataset: Dataset,
  id: string,
  field: DatasetAttribute,
  found: FoundValues,
): AttributeDraft => ({ ...fieldDraft(dataset, id, field, found), ...categoryOf(field) })

function eventDraft(dataset: Dataset, event: DatasetEvent, found: FoundValues): EventDraft {
  return {
    id: event.name,
    label: labelOf(event.name, event.label),
    properties: Object.entries(event.properties ?? {}).map(([id, field]) =>
      fieldDraft(dataset, id, field, found),
    ),
    ...categoryOf(event),
    ...(event.retentionDays === undefined ? {} : { retentionDays: event.retentionDays }),
  }
}

function fieldDraft(
  dataset: Dataset,
  id: string,
  field: DatasetField,
  found: FoundValues,
): PropertyDraft {
  const values = listedValues(field, found)
  const spellings: Spellings = Object.fromEntries(
    values.flatMap(({ id, source }) => (source === undefined ? [] : [[id, source] as const])),
  )
  return { id, label: labelOf(id, field.label), type: typeOf(dataset, field, values), spellings }
}

/** Values of the data stand for themselves in both languages, in the order of their code points. */
function listedValues(field: DatasetField, found: FoundValues): readonly ListedValue[] {
  if (Array.isArray(field.values)) return field.values
  const words = [...(found.get(field) ?? [])]
  return words
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((word) => ({ id: word, en: word, zh: word }))
}

function typeOf(dataset: Dataset, field: DatasetField, values: readonly ListedValue[]): ValueType {
  const { type } = field
  assert(type !== 'tags', 'tags are no attribute of the catalogue')
  const labelled = values.map(({ id, en, zh }) => ({ id, label: { en, zh } }))
  switch (type) {
    case 'money': {
      const currency = field.currency ?? dataset.currency
      return { kind: 'money', currency, scale: field.scale ?? minorDigits(currency) }
    }
    case 'score':
      return { kind: 'score', low: field.low ?? 0, high: field.high ?? 0 }
    case 'enum':
      return { kind: 'enum', values: labelled }
    case 'region':
      return {
        kind: 'region',
        values: values.map(({ id, en, zh, parent }) => ({
          id,
          label: { en, zh },
          ...(parent === undefined ? {} : { parent }),
        })),
      }
    case 'integer':
    case 'decimal':
    case 'percent':
    case 'text':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'month-day':
      return { kind: type }
  }
}

/** ISO 4217 minor units, as the platform's own table has them. */
const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2

const labelLengthMax = 64

function labelOfWord(word: string): Label {
  const label = Array.from(word).slice(0, labelLengthMax).join('')
  return { en: label, zh: label }
}

function tagDrafts(dataset: Dataset, found: FoundValues): readonly CatalogTag[] {
  const drafts = tagColumns(dataset).flatMap((column) => {
    const { category, dataClass } = column
    const placed = { category, ...(dataClass === undefined ? {} : { dataClass }) }
    if (Array.isArray(column.values))
      return column.values.map(({ id, en, zh }) => ({ id, label: { en, zh }, ...placed }))
    return [...(found.get(column.key) ?? [])].map((word) => ({
      id: tagIdOf(word),
      label: labelOfWord(word),
      ...placed,
    }))
  })
  // Two columns may hold the same tag; the first names it.
  const byId = new Map(drafts.toReversed().map((draft) => [draft.id, draft]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
