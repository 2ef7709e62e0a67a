/** Reads saved segments: definitions only, nothing of anybody. */
import { sql } from 'kysely'
import type { CheckedRule } from '#grammar'
import { asRole } from '../db/index.ts'
import type { Database, DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'

export interface SegmentVersion {
  readonly version: number
  readonly text: string
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  readonly createdBy: string
  /** RFC 3339. */
  readonly createdAt: string
}

export interface SegmentSummary {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly ruleHash: string
  readonly createdBy: string
  readonly createdAt: string
  /** When the latest version was made. */
  readonly changedAt: string
}

export interface Segment extends SegmentSummary {
  readonly text: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  /** Newest first. */
  readonly versions: readonly SegmentVersion[]
  /** Segments whose latest version speaks of this one. */
  readonly dependants: readonly { readonly id: string; readonly name: string }[]
}

export interface SegmentPage {
  readonly items: readonly SegmentSummary[]
  readonly nextCursor: string | null
}

/** One version as an audience runs it. */
export interface SavedRule {
  readonly segmentId: string
  readonly name: string
  readonly version: number
  readonly rule: CheckedRule
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
}

const pageMax = 200
const versionsMax = 200

/** Newest first. Errors: `cursor-unknown`. */
export async function listSegments(
  deps: { readonly database: Database },
  page: { readonly cursor?: string | undefined; readonly limit?: number | undefined } = {},
): Promise<Result<SegmentPage, { readonly code: 'cursor-unknown' }>> {
  const size = Math.max(1, Math.min(page.limit ?? pageMax, pageMax))
  return await asRole(deps.database, 'yq_author', {}, async (tx) => {
    const after = page.cursor === undefined ? undefined : await placeOf(tx, page.cursor)
    if (page.cursor !== undefined && after === undefined) return err({ code: 'cursor-unknown' })
    const rows = await summaries(tx, after ?? null, size + 1)
    const items = rows.slice(0, size).map(toSummary)
    return ok({ items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null })
  })
}

/** With every version (at most 200, newest first) and the segments that speak of it. */
export async function readSegment(
  deps: { readonly database: Database },
  id: string,
): Promise<Segment | undefined> {
  if (!isUuid(id)) return undefined
  return await asRole(deps.database, 'yq_author', {}, async (tx) => {
    const { rows: named } = await sql<{
      id: string
      name: string
      created_by: string
      created_at: Date
    }>`
      select id, name, created_by, created_at from segment.segment where id = ${id}::uuid`.execute(
      tx,
    )
    const segment = named[0]
    const versions = await versionsOf(tx, id)
    const latest = versions[0]
    if (segment === undefined || latest === undefined) return undefined
    return {
      id: segment.id,
      name: segment.name,
      version: latest.version,
      ruleHash: latest.ruleHash,
      text: latest.text,
      categories: latest.categories,
      personalised: latest.personalised,
      createdBy: segment.created_by,
      createdAt: segment.created_at.toISOString(),
      changedAt: latest.createdAt,
      versions,
      dependants: await dependantsOf(tx, id),
    }
  })
}

/** One version of a segment, the latest when none is named. The duty must see segments. */
export async function readVersion(
  tx: DutyTx,
  id: string,
  version?: number,
): Promise<SavedRule | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<{
    name: string
    version: number
    rule: CheckedRule
    rule_hash: string
    categories: readonly string[]
    personalised: boolean
  }>`
    select segment.name, version.version, version.rule, version.rule_hash, version.categories, version.personalised
    from segment.version join segment.segment on segment.id = version.segment_id
    where version.segment_id = ${id}::uuid
      and (${version ?? null}::bigint is null or version.version = ${version ?? null}::bigint)
    order by version.version desc limit 1`.execute(tx)
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    segmentId: id,
    name: row.name,
    version: row.version,
    rule: row.rule,
    ruleHash: row.rule_hash,
    categories: row.categories,
    personalised: row.personalised,
  }
}

interface SummaryRow {
  readonly id: string
  readonly name: string
  readonly created_by: string
  readonly created_at: Date
  readonly version: number
  readonly rule_hash: string
  readonly changed_at: Date
}

interface Place {
  readonly id: string
  /** With microseconds, which a Date would cut off. */
  readonly createdAt: string
}

async function placeOf(tx: DutyTx, cursor: string): Promise<Place | undefined> {
  if (!isUuid(cursor)) return undefined
  const { rows } = await sql<Place>`
    select id, created_at::text as "createdAt" from segment.segment where id = ${cursor}::uuid`.execute(
    tx,
  )
  return rows[0]
}

async function summaries(
  tx: DutyTx,
  after: Place | null,
  limit: number,
): Promise<readonly SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select segment.id, segment.name, segment.created_by, segment.created_at, version.version, version.rule_hash,
      version.created_at as changed_at
    from segment.segment
    join segment.version on version.segment_id = segment.id
    where not exists (
        select from segment.version as later
        where later.segment_id = segment.id and later.version > version.version)
      and (${after?.id ?? null}::uuid is null
        or (segment.created_at, segment.id) < (${after?.createdAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by segment.created_at desc, segment.id desc
    limit ${limit}`.execute(tx)
  return rows
}

const toSummary = (row: SummaryRow): SegmentSummary => ({
  id: row.id,
  name: row.name,
  version: row.version,
  ruleHash: row.rule_hash,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  changedAt: row.changed_at.toISOString(),
})

async function versionsOf(tx: DutyTx, id: string): Promise<readonly SegmentVersion[]> {
  const rows = await tx
    .selectFrom('segment.version')
    .select([
      'version',
      'text',
      'rule_hash',
      'categories',
      'personalised',
      'created_by',
      'created_at',
    ])
    .where('segment_id', '=', id)
    .orderBy('version', 'desc')
    .limit(versionsMax)
    .execute()
  return rows.map((row) => ({
    version: row.version,
    text: row.text,
    ruleHash: row.rule_hash,
    categories: row.categories,
    personalised: row.personalised,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  }))
}

async function dependantsOf(
  tx: DutyTx,
  id: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select segment.id, segment.name
    from segment.reference
    join segment.segment on segment.id = reference.segment_id
    where reference.refers_to = ${id}::uuid and not exists (
      select from segment.version as later
      where later.segment_id = reference.segment_id and later.version > reference.version)
    order by segment.name, segment.id`.execute(tx)
  return rows
}
