/** Reads exports: staff see what was asked and decided, a machine sees its own recipient's and nothing else. */
import { sql } from 'kysely'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import type { ExactStep } from '../audiences/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyContext, DutyRole, DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { exactGates } from './gates.ts'
import type { Gate } from './gates.ts'

export type ExportState =
  | 'requested'
  | 'approved'
  | 'rejected'
  | 'available'
  | 'expired'
  | 'cancelled'

export type ExportViewer =
  | { readonly kind: 'marketer' | 'approver' | 'reviewer' }
  | { readonly kind: 'campaign_tool'; readonly recipient: string }

export interface Export {
  readonly id: string
  readonly audienceId: string
  readonly use: Use
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly destination: string
  readonly columns: readonly string[]
  readonly state: ExportState
  /** RFC 3339. */
  readonly requestedAt: string
  readonly expiresAt: string
  /** Rows delivered so far. */
  readonly delivered: number
  /** Left out for a campaign tool, as is everything that follows. */
  readonly segment?: { readonly id: string; readonly name: string; readonly version: number }
  readonly reason?: string
  readonly requestedBy?: string
  readonly gates?: readonly Gate[]
  readonly approval?: Approval | null
}

export interface Approval {
  readonly decision: 'approved' | 'rejected'
  readonly approver: string
  readonly reason: string
  readonly at: string
}

export interface ExportPage {
  readonly items: readonly Export[]
  readonly nextCursor: string | null
}

const pageMax = 200

/** Undefined where there is none, or none of this viewer's. */
export async function readExport(
  deps: Pick<Deps, 'database' | 'clock'>,
  context: RequestContext,
  id: string,
  viewer: ExportViewer,
): Promise<Export | undefined> {
  if (!isUuid(id)) return undefined
  const { role, duty } = dutyOf(context, viewer)
  return await asRole(deps.database, role, duty, async (tx) => {
    const rows = await readRows(tx, viewer, { id, limit: 1 })
    return rows[0] === undefined ? undefined : toExport(rows[0], viewer, deps.clock.now())
  })
}

/** Newest first. Errors: `cursor-unknown`. */
export async function listExports(
  deps: Pick<Deps, 'database' | 'clock'>,
  context: RequestContext,
  viewer: ExportViewer,
  page: {
    readonly state?: ExportState | undefined
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  } = {},
): Promise<Result<ExportPage, { readonly code: 'cursor-unknown' }>> {
  const size = Math.max(1, Math.min(page.limit ?? pageMax, pageMax))
  const { role, duty } = dutyOf(context, viewer)
  return await asRole(deps.database, role, duty, async (tx) => {
    if (page.cursor !== undefined && !(await isKnown(tx, page.cursor)))
      return err({ code: 'cursor-unknown' })
    const rows = await readRows(tx, viewer, {
      state: page.state,
      after: page.cursor,
      limit: size + 1,
    })
    const now = deps.clock.now()
    const items = rows.slice(0, size).map((row) => toExport(row, viewer, now))
    return ok({ items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null })
  })
}

/** The duty and settings in which a viewer sees exports. */
export function dutyOf(
  context: RequestContext,
  viewer: ExportViewer,
): { readonly role: DutyRole; readonly duty: DutyContext } {
  const duty = { actor: context.actor.id, requestId: context.requestId }
  switch (viewer.kind) {
    case 'marketer':
      return { role: 'yq_author', duty }
    case 'approver':
      return { role: 'yq_approver', duty }
    case 'reviewer':
      return { role: 'yq_auditor', duty }
    case 'campaign_tool':
      return { role: 'yq_exporter', duty: { ...duty, recipient: viewer.recipient } }
  }
}

interface ExportRow {
  readonly id: string
  readonly audience_id: string
  readonly recipient_id: string
  readonly purpose_id: string
  readonly channel_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly destination: string
  readonly columns: readonly string[]
  readonly reason: string
  readonly state: ExportState
  readonly requested_by: string
  readonly requested_at: Date
  readonly expires_at: Date
  readonly gates: readonly Gate[]
  readonly delivered_count: string
  readonly segment_id: string
  readonly segment_name: string
  readonly version: number
  readonly waterfall: readonly ExactStep[] | null
  readonly decision: Approval['decision'] | null
  readonly approver: string | null
  readonly approval_reason: string | null
  readonly approved_at: Date | null
}

async function readRows(
  tx: DutyTx,
  viewer: ExportViewer,
  wanted: {
    readonly id?: string | undefined
    readonly state?: ExportState | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly ExportRow[]> {
  // An author has no right to the exact waterfall, not even to mention it.
  const waterfall =
    viewer.kind === 'marketer' ? sql`null::jsonb as waterfall` : sql`audience.waterfall`
  const { rows } = await sql<ExportRow>`
    select export.id, export.audience_id, export.recipient_id, export.purpose_id, export.channel_id,
      export.rule_hash, export.categories, export.destination, export.columns, export.reason, export.state,
      export.requested_by, export.requested_at, export.expires_at, export.gates, export.delivered_count,
      audience.segment_id, segment.name as segment_name, audience.version, ${waterfall},
      approval.decision, approval.approver, approval.reason as approval_reason, approval.at as approved_at
    from export.export
    join audience.audience on audience.id = export.audience_id
    join segment.segment on segment.id = audience.segment_id
    left join export.approval on approval.export_id = export.id
    where (${wanted.id ?? null}::uuid is null or export.id = ${wanted.id ?? null}::uuid)
      and (${wanted.state ?? null}::text is null or export.state = ${wanted.state ?? null})
      and (${wanted.after ?? null}::uuid is null or (export.requested_at, export.id) < (
        select before.requested_at, before.id from export.export as before
        where before.id = ${wanted.after ?? null}::uuid))
    order by export.requested_at desc, export.id desc
    limit ${wanted.limit}`.execute(tx)
  return rows
}

function toExport(row: ExportRow, viewer: ExportViewer, now: Date): Export {
  const isLive = ['requested', 'approved', 'available'].includes(row.state)
  const shown: Export = {
    id: row.id,
    audienceId: row.audience_id,
    use: { purpose: row.purpose_id, channel: row.channel_id, recipient: row.recipient_id },
    ruleHash: row.rule_hash,
    categories: row.categories,
    destination: row.destination,
    columns: row.columns,
    // The sweeper writes it down a little later.
    state: isLive && row.expires_at <= now ? 'expired' : row.state,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    delivered: Number(row.delivered_count),
  }
  if (viewer.kind === 'campaign_tool') return shown
  return {
    ...shown,
    segment: { id: row.segment_id, name: row.segment_name, version: row.version },
    reason: row.reason,
    requestedBy: row.requested_by,
    gates: viewer.kind === 'marketer' ? row.gates : exactGates(row.gates, row.waterfall ?? []),
    approval: approvalOf(row),
  }
}

function approvalOf(row: ExportRow): Approval | null {
  const { decision, approver, approval_reason: reason, approved_at: at } = row
  if (decision === null || approver === null || reason === null || at === null) return null
  return { decision, approver, reason, at: at.toISOString() }
}

async function isKnown(tx: DutyTx, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { rows } = await sql`select id from export.export where id = ${id}::uuid`.execute(tx)
  return rows.length > 0
}
