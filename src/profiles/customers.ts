/**
 * Customers into the profile, their contact data into the vault, and what the decision must know into consent:
 * all in one transaction, set by set. Loading the same again changes nothing; what changed keeps its history.
 */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { setPersons } from '../consent/index.ts'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { assert } from '../kernel/assert.ts'
import { claimCustomers, storeContacts } from '../pseudonyms/index.ts'
import type { ContactError, ContactRow } from '../pseudonyms/index.ts'
import { readCustomer } from './customer-row.ts'
import type { CustomerRow, ReadCustomer } from './customer-row.ts'
import { columnName, placesOf } from './physical.ts'
import type { FieldError, Placed } from './physical.ts'
import { stagedRef, withStaged } from './staged.ts'
import type { StagedColumn } from './staged.ts'

/** `updated`: an attribute, tag or piece of contact data is another than before. */
export type CustomerOutcome =
  | {
      readonly status: 'inserted' | 'updated' | 'unchanged'
      readonly customerId: string
      /** Contact data that is none; the rest of the row is loaded. */
      readonly refused: readonly RefusedContact[]
    }
  | ({ readonly status: 'rejected' } & FieldError)

export interface RefusedContact {
  readonly kind: string
  readonly code: ContactError['code']
}

/** Kind under which the vault keeps the brand's own id. It is no way to reach anybody. */
const sourceIdKind = 'source-id'

interface Loaded extends ReadCustomer {
  readonly customerId: string
}

/**
 * Loads customers; outcomes in the order of the rows. Rows of one id are taken one after the other, and each of them
 * answers with what became of all.
 */
export async function loadCustomers(
  tx: DutyTx,
  keys: Keys,
  catalog: PhysicalCatalog,
  rows: readonly CustomerRow[],
): Promise<CustomerOutcome[]> {
  const places = placesOf(catalog)
  const read = rows.map((row) => readCustomer(places, row))
  const good = read.filter((item) => item.ok).map((item) => item.value)
  const idBySource = await claimCustomers(
    tx,
    keys,
    good.map(({ row }) => row.id),
  )
  const merged = new Map<string, Loaded>()
  for (const item of good) {
    const customerId = idBySource.get(item.row.id)
    assert(customerId !== undefined, 'a key for every customer that was claimed')
    const before = merged.get(customerId)
    merged.set(customerId, {
      ...(before === undefined ? item : mergeRows(before, item)),
      customerId,
    })
  }
  const changed = await write(tx, keys, [...merged.values()])
  return read.map((item) => {
    if (!item.ok) return { status: 'rejected', ...item.error }
    const customerId = idBySource.get(item.value.row.id) ?? ''
    return {
      status: changed.status.get(customerId) ?? 'unchanged',
      customerId,
      refused: changed.refused.get(customerId) ?? [],
    }
  })
}

const mergeRows = (before: ReadCustomer, after: ReadCustomer): ReadCustomer => ({
  row: {
    ...before.row,
    ...after.row,
    identifiers: { ...before.row.identifiers, ...after.row.identifiers },
    person: { ...before.row.person, ...after.row.person },
  },
  attributes: new Map([...before.attributes, ...after.attributes]),
  tags: after.tags ?? before.tags,
})

interface Changed {
  readonly status: ReadonlyMap<string, 'inserted' | 'updated'>
  readonly refused: ReadonlyMap<string, readonly RefusedContact[]>
}

async function write(tx: DutyTx, keys: Keys, customers: readonly Loaded[]): Promise<Changed> {
  // In one order everywhere, so that two loaders of the same people wait in line and not for each other.
  const ordered = customers.toSorted((a, b) => compareIds(a.customerId, b.customerId))
  const contacts = await writeContacts(tx, keys, ordered)
  const status = new Map<string, 'inserted' | 'updated'>()
  for (const id of contacts.stored) status.set(id, 'updated')
  for (const group of Map.groupBy(ordered, shapeOf).values()) {
    for (const [id, outcome] of await writeProfiles(tx, group, contacts.kinds))
      status.set(id, outcome)
  }
  await setPersons(
    tx,
    ordered.map(({ customerId, row }) => ({ ...row.person, customerId })),
  )
  return { status, refused: contacts.refused }
}

const compareIds = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

