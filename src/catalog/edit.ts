/** A steward's single changes. What is there already is refused rather than changed in passing. */
import type { CatalogTag, EnumValue, RegionValue, ValueType } from '#grammar'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { applyDraft } from './define.ts'
import type {
  AttributeDraft,
  CatalogDraft,
  CatalogError,
  CategoryDraft,
  EventDraft,
  PropertyDraft,
} from './draft.ts'
import { loadCatalog } from './load.ts'
import type { PhysicalCatalog } from './physical.ts'
import { hasValues } from './value-types.ts'

export interface CatalogChanged {
  readonly revision: string
}

export type Edited = Promise<Result<CatalogChanged, CatalogError | IdempotencyError>>

const nothing: CatalogDraft = { categories: [], attributes: [], events: [], tags: [] }

export const addCategory = (deps: Deps, context: RequestContext, category: CategoryDraft): Edited =>
  edit(deps, context, { kind: 'category', id: category.id }, async (tx) => {
    const known = await tx
      .selectFrom('catalog.category')
      .select('id')
      .where('id', '=', category.id)
      .executeTakeFirst()
    return known ? alreadyThere(category.id) : { ...nothing, categories: [category] }
  })

export const addAttribute = (
  deps: Deps,
  context: RequestContext,
  attribute: AttributeDraft,
): Edited =>
  edit(deps, context, { kind: 'attribute', id: attribute.id }, (_, { rules }) =>
    rules.attributes.some(({ id }) => id === attribute.id)
      ? alreadyThere(attribute.id)
      : { ...nothing, attributes: [attribute] },
  )

/** `spellings` are how the value stands in loaded data; the value's own id always counts as one. */
export interface ValueDraft {
  readonly value: EnumValue | RegionValue
  readonly spellings?: readonly string[]
}

export const addAttributeValue = (
  deps: Deps,
  context: RequestContext,
  input: ValueDraft & { readonly attribute: string },
): Edited =>
  edit(deps, context, { kind: 'attribute', id: input.attribute }, (_, { rules }) => {
    const attribute = rules.attributes.find(({ id }) => id === input.attribute)
    if (!attribute) return unknownId(input.attribute)
    const grown = withValue(attribute, input)
    return 'code' in grown ? grown : { ...nothing, attributes: [{ ...attribute, ...grown }] }
  })

export const addEvent = (deps: Deps, context: RequestContext, event: EventDraft): Edited =>
  edit(deps, context, { kind: 'event', id: event.id }, (_, { rules }) =>
    rules.events.some(({ id }) => id === event.id)
      ? alreadyThere(event.id)
      : { ...nothing, events: [event] },
  )

export const addEventProperty = (
  deps: Deps,
  context: RequestContext,
  input: { readonly event: string; readonly property: PropertyDraft },
): Edited =>
  edit(deps, context, { kind: 'event', id: input.event }, (_, { rules }) => {
    const event = rules.events.find(({ id }) => id === input.event)
    if (!event) return unknownId(input.event)
    return event.properties.some(({ id }) => id === input.property.id)
      ? alreadyThere(input.property.id)
      : { ...nothing, events: [{ ...event, properties: [input.property] }] }
  })

export const addEventPropertyValue = (
  deps: Deps,
  context: RequestContext,
  input: ValueDraft & { readonly event: string; readonly property: string },
): Edited =>
  edit(deps, context, { kind: 'event', id: input.event }, (_, { rules }) => {
    const event = rules.events.find(({ id }) => id === input.event)
    const property = event?.properties.find(({ id }) => id === input.property)
    if (!event || !property) return unknownId(`${input.event}.${input.property}`)
    const grown = withValue(property, input)
    return 'code' in grown
      ? grown
      : { ...nothing, events: [{ ...event, properties: [{ ...property, ...grown }] }] }
  })

export const addTag = (deps: Deps, context: RequestContext, tag: CatalogTag): Edited =>
  edit(deps, context, { kind: 'tag', id: tag.id }, (_, { rules }) =>
    rules.tags.some(({ id }) => id === tag.id) ? alreadyThere(tag.id) : { ...nothing, tags: [tag] },
  )

const alreadyThere = (id: string): CatalogError => ({ code: 'already-there', id })
const unknownId = (id: string): CatalogError => ({ code: 'unknown-id', id })

function withValue(
  owner: { readonly id: string; readonly type: ValueType },
  { value, spellings }: ValueDraft,
): CatalogError | Pick<PropertyDraft, 'type' | 'spellings'> {
  const { id, type } = owner
  if (!hasValues(type)) return { code: 'invalid', id, field: 'values' }
  if (type.values.some((known) => known.id === value.id)) return alreadyThere(value.id)
  const values = [...type.values, value]
  return { type: { kind: type.kind, values }, spellings: { [value.id]: spellings ?? [] } }
}

/** `draftOf` sees the catalogue as it stands in the transaction and says what to add, or why not. */
async function edit(
  deps: Deps,
  context: RequestContext,
  object: { readonly kind: string; readonly id: string },
  draftOf: (
    tx: DutyTx,
    catalog: PhysicalCatalog,
  ) => CatalogDraft | CatalogError | Promise<CatalogDraft | CatalogError>,
): Edited {
  return await recorded(deps.database, context, 'yq_steward', {}, async (tx) => {
    const draft = await draftOf(tx, await loadCatalog(tx))
    const error = 'code' in draft ? draft : await applyDraft(tx, draft)
    const entry = { action: 'catalog.edit', objectKind: object.kind, objectId: object.id } as const
    if (error !== undefined) {
      return { result: err(error), entry: { ...entry, decision: 'deny', reason: error.code } }
    }
    const { revision } = await loadCatalog(tx)
    return { result: ok({ revision }), entry: { ...entry, decision: 'allow' } }
  })
}
