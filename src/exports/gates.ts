/** What must hold before a list may leave. Gates that depend on people are told by releases to whoever asks. */
import { sql } from 'kysely'
import type { Use } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import type { ExactStep } from '../audiences/index.ts'
import { readExact } from '../audiences/index.ts'

export type GateCode = 'audience-ready' | 'columns' | 'contract' | 'expiry' | 'minimum-size'

/** `needs-review`: the approver sees the exact outcome and decides. */
export type GateOutcome = 'passed' | 'needs-review' | 'failed'

export interface Gate {
  readonly code: GateCode
  readonly outcome: GateOutcome
}

/** The column that every row has: the recipient's pseudonym. */
export const idColumn = 'id'
/** Contact data that a column may name. Attributes never leave. */
export const contactColumns: readonly string[] = ['mobile', 'email', 'name']

/** A smaller list would speak of persons. privacy.md E.2 (10). */
export const sizeMin = 100
export const expiryDaysMax = 30
export const expiryMsMax = expiryDaysMax * 24 * 60 * 60 * 1000

export type RecipientRole = 'internal' | 'processor' | 'handler' | 'joint'

/** A handler decides for itself what it does with data, so it gets pseudonyms and never contact data. */
export const mayHaveContacts = (role: RecipientRole): boolean =>
  role === 'internal' || role === 'processor'

/** Whether a contract that is valid at this moment covers the use; internal recipients and handlers need none. */
export async function isContracted(
  tx: DutyTx,
  use: Use,
  role: RecipientRole,
  at: Date,
): Promise<boolean> {
  if (role === 'internal' || role === 'handler') return true
  const { rows } = await sql<{ id: string }>`
    select id from consent.contract
    where recipient_id = ${use.recipient} and ${use.purpose} = any (purposes) and ${use.channel} = any (channels)
      and valid_from <= ${at} and valid_until > ${at}
    limit 1`.execute(tx)
  return rows.length > 0
}

/** As the requester may know it: `reachable` is a release. */
export const sizeGate = (reachable: number | null): Gate => ({
  code: 'minimum-size',
  outcome: reachable !== null && reachable >= sizeMin ? 'passed' : 'needs-review',
})

/** The same gates as the approver and the reviewer see them, with the exact outcome. */
export const exactGates = (
  gates: readonly Gate[],
  waterfall: readonly ExactStep[],
): readonly Gate[] =>
  gates.map((gate) =>
    gate.code === 'minimum-size'
      ? { ...gate, outcome: readExact(waterfall, 'reachable') >= sizeMin ? 'passed' : 'failed' }
      : gate,
  )
