/** Exports over the shop of test/audiences: asked for, approved and pulled the way the service does it. */
import { sql } from 'kysely'
import type { RequestContext, Use } from '../../src/audit/index.ts'
import { decideExport, pullRows, requestExport } from '../../src/exports/index.ts'
import type { PulledChunk, PullInput, PullOutcome } from '../../src/exports/index.ts'
import { pseudonymOf } from '../../src/pseudonyms/index.ts'
import { daysFromStart, machine, person, sms, subjectOf } from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'

export const tool = machine('gateway-tool')
export const approver = person('approver')

export const request = (audienceId: string, change: { columns?: readonly string[] } = {}) => ({
  audienceId,
  destination: 'sms',
  columns: ['id'],
  expiresAt: daysFromStart(7),
  reason: 'win-back of October',
  ...change,
})

/** An export that is available. */
export async function available(
  campaign: Campaign,
  city: string,
  options: { columns?: readonly string[]; use?: Use; marketer?: RequestContext } = {},
): Promise<string> {
  const audienceId = await campaign.audience(city, options.use ?? sms)
  const asked = await requestExport(
    campaign.deps,
    options.marketer ?? person('marketer'),
    request(audienceId, options.columns === undefined ? {} : { columns: options.columns }),
  )
  if (!asked.ok) throw new Error(asked.error.code)
  const decided = await decideExport(campaign.deps, approver, asked.value.id, {
    decision: 'approved',
    reason: 'as agreed',
  })
  if (!decided.ok) throw new Error(decided.error.code)
  return asked.value.id
}

export interface Pulled {
  readonly chunks: readonly PulledChunk[]
  readonly ids: readonly string[]
  readonly outcome: PullOutcome | undefined
}

/** Pulls to the end; `between` runs after each chunk, before the next is asked for. */
export async function pull(
  campaign: Campaign,
  exportId: string,
  options: Partial<PullInput> = {},
  between: (chunk: PulledChunk) => Promise<void> = async () => undefined,
): Promise<Pulled> {
  const opened = await pullRows(campaign.deps, tool, {
    exportId,
    recipient: sms.recipient,
    ...options,
  })
  if (!opened.ok) throw new Error(opened.error.code)
  const chunks: PulledChunk[] = []
  let outcome: PullOutcome | undefined
  for await (const part of opened.value.chunks) {
    if (part.kind === 'end') outcome = part.outcome
    else {
      chunks.push(part)
      await between(part)
    }
  }
  return {
    chunks,
    ids: chunks.flatMap(({ rows }) => rows.map((row) => String(row['id']))),
    outcome,
  }
}

/** The pseudonyms of the shop's customers, by their place. */
export async function pseudonymsOf(
  campaign: Campaign,
  places: readonly number[],
  recipient: string = sms.recipient,
): Promise<readonly string[]> {
  const { keys } = campaign.deps
  const { rows } = await campaign.world.asRole('yq_consent', {}, (tx) =>
    sql<{ hash: string; customer_id: string }>`
      select encode(source_hash, 'hex') as hash, customer_id from vault.source_key`.execute(tx),
  )
  const customerByHash = new Map(rows.map((row) => [row.hash, row.customer_id]))
  return places.map((place) => {
    const hash = keys.mac('source-index', subjectOf(place)).toString('hex')
    return pseudonymOf(keys, recipient, 1, customerByHash.get(hash) ?? '')
  })
}

export interface Books {
  /** Pseudonyms that are on record as delivered. */
  readonly delivered: readonly string[]
  readonly chunkRows: readonly number[]
  /** Rows of the log's entries of chunks. */
  readonly entryRows: readonly number[]
  readonly deliveredCount: number
}

/** What is kept of an export, as the auditor reads it. */
export async function booksOf(campaign: Campaign, exportId: string): Promise<Books> {
  return await campaign.world.asRole('yq_auditor', {}, async (tx) => {
    const delivered = await sql<{ pseudonym: string }>`
      select pseudonym from export.delivery where export_id = ${exportId} order by pseudonym`.execute(
      tx,
    )
    const chunks = await sql<{ row_count: number }>`
      select row_count from export.chunk where export_id = ${exportId} order by audit_seq`.execute(
      tx,
    )
    const entries = await sql<{ row_count: string }>`
      select row_count from audit.entry
      where export_id = ${exportId} and action = 'export.pull' and decision = 'allow' order by seq`.execute(
      tx,
    )
    const counted = await sql<{ delivered_count: string }>`
      select delivered_count from export.export where id = ${exportId}`.execute(tx)
    return {
      delivered: delivered.rows.map(({ pseudonym }) => pseudonym),
      chunkRows: chunks.rows.map((row) => row.row_count),
      entryRows: entries.rows.map((row) => Number(row.row_count)),
      deliveredCount: Number(counted.rows[0]?.delivered_count),
    }
  })
}

export const entriesOf = async (campaign: Campaign, action: string) => {
  const { rows } = await campaign.world.asRole('yq_auditor', {}, (tx) =>
    sql<{ decision: string; reason: string | null; object_id: string | null }>`
      select decision, reason, object_id from audit.entry where action = ${action} order by seq`.execute(
      tx,
    ),
  )
  return rows
}

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
