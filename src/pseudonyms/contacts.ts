/**
 * Contact data in the vault: AES-256-GCM under the person's own key, bound to its row, found by a keyed hash.
 *
 * INVARIANT: a ciphertext opens only for the customer and kind it was sealed for (test/pseudonyms/vault.test.ts).
 */
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import { openWith, sealWith } from '../keys/index.ts'
import type { Keys } from '../keys/index.ts'
import { assert } from '../kernel/assert.ts'
import { redact } from '../kernel/redacted.ts'
import type { Redacted } from '../kernel/redacted.ts'
import { normaliseContact } from './normalise.ts'
import type { ContactError } from './normalise.ts'
import { personKeys, unwrapPersonKey } from './person-key.ts'

export interface ContactRow {
  readonly customerId: string
  /** `mobile`, `email`, `name`, `source-id`, or another kind of lower-case letters, digits and hyphens. */
  readonly kind: string
  readonly value: string
}

export type ContactOutcome = 'stored' | 'unchanged' | ContactError['code']

/** Kinds that a person is looked up by; the hash of the others is bound to the customer, so equal ones look unlike. */
const lookupKinds: ReadonlySet<string> = new Set(['mobile', 'email'])

interface Prepared {
  readonly customerId: string
  readonly kind: string
  readonly text: string
  /** Hexadecimal. */
  readonly indexHash: string
}

/**
 * Stores contact data; gives the outcome of each row, in order. Of two rows for one customer and kind the last counts.
 * What is stored already is left alone, so loading again writes nothing. The loader's duty (`yq_ingest`).
 */
export async function storeContacts(
  tx: DutyTx,
  keys: Keys,
  rows: readonly ContactRow[],
): Promise<ContactOutcome[]> {
  const outcomes: ContactOutcome[] = []
  const wanted = new Map<string, Prepared>()
  for (const row of rows) {
    const text = normaliseContact(row.kind, row.value)
    outcomes.push(text.ok ? 'stored' : text.error.code)
    if (text.ok) wanted.set(`${row.customerId}/${row.kind}`, prepare(keys, row, text.value))
  }
  const held = await heldHashes(tx, [...wanted.values()])
  const changed = [...wanted].filter(([place, row]) => held.get(place) !== row.indexHash)
  await write(
    tx,
    keys,
    changed.map(([, row]) => row),
    held,
  )
  const isChanged = new Set(changed.map(([place]) => place))
  return outcomes.map((outcome, index) => {
    const row = rows[index]
    return outcome === 'stored' && !isChanged.has(`${row?.customerId}/${row?.kind}`)
      ? 'unchanged'
      : outcome
  })
}

/**
 * Contact data of an export's customers who are permitted at this moment, by customer and kind. The database decides
 * who and which kinds; the values stay wrapped until they are written out. The exporter's duty (`yq_exporter`).
 */
export async function resolveContacts(
  tx: DutyTx,
  keys: Keys,
  exportId: string,
  customerIds: readonly string[],
  at: Date,
): Promise<Map<string, ReadonlyMap<string, Redacted<string>>>> {
  const { rows } = await sql<{
    customer_id: string
    kind: string
    ciphertext: Buffer
    wrapped: Buffer
    key_id: string
  }>`
    select customer_id, kind, ciphertext, wrapped, key_id
    from vault.resolve(${exportId}::uuid, ${[...customerIds]}::bigint[], ${at}::timestamptz)
    order by customer_id, kind
  `.execute(tx)
  const resolved = new Map<string, Map<string, Redacted<string>>>()
  let customerId = ''
  let key: ReturnType<typeof unwrapPersonKey> | undefined
  for (const row of rows) {
    if (key === undefined || row.customer_id !== customerId) {
      customerId = row.customer_id
      key = unwrapPersonKey(keys, customerId, row.wrapped)
    }
    const opened = openWith(key, row.ciphertext, boundTo(customerId, row.kind, row.key_id))
    assert(opened.ok, 'contact data of the vault stands in the row it was sealed for')
    const kinds = resolved.get(customerId) ?? new Map<string, Redacted<string>>()
    resolved.set(customerId, kinds.set(row.kind, redact(opened.value.toString('utf8'))))
  }
  return resolved
}

const boundTo = (customerId: string, kind: string, keyId: string): string =>
  `contact/${customerId}/${kind}/${keyId}`

function prepare(keys: Keys, row: ContactRow, text: string): Prepared {
  const { customerId, kind } = row
  const place = lookupKinds.has(kind) ? kind : `${kind}/${customerId}`
  const indexHash = keys.mac('contact-index', `${place}/${text}`).toString('hex')
  return { customerId, kind, text, indexHash }
}

async function heldHashes(
  tx: DutyTx,
  rows: readonly Prepared[],
): Promise<ReadonlyMap<string, string | null>> {
  if (rows.length === 0) return new Map()
  const { rows: held } = await sql<{ customer_id: string; kind: string; hash: string | null }>`
    select contact.customer_id, contact.kind, encode(contact.index_hash, 'hex') as hash
    from vault.contact
    where contact.customer_id in (
      select asked from unnest(${[...new Set(rows.map((row) => row.customerId))]}::bigint[]) as asked)
  `.execute(tx)
  return new Map(held.map((row) => [`${row.customer_id}/${row.kind}`, row.hash]))
}

/** A loader may not read ciphertexts, so an upsert that mentions `excluded` is closed to it: update, then insert. */
async function write(
  tx: DutyTx,
  keys: Keys,
  rows: readonly Prepared[],
  held: ReadonlyMap<string, string | null>,
): Promise<void> {
  if (rows.length === 0) return
  const keyByCustomer = await personKeys(tx, keys, [...new Set(rows.map((row) => row.customerId))])
  const isHeld = rows.filter((row) => held.has(`${row.customerId}/${row.kind}`))
  const isNew = rows.filter((row) => !held.has(`${row.customerId}/${row.kind}`))
  const sealed = (part: readonly Prepared[]) => sql`unnest(
    ${part.map((row) => row.customerId)}::bigint[], ${part.map((row) => row.kind)}::text[],
    ${part.map((row) => seal(keys, keyByCustomer.get(row.customerId), row))}::text[],
    ${part.map((row) => row.indexHash)}::text[]) as sealed (customer_id, kind, ciphertext, index_hash)`
  if (isHeld.length > 0) {
    await sql`
      update vault.contact
      set ciphertext = decode(sealed.ciphertext, 'hex'), index_hash = decode(sealed.index_hash, 'hex'),
        key_id = ${keys.id}
      from ${sealed(isHeld)}
      where contact.customer_id = sealed.customer_id and contact.kind = sealed.kind
    `.execute(tx)
  }
  if (isNew.length > 0) {
    await sql`
      insert into vault.contact (customer_id, kind, ciphertext, index_hash, key_id)
      select customer_id, kind, decode(ciphertext, 'hex'), decode(index_hash, 'hex'), ${keys.id}
      from ${sealed(isNew)}
      on conflict do nothing
    `.execute(tx)
  }
}

function seal(keys: Keys, key: Parameters<typeof sealWith>[0] | undefined, row: Prepared): string {
  assert(key !== undefined, 'every customer of these rows has a data key')
  const bound = boundTo(row.customerId, row.kind, keys.id)
  return sealWith(key, Buffer.from(row.text, 'utf8'), bound).toString('hex')
}
