import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckedRule } from '../../grammar/index.ts'
import { columnRef } from '../../src/catalog/index.ts'
import { membersQuery } from '../../src/compiler/index.ts'
import { closeRun, openRun } from '../../src/consent/index.ts'
import type { DutyRole, DutyTx } from '../../src/db/index.ts'
import { dutyRoles } from '../../src/db/index.ts'
import { checkedRule, wholeLanguage } from '../support/arbitraries.ts'
import { everyServer, testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import {
  audienceRules,
  categories,
  changeStrangers,
  loadStrangers,
  loadWorld,
  openBench,
  use,
} from '../support/members-bench.ts'
import type { Bench } from '../support/members-bench.ts'
import { sampleOf, worldFor } from '../support/worlds.ts'

const run = { timeZone: 'Asia/Shanghai', asOf: '2026-08-23T01:00:00Z' }
const at = new Date(run.asOf)
const everyone: CheckedRule = {
  version: 1,
  header: { channels: [] },
  include: { kind: 'everyone' },
  exclude: [],
}
const rules = [everyone, ...sampleOf(checkedRule({ constructs: wholeLanguage }), 7, 60)]

everyServer('below the rule', (server) => {
  let database: TestDatabase
  let bench: Bench
  beforeAll(async () => {
    database = await testDatabase({ server })
    bench = await openBench(database.db)
    const [world, strangers] = sampleOf(worldFor(rules, run, { customers: 24 }), 7, 2)
    if (!world || !strangers) throw new Error('two worlds')
    await loadStrangers(bench, strangers)
    await loadWorld(bench, world, run)
  })
  afterAll(async () => {
    await database.close()
  })

  const members = async (tx: DutyTx, rule: CheckedRule): Promise<readonly string[]> => {
    const query = membersQuery(rule, bench.catalog, { ...run, audiences: audienceRules })
    const { rows } = await tx.executeQuery<{ customer_id: string }>(query.compile())
    return rows.map((row) => row.customer_id).sort()
  }
  const as = <T>(role: DutyRole, work: (tx: DutyTx) => Promise<T>) =>
    database.asRole(role, { actor: 'test' }, work)
  const open = (tx: DutyTx) => openRun(tx, use, { categories, personalised: false, at })

  const readers: readonly DutyRole[] = ['yq_analyst', 'yq_builder']

  test.each(dutyRoles.filter((role) => ![...readers, 'yq_ingest'].includes(role)))(
    '%s may not run a rule at all',
    async (role) => {
      await expect(as(role, (tx) => members(tx, everyone))).rejects.toThrow(/permission denied/)
    },
  )

  test.each(readers)('%s sees nobody without an open run', async (role) => {
    for (const rule of rules) {
      expect(await as(role, (tx) => members(tx, rule))).toEqual([])
    }
  })

  test('nobody is seen after the run is closed, nor in the next transaction', async () => {
    const seen = await as('yq_builder', async (tx) => {
      await open(tx)
      const before = await members(tx, everyone)
      await closeRun(tx)
      return [before.length > 0, await members(tx, everyone)]
    })
    expect(seen).toEqual([true, []])
    expect(await as('yq_builder', (tx) => members(tx, everyone))).toEqual([])
  })

  test('changing every attribute, tag and event of the others changes no answer', async () => {
    const answers = () =>
      as('yq_builder', async (tx) => {
        await open(tx)
        const found: (readonly string[])[] = []
        for (const rule of rules) found.push(await members(tx, rule))
        return found
      })
    const before = await answers()
    expect(before[0]).toEqual([...bench.eligible].sort())
    const [others] = sampleOf(worldFor(rules, run, { customers: 24 }), 8, 1)
    if (!others) throw new Error('a world')
    await changeStrangers(bench, others)
    expect(await answers()).toEqual(before)
  })

  test('an expression that fails on the others is never computed of them', async () => {
    const age = columnRef('c', bench.catalog.attribute('age'))
    const [eligible] = bench.eligible
    const [stranger] = bench.strangers
    const setAge = (id: string | undefined, value: number) =>
      as('yq_ingest', async (tx) => {
        const column = sql.id(bench.catalog.attribute('age').column)
        await sql`update profile.customer set ${column} = ${value}
          where customer_id = ${id}::bigint`.execute(tx)
      })
    const probe = () =>
      as('yq_builder', async (tx) => {
        await open(tx)
        await sql`select c.customer_id from profile.customer as c
          where 1 / (${age} - 77777) > 0 and c.customer_id > 0`.execute(tx)
      })
    await setAge(stranger, 77_777)
    await expect(probe()).resolves.toBeUndefined()
    await setAge(eligible, 77_777)
    await expect(probe()).rejects.toThrow(/division by zero/)
  })

  test('an aggregate over all events counts those of eligible people only', async () => {
    const owners = await as('yq_analyst', async (tx) => {
      await open(tx)
      const { rows } = await sql<{ customer_id: string }>`
        select distinct customer_id from profile.event`.execute(tx)
      return rows.map((row) => row.customer_id)
    })
    expect(owners.length).toBeGreaterThan(0)
    expect(owners.filter((id) => !bench.eligible.includes(id))).toEqual([])
  })
})