async function writeContacts(tx: DutyTx, keys: Keys, customers: readonly Loaded[]) {
  const rows: ContactRow[] = customers.flatMap(({ customerId, row }) => [
    { customerId, kind: sourceIdKind, value: row.id },
    ...Object.entries(row.identifiers ?? {}).map(([kind, value]) => ({ customerId, kind, value })),
  ])
  const outcomes = await storeContacts(tx, keys, rows)
  const kinds = new Map<string, string[]>()
  const refused = new Map<string, RefusedContact[]>()
  const stored = new Set<string>()
  for (const [index, { customerId, kind }] of rows.entries()) {
    const outcome = outcomes[index] ?? 'unchanged'
    if (outcome === 'stored' || outcome === 'unchanged') {
      if (kind !== sourceIdKind) add(kinds, customerId, kind)
      if (outcome === 'stored') stored.add(customerId)
    } else add(refused, customerId, { kind, code: outcome })
  }
  return { kinds, refused, stored }
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** Rows that write the same columns are written together. */
const shapeOf = ({ attributes, tags }: ReadCustomer): string =>
  [tags === undefined ? '' : 'tags', ...[...attributes.keys()].map(({ id }) => id).sort()].join(' ')

const fixedColumns = 3

async function writeProfiles(
  tx: DutyTx,
  group: readonly Loaded[],
  kinds: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, 'inserted' | 'updated'>> {
  const placed: readonly Placed[] = [...(group[0]?.attributes.keys() ?? [])]
  const setsTags = group[0]?.tags !== undefined
  const columns: readonly StagedColumn[] = [
    { type: 'bigint', values: group.map(({ customerId }) => customerId) },
    { type: 'text', values: group.map(({ tags }) => arrayText(tags ?? [])) },
    { type: 'text', values: group.map(({ customerId }) => arrayText(kinds.get(customerId) ?? [])) },
    ...placed.map((place) => ({
      type: place.type,
      values: group.map(({ attributes }) => attributes.get(place) ?? null),
    })),
  ]
  return await withStaged(tx, columns, async (source) => {
    const names = placed.map(({ column }) => columnName(column))
    const values = placed.map((_, index) => stagedRef(fixedColumns + index))
    const inserted = await sql<{ customer_id: string }>`
      insert into profile.customer (${sql.join([sql`customer_id, tags, identifier_kinds`, ...names])})
      select ${sql.join([sql`staged.c0, staged.c1::text[], staged.c2::text[]`, ...values])} from ${source}
      on conflict do nothing returning customer_id`.execute(tx)
    const updated = await updateProfiles(tx, source, names, values, setsTags)
    return new Map([
      ...updated.map((id) => [id, 'updated'] as const),
      ...inserted.rows.map((row) => [row.customer_id, 'inserted'] as const),
    ])
  })
}

/** Only rows that differ: a row that is written anew would get a history that tells of nothing. */
async function updateProfiles(
  tx: DutyTx,
  source: RawBuilder<unknown>,
  names: readonly RawBuilder<unknown>[],
  values: readonly RawBuilder<unknown>[],
  setsTags: boolean,
): Promise<readonly string[]> {
  const kinds = sql`array(select distinct kind from unnest(customer.identifier_kinds || staged.c2::text[]) as kind
    order by kind)`
  const targets = [...(setsTags ? [sql.id('tags')] : []), ...names]
  const wanted = [...(setsTags ? [sql`staged.c1::text[]`] : []), ...values]
  const changes = targets.map((name, index) => sql`${name} = ${wanted[index]}`)
  const differs = targets.map(
    (name, index) => sql`customer.${name} is distinct from ${wanted[index]}`,
  )
  const { rows } = await sql<{ customer_id: string }>`
    update profile.customer
    set ${sql.join([sql`identifier_kinds = ${kinds}`, ...changes])}
    from ${source}
    where customer.customer_id = staged.c0 and (
      ${sql.join([sql`not customer.identifier_kinds @> staged.c2::text[]`, ...differs], sql` or `)})
    returning customer.customer_id`.execute(tx)
  return rows.map((row) => row.customer_id)
}

/** An array literal of tag ids or kinds, which hold nothing that would need quotes. */
const arrayText = (items: readonly string[]): string => `{${[...new Set(items)].sort().join(',')}}`
