/** Asks for an export of a ready audience. It leaves only after somebody else approved it. */
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
import { readExact } from '../audiences/index.ts'
import type { ExactStep } from '../audiences/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { nearestWords } from '../kernel/nearest.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { countStep, leastCount } from '../releases/index.ts'
import {
  contactColumns,
  expiryDaysMax,
  expiryMsMax,
  idColumn,
  isContracted,
  mayHaveContacts,
  sizeGate,
} from './gates.ts'
import type { Gate, RecipientRole } from './gates.ts'

export interface ExportRequest {
  readonly audienceId: string
  /** Where the recipient will use it, in its own words. */
  readonly destination: string
  /** `id`, which every row has, and kinds of contact data. */
  readonly columns: readonly string[]
  readonly expiresAt: Date
  readonly reason: string
}

export interface RequestedExport {
  readonly id: string
  readonly state: 'requested'
  readonly gates: readonly Gate[]
  readonly columns: readonly string[]
  /** RFC 3339. */
  readonly expiresAt: string
}

export type RequestExportError =
  | IdempotencyError
  | { readonly code: 'audience-unknown' | 'audience-not-ready' }
  | {
      readonly code: 'column-unknown'
      readonly column: string
      readonly suggestions: readonly string[]
    }
  /** The recipient's role may not have this kind of data. */
  | { readonly code: 'column-not-allowed'; readonly column: string; readonly role: RecipientRole }
  /** No contract with the processor covers this use at this moment. */
  | { readonly code: 'contract-missing' }
  | { readonly code: 'expiry-invalid'; readonly daysMax: number }
  | {
      readonly code: 'text-invalid'
      readonly field: 'destination' | 'reason'
      readonly lengthMax: number
    }

const destinationLengthMax = 200
const reasonLengthMax = 2000

interface AudienceRow {
  readonly state: string
  readonly purpose_id: string
  readonly channel_id: string
  readonly recipient_id: string
  readonly role: RecipientRole
  readonly rule_hash: string
  readonly categories: readonly string[]
}

/** Errors: as the codes of RequestExportError say. */
export async function requestExport(
  deps: Deps,
  context: RequestContext,
  input: ExportRequest,
): Promise<Result<RequestedExport, RequestExportError>> {
  return await recorded(deps.database, context, 'yq_author', {}, async (tx) => {
    const audience = await readAudienceRow(tx, input.audienceId)
    if (audience === undefined) return refused(input, { code: 'audience-unknown' })
    if (audience.state !== 'ready') return refused(input, { code: 'audience-not-ready' })
    const now = deps.clock.now()
    const use = useOf(audience)
    const columns = [idColumn, ...new Set(input.columns.filter((column) => column !== idColumn))]
    const wrong = findWrong(input, columns, audience.role, now)
    if (wrong !== undefined) return refused(input, wrong, use)
    if (!(await isContracted(tx, use, audience.role, now)))
      return refused(input, { code: 'contract-missing' }, use)
    const gates: readonly Gate[] = [
      { code: 'audience-ready', outcome: 'passed' },
      { code: 'columns', outcome: 'passed' },
      { code: 'contract', outcome: 'passed' },
      { code: 'expiry', outcome: 'passed' },
      sizeGate(await releasedReachable(tx, input.audienceId)),
    ]
    const id = await insert(tx, context, { ...input, columns, gates, now })
    const expiresAt = input.expiresAt.toISOString()
    return {
      result: ok({ id, state: 'requested', gates, columns, expiresAt }),
      entry: {
        ...factsOf(input),
        decision: 'allow',
        use,
        exportId: id,
        ruleHash: audience.rule_hash,
        categories: audience.categories,
        detail: { columns, expiresAt },
      },
    }
  })
}

const factsOf = (input: ExportRequest): Omit<EntryFacts, 'decision'> => ({
  action: 'export.request',
  objectKind: 'audience',
  objectId: input.audienceId,
  ...(isUuid(input.audienceId) ? { audienceId: input.audienceId } : {}),
})

const refused = (
  input: ExportRequest,
  error: RequestExportError,
  use?: Use,
): Done<never, RequestExportError> => ({
  result: err(error),
  entry: {
    ...factsOf(input),
    decision: 'deny',
    reason: error.code,
    ...(use === undefined ? {} : { use }),
  },
})

async function readAudienceRow(tx: DutyTx, id: string): Promise<AudienceRow | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<AudienceRow>`
    select audience.state, audience.purpose_id, audience.channel_id, audience.recipient_id, recipient.role,
      audience.rule_hash, audience.categories
    from audience.audience
    join consent.recipient on recipient.id = audience.recipient_id
    where audience.id = ${id}::uuid`.execute(tx)
  return rows[0]
}

const useOf = (row: AudienceRow): Use => ({
  purpose: row.purpose_id,
  channel: row.channel_id,
  recipient: row.recipient_id,
})

function findWrong(
  input: ExportRequest,
  columns: readonly string[],
  role: RecipientRole,
  now: Date,
): RequestExportError | undefined {
  for (const column of columns) {
    if (column === idColumn) continue
    if (!contactColumns.includes(column))
      return {
        code: 'column-unknown',
        column,
        suggestions: nearestWords(column, [idColumn, ...contactColumns]),
      }
    if (!mayHaveContacts(role)) return { code: 'column-not-allowed', column, role }
  }
  const leftMs = input.expiresAt.getTime() - now.getTime()
  // Not a number compares false, so an invalid date is refused too.
  if (!(leftMs > 0 && leftMs <= expiryMsMax))
    return { code: 'expiry-invalid', daysMax: expiryDaysMax }
  return (
    wrongText('destination', input.destination, destinationLengthMax) ??
    wrongText('reason', input.reason, reasonLengthMax)
  )
}

function wrongText(
  field: 'destination' | 'reason',
  text: string,
  lengthMax: number,
): RequestExportError | undefined {
  const length = Array.from(text.trim()).length
  return length > 0 && length <= lengthMax ? undefined : { code: 'text-invalid', field, lengthMax }
}

async function releasedReachable(tx: DutyTx, audienceId: string): Promise<number | null> {
  const { rows } = await sql<{ steps: readonly ExactStep[] | null }>`
    select audience.released_waterfall(${audienceId}::uuid, ${leastCount}, ${countStep}) as steps`.execute(
    tx,
  )
  return readExact(rows[0]?.steps ?? [], 'reachable')
}

async function insert(
  tx: DutyTx,
  context: RequestContext,
  input: ExportRequest & { readonly gates: readonly Gate[]; readonly now: Date },
): Promise<string> {
  // Use and rule are the audience's: the database puts them in.
  const { rows } = await sql<{ id: string }>`
    insert into export.export (
      audience_id, destination, columns, reason, requested_by, requested_at, expires_at, gates, demo)
    values (${input.audienceId}::uuid, ${input.destination.trim()}, ${[...input.columns]}::text[],
      ${input.reason.trim()}, ${context.actor.id}, ${input.now}, ${input.expiresAt},
      ${JSON.stringify(input.gates)}::jsonb, ${context.actor.demo})
    returning id`.execute(tx)
  const id = rows[0]?.id
  assert(id !== undefined, 'an inserted row has its id')
  return id
}
