/** Brings the catalogue to a draft: adds what is missing, renames what is named differently, never changes a type. */
import { sql } from 'kysely'
import type { CatalogTag, DataClass, Label } from '#grammar'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { categoriesMax, findInvalid } from './draft.ts'
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
import { storedType } from './value-types.ts'
import { defineValues } from './values.ts'

/**
 * Defines everything a draft names. Nothing is written for what is there already, so a second run keeps the revision.
 *
 * All or nothing. Errors: see CatalogError.
 */
export async function defineCatalog(
  deps: Deps,
  context: RequestContext,
  draft: CatalogDraft,
): Promise<Result<PhysicalCatalog, CatalogError | IdempotencyError>> {
  const defined = await recorded(deps.database, context, 'yq_steward', {}, async (tx) => {
    const error = await applyDraft(tx, draft)
    const detail = {
      attributes: draft.attributes.length,
      events: draft.events.length,
      tags: draft.tags.length,
    }
    return error === undefined
      ? { result: ok(null), entry: { action: 'catalog.edit', decision: 'allow', detail } }
      : {
          result: err(error),
          entry: { action: 'catalog.edit', decision: 'deny', reason: error.code, detail },
        }
  })
  if (!defined.ok) return defined
  const duty = { actor: context.actor.id, requestId: context.requestId }
  return ok(await asRole(deps.database, 'yq_steward', duty, loadCatalog))
}

/** In the caller's transaction as a steward; an error leaves it half done, to be rolled back. */
export async function applyDraft(
  tx: DutyTx,
  draft: CatalogDraft,
): Promise<CatalogError | undefined> {
  const invalid = findInvalid(draft)
  if (invalid) return invalid
  // Two stewards at once would give out the same bit or define the same id.
  await sql`select pg_advisory_xact_lock(7002, 0)`.execute(tx)
  const classes = await defineCategories(tx, draft)
  if (!(classes instanceof Map)) return classes
  return (
    (await defineAttributes(tx, draft.attributes, classes)) ??
    (await defineEvents(tx, draft.events, classes)) ??
    (await defineTags(tx, draft.tags, classes))
  )
}

interface Labelled {
  readonly label_en: string
  readonly label_zh: string
}

const isRelabelled = (row: Labelled, label: Label): boolean =>
  row.label_en !== label.en || row.label_zh !== label.zh

const labels = (label: Label): Labelled => ({ label_en: label.en, label_zh: label.zh })

async function defineCategories(
  tx: DutyTx,
  draft: CatalogDraft,
): Promise<CatalogError | Map<string, DataClass>> {
  const rows = await tx
    .selectFrom('catalog.category')
    .select(['id', 'bit', 'data_class', 'label_en', 'label_zh'])
    .execute()
  const rowById = new Map(rows.map((row) => [row.id, row]))
  const classes = new Map(rows.map((row) => [row.id, row.data_class]))
  const bits = new Set(rows.map(({ bit }) => bit))
  for (const { id, label, dataClass } of [...draft.categories, ...implied(draft)]) {
    const row = rowById.get(id)
    if (classes.has(id)) {
      if (classes.get(id) !== dataClass) return { code: 'class-differs', id }
      if (row && isRelabelled(row, label) && draft.categories.some((named) => named.id === id)) {
        await tx.updateTable('catalog.category').set(labels(label)).where('id', '=', id).execute()
      }
      continue
    }
    const bit = Array.from({ length: categoriesMax }, (_, place) => place).find((b) => !bits.has(b))
    if (bit === undefined) return { code: 'too-many-categories', limit: categoriesMax }
    await tx
      .insertInto('catalog.category')
      .values({ id, bit, ...labels(label), data_class: dataClass })
      .execute()
    bits.add(bit)
    classes.set(id, dataClass)
  }
  return classes
}

/** Categories that are named with their class where they are used. */
function implied(draft: CatalogDraft): readonly CategoryDraft[] {
  const named = new Set(draft.categories.map(({ id }) => id))
  return [...draft.attributes, ...draft.events, ...draft.tags].flatMap(({ category, dataClass }) =>
    category === undefined || dataClass === undefined || named.has(category)
      ? []
      : [{ id: category, label: lastPartOf(category), dataClass }],
  )
}

function lastPartOf(category: string): Label {
  const part = category.slice(category.lastIndexOf('.') + 1)
  return { en: part, zh: part }
}

interface Categorised {
  readonly id: string
  readonly category?: string
  readonly dataClass?: DataClass
}

/** Against the row that is there already, if one is. */
function categoryProblem(
  item: Categorised,
  classes: ReadonlyMap<string, DataClass>,
  row?: { readonly category_id: string | null },
): CatalogError | undefined {
  const { id, category, dataClass } = item
  if (category !== undefined && !classes.has(category))
    return { code: 'unknown-category', id, category }
  if (row && row.category_id !== (category ?? null)) return { code: 'category-differs', id }
  const known = category === undefined ? undefined : classes.get(category)
  return dataClass !== undefined && known !== undefined && known !== dataClass
    ? { code: 'class-differs', id }
    : undefined
}

