/**
 * Which worker builds which audience. A claim is a lease that the worker renews: when a worker dies its lease runs out
 * and another takes the audience up again. Leases are told by the database's clock, which all workers share.
 */
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'

export interface BuildWorker {
  /** Of letters, digits and `. _ : -`. A worker that comes back under its id takes up its own audiences at once. */
  readonly id: string
  readonly leaseMs: number
  /** Aborting puts the audience under work back into the queue. */
  readonly signal?: AbortSignal | undefined
  /** Told of what went wrong, for the operator; a person sees the failure's code only. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface Claim {
  readonly kind: 'claim'
  readonly id: string
  readonly attempt: number
  readonly segmentId: string
  readonly version: number
  readonly use: Use
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  readonly timeZone: string
  readonly asOf: Date
  readonly requestedBy: string
  readonly demo: boolean
}

/** What an audience that nobody may build any more has come to. */
export interface Ended {
  readonly kind: 'cancelled' | 'failed'
}

/** What the building needs to know of its lease. */
export interface LeaseWatch {
  /** Aborts with a BuildInterrupted when the build must stop; that cancels the running statement. */
  readonly signal: AbortSignal
  /** Tells how far it is, 0 to 100; throws a BuildInterrupted when the build must stop. */
  readonly report: (progress: number) => Promise<void>
  readonly end: () => Promise<void>
}

interface ClaimRow {
  readonly id: string
  readonly segment_id: string
  readonly version: number
  readonly purpose_id: string
  readonly channel_id: string
  readonly recipient_id: string
  readonly rule_hash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  readonly time_zone: string
  readonly as_of: Date
  readonly requested_by: string
  readonly demo: boolean
  readonly cancel_requested: boolean
  readonly attempts: number
}

/** A worker that dies over the same audience this often will not live through it. */
export const attemptsMax = 3

/** Takes up the oldest audience that waits or whose lease ran out; undefined when there is none. */
export async function claimNext(
  deps: Deps,
  worker: BuildWorker,
): Promise<Claim | Ended | undefined> {
  return await asRole(deps.database, 'yq_builder', { actor: worker.id }, async (tx) => {
    const { rows } = await sql<ClaimRow>`
      select id, segment_id, version, purpose_id, channel_id, recipient_id, rule_hash, categories, personalised,
        time_zone, as_of, requested_by, demo, cancel_requested, attempts
      from audience.audience
      where state = 'queued'
        or state = 'running' and (leased_until < clock_timestamp() or leased_by = ${worker.id})
      order by created_at, id limit 1
      for update skip locked`.execute(tx)
    const row = rows[0]
    if (row === undefined) return undefined
    const claim = toClaim(row)
    if (row.cancel_requested) return await end(deps, tx, worker, claim, 'cancelled', null)
    if (row.attempts >= attemptsMax)
      return await end(deps, tx, worker, claim, 'failed', 'attempts-exhausted')
    await sql`
      update audience.audience set state = 'running', progress = 0, attempts = ${claim.attempt},
        leased_by = ${worker.id}, leased_until = clock_timestamp() + ${worker.leaseMs} * interval '1 millisecond'
      where id = ${row.id}::uuid`.execute(tx)
    return claim
  })
}

/** `lost`: another worker has it, or nobody any more. */
export type Renewal = 'kept' | 'cancelled' | 'lost'

/** Keeps the lease, tells the progress and learns whether to stop; in a transaction of its own. */
export async function renewLease(
  deps: Deps,
  worker: BuildWorker,
  claim: Claim,
  progress: number,
): Promise<Renewal> {
  return await asRole(deps.database, 'yq_builder', { actor: worker.id }, async (tx) => {
    const { rows } = await sql<{ cancel_requested: boolean }>`
      update audience.audience set progress = greatest(progress, ${Math.floor(progress)}),
        leased_until = clock_timestamp() + ${worker.leaseMs} * interval '1 millisecond'
      where ${held(worker, claim)} returning cancel_requested`.execute(tx)
    const row = rows[0]
    if (row === undefined) return 'lost'
    return row.cancel_requested ? 'cancelled' : 'kept'
  })
}

/** Why a build did not come to its end. */
export type BuildStop =
  | 'cancelled'
  /** The worker was told to stop, or lost its lease. */
  | 'stopped'
  | 'failed'
  /** Another attempt would come to the same. */
  | 'refused'

/**
 * Settles an audience whose build was rolled back: cancelled when that was asked for, else queued again, or failed
 * after the last attempt. A worker that was told to stop has used no attempt. Tells what became of it.
 */
export async function giveBack(
  deps: Deps,
  worker: BuildWorker,
  claim: Claim,
  why: BuildStop,
  failure: string,
): Promise<'cancelled' | 'failed' | 'queued' | 'lost'> {
  return await asRole(deps.database, 'yq_builder', { actor: worker.id }, async (tx) => {
    const { rows } = await sql<{ cancel_requested: boolean }>`
      select cancel_requested from audience.audience where ${held(worker, claim)} for update`.execute(
      tx,
    )
    const row = rows[0]
    if (row === undefined) return 'lost'
    if (row.cancel_requested) return (await end(deps, tx, worker, claim, 'cancelled', null)).kind
    if (why === 'refused' || (why === 'failed' && claim.attempt >= attemptsMax))
      return (await end(deps, tx, worker, claim, 'failed', failure)).kind
    await sql`
      update audience.audience set state = 'queued', progress = 0, leased_by = null, leased_until = null,
        attempts = ${why === 'stopped' ? claim.attempt - 1 : claim.attempt}
      where id = ${claim.id}::uuid`.execute(tx)
    return 'queued'
  })
}

/** The condition under which this worker still holds this very claim. */
export const held = (worker: BuildWorker, claim: Claim) =>
  sql<boolean>`id = ${claim.id}::uuid and state = 'running' and leased_by = ${worker.id}
    and attempts = ${claim.attempt}`

/** The worker as the log names it. */
export const workerContext = (worker: BuildWorker, claim: Claim): RequestContext => ({
  actor: { kind: 'system', id: worker.id, role: 'builder', demo: claim.demo },
  requestId: `build:${claim.id}:${claim.attempt}`,
})

async function end(
  deps: Deps,
  tx: DutyTx,
  worker: BuildWorker,
  claim: Claim,
  state: 'cancelled' | 'failed',
  failure: string | null,
): Promise<Ended> {
  await sql`
    update audience.audience set state = ${state}, failure = ${failure}, progress = 0, leased_by = null,
      leased_until = null, finished_at = ${deps.clock.now()}
    where id = ${claim.id}::uuid`.execute(tx)
  await appendEntry(tx, workerContext(worker, claim), {
    action: 'audience.build',
    decision: 'deny',
    reason: failure ?? state,
    use: claim.use,
    objectKind: 'audience',
    objectId: claim.id,
    audienceId: claim.id,
    ruleHash: claim.ruleHash,
    categories: claim.categories,
    detail: { requestedBy: claim.requestedBy, attempt: claim.attempt },
  })
  return { kind: state }
}

const toClaim = (row: ClaimRow): Claim => ({
  kind: 'claim',
  id: row.id,
  attempt: row.attempts + 1,
  segmentId: row.segment_id,
  version: row.version,
  use: { purpose: row.purpose_id, channel: row.channel_id, recipient: row.recipient_id },
  ruleHash: row.rule_hash,
  categories: row.categories,
  personalised: row.personalised,
  timeZone: row.time_zone,
  asOf: row.as_of,
  requestedBy: row.requested_by,
  demo: row.demo,
})
