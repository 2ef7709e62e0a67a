/** The members of a rule among the people of the open run, with what the channel needs of them. */
import { sql } from 'kysely'
import type { CheckedRule } from '#grammar'
import type { Use } from '../audit/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { membersQuery } from '../compiler/index.ts'
import { readRows } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import type { Matched } from './waterfall.ts'

export interface RuleRun {
  readonly rule: CheckedRule
  /** The rules behind the segments that it names, by segment id. */
  readonly audiences: ReadonlyMap<string, CheckedRule>
  readonly catalog: PhysicalCatalog
  readonly use: Use
  readonly asOf: Date
  readonly timeZone: string
  readonly watermark?: Date
}

export interface MatchedRow {
  readonly customer_id: string
  readonly identified: boolean
}

export async function countMatched(tx: DutyTx, run: RuleRun): Promise<Matched> {
  const kind = await identifierKind(tx, run.use.channel)
  const { rows } = await sql<{ matched: string; identified: string }>`
    select count(*) as matched, count(*) filter (where ${hasKind(kind)}) as identified
    from (${members(run)}) as member
    join profile.customer on customer.customer_id = member.customer_id`.execute(tx)
  return { matched: Number(rows[0]?.matched ?? 0), identified: Number(rows[0]?.identified ?? 0) }
}

/**
 * Every member, in chunks of at most `rowsMax`. Always in one order: two builds that issue pseudonyms for the same
 * people then wait for each other in line, not in a circle.
 */
export async function* readMatched(
  tx: DutyTx,
  run: RuleRun,
  rowsMax: number,
): AsyncGenerator<readonly MatchedRow[]> {
  const kind = await identifierKind(tx, run.use.channel)
  const query = sql<MatchedRow>`
    select member.customer_id, ${hasKind(kind)} as identified
    from (${members(run)}) as member
    join profile.customer on customer.customer_id = member.customer_id
    order by member.customer_id`
  yield* readRows(tx, { compile: () => query.compile(tx) }, rowsMax)
}

const members = (run: RuleRun) =>
  membersQuery(run.rule, run.catalog, {
    asOf: run.asOf,
    timeZone: run.timeZone,
    audiences: run.audiences,
    ...(run.watermark === undefined ? {} : { watermark: run.watermark }),
  })

/** What a customer must have to be reached this way; null when nothing. */
async function identifierKind(tx: DutyTx, channel: string): Promise<string | null> {
  const row = await tx
    .selectFrom('consent.channel')
    .select('identifier_kind')
    .where('id', '=', channel)
    .executeTakeFirst()
  return row?.identifier_kind ?? null
}

const hasKind = (kind: string | null) =>
  sql<boolean>`(${kind}::text is null or ${kind}::text = any (customer.identifier_kinds))`
