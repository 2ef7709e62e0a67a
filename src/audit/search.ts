/** The reviewer's view of the log. Reading the log is itself on record. */
import { sql } from 'kysely'
import type { Database } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { subjectRef } from './append.ts'
import type { RequestContext } from './entry.ts'
import { recorded } from './recorded.ts'
import type { IdempotencyError } from './recorded.ts'

export interface EntryFilter {
  readonly actor?: string
  readonly action?: string
  /** The brand's own customer id; never kept, looked up by keyed hash. */
  readonly subject?: string
  readonly exportId?: string
  readonly audienceId?: string
  readonly decision?: 'allow' | 'deny'
  /** RFC 3339, from inclusive, to exclusive. */
  readonly from?: string
  readonly to?: string
  /** Sequence number of the last entry of the page before. */
  readonly cursor?: string
}

export interface Entry {
  readonly seq: string
  readonly at: string
  readonly requestId: string | null
  readonly actorKind: string
  readonly actor: string
  readonly actorRole: string | null
  readonly demo: boolean
  readonly action: string
  readonly decision: string
  readonly reason: string | null
  readonly purpose: string | null
  readonly channel: string | null
  readonly recipient: string | null
  readonly objectKind: string | null
  readonly objectId: string | null
  readonly ruleHash: string | null
  readonly categories: readonly string[] | null
  readonly audienceId: string | null
  readonly exportId: string | null
  readonly chunk: number | null
  readonly rowCount: string | null
  readonly digest: string | null
  readonly memberRoot: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export interface EntryPage {
  readonly items: readonly Entry[]
  readonly nextCursor: string | null
}

export const entriesPageMax = 200

/** Newest first. For a subject: entries about them alone, and of every export that delivered them. */
export async function searchEntries(
  deps: { readonly database: Database; readonly keys: Keys },
  context: RequestContext,
  filter: EntryFilter,
  limit: number,
): Promise<Result<EntryPage, IdempotencyError>> {
  const size = Math.max(1, Math.min(limit, entriesPageMax))
  return await recorded(deps.database, context, 'yq_auditor', {}, async (tx) => {
    const customer = filter.subject === undefined ? undefined : await customerOf(filter.subject)
    const reference = customer === undefined ? null : subjectRef(deps.keys, customer)
    const { rows } = await sql<Entry>`
      select entry.seq, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
        entry.request_id as "requestId", entry.actor_kind as "actorKind", entry.actor,
        entry.actor_role as "actorRole", entry.demo, entry.action, entry.decision, entry.reason, entry.purpose,
        entry.channel, entry.recipient, entry.object_kind as "objectKind", entry.object_id as "objectId",
        entry.rule_hash as "ruleHash", entry.categories, entry.audience_id as "audienceId",
        entry.export_id as "exportId", entry.chunk, entry.row_count as "rowCount", entry.digest,
        entry.member_root as "memberRoot", entry.detail
      from audit.entry
      where (${filter.actor ?? null}::text is null or entry.actor = ${filter.actor ?? null})
        and (${filter.action ?? null}::text is null or entry.action = ${filter.action ?? null})
        and (${filter.decision ?? null}::text is null or entry.decision = ${filter.decision ?? null})
        and (${filter.exportId ?? null}::uuid is null or entry.export_id = ${filter.exportId ?? null}::uuid)
        and (${filter.audienceId ?? null}::uuid is null or entry.audience_id = ${filter.audienceId ?? null}::uuid)
        and (${filter.from ?? null}::timestamptz is null or entry.at >= ${filter.from ?? null}::timestamptz)
        and (${filter.to ?? null}::timestamptz is null or entry.at < ${filter.to ?? null}::timestamptz)
        and (${filter.cursor ?? null}::bigint is null or entry.seq < ${filter.cursor ?? null}::bigint)
        and (${filter.subject === undefined} or entry.subject_ref = ${reference} or entry.export_id in (
          select delivery.export_id from export.delivery where delivery.customer_id = ${customer ?? null}::bigint))
      order by entry.seq desc
      limit ${size + 1}`.execute(tx)
    const items = rows.slice(0, size)
    const asked = Object.keys(filter).filter((key) => key !== 'cursor')
    return {
      result: ok({ items, nextCursor: rows.length > size ? (items.at(-1)?.seq ?? null) : null }),
      entry: {
        action: 'access-log.search',
        decision: 'allow',
        rowCount: items.length,
        detail: { filters: asked },
        ...(reference === null ? {} : { subjectRef: reference }),
      },
    }

    async function customerOf(subject: string): Promise<string | undefined> {
      const hash = deps.keys.mac('source-index', subject)
      const found = await sql<{ customer_id: string }>`
        select customer_id from vault.source_key where source_hash = ${hash}`.execute(tx)
      // An unknown subject must find nothing, and look as an entryless one does.
      return found.rows[0]?.customer_id ?? '-1'
    }
  })
}
