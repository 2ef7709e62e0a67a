import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkedRule, wholeLanguage } from '../support/arbitraries.ts'
import { everyServer, testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import {
  changeWorld,
  compareRules,
  loadStrangers,
  loadWorld,
  openBench,
} from '../support/members-bench.ts'
import type { Bench } from '../support/members-bench.ts'
import { rareRule } from '../support/rare-rules.ts'
import { anyRun, sampleOf, worldFor } from '../support/worlds.ts'

/** `npm run fuzz` is the long form of this. */
const worlds = 60
const rulesPerWorld = 6

everyServer('the SQL of random rules', (server) => {
  let database: TestDatabase
  let bench: Bench
  beforeAll(async () => {
    database = await testDatabase({ server })
    bench = await openBench(database.db)
  })
  afterAll(async () => {
    await database.close()
  })

  test('gives the members that the evaluator gives, now and as of an earlier watermark', async () => {
    for (let seed = 1; seed <= worlds; seed += 1) {
      const arbitrary = seed % 4 === 0 ? rareRule : checkedRule({ constructs: wholeLanguage })
      const rules = sampleOf(arbitrary, seed, rulesPerWorld)
      const [run] = sampleOf(anyRun, seed, 1)
      if (!run) throw new Error('a run for every seed')
      const [world, strangers] = sampleOf(worldFor(rules, run), seed, 2)
      if (!world || !strangers) throw new Error('two worlds for every seed')
      await loadStrangers(bench, strangers)
      const loaded = await loadWorld(bench, world, run)
      expect(await compareRules(bench, rules, loaded), `seed ${seed}`).toEqual([])
      if (seed % 5 !== 0) continue
      const watermark = await changeWorld(bench, loaded, strangers.customers)
      expect(await compareRules(bench, rules, loaded, watermark), `watermark ${seed}`).toEqual([])
    }
  }, 120_000)
})
