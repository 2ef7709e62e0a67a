/** What a recipient asks and tells of people whom it knows by its own pseudonyms: may I, and they said no. */
import { sql } from 'kysely'
import { appendEntry, recorded, subjectRef } from '../audit/index.ts'
import type { Deps, Done, IdempotencyError, RequestContext } from '../audit/index.ts'
import { suppress } from '../consent/index.ts'
import { retryOnConflict } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { merkleRoot } from '../kernel/merkle.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { ownersOf } from '../pseudonyms/index.ts'

export type PseudonymsError =
  | IdempotencyError
  | { readonly code: 'too-many-ids'; readonly max: number }
  | { readonly code: 'export-unknown' }

export interface PermittedItem {
  readonly id: string
  /** True only where every live export that delivered the person permits it at this moment. */
  readonly permitted: boolean
  readonly exports: readonly { readonly exportId: string; readonly permitted: boolean }[]
}

export type OptOutReason = 'opt-out' | 'complaint' | 'do-not-contact'

interface OptOutInput {
  readonly recipient: string
  readonly ids: readonly string[]
  readonly reason: OptOutReason
}

export interface OptOutItem {
  readonly id: string
  /** `unknown`: nobody whom this recipient was ever given. */
  readonly status: 'suppressed' | 'unknown'
}

const idsMax = 10_000

/** May these people be reached now? Answers in the order asked; with an export, for that one alone. */
export async function checkPermitted(
  deps: Deps,
  context: RequestContext,
  input: {
    readonly recipient: string
    readonly ids: readonly string[]
    readonly exportId?: string | undefined
  },
): Promise<Result<{ readonly items: readonly PermittedItem[] }, PseudonymsError>> {
  const { recipient, ids } = input
  const action = 'pseudonym.check'
  return await recorded(deps.database, context, 'yq_exporter', { recipient }, async (tx) => {
    if (ids.length > idsMax) return refused(action, { code: 'too-many-ids', max: idsMax })
    const delivered = await deliveriesOf(tx, ids)
    const only = input.exportId
    if (only !== undefined && !(await isOwn(tx, only)))
      return refused(action, { code: 'export-unknown' })
    const answers = new Map<string, { exportId: string; permitted: boolean }[]>()
    for (const [exportId, rows] of Map.groupBy(delivered, (row) => row.export_id)) {
      if (only !== undefined && exportId !== only) continue
      const asked = rows.map(({ pseudonym }) => pseudonym)
      const isLive = rows[0]?.is_live === true
      for (const row of await permittedUnder(tx, exportId, asked, deps.clock.now())) {
        const answer = { exportId, permitted: isLive && row.permitted }
        answers.set(row.pseudonym, [...(answers.get(row.pseudonym) ?? []), answer])
      }
    }
    const items = ids.map((id) => toItem(id, answers.get(id) ?? []))
    return {
      result: ok({ items }),
      entry: {
        action,
        decision: 'allow',
        ...(only === undefined ? {} : { exportId: only }),
        rowCount: ids.length,
        memberRoot: merkleRoot(ids.toSorted(byBytes)),
        detail: { permitted: items.filter(({ permitted }) => permitted).length },
      },
    }
  })
}

/**
 * Takes people's no from a recipient: the channels on which it was given them are closed (`do-not-contact`: all), and
 * whoever holds them hears of it, before the answer returns. Each person's opt-out is an entry of its own.
 */
export async function optOut(
  deps: Deps,
  context: RequestContext,
  input: OptOutInput,
): Promise<Result<{ readonly items: readonly OptOutItem[] }, PseudonymsError>> {
  // Of two that close several channels for the same people at once, one may have to begin again.
  return await retryOnConflict(() => optOutOnce(deps, context, input))
}

async function optOutOnce(
  deps: Deps,
  context: RequestContext,
  { recipient, ids, reason }: OptOutInput,
): ReturnType<typeof optOut> {
  const action = 'pseudonym.opt-out'
  return await recorded(deps.database, context, 'yq_exporter', { recipient }, async (tx) => {
    if (ids.length > idsMax) return refused(action, { code: 'too-many-ids', max: idsMax })
    const delivered = await deliveriesOf(tx, ids)
    const known = [...new Set(delivered.map(({ pseudonym }) => pseudonym))]
    const owners = await ownersOf(tx, recipient, known)
    const at = deps.clock.now()
    const source = `recipient:${recipient}`
    const customersOf = (pseudonyms: readonly string[]): string[] =>
      pseudonyms.flatMap((pseudonym) => owners.get(pseudonym) ?? [])
    if (reason === 'do-not-contact') await suppress(tx, customersOf(known), '*', reason, source, at)
    else
      for (const [channel, rows] of Map.groupBy(delivered, (row) => row.channel_id))
        await suppress(
          tx,
          customersOf(rows.map(({ pseudonym }) => pseudonym)),
          channel,
          reason,
          source,
          at,
        )
    for (const customer of customersOf(known))
      await appendEntry(tx, context, {
        action,
        decision: 'allow',
        reason,
        objectKind: 'customer',
        subjectRef: subjectRef(deps.keys, customer),
      })
    const items = ids.map((id): OptOutItem => ({
      id,
      status: owners.has(id) ? 'suppressed' : 'unknown',
    }))
    return {
      result: ok({ items }),
      entry: {
        action,
        decision: 'allow',
        rowCount: known.length,
        memberRoot: merkleRoot(known.toSorted(byBytes)),
        detail: { reason, unknown: items.filter(({ status }) => status === 'unknown').length },
      },
    }
  })
}

interface DeliveredRow {
  readonly export_id: string
  readonly pseudonym: string
  readonly channel_id: string
  readonly is_live: boolean
}

/** Exports of this recipient that delivered these ids; the database shows no others. */
async function deliveriesOf(tx: DutyTx, ids: readonly string[]): Promise<readonly DeliveredRow[]> {
  const { rows } = await sql<DeliveredRow>`
    select delivery.export_id, delivery.pseudonym, export.channel_id,
      export.state = 'available' as is_live
    from export.delivery
    join export.export on export.id = delivery.export_id
    where delivery.pseudonym = any (${[...ids]}::text[])
    order by delivery.export_id, delivery.pseudonym`.execute(tx)
  return rows
}

async function permittedUnder(
  tx: DutyTx,
  exportId: string,
  ids: readonly string[],
  at: Date,
): Promise<readonly { readonly pseudonym: string; readonly permitted: boolean }[]> {
  const { rows } = await sql<{ pseudonym: string; permitted: boolean }>`
    select pseudonym, permitted from export.permitted(${exportId}::uuid, ${[...ids]}::text[], ${at})`.execute(
    tx,
  )
  return rows
}

function toItem(id: string, all: PermittedItem['exports']): PermittedItem {
  return { id, permitted: all.length > 0 && all.every(({ permitted }) => permitted), exports: all }
}

async function isOwn(tx: DutyTx, exportId: string): Promise<boolean> {
  if (!isUuid(exportId)) return false
  const { rows } = await sql`select id from export.export where id = ${exportId}::uuid`.execute(tx)
  return rows.length > 0
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const refused = (action: string, error: PseudonymsError): Done<never, PseudonymsError> => ({
  result: err(error),
  entry: { action, decision: 'deny', reason: error.code },
})
