/** The second person's decision, and taking an export back. */
import { sql } from 'kysely'
import { recorded } from '../audit/index.ts'
import type { Deps, Done, EntryFacts, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import type { ExportState } from './read.ts'

export type DecideError =
  | IdempotencyError
  | { readonly code: 'export-unknown' }
  /** Nobody approves what they asked for. */
  | { readonly code: 'own-request' }
  /** Somebody decided before. */
  | { readonly code: 'already-decided' }
  | { readonly code: 'export-cancelled' | 'export-expired' | 'export-rejected' }
  | { readonly code: 'reason-invalid'; readonly lengthMax: number }

export interface DecidedExport {
  readonly id: string
  readonly state: ExportState
}

const reasonLengthMax = 2000

/** An approved export is available at once. Errors: as the codes of DecideError say. */
export async function decideExport(
  deps: Deps,
  context: RequestContext,
  id: string,
  input: { readonly decision: 'approved' | 'rejected'; readonly reason: string },
): Promise<Result<DecidedExport, DecideError>> {
  return await recorded(deps.database, context, 'yq_approver', {}, async (tx) => {
    const row = await readRow(tx, id)
    const facts = { ...factsOf('export.decide', id, row), detail: { decision: input.decision } }
    if (row === undefined) return refused(facts, { code: 'export-unknown' })
    if (row.requested_by === context.actor.id) return refused(facts, { code: 'own-request' })
    const reason = input.reason.trim()
    if (reason === '' || Array.from(reason).length > reasonLengthMax)
      return refused(facts, { code: 'reason-invalid', lengthMax: reasonLengthMax })
    const closed = whyClosed(row, deps.clock.now())
    if (closed !== undefined) return refused(facts, closed)
    if (!(await insertApproval(tx, context, row, { ...input, reason })))
      return refused(facts, { code: 'already-decided' })
    const state = await moveOn(tx, id, input.decision)
    // Only a cancelling can have come between.
    if (state === undefined) return refused(facts, { code: 'export-cancelled' })
    return { result: ok({ id, state }), entry: { ...facts, decision: 'allow' } }
  })
}

/**
 * Takes an export back: nothing more of it leaves. Who asked for it may, and so may an approver.
 *
 * Errors: `export-unknown`, and `export-rejected`, `export-expired`, `export-cancelled` where it has ended already.
 */
export async function cancelExport(
  deps: Deps,
  context: RequestContext,
  id: string,
  viewer: 'marketer' | 'approver',
): Promise<Result<DecidedExport, DecideError>> {
  const role = viewer === 'approver' ? 'yq_approver' : 'yq_author'
  return await recorded(deps.database, context, role, {}, async (tx) => {
    const row = await readRow(tx, id)
    const facts = factsOf('export.cancel', id, row)
    if (row === undefined) return refused(facts, { code: 'export-unknown' })
    if (!(await move(tx, id, ['requested', 'approved', 'available'], 'cancelled')))
      return refused(facts, endedAs((await readRow(tx, id))?.state ?? row.state))
    return { result: ok({ id, state: 'cancelled' }), entry: { ...facts, decision: 'allow' } }
  })
}

interface ExportRow {
  readonly id: string
  readonly audience_id: string
  readonly recipient_id: string
  readonly purpose_id: string
  readonly channel_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly state: ExportState
  readonly requested_by: string
  readonly expires_at: Date
}

async function readRow(tx: DutyTx, id: string): Promise<ExportRow | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<ExportRow>`
    select id, audience_id, recipient_id, purpose_id, channel_id, rule_hash, categories, state, requested_by,
      expires_at
    from export.export where id = ${id}::uuid`.execute(tx)
  return rows[0]
}

function whyClosed(row: ExportRow, now: Date): DecideError | undefined {
  if (row.state === 'cancelled' || row.state === 'expired') return endedAs(row.state)
  if (row.state !== 'requested') return { code: 'already-decided' }
  return row.expires_at <= now ? { code: 'export-expired' } : undefined
}

const endedAs = (state: ExportState): DecideError =>
  state === 'expired'
    ? { code: 'export-expired' }
    : state === 'rejected'
      ? { code: 'export-rejected' }
      : { code: 'export-cancelled' }

/** False where another decision is there already, also one that commits at this moment. */
async function insertApproval(
  tx: DutyTx,
  context: RequestContext,
  row: ExportRow,
  input: { readonly decision: 'approved' | 'rejected'; readonly reason: string },
): Promise<boolean> {
  const { rows } = await sql<{ export_id: string }>`
    insert into export.approval (export_id, decision, approver, reason, rule_hash)
    values (${row.id}::uuid, ${input.decision}, ${context.actor.id}, ${input.reason}, ${row.rule_hash})
    on conflict do nothing returning export_id`.execute(tx)
  return rows.length > 0
}

async function moveOn(
  tx: DutyTx,
  id: string,
  decision: 'approved' | 'rejected',
): Promise<ExportState | undefined> {
  if (!(await move(tx, id, ['requested'], decision))) return undefined
  if (decision === 'rejected') return 'rejected'
  return (await move(tx, id, ['approved'], 'available')) ? 'available' : undefined
}

async function move(
  tx: DutyTx,
  id: string,
  from: readonly ExportState[],
  to: ExportState,
): Promise<boolean> {
  const { rows } = await sql<{ moved: boolean }>`
    select export.move(${id}::uuid, ${[...from]}::text[], ${to}) as moved`.execute(tx)
  return rows[0]?.moved === true
}

const factsOf = (
  action: string,
  id: string,
  row: ExportRow | undefined,
): Omit<EntryFacts, 'decision'> => ({
  action,
  objectKind: 'export',
  objectId: id,
  ...(row === undefined
    ? {}
    : {
        exportId: row.id,
        audienceId: row.audience_id,
        ruleHash: row.rule_hash,
        categories: row.categories,
        use: { purpose: row.purpose_id, channel: row.channel_id, recipient: row.recipient_id },
      }),
})

const refused = (
  facts: Omit<EntryFacts, 'decision'>,
  error: DecideError,
): Done<never, DecideError> => ({
  result: err(error),
  entry: { ...facts, decision: 'deny', reason: error.code },
})