async function defineAttributes(
  tx: DutyTx,
  attributes: readonly AttributeDraft[],
  classes: ReadonlyMap<string, DataClass>,
): Promise<CatalogError | undefined> {
  const rows = await tx
    .selectFrom('catalog.attribute')
    .select(['id', 'label_en', 'label_zh', 'type', 'category_id'])
    .execute()
  const rowById = new Map(rows.map((row) => [row.id, row]))
  for (const attribute of attributes) {
    const { id, label, type } = attribute
    const row = rowById.get(id)
    const problem = categoryProblem(attribute, classes, row) ?? typeDifference(id, row, attribute)
    if (problem) return problem
    if (!row) {
      await sql`select catalog.define_attribute(
        ${id}, ${label.en}, ${label.zh}, ${storedType(type)}::jsonb, ${attribute.category ?? null})`.execute(
        tx,
      )
    } else if (isRelabelled(row, label)) {
      await tx.updateTable('catalog.attribute').set(labels(label)).where('id', '=', id).execute()
    }
    await defineValues(tx, { kind: 'attribute', attribute: id }, attribute)
  }
  return undefined
}

const typeDifference = (
  id: string,
  row: { readonly type: unknown } | undefined,
  { type }: Pick<PropertyDraft, 'type'>,
): CatalogError | undefined =>
  row && canonicalJson(row.type) !== storedType(type) ? { code: 'type-differs', id } : undefined

async function defineEvents(
  tx: DutyTx,
  events: readonly EventDraft[],
  classes: ReadonlyMap<string, DataClass>,
): Promise<CatalogError | undefined> {
  const rows = await tx
    .selectFrom('catalog.event_type')
    .select(['number', 'id', 'label_en', 'label_zh', 'category_id', 'retention_days'])
    .execute()
  const rowById = new Map(rows.map((row) => [row.id, row]))
  for (const event of events) {
    const row = rowById.get(event.id)
    const problem = categoryProblem(event, classes, row)
    if (problem) return problem
    const wanted = { ...labels(event.label), retention_days: event.retentionDays ?? null }
    if (row && (isRelabelled(row, event.label) || row.retention_days !== wanted.retention_days)) {
      await tx.updateTable('catalog.event_type').set(wanted).where('id', '=', event.id).execute()
    }
    const number = row?.number ?? (await insertEvent(tx, event))
    const propertyProblem = await defineProperties(tx, number, event)
    if (propertyProblem) return propertyProblem
  }
  return undefined
}

async function insertEvent(tx: DutyTx, event: EventDraft): Promise<number> {
  const { number } = await tx
    .insertInto('catalog.event_type')
    .values({
      id: event.id,
      ...labels(event.label),
      category_id: event.category ?? null,
      retention_days: event.retentionDays ?? null,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  return number
}

async function defineProperties(
  tx: DutyTx,
  number: number,
  event: EventDraft,
): Promise<CatalogError | undefined> {
  const rows = await tx
    .selectFrom('catalog.event_property')
    .select(['id', 'label_en', 'label_zh', 'type', 'position'])
    .where('event_number', '=', number)
    .execute()
  const rowById = new Map(rows.map((row) => [row.id, row]))
  let position = Math.max(-1, ...rows.map((row) => row.position))
  for (const property of event.properties) {
    const { id, label } = property
    const row = rowById.get(id)
    const problem = typeDifference(`${event.id}.${id}`, row, property)
    if (problem) return problem
    if (!row) {
      position += 1
      await sql`select catalog.define_event_property(${number}::smallint, ${id}, ${label.en}, ${label.zh},
        ${storedType(property.type)}::jsonb, ${position}::integer)`.execute(tx)
    } else if (isRelabelled(row, label)) {
      const change = tx.updateTable('catalog.event_property').set(labels(label))
      await change.where('event_number', '=', number).where('id', '=', id).execute()
    }
    await defineValues(tx, { kind: 'property', event: number, property: id }, property)
  }
  return undefined
}

async function defineTags(
  tx: DutyTx,
  tags: readonly CatalogTag[],
  classes: ReadonlyMap<string, DataClass>,
): Promise<CatalogError | undefined> {
  const rows = await tx
    .selectFrom('catalog.tag')
    .select(['id', 'label_en', 'label_zh', 'category_id'])
    .execute()
  const rowById = new Map(rows.map((row) => [row.id, row]))
  for (const tag of tags) {
    const row = rowById.get(tag.id)
    const problem = categoryProblem(tag, classes, row)
    if (problem) return problem
    if (row && isRelabelled(row, tag.label)) {
      await tx.updateTable('catalog.tag').set(labels(tag.label)).where('id', '=', tag.id).execute()
    }
    if (!row) {
      await tx
        .insertInto('catalog.tag')
        .values({ id: tag.id, ...labels(tag.label), category_id: tag.category ?? null })
        .execute()
    }
  }
  return undefined
}
