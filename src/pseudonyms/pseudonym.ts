/**
 * What a recipient calls a customer: a keyed token of its own, so that two recipients cannot join their lists.
 * Source: privacy.md D.2 (pairwise identifiers, ENISA 2019 keyed MAC).
 */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { base32 } from './base32.ts'

/** 160 bits: 32 digits of base32 without a remainder. */
const tokenBytes = 20
/** One statement carries at most this many; its two arrays are then about half a megabyte. */
const issuedPerStatement = 10_000

/** `p1_` and 32 base32 digits of the HMAC-SHA-256 under the key of this recipient and epoch. */
export function pseudonymOf(
  keys: Keys,
  recipient: string,
  epoch: number,
  customerId: string,
): string {
  const mac = createHmac('sha256', keys.pseudonymKey(recipient, epoch)).update(`v1/${customerId}`)
  return `p1_${base32(mac.digest().subarray(0, tokenBytes))}`
}

/**
 * Records the customers' pseudonyms for the recipient and gives them, in the order of the customers. Issuing again
 * gives the same. The transaction is the builder's (`yq_builder`).
 */
export async function issuePseudonyms(
  tx: DutyTx,
  keys: Keys,
  recipient: string,
  epoch: number,
  customerIds: readonly string[],
): Promise<string[]> {
  const pseudonyms = customerIds.map((id) => pseudonymOf(keys, recipient, epoch, id))
  for (let start = 0; start < customerIds.length; start += issuedPerStatement) {
    const ids = customerIds.slice(start, start + issuedPerStatement)
    const issued = pseudonyms.slice(start, start + issuedPerStatement)
    await sql`
      select vault.record_pseudonyms(${recipient}, ${epoch}, ${ids}::bigint[], ${issued}::text[])
    `.execute(tx)
  }
  return pseudonyms
}

/**
 * Whose pseudonyms these are, by pseudonym; unknown ones and those of another recipient are absent. The transaction
 * carries the recipient (`yq_exporter` or `yq_consent`).
 */
export async function ownersOf(
  tx: DutyTx,
  recipient: string,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ pseudonym: string; customer_id: string }>`
    select pseudonym, customer_id from vault.owners_of(${recipient}, ${[...pseudonyms]}::text[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.pseudonym, row.customer_id]))
}
