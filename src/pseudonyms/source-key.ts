/** From the brand's own customer id to the internal key and never back: the table holds a keyed hash only. */
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'

/** What stands for a brand's customer id in `vault.source_key`. */
export const sourceHash = (keys: Keys, sourceId: string): Buffer =>
  keys.mac('source-index', sourceId)

/** Internal keys by the brand's ids; unknown ids are absent. Any duty that may read `vault.source_key`. */
export async function findCustomers(
  tx: DutyTx,
  keys: Keys,
  sourceIds: Iterable<string>,
): Promise<Map<string, string>> {
  const sourceByHash = hashes(keys, sourceIds)
  if (sourceByHash.size === 0) return new Map()
  const { rows } = await sql<{ hash: string; customer_id: string }>`
    select encode(source_hash, 'hex') as hash, customer_id from vault.source_key
    where source_hash in (select decode(asked, 'hex') from unnest(${[...sourceByHash.keys()]}::text[]) as asked)
  `.execute(tx)
  const found = new Map<string, string>()
  for (const row of rows) {
    const source = sourceByHash.get(row.hash)
    if (source !== undefined) found.set(source, row.customer_id)
  }
  return found
}

/** Internal keys by the brand's ids, drawing a random one for each id that is new. The loader's duty. */
export async function claimCustomers(
  tx: DutyTx,
  keys: Keys,
  sourceIds: Iterable<string>,
): Promise<Map<string, string>> {
  const asked = new Set(sourceIds)
  const found = await findCustomers(tx, keys, asked)
  const missing = [...asked].filter((id) => !found.has(id))
  if (missing.length === 0) return found
  // In the order of the hashes, so that two loaders that claim the same people wait in line, not in a circle.
  const drawn = [...hashes(keys, missing).keys()].sort()
  await sql`
    insert into vault.source_key (source_hash, customer_id)
    select decode(drawn, 'hex'), profile.new_customer_id() from unnest(${drawn}::text[]) as drawn
    on conflict do nothing
  `.execute(tx)
  // Asked again, since another loader may have been first for some.
  return new Map([...found, ...(await findCustomers(tx, keys, missing))])
}

const hashes = (keys: Keys, sourceIds: Iterable<string>): Map<string, string> => {
  const sourceByHash = new Map<string, string>()
  for (const id of sourceIds) sourceByHash.set(sourceHash(keys, id).toString('hex'), id)
  return sourceByHash
}
