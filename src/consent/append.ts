/** Events into the ledger; the derived state and the removals follow in the same transaction. */
import { sql } from 'kysely'
import { recorded, subjectRef } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import { retryOnConflict } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import type { Keys } from '../keys/index.ts'
import { assert } from '../kernel/assert.ts'
import { canonicalDigest } from '../kernel/canonical-json.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { checkConsentEvent, readVocabulary } from './check-event.ts'
import type { CheckedConsentEvent, ConsentEventInput, ConsentRejection } from './check-event.ts'

/** `duplicate`: the same event again; `conflict`: the same id of the same source with another body. */
export type AppendOutcome = 'inserted' | 'duplicate' | 'conflict'

export type ConsentOutcome =
  | { readonly eventId: string; readonly status: AppendOutcome }
  | {
      readonly eventId: string
      readonly status: 'rejected'
      readonly code: ConsentRejection['code']
      readonly field: string
    }

export interface CustomerConsent {
  readonly customerId: string
  readonly event: CheckedConsentEvent
}

/** Keeps one request's transaction, and the turns it takes, short. */
export const consentEventsMax = 10_000

/**
 * Appends what a consent source sends: good events are applied, each bad one is answered with its reason.
 *
 * Outcomes are in the order of the events. The effect holds when this returns.
 */
export async function appendConsentEvents(
  deps: Deps,
  context: RequestContext,
  events: readonly ConsentEventInput[],
): Promise<Result<readonly ConsentOutcome[], IdempotencyError>> {
  assert(events.length <= consentEventsMax, 'a batch within its limit')
  // Two large batches may wait for each other's people in a circle; the database ends one of them, to begin again.
  return await retryOnConflict(() => appendOnce(deps, context, events))
}

async function appendOnce(
  deps: Deps,
  context: RequestContext,
  events: readonly ConsentEventInput[],
): Promise<Result<readonly ConsentOutcome[], IdempotencyError>> {
  return await recorded(deps.database, context, 'yq_consent', {}, async (tx) => {
    const { outcomes, customers } = await append(deps, tx, events)
    const counted = (status: ConsentOutcome['status']): number =>
      outcomes.filter((outcome) => outcome.status === status).length
    const [only] = customers
    const single = customers.length === 1 ? only : undefined
    return {
      result: ok(outcomes),
      entry: {
        action: 'consent.append',
        decision: 'allow',
        rowCount: events.length,
        ...(single === undefined ? {} : { subjectRef: subjectRef(deps.keys, single) }),
        detail: {
          inserted: counted('inserted'),
          duplicate: counted('duplicate'),
          conflict: counted('conflict'),
          rejected: counted('rejected'),
        },
      },
    }
  })
}

async function append(deps: Deps, tx: DutyTx, events: readonly ConsentEventInput[]) {
  const vocabulary = await readVocabulary(tx)
  const customerBySubject = await findSubjects(tx, deps.keys, events)
  const outcomes: (ConsentOutcome | undefined)[] = []
  const good: (CustomerConsent & { readonly index: number })[] = []
  for (const [index, event] of events.entries()) {
    const checked = checkConsentEvent(vocabulary, event, deps.clock.now())
    const customerId = customerBySubject.get(event.subject)
    if (!checked.ok) outcomes[index] = { ...rejected(event), ...checked.error }
    else if (customerId === undefined)
      outcomes[index] = { ...rejected(event), code: 'subject-unknown', field: 'subject' }
    else good.push({ index, customerId, event: checked.value })
  }
  const statuses = await appendForCustomers(tx, good)
  for (const [place, { index, event }] of good.entries()) {
    const status = statuses[place]
    assert(status !== undefined, 'an outcome for each event')
    outcomes[index] = { eventId: event.eventId, status }
  }
  return {
    outcomes: outcomes.filter((outcome) => outcome !== undefined),
    customers: [...new Set(good.map(({ customerId }) => customerId))],
  }
}

const rejected = (event: ConsentEventInput) => ({
  eventId: event.eventId,
  status: 'rejected' as const,
})

/** A source speaks of the brand's own ids; the database holds keyed hashes of them. */
async function findSubjects(
  tx: DutyTx,
  keys: Keys,
  events: readonly ConsentEventInput[],
): Promise<ReadonlyMap<string, string>> {
  const subjectByHash = new Map<string, string>()
  for (const { subject } of events)
    subjectByHash.set(keys.mac('source-index', subject).toString('hex'), subject)
  const { rows } = await sql<{ hash: string; customer_id: string }>`
    select encode(source_hash, 'hex') as hash, customer_id from vault.source_key
    where source_hash in (
      select decode(asked, 'hex') from unnest(${[...subjectByHash.keys()]}::text[]) as asked)
  `.execute(tx)
  return new Map(rows.map((row) => [subjectByHash.get(row.hash) ?? '', row.customer_id]))
}

const batchRows = 2_000

/** Appends checked events of known customers. Duties: yq_consent, yq_ingest. Outcomes in the order of the rows. */
export async function appendForCustomers(
  tx: DutyTx,
  rows: readonly CustomerConsent[],
): Promise<readonly AppendOutcome[]> {
  const outcomes: AppendOutcome[] = []
  for (let from = 0; from < rows.length; from += batchRows) {
    const batch = rows.slice(from, from + batchRows).map(ledgerRow)
    const { rows: answers } = await sql<{ outcome: AppendOutcome }>`
      select outcome from consent.append(${JSON.stringify(batch)}::jsonb) order by item`.execute(tx)
    outcomes.push(...answers.map(({ outcome }) => outcome))
  }
  return outcomes
}

function ledgerRow({ customerId, event }: CustomerConsent) {
  const body = {
    customer_id: customerId,
    source: event.source,
    event_id: event.eventId,
    kind: event.kind,
    purpose_id: event.purpose,
    channels: event.channels,
    categories: event.categories,
    recipient_id: event.recipient,
    state: event.state,
    effective_at: event.effectiveAt.toISOString(),
    valid_until: event.validUntil?.toISOString(),
    notice_id: event.notice?.id,
    notice_version: event.notice?.version,
    mechanism: event.mechanism,
    evidence_ref: event.evidence,
    // Only a guardian can say what a guardian agrees to.
    actor: event.kind === 'guardian' ? 'guardian' : 'subject',
  }
  return { ...body, body_digest: canonicalDigest(body) }
}
