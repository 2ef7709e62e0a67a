/** What was approved and what has left, exactly, for the recipient and the reviewer. */
import { sql } from 'kysely'
import { appendEntry, recordAlone } from '../audit/index.ts'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import { releaseExact } from '../audiences/index.ts'
import type { ExactStep, WaterfallStep } from '../audiences/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import type { Keys } from '../keys/index.ts'
import { chunkSalt } from './chunk.ts'
import { readHeldList } from './held-list.ts'
import type { HeldList } from './held-list.ts'
import { dutyOf } from './read.ts'
import type { ExportState, ExportViewer } from './read.ts'

export interface Manifest {
  readonly version: 1
  readonly exportId: string
  readonly audienceId: string
  readonly segment: { readonly id: string; readonly version: number }
  readonly use: Use
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  /** RFC 3339, as all times here. */
  readonly asOf: string
  readonly watermark: string | null
  readonly destination: string
  readonly columns: readonly string[]
  readonly state: ExportState
  readonly expiresAt: string
  readonly approvals: readonly {
    readonly decision: string
    readonly approver: string
    readonly ruleHash: string
    readonly at: string
  }[]
  /** Released: how many people refused is not the recipient's to know. */
  readonly waterfall: readonly WaterfallStep[]
  /** For the reviewer only. */
  readonly exactWaterfall?: readonly ExactStep[]
  /** Exact. */
  readonly counts: {
    readonly members: number
    readonly delivered: number
    readonly removed: number
  }
  /** RFC 6962 root over all members' pseudonyms in the order of their bytes. */
  readonly memberRoot: string
  /** What the recipient should hold now, to be acknowledged. */
  readonly list: HeldList
  /** In the order in which they left. */
  readonly chunks: readonly ManifestChunk[]
  /** Sequence number of the log entry of this reading. */
  readonly auditSeq: string
}

export interface ManifestChunk {
  readonly pull: string
  readonly number: number
  readonly first: string | null
  readonly last: string | null
  readonly rows: number
  /** SHA-256 over the salt and each row's canonical JSON, every one followed by a line feed. */
  readonly digest: string
  readonly salt: string
  readonly memberRoot: string
  readonly auditSeq: string
  readonly at: string
}

interface ManifestRow {
  readonly audience_id: string
  readonly recipient_id: string
  readonly purpose_id: string
  readonly channel_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  readonly destination: string
  readonly columns: readonly string[]
  readonly state: ExportState
  readonly expires_at: Date
  readonly delivered_count: string
  readonly segment_id: string
  readonly segment_version: number
  readonly as_of: Date
  readonly watermark: Date | null
  readonly waterfall: readonly ExactStep[]
  readonly member_count: string
  readonly member_root: string
}

const action = 'export.manifest'

/** Errors: `export-unknown`, also where the export is another recipient's; `export-not-available` before approval. */
export async function readManifest(
  deps: Deps,
  context: RequestContext,
  viewer: Extract<ExportViewer, { readonly kind: 'campaign_tool' }> | { readonly kind: 'reviewer' },
  exportId: string,
): Promise<Result<Manifest, { readonly code: 'export-unknown' | 'export-not-available' }>> {
  const { role, duty } = dutyOf(context, viewer)
  const read = await asRole(deps.database, role, duty, async (tx) => {
    const row = await readRow(tx, exportId)
    if (row === undefined) return err({ code: 'export-unknown' as const })
    if (row.state === 'requested' || row.state === 'rejected')
      return err({ code: 'export-not-available' as const })
    return ok(await manifestOf(tx, deps.keys, context, viewer, exportId, row))
  })
  if (!read.ok)
    await recordAlone(deps.database, context, role, {
      action,
      decision: 'deny',
      reason: read.error.code,
      objectKind: 'export',
      objectId: exportId,
    })
  return read
}

async function manifestOf(
  tx: DutyTx,
  keys: Keys,
  context: RequestContext,
  viewer: ExportViewer,
  exportId: string,
  row: ManifestRow,
): Promise<Manifest> {
  const use = { purpose: row.purpose_id, channel: row.channel_id, recipient: row.recipient_id }
  const list = await readHeldList(tx, exportId)
  const delivered = Number(row.delivered_count)
  const auditSeq = await appendEntry(tx, context, {
    action,
    decision: 'allow',
    use,
    objectKind: 'export',
    objectId: exportId,
    exportId,
    audienceId: row.audience_id,
    ruleHash: row.rule_hash,
    categories: row.categories,
    rowCount: list.rows,
    digest: list.digest,
    memberRoot: row.member_root,
  })
  const asOf = row.as_of.toISOString()
  return {
    version: 1,
    exportId,
    audienceId: row.audience_id,
    segment: { id: row.segment_id, version: row.segment_version },
    use,
    ruleHash: row.rule_hash,
    categories: row.categories,
    personalised: row.personalised,
    asOf,
    watermark: row.watermark?.toISOString() ?? null,
    destination: row.destination,
    columns: row.columns,
    state: row.state,
    expiresAt: row.expires_at.toISOString(),
    approvals: await approvalsOf(tx, exportId),
    waterfall: releaseExact(row.waterfall, asOf),
    ...(viewer.kind === 'reviewer' ? { exactWaterfall: row.waterfall } : {}),
    counts: { members: Number(row.member_count), delivered, removed: delivered - list.rows },
    memberRoot: row.member_root,
    list,
    chunks: await chunksOf(tx, keys, exportId),
    auditSeq,
  }
}

async function readRow(tx: DutyTx, id: string): Promise<ManifestRow | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<ManifestRow>`
    select export.audience_id, export.recipient_id, export.purpose_id, export.channel_id, export.rule_hash,
      export.categories, export.personalised, export.destination, export.columns, export.state, export.expires_at,
      export.delivered_count, audience.segment_id, audience.version as segment_version, audience.as_of,
      audience.watermark, audience.waterfall, audience.member_count, audience.member_root
    from export.export join audience.audience on audience.id = export.audience_id
    where export.id = ${id}::uuid`.execute(tx)
  return rows[0]
}

async function approvalsOf(tx: DutyTx, exportId: string): Promise<Manifest['approvals']> {
  const rows = await tx
    .selectFrom('export.approval')
    .select(['decision', 'approver', 'rule_hash', 'at'])
    .where('export_id', '=', exportId)
    .execute()
  return rows.map((row) => ({
    decision: row.decision,
    approver: row.approver,
    ruleHash: row.rule_hash,
    at: row.at.toISOString(),
  }))
}

async function chunksOf(
  tx: DutyTx,
  keys: Keys,
  exportId: string,
): Promise<readonly ManifestChunk[]> {
  const rows = await tx
    .selectFrom('export.chunk')
    .select([
      'pull_id',
      'number',
      'first_pseudonym',
      'last_pseudonym',
      'row_count',
      'digest',
      'member_root',
      'audit_seq',
      'at',
    ])
    .where('export_id', '=', exportId)
    .orderBy('audit_seq')
    .execute()
  return rows.map((row) => ({
    pull: row.pull_id,
    number: row.number,
    first: row.first_pseudonym,
    last: row.last_pseudonym,
    rows: row.row_count,
    digest: row.digest,
    salt: chunkSalt(keys, exportId, { pullId: row.pull_id, number: row.number }),
    memberRoot: row.member_root,
    auditSeq: row.audit_seq,
    at: row.at.toISOString(),
  }))
}
