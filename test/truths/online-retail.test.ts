import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { evaluate, readRule, renderDiagnostic } from '#grammar'
import type { CheckedRule, ReadRule, World } from '#grammar'
import type { Deps, RequestContext } from '../../src/audit/index.ts'
import { loadCatalog } from '../../src/catalog/index.ts'
import type { PhysicalCatalog } from '../../src/catalog/index.ts'
import { membersQuery } from '../../src/compiler/index.ts'
import { openRun } from '../../src/consent/index.ts'
import { importDataset, importErrorSentence } from '../../src/imports/index.ts'
import type { ImportReport } from '../../src/imports/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { makeEligible, use } from './eligible.ts'
import { onlineRetailWorld } from './online-retail-world.ts'
import { onlineRetailTruths, onlineRetailUnsaid } from './online-retail.ts'
import { findSharedData, membersDigest, readTruths } from './truths.ts'
import type { Truths } from './truths.ts'

const found = findSharedData('online-retail')
const dataset = path.join('test', 'datasets', 'online-retail')
const now = new Date('2026-03-01T00:00:00Z')

interface Loaded {
  readonly world: TestDatabase
  readonly catalog: PhysicalCatalog
  readonly report: ImportReport
  readonly truths: Truths
  readonly plain: World
  readonly sourceById: ReadonlyMap<string, string>
}

async function load(folder: string): Promise<Loaded> {
  const plain = onlineRetailWorld(folder)
  const world = await testDatabase()
  const keys = keysFrom(Buffer.alloc(32, 5))
  const deps: Deps = { database: world.db, keys, clock: fixedClock(now) }
  const context: RequestContext = {
    actor: { kind: 'system', id: 'import', role: 'steward', demo: false },
    requestId: 'r',
  }
  const out = await mkdtemp(path.join(os.tmpdir(), 'yunqun-truths-'))
  const imported = await importDataset(deps, context, dataset, { dataDir: folder, out })
  await rm(out, { recursive: true })
  if (!imported.ok) throw new Error(importErrorSentence(imported.error))
  const ids = plain.customers.map(({ id }) => id)
  return {
    world,
    report: imported.value,
    truths: readTruths(folder),
    plain,
    sourceById: await makeEligible(world, deps, ids),
    catalog: await world.asRole('yq_analyst', { actor: 'analyst' }, loadCatalog),
  }
}

describe('the online retail set', () => {
  let loaded: Loaded
  beforeAll(async () => {
    if ('folder' in found) loaded = await load(found.folder)
  }, 180_000)
  afterAll(async () => {
    if ('folder' in found) await loaded.world.close()
  })
  beforeEach((context) => {
    if ('reason' in found) context.skip(found.reason)
  })

  const read = (text: string): ReadRule & { readonly rule: CheckedRule } => {
    const answer = readRule(text, loaded.catalog.rules)
    const { rule } = answer
    if (rule === undefined)
      throw new Error(
        answer.diagnostics.map((each) => `${text}: ${renderDiagnostic(each, 'en')}`).join('\n'),
      )
    return { ...answer, rule }
  }

  const membersBySql = async (answer: ReadRule & { readonly rule: CheckedRule }) =>
    await loaded.world.asRole('yq_analyst', { actor: 'analyst', ...use }, async (tx) => {
      const { categories, personalised, rule } = answer
      const run = await openRun(tx, use, { categories, personalised, at: now })
      expect(run.counts.eligible).toBe(loaded.plain.customers.length)
      const at = { asOf: loaded.truths.as_of, timeZone: 'UTC' }
      const { rows } = await tx.executeQuery(membersQuery(rule, loaded.catalog, at).compile())
      return rows.map(({ customer_id }) => loaded.sourceById.get(customer_id) ?? '')
    })

  test('is loaded whole: every line is counted, none without a customer becomes one', () => {
    const { feeds } = loaded.report
    expect(
      feeds.map(({ kind, name, read, loaded, updated, filtered, withoutCustomer }) => ({
        kind,
        name,
        read,
        loaded,
        updated,
        filtered,
        withoutCustomer,
      })),
    ).toEqual([
      {
        kind: 'customers',
        name: '',
        read: 4372,
        loaded: 4372,
        updated: 0,
        filtered: 0,
        withoutCustomer: 0,
      },
      {
        kind: 'contacts',
        name: '',
        read: 4372,
        loaded: 0,
        updated: 4372,
        filtered: 0,
        withoutCustomer: 0,
      },
      {
        kind: 'events',
        name: 'purchase',
        read: 541_909,
        loaded: 397_924,
        updated: 0,
        filtered: 8905,
        withoutCustomer: 135_080,
      },
      {
        kind: 'events',
        name: 'return',
        read: 541_909,
        loaded: 8905,
        updated: 0,
        filtered: 397_924,
        withoutCustomer: 135_080,
      },
      {
        kind: 'consents',
        name: '',
        read: 9789,
        loaded: 9789,
        updated: 0,
        filtered: 0,
        withoutCustomer: 0,
      },
    ])
    expect(loaded.report.rejects).toBe(0)
  })

  test('every question about customers is a rule or says what it needs', () => {
    const asked = loaded.truths.questions
      .filter(({ kind }) => kind === 'customers')
      .map(({ id }) => id)
    const known = [...onlineRetailTruths, ...onlineRetailUnsaid].map(({ id }) => id)
    expect(known.toSorted()).toEqual(asked.toSorted())
    expect(onlineRetailTruths.length).toBeGreaterThanOrEqual(10)
  })

  describe.each(onlineRetailTruths)('$id: $en', ({ id, en, zh }) => {
    const expected = () => {
      const question = loaded.truths.questions.find((each) => each.id === id)
      return { count: question?.answer, digest: question?.members_sha256 }
    }
    const answerOf = (members: readonly string[]) => ({
      count: members.length,
      digest: membersDigest(members),
    })

    test('means the same in both languages', () => {
      expect(read(zh).ruleHash).toBe(read(en).ruleHash)
    })

    test('is answered by SQL to the exact member', async () => {
      expect(answerOf(await membersBySql(read(en)))).toEqual(expected())
    })

    test('is answered by the evaluator to the exact member', () => {
      const run = { asOf: loaded.truths.as_of, timeZone: 'UTC' }
      expect(answerOf(evaluate(read(zh).rule, loaded.plain, run))).toEqual(expected())
    }, 60_000)
  })
})
