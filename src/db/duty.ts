/** The duties of the database, and the settings a transaction carries for its row-level policies. */
import { assert } from '../kernel/assert.ts'

export const dutyRoles = [
  'yq_identity',
  'yq_steward',
  'yq_ingest',
  'yq_consent',
  'yq_author',
  'yq_analyst',
  'yq_builder',
  'yq_approver',
  'yq_exporter',
  'yq_privacy',
  'yq_auditor',
] as const

export type DutyRole = (typeof dutyRoles)[number]

export interface DutyContext {
  readonly actor?: string | undefined
  readonly purpose?: string | undefined
  readonly channel?: string | undefined
  readonly recipient?: string | undefined
  readonly requestId?: string | undefined
  readonly run?: string | undefined
}

export interface DutyLimits {
  /** For each statement; 0 means none. */
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
}

/** Long enough for a count over a million customers; imports and builds say their own. */
const statementTimeoutMsDefault = 60_000
const lockTimeoutMsDefault = 15_000

const settingByKey = {
  actor: 'yq.actor',
  purpose: 'yq.purpose',
  channel: 'yq.channel',
  recipient: 'yq.recipient',
  requestId: 'yq.request_id',
  run: 'yq.run',
} as const satisfies Record<keyof DutyContext, string>

const keys = ['actor', 'purpose', 'channel', 'recipient', 'requestId', 'run'] as const

/** Ids, dotted keys and the like: nothing that could end a quoted literal. */
const settingValue = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/

/**
 * The statements that put a transaction into a duty, as one text.
 *
 * `set local … = '…'` and not set_config, because a distributed PostgreSQL hands only the former on to its workers.
 * INVARIANT: every setting is set, unset ones to the empty text that policies read as nothing, so that nothing of an
 * earlier borrower of the connection is left (test/db/as-principal.test.ts).
 */
export function dutyStatements(role: DutyRole, context: DutyContext, limits: DutyLimits): string {
  assert(dutyRoles.includes(role), 'a role from the list of duties')
  const settings = keys.map((key) => {
    const value = context[key]
    // The value itself may be hostile or personal, so it is not repeated.
    assert(
      value === undefined || settingValue.test(value),
      `${settingByKey[key]} is an id of letters, digits, . _ : -`,
    )
    return `set local "${settingByKey[key]}" = '${value ?? ''}'`
  })
  return [
    `set local role ${role}`,
    ...settings,
    `set local statement_timeout = ${wholeMs(limits.statementTimeoutMs ?? statementTimeoutMsDefault)}`,
    `set local lock_timeout = ${wholeMs(limits.lockTimeoutMs ?? lockTimeoutMsDefault)}`,
    'set local jit = off',
  ].join('; ')
}

function wholeMs(value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, 'a time limit in whole milliseconds')
  return value
}
