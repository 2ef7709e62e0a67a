/** Rows of the values of an enum or region. */
import type { DutyTx } from '../db/index.ts'
import type { PropertyDraft } from './draft.ts'
import { valuesOf } from './value-types.ts'

export type ValueOwner =
  | { readonly kind: 'attribute'; readonly attribute: string }
  | { readonly kind: 'property'; readonly event: number; readonly property: string }

interface ValueRow {
  readonly id: string
  readonly label_en: string
  readonly label_zh: string
  readonly parent_id: string | null
  readonly sources: readonly string[]
  readonly position: number
}

/** Rows of one insert: an "auto" enum may have thousands, and a statement takes 65,535 parameters. */
const rowsPerInsert = 1_000

/** Adds the values that are missing and changes labels and spellings; a value is never taken away. */
export async function defineValues(
  tx: DutyTx,
  owner: ValueOwner,
  { type, spellings = {} }: Pick<PropertyDraft, 'type' | 'spellings'>,
): Promise<void> {
  const values = valuesOf(type)
  if (values.length === 0) return
  const known = await readValues(tx, owner)
  const knownById = new Map(known.map((row) => [row.id, row]))
  let next = Math.max(-1, ...known.map(({ position }) => position)) + 1
  const added: ValueRow[] = []
  for (const value of values) {
    const row = knownById.get(value.id)
    const sources = spellings[value.id]
    const wanted = {
      id: value.id,
      label_en: value.label.en,
      label_zh: value.label.zh,
      parent_id: ('parent' in value ? value.parent : undefined) ?? null,
      sources: [...new Set([...(row?.sources ?? []), ...(sources ?? [])])],
      position: row?.position ?? next,
    }
    if (!row) {
      added.push(wanted)
      next += 1
    } else if (isChanged(row, wanted)) {
      await changeValue(tx, owner, wanted)
    }
  }
  for (let start = 0; start < added.length; start += rowsPerInsert) {
    await insertValues(tx, owner, added.slice(start, start + rowsPerInsert))
  }
}

const isChanged = (a: ValueRow, b: ValueRow): boolean =>
  a.label_en !== b.label_en || a.label_zh !== b.label_zh || a.sources.length !== b.sources.length

const columns = ['id', 'label_en', 'label_zh', 'parent_id', 'sources', 'position'] as const

async function readValues(tx: DutyTx, owner: ValueOwner): Promise<readonly ValueRow[]> {
  return owner.kind === 'attribute'
    ? await tx
        .selectFrom('catalog.attribute_value')
        .select(columns)
        .where('attribute_id', '=', owner.attribute)
        .execute()
    : await tx
        .selectFrom('catalog.event_property_value')
        .select(columns)
        .where('event_number', '=', owner.event)
        .where('property_id', '=', owner.property)
        .execute()
}

async function changeValue(tx: DutyTx, owner: ValueOwner, row: ValueRow): Promise<void> {
  const { label_en, label_zh, sources } = row
  const change = { label_en, label_zh, sources }
  if (owner.kind === 'attribute') {
    const update = tx.updateTable('catalog.attribute_value').set(change)
    await update.where('attribute_id', '=', owner.attribute).where('id', '=', row.id).execute()
  } else {
    const update = tx.updateTable('catalog.event_property_value').set(change)
    await update
      .where('event_number', '=', owner.event)
      .where('property_id', '=', owner.property)
      .where('id', '=', row.id)
      .execute()
  }
}

async function insertValues(
  tx: DutyTx,
  owner: ValueOwner,
  rows: readonly ValueRow[],
): Promise<void> {
  if (owner.kind === 'attribute') {
    await tx
      .insertInto('catalog.attribute_value')
      .values(rows.map((row) => ({ ...row, attribute_id: owner.attribute })))
      .execute()
  } else {
    await tx
      .insertInto('catalog.event_property_value')
      .values(
        rows.map((row) => ({ ...row, event_number: owner.event, property_id: owner.property })),
      )
      .execute()
  }
}
