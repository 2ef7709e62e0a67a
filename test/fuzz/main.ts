/**
 * `npm run fuzz -- [--rules N] [--seed S]`: random rules, the SQL beside the evaluator, until one disagrees.
 *
 * Prints its seed, its progress, and the first disagreement made small; exit 1 when there is one.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { monotonicMs } from '../../src/kernel/clock.ts'
import { checkedRule, wholeLanguage } from '../support/arbitraries.ts'
import {
  changeWorld,
  compareRules,
  loadStrangers,
  loadWorld,
  openBench,
} from '../support/members-bench.ts'
import type { Bench, Disagreement, LoadedWorld } from '../support/members-bench.ts'
import { rareRule } from '../support/rare-rules.ts'
import { anyRun, sampleOf, worldFor } from '../support/worlds.ts'
import { openFuzzServer } from './database.ts'
import { shrinkRule } from './shrink.ts'

const rulesPerWorld = 8
/** Worlds stay in their database, so it grows slower with each. */
const worldsPerDatabase = 150
const rulesDefault = 20_000
const seedMax = 2_147_483_647

const values = readArguments()
const rulesMax = numberOf(values.rules, rulesDefault)
const seed = numberOf(values.seed, randomInt(1, seedMax))

function readArguments() {
  try {
    const options = { rules: { type: 'string' }, seed: { type: 'string' } } as const
    return parseArgs({ options }).values
  } catch {
    console.error('usage: npm run fuzz -- [--rules N] [--seed S]')
    process.exit(2)
  }
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  console.error(`not a number of rules or a seed: ${text}`)
  process.exit(2)
}

interface Tally {
  rules: number
  comparisons: number
  worlds: number
  customers: number
}

async function main(): Promise<number> {
  const server = await openFuzzServer()
  const started = monotonicMs()
  const tally: Tally = { rules: 0, comparisons: 0, worlds: 0, customers: 0 }
  console.log(`seed ${seed}, ${rulesMax} rules`)
  try {
    while (tally.rules < rulesMax) {
      const fresh = await server.fresh()
      try {
        const bench = await openBench(fresh.database)
        for (let world = 0; world < worldsPerDatabase && tally.rules < rulesMax; world += 1) {
          if (!(await tryWorld(bench, seed + tally.worlds, tally))) return 1
        }
      } finally {
        await fresh.drop()
      }
      console.log(summary(tally, monotonicMs() - started))
    }
    return 0
  } finally {
    await server.close()
  }
}

async function tryWorld(bench: Bench, worldSeed: number, tally: Tally): Promise<boolean> {
  const count = Math.min(rulesPerWorld, rulesMax - tally.rules)
  const arbitrary = tally.worlds % 5 === 0 ? rareRule : checkedRule({ constructs: wholeLanguage })
  const rules = sampleOf(arbitrary, worldSeed, count)
  const [run] = sampleOf(anyRun, worldSeed, 1)
  if (!run) throw new Error('a run for every seed')
  const [world, strangers] = sampleOf(worldFor(rules, run), worldSeed, 2)
  if (!world || !strangers) throw new Error('two worlds for every seed')
  await loadStrangers(bench, strangers)
  const loaded = await loadWorld(bench, world, run)
  if (!(await agrees(bench, rules, loaded))) return false
  tally.comparisons += count
  if (tally.worlds % 4 === 0) {
    const watermark = await changeWorld(bench, loaded, strangers.customers)
    if (!(await agrees(bench, rules, loaded, watermark))) return false
    tally.comparisons += count
  }
  tally.rules += count
  tally.worlds += 1
  tally.customers += world.customers.length
  return true
}

async function agrees(
  bench: Bench,
  rules: Parameters<typeof compareRules>[1],
  loaded: LoadedWorld,
  watermark?: Date,
): Promise<boolean> {
  const [first] = await compareRules(bench, rules, loaded, watermark)
  if (!first) return true
  const isBad = async (rule: Disagreement['rule']) =>
    (await compareRules(bench, [rule], loaded, watermark)).length > 0
  const rule = await shrinkRule(first.rule, isBad)
  const [small] = await compareRules(bench, [rule], loaded, watermark)
  print(small ?? first, loaded, watermark)
  return false
}

function print(found: Disagreement, { world, run }: LoadedWorld, watermark?: Date): void {
  const differing = world.customers.filter(
    ({ id }) => found.expected.includes(id) !== found.actual.includes(id),
  )
  console.log('DISAGREEMENT', watermark === undefined ? '' : 'as of an earlier watermark')
  console.log('rule', JSON.stringify(found.rule, null, 1))
  console.log('run', JSON.stringify(run))
  console.log('evaluator', found.expected.join(' '), '| sql', found.actual.join(' '))
  console.log('customers', JSON.stringify(differing.slice(0, 2), null, 1))
  console.log(found.sql)
  console.log(JSON.stringify(found.parameters))
}

const summary = (tally: Tally, ms: number): string =>
  `${tally.rules} rules, ${tally.comparisons} comparisons, ${tally.worlds} worlds, ` +
  `${tally.customers} customers, ${Math.round(ms / 1000)} s: no disagreement`

process.exitCode = await main()
