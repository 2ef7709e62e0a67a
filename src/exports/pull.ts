/** A recipient pulls its list in committed chunks, from the start or from where it stopped. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { recordAlone } from '../audit/index.ts'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { monotonicMs } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { commitChunk, isGone } from './chunk.ts'
import type { Chunk, PulledExport, PulledRow } from './chunk.ts'
import type { ExportState } from './read.ts'

export type { PulledRow } from './chunk.ts'

export interface PullInput {
  readonly exportId: string
  /** The recipient for whom the machine works; it sees nothing of another's. */
  readonly recipient: string
  /** The last id received; the rows after it follow, without gap or repetition. */
  readonly cursor?: string | undefined
  /** Rows at most in this pull; without it the list to its end. */
  readonly limit?: number | undefined
  /** Rows in a chunk at most. */
  readonly chunkRows?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Pull {
  readonly pullId: string
  readonly columns: readonly string[]
  readonly expiresAt: Date
  /** Ends with exactly one `end`. */
  readonly chunks: AsyncGenerator<PulledChunk | PullEnd, void, undefined>
}

export interface PulledChunk {
  readonly kind: 'rows'
  readonly number: number
  readonly rows: readonly PulledRow[]
  /** Where the next pull may go on. */
  readonly cursor: string
  readonly digest: string
}

export interface PullEnd {
  readonly kind: 'end'
  readonly outcome: PullOutcome
}

/** `limit`: as many rows as were asked for. The two others: the export ended while it was pulled, rows are missing. */
export type PullOutcome = 'complete' | 'limit' | 'aborted' | 'export-cancelled' | 'export-expired'

export type PullError =
  /** Also where the export is another recipient's. */
  | { readonly code: 'export-unknown' }
  | { readonly code: 'export-not-available'; readonly state: ExportState }
  | { readonly code: 'export-cancelled' | 'export-expired' }
  /** No id that this export delivered. */
  | { readonly code: 'cursor-unknown' }

/** product.md: at most 10,000 rows or one second. */
const chunkRowsMax = 10_000
const chunkRowsFirst = 1_000
const chunkMs = 1_000

/** Looks whether there is something to pull; each chunk is made when it is asked for. A refusal is on record. */
export async function pullRows(
  deps: Deps,
  context: RequestContext,
  input: PullInput,
): Promise<Result<Pull, PullError>> {
  const found = await asRole(
    deps.database,
    'yq_exporter',
    { actor: context.actor.id, requestId: context.requestId, recipient: input.recipient },
    async (tx) => await findPullable(tx, input, deps.clock.now()),
  )
  if (!found.ok) {
    await recordAlone(deps.database, context, 'yq_exporter', {
      action: 'export.pull',
      decision: 'deny',
      reason: found.error.code,
      objectKind: 'export',
      objectId: input.exportId,
    })
    return found
  }
  const { expiresAt, ...pulled } = found.value
  const pullId = randomUUID()
  return ok({
    pullId,
    columns: pulled.columns,
    expiresAt,
    chunks: chunksOf(deps, context, pulled, { ...input, pullId }),
  })
}

async function* chunksOf(
  deps: Deps,
  context: RequestContext,
  pulled: PulledExport,
  input: PullInput & { readonly pullId: string },
): Pull['chunks'] {
  const { pullId, signal } = input
  const rowsMax = Math.max(1, Math.min(input.chunkRows ?? chunkRowsMax, chunkRowsMax))
  let size = Math.min(chunkRowsFirst, rowsMax)
  let left = input.limit ?? Number.POSITIVE_INFINITY
  let after = input.cursor
  for (let number = 1; left > 0; number += 1) {
    if (hasStopped(signal)) return yield end('aborted')
    let chunk: Chunk
    const beganMs = monotonicMs()
    try {
      const place = { pullId, number, after, rowsMax: Math.min(size, left) }
      chunk = await commitChunk(deps, context, pulled, place, signal)
    } catch (error) {
      if (hasStopped(signal)) return yield end('aborted')
      if (!isGone(error)) throw error
      return yield end(await whyGone(deps, context, input))
    }
    const madeMs = monotonicMs() - beganMs
    after = chunk.reached
    left -= chunk.rows.length
    const cursor = chunk.rows.at(-1)?.['id']
    if (typeof cursor === 'string') {
      const handedOnMs = monotonicMs()
      yield { kind: 'rows', number, rows: chunk.rows, cursor, digest: chunk.digest }
      size = nextSize(size, rowsMax, Math.max(madeMs, monotonicMs() - handedOnMs))
    }
    if (chunk.isLast) return yield end('complete')
  }
  yield end('limit')
}

const hasStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

const end = (outcome: PullOutcome): PullEnd => ({ kind: 'end', outcome })

/**
 * As many rows as are made, and as the reader takes, in about a second: a withdrawal waits no longer for a chunk, and a
 * slow reader hears of it soon.
 */
function nextSize(size: number, rowsMax: number, tookMs: number): number {
  if (tookMs > chunkMs) return Math.max(1, Math.floor((size * chunkMs) / tookMs))
  return tookMs < chunkMs / 2 ? Math.min(rowsMax, size * 2) : size
}

interface PullableRow {
  readonly audience_id: string
  readonly recipient_id: string
  readonly purpose_id: string
  readonly channel_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly columns: readonly string[]
  readonly state: ExportState
  readonly expires_at: Date
}

async function findPullable(
  tx: DutyTx,
  input: PullInput,
  now: Date,
): Promise<Result<PulledExport & { readonly expiresAt: Date }, PullError>> {
  const row = await readRow(tx, input.exportId)
  if (row === undefined) return err({ code: 'export-unknown' })
  if (row.state === 'cancelled') return err({ code: 'export-cancelled' })
  if (row.state === 'expired' || row.expires_at <= now) return err({ code: 'export-expired' })
  if (row.state !== 'available') return err({ code: 'export-not-available', state: row.state })
  if (input.cursor !== undefined && !(await isDelivered(tx, input.exportId, input.cursor)))
    return err({ code: 'cursor-unknown' })
  const use: Use = {
    purpose: row.purpose_id,
    channel: row.channel_id,
    recipient: row.recipient_id,
  }
  return ok({
    id: input.exportId,
    audienceId: row.audience_id,
    use,
    ruleHash: row.rule_hash,
    categories: row.categories,
    columns: row.columns,
    expiresAt: row.expires_at,
  })
}

async function readRow(tx: DutyTx, id: string): Promise<PullableRow | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<PullableRow>`
    select audience_id, recipient_id, purpose_id, channel_id, rule_hash, categories, columns, state, expires_at
    from export.export where id = ${id}::uuid`.execute(tx)
  return rows[0]
}

async function isDelivered(tx: DutyTx, exportId: string, pseudonym: string): Promise<boolean> {
  const { rows } = await sql`
    select pseudonym from export.delivery
    where export_id = ${exportId}::uuid and pseudonym = ${pseudonym}`.execute(tx)
  return rows.length > 0
}

async function whyGone(
  deps: Deps,
  context: RequestContext,
  input: PullInput,
): Promise<'export-cancelled' | 'export-expired'> {
  const duty = { actor: context.actor.id, recipient: input.recipient }
  const row = await asRole(deps.database, 'yq_exporter', duty, (tx) => readRow(tx, input.exportId))
  return row?.state === 'cancelled' ? 'export-cancelled' : 'export-expired'
}
