/** One query for one rule: the ids of its members among the people whom the transaction may see. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely'
import type { SelectQueryBuilder } from 'kysely'
import type { CheckedRule } from '#grammar'
import type { PhysicalCatalog } from '../catalog/index.ts'
import type { Schema } from '../db/index.ts'
import { ruleFormula } from './build.ts'
import type { Build } from './build.ts'
import { customerRows } from './customer-rows.ts'
import { ofNobody, printFormula } from './formula.ts'
import { noLeaves } from './leaves.ts'
import { settleRun } from './run-time.ts'
import type { MembersRun } from './run-time.ts'
import type { Sql } from './sql.ts'
import { joinedQuery, voteQuery, wordName } from './votes.ts'

interface MemberRow {
  readonly customer_id: string
}

/** Selects `customer_id`, each member once, in no order. To be run, counted or inserted from in an open run. */
export type MembersQuery = SelectQueryBuilder<
  Schema & { readonly member: MemberRow },
  'member',
  MemberRow
>

export interface MembersOptions extends MembersRun {
  /** The saved rules that the rule names, by segment id, and those that these name. */
  readonly audiences?: ReadonlyMap<string, CheckedRule>
}

/** Compiles queries and has nothing to run them on. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/**
 * Compiles a rule that was checked against the catalogue.
 *
 * INVARIANT: of what people wrote, only bound parameters enter the statement; it reads profile.customer,
 * profile.customer_history and profile.event and nothing else (test/compiler/sql.test.ts). Whom these show is settled
 * by the open run below it, whatever the rule says. The header's own time zone and `as of` win over the run's.
 */
export function membersQuery(
  rule: CheckedRule,
  catalog: PhysicalCatalog,
  options: MembersOptions,
): MembersQuery {
  const time = settleRun(rule.header, options)
  const build: Build = {
    catalog,
    time,
    // Audiences are asked at the same time and place, unless they say their own.
    run: {
      asOf: time.asOf.toString(),
      timeZone: time.timeZone,
      ...(options.watermark === undefined ? {} : { watermark: options.watermark }),
    },
    audiences: options.audiences ?? new Map(),
    trail: [],
    leaves: noLeaves(),
    memberQuery: memberRows,
  }
  return builder
    .selectFrom(sql<MemberRow>`(${memberRows(rule, build)})`.as('member'))
    .select('customer_id')
}

/** A query of the members' ids, each once. */
function memberRows(rule: CheckedRule, outer: Build): Sql {
  const leaves = noLeaves()
  const build = { ...outer, leaves }
  const formula = ruleFormula(rule, build)
  const votes = leaves.votes.length === 0 ? undefined : voteQuery(leaves.votes, build)
  const mayBeNobody = ofNobody(formula) !== 'false'
  const readsCustomer = leaves.columns.size > 0 || leaves.joined.length > 0
  const word = (place: number) => sql.ref(`v.${wordName(place)}`)
  if (votes !== undefined && !mayBeNobody && !readsCustomer) {
    const condition = printFormula(formula, { word, id: sql.ref('v.customer_id') })
    return sql`select v.customer_id from (${votes}) as v where ${condition}`
  }
  const customers = customerRows('c', leaves.columns, build.time)
  const joined =
    leaves.joined.length === 0
      ? sql``
      : sql.join(
          leaves.joined.map((each) => joinedQuery(each, build)),
          sql` `,
        )
  const voted =
    votes === undefined
      ? sql``
      : sql`${mayBeNobody ? sql`left join` : sql`join`} (${votes}) as v on v.customer_id = c.customer_id`
  const condition = printFormula(formula, {
    // Who has no row votes for nothing.
    word: (place) => (mayBeNobody ? sql`coalesce(${word(place)}, 0)` : word(place)),
    id: sql.ref('c.customer_id'),
  })
  return sql`select c.customer_id from ${customers} ${voted} ${joined}
    where ${condition}`
}
