/**
 * One access: a transaction in one duty whose effect, log entry and idempotency record commit together or not at all.
 *
 * INVARIANT: rooms read and change personal data only inside `recorded` or beside their own `appendEntry` in the same
 * transaction (test/audit/recorded.test.ts).
 */
import { sql } from 'kysely'
import { asRole } from '../db/index.ts'
import type { Database, DutyContext, DutyOptions, DutyRole, DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { appendEntry } from './append.ts'
import type { EntryFacts, RequestContext } from './entry.ts'

/** What the work of an access came to: its outcome and what to write of it. */
export interface Done<T, E> {
  readonly result: Result<T, E>
  readonly entry: EntryFacts
}

export type IdempotencyError = {
  /** The key was used before with another body or for another route. */
  readonly code: 'idempotency-key-reused'
}

/** Rolls the work back while its refusal goes on record. */
class Refused extends Error {}

/**
 * Runs `work` as `role`. A refusal (`ok: false`) undoes what the work wrote and is recorded in a transaction of its
 * own. With an idempotency key the stored answer of an equal earlier request is given back and nothing runs.
 *
 * The value must be plain JSON when an idempotency key may come with the request.
 */
export async function recorded<T, E>(
  database: Database,
  context: RequestContext,
  role: DutyRole,
  settings: Omit<DutyContext, 'actor' | 'requestId'>,
  work: (tx: DutyTx) => Promise<Done<T, E>>,
  options: DutyOptions = {},
): Promise<Result<T, E | IdempotencyError>> {
  const duty: DutyContext = { ...settings, actor: context.actor.id, requestId: context.requestId }
  let refusal: Done<T, E> | undefined
  try {
    return await asRole(
      database,
      role,
      duty,
      async (tx) => {
        const earlier = await claim<T>(tx, context)
        if (earlier !== undefined) return earlier
        const done = await work(tx)
        if (!done.result.ok) {
          refusal = done
          throw new Refused()
        }
        await appendEntry(tx, context, done.entry)
        await keepAnswer(tx, context, done.result.value)
        return done.result
      },
      options,
    )
  } catch (error) {
    if (!(error instanceof Refused) || refusal === undefined) throw error
    await recordAlone(database, context, role, refusal.entry)
    return refusal.result
  }
}

/** Puts one entry on record in a transaction of its own: refusals, sign-ins, and other things that read nobody. */
export async function recordAlone(
  database: Database,
  context: RequestContext,
  role: DutyRole,
  entry: EntryFacts,
): Promise<void> {
  await asRole(database, role, { actor: context.actor.id, requestId: context.requestId }, (tx) =>
    appendEntry(tx, context, entry),
  )
}

/** Takes the key for this transaction; gives the answer when an equal request was answered before. */
async function claim<T>(
  tx: DutyTx,
  context: RequestContext,
): Promise<Result<T, IdempotencyError> | undefined> {
  const { idempotency } = context
  if (idempotency === undefined) return undefined
  // A second request with the key waits here until the first has committed or rolled back.
  const { rows: claimed } = await sql<{ key: string }>`
    insert into edge.idempotency (actor, key, route, body_digest)
    values (${context.actor.id}, ${idempotency.key}, ${idempotency.route}, ${idempotency.bodyDigest})
    on conflict do nothing returning key`.execute(tx)
  if (claimed.length > 0) return undefined
  const { rows } = await sql<{ same: boolean; response: { value: T } }>`
    select route = ${idempotency.route} and body_digest = ${idempotency.bodyDigest} as same, response
    from edge.idempotency where actor = ${context.actor.id} and key = ${idempotency.key}`.execute(
    tx,
  )
  const known = rows[0]
  if (known === undefined || !known.same) return err({ code: 'idempotency-key-reused' })
  return ok(known.response.value)
}

async function keepAnswer(tx: DutyTx, context: RequestContext, value: unknown): Promise<void> {
  const { idempotency } = context
  if (idempotency === undefined) return
  await sql`
    update edge.idempotency set response = ${JSON.stringify({ value: value ?? null })}::jsonb
    where actor = ${context.actor.id} and key = ${idempotency.key}`.execute(tx)
}
