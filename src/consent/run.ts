/** The barrier below every rule: who may be used is settled first, and only those people's data can be read. */
import { sql } from 'kysely'
import type { Use } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import type { RuleFacts } from './permit.ts'
import { isPermitReason, permitReasons } from './permit-reason.ts'
import type { PermitReason } from './permit-reason.ts'

export interface RunFacts extends RuleFacts {
  /** Eligibility is of this moment: the present one, from the clock. */
  readonly at: Date
}

export interface OpenedRun {
  readonly run: string
  /** People by the first reason against using them, and the eligible ones. */
  readonly counts: Readonly<Record<PermitReason | 'eligible', number>>
  readonly everyone: number
}

/**
 * Lets this transaction, as yq_analyst or yq_builder, read the attributes and events of the people permitted.
 *
 * A run that is open before ends for reading; all of them end with the transaction.
 */
export async function openRun(tx: DutyTx, use: Use, facts: RunFacts): Promise<OpenedRun> {
  const { rows } = await sql<{ run: string; reason: string; count: string }>`
    select run, reason, count from consent.open_run(
      ${use.purpose}, ${use.channel}, ${use.recipient}, ${[...facts.categories]}::text[],
      ${facts.personalised}, ${facts.at})`.execute(tx)
  const counts: Record<PermitReason | 'eligible', number> = {
    eligible: 0,
    status: 0,
    age: 0,
    general: 0,
    sensitive: 0,
    recipient: 0,
    border: 0,
    profiling: 0,
    suppression: 0,
  }
  for (const { reason, count } of rows) {
    assert(reason === 'eligible' || isPermitReason(reason), 'a reason of the decision')
    counts[reason] += Number(count)
  }
  const { rows: opened } = await sql<{ run: string }>`select meta.setting('run') as run`.execute(tx)
  return {
    run: opened[0]?.run ?? '',
    counts,
    everyone: permitReasons.reduce((sum, reason) => sum + counts[reason], counts.eligible),
  }
}

/** Ends the open run before its transaction does. */
export async function closeRun(tx: DutyTx): Promise<void> {
  await sql`select consent.close_run()`.execute(tx)
}

/** Asks again for the customers named; null where permitted. Duties: yq_builder, yq_exporter, yq_privacy. */
export async function judge(
  tx: DutyTx,
  customerIds: readonly string[],
  use: Use,
  facts: RunFacts,
): Promise<Map<string, PermitReason | null>> {
  const { rows } = await sql<{ customer_id: string; reason: string | null }>`
    select customer_id, reason from consent.judge(
      ${[...customerIds]}::bigint[], ${use.purpose}, ${use.channel}, ${use.recipient},
      ${[...facts.categories]}::text[], ${facts.personalised}, ${facts.at})`.execute(tx)
  return new Map(
    rows.map(({ customer_id: id, reason }) => {
      assert(reason === null || isPermitReason(reason), 'a reason of the decision')
      return [id, reason]
    }),
  )
}
