/** Writes entries in the transaction of the access: if the entry fails, so does the access. */
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import type { EntryFacts, RequestContext } from './entry.ts'

/** Appends one entry; gives its sequence number. */
export async function appendEntry(
  tx: DutyTx,
  context: RequestContext,
  facts: EntryFacts,
): Promise<string> {
  const { actor } = context
  const entry = {
    requestId: context.requestId,
    actorKind: actor.kind,
    actor: actor.id,
    actorRole: actor.role,
    sessionRef: actor.sessionRef,
    demo: actor.demo,
    clientIp: context.clientIp === undefined ? undefined : coarseIp(context.clientIp),
    action: facts.action,
    decision: facts.decision,
    reason: facts.reason,
    purpose: facts.use?.purpose,
    channel: facts.use?.channel,
    recipient: facts.use?.recipient,
    objectKind: facts.objectKind,
    objectId: facts.objectId,
    ruleHash: facts.ruleHash,
    categories: facts.categories,
    audienceId: facts.audienceId,
    exportId: facts.exportId,
    chunk: facts.chunk,
    rowCount: facts.rowCount,
    digest: facts.digest,
    memberRoot: facts.memberRoot,
    subjectRef:
      facts.subjectRef === undefined ? undefined : Buffer.from(facts.subjectRef).toString('hex'),
    detail: facts.detail ?? {},
  }
  const { rows } = await sql<{ seq: string }>`
    select audit.append(${JSON.stringify(entry)}::jsonb) as seq`.execute(tx)
  return rows[0]?.seq ?? ''
}

/** The keyed reference under which the log speaks of one customer. */
export const subjectRef = (keys: Keys, customerId: string): Buffer =>
  keys.mac('audit-subject', customerId)

/** The network of an address: enough to see from where, too little to single out a household. */
function coarseIp(address: string): string {
  const bare = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
  if (bare.includes(':')) return `${bare.split(':').slice(0, 3).join(':')}::`
  return `${bare.split('.').slice(0, 3).join('.')}.0`
}
