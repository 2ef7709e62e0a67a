/** One data key for each person, wrapped by a key outside the database: without it the person's rows are noise. */
import { createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { assert } from '../kernel/assert.ts'

const keyBytes = 32

interface KeyRow {
  readonly customer_id: string
  readonly wrapped: Buffer
}

/** The people's data keys, made where there is none yet. The loader's duty. */
export async function personKeys(
  tx: DutyTx,
  keys: Keys,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, KeyObject>> {
  const known = await readKeys(tx, keys, customerIds)
  const missing = customerIds.filter((id) => !known.has(id)).sort()
  if (missing.length === 0) return known
  const wrapped = missing.map((id) =>
    keys.seal('vault', randomBytes(keyBytes), boundTo(id)).toString('hex'),
  )
  await sql`
    insert into vault.person_key (customer_id, wrapped, key_id)
    select made.customer_id, decode(made.wrapped, 'hex'), ${keys.id}
    from unnest(${missing}::bigint[], ${wrapped}::text[]) as made (customer_id, wrapped)
    on conflict do nothing
  `.execute(tx)
  // Read back, since another loader may have made the key of some of them first.
  return new Map([...known, ...(await readKeys(tx, keys, missing))])
}

/** Opens a wrapped data key. A key that does not open was changed or is of other keys: nothing of it may be used. */
export function unwrapPersonKey(keys: Keys, customerId: string, wrapped: Uint8Array): KeyObject {
  const opened = keys.open('vault', wrapped, boundTo(customerId))
  assert(opened.ok, 'a data key of the vault is as these keys sealed it')
  return createSecretKey(opened.value)
}

const boundTo = (customerId: string): string => `person_key/${customerId}`

async function readKeys(
  tx: DutyTx,
  keys: Keys,
  customerIds: readonly string[],
): Promise<Map<string, KeyObject>> {
  const { rows } = await sql<KeyRow>`
    select customer_id, wrapped from vault.person_key
    where customer_id in (select asked from unnest(${[...customerIds]}::bigint[]) as asked)
  `.execute(tx)
  return new Map(
    rows.map((row) => [row.customer_id, unwrapPersonKey(keys, row.customer_id, row.wrapped)]),
  )
}
