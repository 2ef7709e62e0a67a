/** Reads audiences: an author sees releases only, since the database gives an author nothing else. */
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { countStep, leastCount, releaseAgain } from '../releases/index.ts'
import type { Released } from '../releases/index.ts'
import { releaseExact } from './waterfall.ts'
import type { ExactStep, WaterfallReason, WaterfallStep } from './waterfall.ts'

export type AudienceState = 'queued' | 'running' | 'ready' | 'failed' | 'cancelled'

/** Exact numbers are for those who answer for an export, not for those who ask for it. */
export type AudienceViewer = 'marketer' | 'approver' | 'reviewer'

export interface AudienceSummary {
  readonly id: string
  readonly segmentId: string
  readonly segmentName: string
  readonly version: number
  readonly use: Use
  readonly ruleHash: string
  readonly state: AudienceState
  /** 0 to 100. */
  readonly progress: number
  /** Asked to stop and not stopped yet. */
  readonly cancelling: boolean
  /** Code of what went wrong. */
  readonly failure: string | null
  readonly requestedBy: string
  /** RFC 3339. */
  readonly asOf: string
  readonly createdAt: string
  readonly finishedAt: string | null
}

export interface Audience extends AudienceSummary {
  readonly categories: readonly string[]
  /** Null until the audience is ready. */
  readonly waterfall: readonly WaterfallStep[] | null
  readonly reachable: Released | null
  /** For approver and reviewer only. */
  readonly exact?: {
    readonly waterfall: readonly ExactStep[]
    readonly members: number
    readonly memberRoot: string
  }
}

export interface AudiencePage {
  readonly items: readonly AudienceSummary[]
  readonly nextCursor: string | null
}

const pageMax = 200

const dutyOf = { marketer: 'yq_author', approver: 'yq_approver', reviewer: 'yq_auditor' } as const

/** A shown waterfall is on record like any other count. Undefined where there is no such audience. */
export async function readAudience(
  deps: Pick<Deps, 'database'>,
  context: RequestContext,
  id: string,
  viewer: AudienceViewer = 'marketer',
): Promise<Audience | undefined> {
  if (!isUuid(id)) return undefined
  const duty = { actor: context.actor.id, requestId: context.requestId }
  return await asRole(deps.database, dutyOf[viewer], duty, async (tx) => {
    const rows = await readRows(tx, { id, limit: 1 })
    const row = rows[0]
    if (row === undefined) return undefined
    const summary = toSummary(row)
    const base = { ...summary, categories: row.categories }
    if (row.state !== 'ready') return { ...base, waterfall: null, reachable: null }
    await appendEntry(tx, context, {
      action: 'audience.read',
      decision: 'allow',
      use: summary.use,
      objectKind: 'audience',
      objectId: id,
      audienceId: id,
      ruleHash: row.rule_hash,
      categories: row.categories,
      detail: { exact: viewer !== 'marketer' },
    })
    const epoch = summary.asOf
    if (viewer === 'marketer') return { ...base, ...withReach(await releasedSteps(tx, id, epoch)) }
    const exact = await exactOf(tx, id)
    return { ...base, ...withReach(releaseExact(exact.waterfall, epoch)), exact }
  })
}

/** Newest first, of one segment or of all; without numbers. Errors: `cursor-unknown`. */
export async function listAudiences(
  deps: Pick<Deps, 'database'>,
  page: {
    readonly segmentId?: string | undefined
    readonly cursor?: string | undefined
    readonly limit?: number | undefined
  } = {},
): Promise<Result<AudiencePage, { readonly code: 'cursor-unknown' }>> {
  const size = Math.max(1, Math.min(page.limit ?? pageMax, pageMax))
  if (page.segmentId !== undefined && !isUuid(page.segmentId))
    return ok({ items: [], nextCursor: null })
  return await asRole(deps.database, 'yq_author', {}, async (tx) => {
    if (page.cursor !== undefined && !(await isKnown(tx, page.cursor)))
      return err({ code: 'cursor-unknown' })
    const rows = await readRows(tx, {
      segmentId: page.segmentId,
      after: page.cursor,
      limit: size + 1,
    })
    const items = rows.slice(0, size).map(toSummary)
    return ok({ items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null })
  })
}

