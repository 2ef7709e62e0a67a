/** Asks for an audience, or takes the asking back. The building is a worker's. */
import { sql } from 'kysely'
import { recorded } from '../audit/index.ts'
import type {
  Deps,
  Done,
  EntryFacts,
  IdempotencyError,
  RequestContext,
  Use,
} from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { readVersion } from '../segments/index.ts'
import { findUnknownUse, useHash } from './use.ts'
import type { UseError } from './use.ts'

export type AudienceError =
  | IdempotencyError
  | UseError
  | { readonly code: 'segment-unknown' | 'audience-unknown' }
  /** It is ready, failed or cancelled already. */
  | { readonly code: 'audience-finished' }

export interface RequestedAudience {
  readonly id: string
  readonly state: 'queued'
  readonly progress: 0
  readonly version: number
  readonly ruleHash: string
}

/** Queues one version of a segment (the latest when none is named) under one use. Errors: as the codes say. */
export async function requestAudience(
  deps: Deps,
  context: RequestContext,
  input: { readonly segmentId: string; readonly version?: number | undefined; readonly use: Use },
): Promise<Result<RequestedAudience, AudienceError>> {
  const { use } = input
  return await recorded(deps.database, context, 'yq_author', {}, async (tx) => {
    const facts = { action: 'audience.request', objectKind: 'segment', objectId: input.segmentId }
    const saved = await readVersion(tx, input.segmentId, input.version)
    if (saved === undefined) return refused(facts, { code: 'segment-unknown' })
    const catalog = await loadCatalog(tx)
    const unknown = findUnknownUse(catalog.rules, use)
    if (unknown !== undefined) return refused(facts, unknown)
    const { rows } = await sql<{ id: string }>`
      insert into audience.audience (
        segment_id, version, purpose_id, channel_id, recipient_id, use_hash, time_zone, as_of, requested_by, demo)
      values (${saved.segmentId}::uuid, ${saved.version}, ${use.purpose}, ${use.channel}, ${use.recipient},
        ${useHash(use)}, ${catalog.rules.timeZone}, ${deps.clock.now()}, ${context.actor.id}, ${context.actor.demo})
      returning id`.execute(tx)
    const id = rows[0]?.id
    assert(id !== undefined, 'an inserted row has its id')
    return {
      result: ok({
        id,
        state: 'queued',
        progress: 0,
        version: saved.version,
        ruleHash: saved.ruleHash,
      }),
      entry: {
        ...facts,
        decision: 'allow',
        use,
        ruleHash: saved.ruleHash,
        categories: saved.categories,
        audienceId: id,
        detail: { version: saved.version },
      },
    }
  })
}

/** Has a queued or running audience end without members. Errors: `audience-unknown`, `audience-finished`. */
export async function cancelAudience(
  deps: Deps,
  context: RequestContext,
  id: string,
): Promise<Result<{ readonly id: string }, AudienceError>> {
  return await recorded(deps.database, context, 'yq_author', {}, async (tx) => {
    const facts = { action: 'audience.cancel', objectKind: 'audience', objectId: id }
    if (!isUuid(id)) return refused(facts, { code: 'audience-unknown' })
    const { rows: known } = await sql<{ state: string }>`
      select state from audience.audience where id = ${id}::uuid`.execute(tx)
    const { rows: asked } = await sql<{ id: string }>`
      update audience.audience set cancel_requested = true
      where id = ${id}::uuid and state in ('queued', 'running') returning id`.execute(tx)
    if (asked.length > 0)
      return { result: ok({ id }), entry: { ...facts, decision: 'allow', audienceId: id } }
    return refused(facts, {
      code: known[0] === undefined ? 'audience-unknown' : 'audience-finished',
    })
  })
}

const refused = (
  facts: Omit<EntryFacts, 'decision'>,
  error: AudienceError,
): Done<never, AudienceError> => ({
  result: err(error),
  entry: { ...facts, decision: 'deny', reason: error.code },
})
