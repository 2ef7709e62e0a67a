/** What time itself ends: exports whose term is over, and consents that ran out under rows that were delivered. */
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'

export interface Swept {
  readonly exports: number
  /** People whose consent ran out in the time looked at. */
  readonly consents: number
}

/**
 * Ends the exports that are over and notes removals for consents that ran out after `from` up to this moment. Doing it
 * again does nothing twice, so the times looked at may overlap, and should: a chunk may commit a little later.
 */
export async function sweepExpired(
  deps: Deps,
  context: RequestContext,
  from: Date,
): Promise<Swept> {
  const duty = { actor: context.actor.id, requestId: context.requestId }
  const now = deps.clock.now()
  return await asRole(deps.database, 'yq_builder', duty, async (tx) => {
    const { rows: ended } = await sql<{ export_id: string; recipient_id: string }>`
      select export_id, recipient_id from export.expire_due(${now})`.execute(tx)
    for (const row of ended)
      await appendEntry(tx, context, {
        action: 'export.expire',
        decision: 'allow',
        objectKind: 'export',
        objectId: row.export_id,
        exportId: row.export_id,
      })
    const { rows: noted } = await sql<{ count: string }>`
      select export.note_expired(${from}, ${now}) as count`.execute(tx)
    return { exports: ended.length, consents: Number(noted[0]?.count ?? 0) }
  })
}
