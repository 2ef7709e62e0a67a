/** The recipient says which list it holds; another list than what was delivered is an error, not a receipt. */
import { sql } from 'kysely'
import { recorded } from '../audit/index.ts'
import type { Deps, Done, EntryFacts, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { readHeldList } from './held-list.ts'

export interface Acknowledgement {
  readonly exportId: string
  readonly digest: string
  readonly rowCount: number
  /** RFC 3339. */
  readonly at: string
}

export type AcknowledgeError =
  | IdempotencyError
  | { readonly code: 'export-unknown' }
  /** Rows are missing or too many: pull again from the last good id, and apply the removals. */
  | { readonly code: 'digest-differs'; readonly rowCount: number }

/** The same acknowledgement again gives the same answer. Errors: `export-unknown`, `digest-differs`. */
export async function acknowledge(
  deps: Deps,
  context: RequestContext,
  input: {
    readonly recipient: string
    readonly exportId: string
    readonly digest: string
    readonly rowCount: number
  },
): Promise<Result<Acknowledgement, AcknowledgeError>> {
  const { exportId, digest, rowCount, recipient } = input
  return await recorded(deps.database, context, 'yq_exporter', { recipient }, async (tx) => {
    const facts = { action: 'export.acknowledge', objectKind: 'export', objectId: exportId }
    if (!(await isOwn(tx, exportId))) return refused(facts, { code: 'export-unknown' })
    const earlier = await findEarlier(tx, context, input)
    if (earlier !== undefined) return done(facts, earlier)
    const list = await readHeldList(tx, exportId)
    if (list.digest !== digest || list.rows !== rowCount)
      return refused(facts, { code: 'digest-differs', rowCount: list.rows })
    await sql`
      insert into export.acknowledgement (export_id, client_id, digest, row_count)
      values (${exportId}::uuid, ${context.actor.id}, ${digest}, ${rowCount})
      on conflict do nothing`.execute(tx)
    const kept = await findEarlier(tx, context, input)
    assert(kept !== undefined, 'an inserted acknowledgement is there')
    return done(facts, kept)
  })
}

async function isOwn(tx: DutyTx, exportId: string): Promise<boolean> {
  if (!isUuid(exportId)) return false
  const { rows } = await sql`select id from export.export where id = ${exportId}::uuid`.execute(tx)
  return rows.length > 0
}

async function findEarlier(
  tx: DutyTx,
  context: RequestContext,
  input: { readonly exportId: string; readonly digest: string; readonly rowCount: number },
): Promise<Acknowledgement | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select at from export.acknowledgement
    where export_id = ${input.exportId}::uuid and client_id = ${context.actor.id}
      and digest = ${input.digest} and row_count = ${input.rowCount}`.execute(tx)
  const { exportId, digest, rowCount } = input
  return rows[0] === undefined
    ? undefined
    : { exportId, digest, rowCount, at: rows[0].at.toISOString() }
}

type Facts = Omit<EntryFacts, 'decision'>

const done = (facts: Facts, kept: Acknowledgement): Done<Acknowledgement, never> => ({
  result: ok(kept),
  entry: {
    ...facts,
    decision: 'allow',
    exportId: kept.exportId,
    rowCount: kept.rowCount,
    digest: kept.digest,
  },
})

const refused = (facts: Facts, error: AcknowledgeError): Done<never, AcknowledgeError> => ({
  result: err(error),
  entry: { ...facts, decision: 'deny', reason: error.code },
})
