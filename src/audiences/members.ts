/** The one transaction of a build: who may be used, who matches, under which pseudonym, and what is kept of it. */
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps } from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import { closeRun, openRun } from '../consent/index.ts'
import { readRows } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { merkleTree } from '../kernel/merkle.ts'
import { issuePseudonyms } from '../pseudonyms/index.ts'
import { readNamedRules, readVersion } from '../segments/index.ts'
import { held, workerContext } from './lease.ts'
import type { BuildWorker, Claim, LeaseWatch } from './lease.ts'
import { readMatched } from './matching.ts'
import { exactWaterfall } from './waterfall.ts'
import type { ExactStep } from './waterfall.ts'

/** A build that must stop, and why. */
export class BuildInterrupted extends Error {
  readonly why: 'cancelled' | 'lost' | 'stopped'

  constructor(why: 'cancelled' | 'lost' | 'stopped') {
    super(`the build was interrupted: ${why}`)
    this.why = why
  }
}

/** A build that cannot come to anything, however often it is tried. */
export class BuildRefused extends Error {
  /** For people; see the failures of an audience. */
  readonly code: 'segment-changed'

  constructor(code: 'segment-changed') {
    super(`the build was refused: ${code}`)
    this.code = code
  }
}

/** Members in one statement: memory stays small, and a cancel is seen soon. */
const membersPerChunk = 10_000

const openedProgress = 10
const matchedProgress = 90
const hashedProgress = 98

/** Makes the members of a claimed audience and sets it ready. Throws BuildInterrupted when it must not. */
export async function makeMembers(
  deps: Deps,
  tx: DutyTx,
  worker: BuildWorker,
  claim: Claim,
  watch: LeaseWatch,
): Promise<void> {
  const saved = await readVersion(tx, claim.segmentId, claim.version)
  assert(saved?.ruleHash === claim.ruleHash, 'the version that the audience was asked for')
  const named = await readNamedRules(tx, saved.rule)
  // A segment that it names reads more by now: who may be used was asked for less.
  if (named.categories.some((category) => !claim.categories.includes(category)))
    throw new BuildRefused('segment-changed')
  const watermark = await databaseNow(tx)
  const epoch = await pseudonymEpoch(tx, claim.use.recipient)
  const opened = await openRun(tx, claim.use, {
    categories: claim.categories,
    personalised: claim.personalised,
    at: deps.clock.now(),
  })
  await watch.report(openedProgress)
  const run = {
    rule: saved.rule,
    audiences: named.rules,
    catalog: await loadCatalog(tx),
    use: claim.use,
    asOf: claim.asOf,
    timeZone: claim.timeZone,
    watermark,
  }
  let matched = 0
  let identified = 0
  for await (const rows of readMatched(tx, run, membersPerChunk)) {
    const ids = rows.filter((row) => row.identified).map((row) => row.customer_id)
    await insertMembers(deps, tx, claim, epoch, ids)
    matched += rows.length
    identified += ids.length
    const share = matched / Math.max(1, opened.counts.eligible)
    await watch.report(openedProgress + (matchedProgress - openedProgress) * Math.min(1, share))
  }
  await closeRun(tx)
  const memberRoot = await rootOfMembers(tx, claim.id)
  await watch.report(hashedProgress)
  const waterfall = exactWaterfall(opened, { matched, identified })
  await setReady(deps, tx, worker, claim, {
    waterfall,
    members: identified,
    memberRoot,
    watermark,
    epoch,
  })
}

async function databaseNow(tx: DutyTx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx)
  const now = rows[0]?.now
  assert(now !== undefined, 'a clock answers')
  return now
}

async function pseudonymEpoch(tx: DutyTx, recipient: string): Promise<number> {
  const row = await tx
    .selectFrom('consent.recipient')
    .select('pseudonym_epoch')
    .where('id', '=', recipient)
    .executeTakeFirstOrThrow()
  return row.pseudonym_epoch
}

async function insertMembers(
  deps: Deps,
  tx: DutyTx,
  claim: Claim,
  epoch: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  const pseudonyms = await issuePseudonyms(tx, deps.keys, claim.use.recipient, epoch, ids)
  await sql`
    insert into audience.member (customer_id, audience_id, pseudonym)
    select made.customer_id, ${claim.id}::uuid, made.pseudonym
    from unnest(${[...ids]}::bigint[], ${pseudonyms}::text[]) as made (customer_id, pseudonym)`.execute(
    tx,
  )
}

/** The Merkle root over the members' pseudonyms in the order of their bytes. */
async function rootOfMembers(tx: DutyTx, audienceId: string): Promise<string> {
  const tree = merkleTree()
  const query = tx
    .selectFrom('audience.member')
    .select('pseudonym')
    .where('audience_id', '=', audienceId)
    .orderBy('pseudonym')
  for await (const rows of readRows(tx, query, membersPerChunk))
    for (const { pseudonym } of rows) tree.add(pseudonym)
  return tree.root()
}

interface Made {
  readonly waterfall: readonly ExactStep[]
  readonly members: number
  readonly memberRoot: string
  readonly watermark: Date
  readonly epoch: number
}

/** The last statements of the build: they find the lease still held and no wish to cancel, or undo it all. */
async function setReady(
  deps: Deps,
  tx: DutyTx,
  worker: BuildWorker,
  claim: Claim,
  made: Made,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update audience.audience set state = 'ready', progress = 100, waterfall = ${JSON.stringify(made.waterfall)}::jsonb,
      member_count = ${made.members}, member_root = ${made.memberRoot}, watermark = ${made.watermark},
      pseudonym_epoch = ${made.epoch}, finished_at = ${deps.clock.now()}, leased_by = null, leased_until = null
    where ${held(worker, claim)} and not cancel_requested returning id`.execute(tx)
  if (rows.length === 0) throw new BuildInterrupted('lost')
  await appendEntry(tx, workerContext(worker, claim), {
    action: 'audience.build',
    decision: 'allow',
    use: claim.use,
    objectKind: 'audience',
    objectId: claim.id,
    audienceId: claim.id,
    ruleHash: claim.ruleHash,
    categories: claim.categories,
    rowCount: made.members,
    memberRoot: made.memberRoot,
    detail: { requestedBy: claim.requestedBy, version: claim.version, attempt: claim.attempt },
  })
}
