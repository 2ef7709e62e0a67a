/** Whom a recipient has to take off a list that it holds, in the order in which that became known. */
import { sql } from 'kysely'
import { recorded } from '../audit/index.ts'
import type { Deps, Done, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'

export interface Removal {
  readonly op: 'remove'
  readonly id: string
  readonly reason: 'rule' | 'consent' | 'erased' | 'expired'
  /** RFC 3339. */
  readonly at: string
  /** Where reading may go on after this one, at any later time. */
  readonly cursor: string
}

export interface RemovalPage {
  readonly items: readonly Removal[]
  /** Null where nothing more is known yet; the last item's own cursor stays good. */
  readonly nextCursor: string | null
}

export type RemovalsError =
  | IdempotencyError
  | { readonly code: 'export-unknown' | 'cursor-unknown' }

const pageMax = 10_000
const digits = /^\d{1,18}$/

/** Still answers after the export ended. Errors: `export-unknown`, `cursor-unknown`. */
export async function listRemovals(
  deps: Deps,
  context: RequestContext,
  input: {
    readonly recipient: string
    readonly exportId: string
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  },
): Promise<Result<RemovalPage, RemovalsError>> {
  const { recipient, exportId, cursor } = input
  const size = Math.max(1, Math.min(input.limit ?? pageMax, pageMax))
  return await recorded(deps.database, context, 'yq_exporter', { recipient }, async (tx) => {
    if (!(await isOwn(tx, exportId))) return refused(exportId, 'export-unknown')
    if (cursor !== undefined && !(await isKnown(tx, exportId, cursor)))
      return refused(exportId, 'cursor-unknown')
    const { rows } = await sql<RemovalRow>`
      select seq, pseudonym, reason, at from export.removal
      where export_id = ${exportId}::uuid and seq > ${cursor ?? '0'}::bigint
      order by seq limit ${size + 1}`.execute(tx)
    const items = rows.slice(0, size).map(toRemoval)
    const nextCursor = rows.length > size ? (items.at(-1)?.cursor ?? null) : null
    return {
      result: ok({ items, nextCursor }),
      entry: {
        action: 'export.removals',
        decision: 'allow',
        objectKind: 'export',
        objectId: exportId,
        exportId,
        rowCount: items.length,
      },
    }
  })
}

interface RemovalRow {
  readonly seq: string
  readonly pseudonym: string
  readonly reason: Removal['reason']
  readonly at: Date
}

const toRemoval = (row: RemovalRow): Removal => ({
  op: 'remove',
  id: row.pseudonym,
  reason: row.reason,
  at: row.at.toISOString(),
  cursor: row.seq,
})

async function isOwn(tx: DutyTx, exportId: string): Promise<boolean> {
  if (!isUuid(exportId)) return false
  const { rows } = await sql`select id from export.export where id = ${exportId}::uuid`.execute(tx)
  return rows.length > 0
}

async function isKnown(tx: DutyTx, exportId: string, cursor: string): Promise<boolean> {
  if (!digits.test(cursor)) return false
  const { rows } = await sql`
    select seq from export.removal
    where export_id = ${exportId}::uuid and seq = ${cursor}::bigint`.execute(tx)
  return rows.length > 0
}

const refused = (
  exportId: string,
  code: 'export-unknown' | 'cursor-unknown',
): Done<never, RemovalsError> => ({
  result: err({ code }),
  entry: {
    action: 'export.removals',
    decision: 'deny',
    reason: code,
    objectKind: 'export',
    objectId: exportId,
  },
})
