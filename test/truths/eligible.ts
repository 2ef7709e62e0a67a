/** Makes everybody of a set eligible, so that a question of the set is a question of the rule alone. */
import { sql } from 'kysely'
import type { Deps } from '../../src/audit/index.ts'
import { setPersons } from '../../src/consent/index.ts'
import { findCustomers } from '../../src/pseudonyms/index.ts'
import type { TestDatabase } from '../support/database.ts'

export const use = { purpose: 'marketing', channel: 'sms', recipient: 'own' }

/** Gives the source ids by internal key. The consents are newer than any of the set. */
export async function makeEligible(
  world: TestDatabase,
  deps: Deps,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return await world.asRole('yq_ingest', { actor: 'loader' }, async (tx) => {
    const customers = await findCustomers(tx, deps.keys, sourceIds)
    const ids = [...customers.values()]
    await setPersons(
      tx,
      ids.map((customerId) => ({ customerId, adultDeclared: true, noProfiling: false })),
    )
    const events = ids.map((id) => ({
      customer_id: id,
      source: 'test',
      event_id: `all-${id}`,
      kind: 'general',
      purpose_id: use.purpose,
      channels: [use.channel],
      categories: ['demographic', 'transaction'],
      state: 'given',
      effective_at: '2026-02-28T00:00:00Z',
      notice_id: 'privacy',
      notice_version: 2,
      mechanism: 'test',
      body_digest: 'test',
    }))
    await sql`select outcome from consent.append(${JSON.stringify(events)}::jsonb)`.execute(tx)
    return new Map([...customers].map(([source, id]) => [id, source]))
  })
}