const withReach = (waterfall: readonly WaterfallStep[]) => ({
  waterfall,
  reachable: waterfall.find(({ reason }) => reason === 'reachable')?.count ?? null,
})

interface AudienceRow {
  readonly id: string
  readonly segment_id: string
  readonly segment_name: string
  readonly version: number
  readonly purpose_id: string
  readonly channel_id: string
  readonly recipient_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly state: AudienceState
  readonly progress: number
  readonly cancel_requested: boolean
  readonly failure: string | null
  readonly requested_by: string
  readonly as_of: Date
  readonly created_at: Date
  readonly finished_at: Date | null
}

async function readRows(
  tx: DutyTx,
  wanted: {
    readonly id?: string | undefined
    readonly segmentId?: string | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly AudienceRow[]> {
  const { rows } = await sql<AudienceRow>`
    select audience.id, audience.segment_id, segment.name as segment_name, audience.version, audience.purpose_id,
      audience.channel_id, audience.recipient_id, audience.rule_hash, audience.categories, audience.state,
      audience.progress, audience.cancel_requested, audience.failure, audience.requested_by, audience.as_of,
      audience.created_at, audience.finished_at
    from audience.audience
    join segment.segment on segment.id = audience.segment_id
    where (${wanted.id ?? null}::uuid is null or audience.id = ${wanted.id ?? null}::uuid)
      and (${wanted.segmentId ?? null}::uuid is null or audience.segment_id = ${wanted.segmentId ?? null}::uuid)
      and (${wanted.after ?? null}::uuid is null or (audience.created_at, audience.id) < (
        select before.created_at, before.id from audience.audience as before
        where before.id = ${wanted.after ?? null}::uuid))
    order by audience.created_at desc, audience.id desc
    limit ${wanted.limit}`.execute(tx)
  return rows
}

const toSummary = (row: AudienceRow): AudienceSummary => ({
  id: row.id,
  segmentId: row.segment_id,
  segmentName: row.segment_name,
  version: row.version,
  use: { purpose: row.purpose_id, channel: row.channel_id, recipient: row.recipient_id },
  ruleHash: row.rule_hash,
  state: row.state,
  progress: row.progress,
  cancelling: row.cancel_requested && (row.state === 'queued' || row.state === 'running'),
  failure: row.failure,
  requestedBy: row.requested_by,
  asOf: row.as_of.toISOString(),
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
})

async function isKnown(tx: DutyTx, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { rows } = await sql`select id from audience.audience where id = ${id}::uuid`.execute(tx)
  return rows.length > 0
}

/** What the database lets an author see of a waterfall, by the constants of releases. */
async function releasedSteps(
  tx: DutyTx,
  id: string,
  epoch: string,
): Promise<readonly WaterfallStep[]> {
  const { rows } = await sql<{
    steps: readonly { readonly reason: WaterfallReason; readonly count: number | null }[] | null
  }>`
    select audience.released_waterfall(${id}::uuid, ${leastCount}, ${countStep}) as steps`.execute(
    tx,
  )
  return (rows[0]?.steps ?? []).map(({ reason, count }) => ({
    reason,
    count: releaseAgain(count, epoch),
  }))
}

async function exactOf(tx: DutyTx, id: string): Promise<NonNullable<Audience['exact']>> {
  const { rows } = await sql<{
    waterfall: readonly ExactStep[] | null
    member_count: string | null
    member_root: string | null
  }>`
    select waterfall, member_count, member_root from audience.audience where id = ${id}::uuid`.execute(
    tx,
  )
  return {
    waterfall: rows[0]?.waterfall ?? [],
    members: Number(rows[0]?.member_count ?? 0),
    memberRoot: rows[0]?.member_root ?? '',
  }
}
