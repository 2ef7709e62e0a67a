import { sql } from 'kysely'
import { createPublicKey, sign, verify, createPrivateKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRule } from '#grammar'
import { loadCatalog } from '../../src/catalog/index.ts'
import { openRun, permitReasons } from '../../src/consent/index.ts'
import { buildDemoWorld } from '../../src/demo/index.ts'
import type { DemoWorld } from '../../src/demo/index.ts'
import { signIn } from '../../src/identity/index.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { listSegments } from '../../src/segments/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { examples } from '../support/examples.ts'

const asOf = new Date('2026-11-22T03:30:00Z')
const options = { seed: 'a seed', asOf, customers: 300, events: 4_000, customersPerStep: 100 }
const depsOn = (world: TestDatabase) => ({
  database: world.db,
  keys: keysFrom(Buffer.alloc(32, 5)),
  clock: fixedClock(asOf),
})

/** Everything that a build must not double, with a digest of what it says. */
async function holdings(world: TestDatabase) {
  const loaded = await world.asRole('yq_ingest', {}, async (tx) => {
    const { rows } = await sql`
      select (select count(*) from profile.customer) as customers, (select count(*) from profile.event) as events,
        (select count(distinct event_key) from profile.event) as keys,
        (select sum(hashtext(event_key::text || occurred_at)) from profile.event) as digest,
        (select mode from meta.deployment) as mode`.execute(tx)
    return rows[0]
  })
  const said = await world.asRole('yq_privacy', {}, async (tx) => {
    const { rows } = await sql`
      select (select count(*) from consent.event) as consents, (select count(*) from consent.live) as live,
        (select count(*) from consent.suppression) as suppressions`.execute(tx)
    return rows[0]
  })
  return { ...Object(loaded), ...Object(said) }
}

describe('a demo world that is built', () => {
  let world: TestDatabase
  let keysToIt: DemoWorld

  beforeAll(async () => {
    world = await testDatabase()
    keysToIt = await buildDemoWorld(depsOn(world), options)
  })
  afterAll(async () => {
    await world.close()
  })

  test('holds the customers and events asked for and says that it is the demo', async () => {
    expect(await holdings(world)).toMatchObject({ customers: '300', events: '4000', mode: 'demo' })
  })

  test('is found by a second build, which changes nothing and gives the same keys', async () => {
    const before = await holdings(world)
    const later = { ...options, asOf: new Date('2027-01-01T00:00:00Z'), seed: 'another' }
    expect(await buildDemoWorld(depsOn(world), later)).toEqual(keysToIt)
    expect(await holdings(world)).toEqual(before)
  })

  test('lets one person of each role in by password', async () => {
    expect(keysToIt.people.map(({ role }) => role)).toEqual([
      'marketer',
      'approver',
      'steward',
      'officer',
      'reviewer',
      'admin',
    ])
    for (const { email, password } of keysToIt.people) {
      const visitor = { requestId: 'r-1', clientIp: '127.0.0.1', loopback: true }
      const entered = await signIn(depsOn(world), visitor, { email, password })
      expect(entered.ok, email).toBe(true)
    }
  })

  test('has machines whose private keys belong to the public ones it keeps', async () => {
    const known = await world.asRole('yq_identity', {}, (tx) =>
      tx
        .selectFrom('identity.client')
        .select(['id', 'kind', 'recipient_id', 'public_jwk'])
        .execute(),
    )
    expect(
      keysToIt.clients
        .map(({ id, kind, recipient = null }) => ({ id, kind, recipient_id: recipient }))
        .toSorted((a, b) => a.id.localeCompare(b.id)),
    ).toEqual(
      known
        .map(({ id, kind, recipient_id }) => ({ id, kind, recipient_id }))
        .toSorted((a, b) => a.id.localeCompare(b.id)),
    )
    for (const { id, privateJwk } of keysToIt.clients) {
      const message = Buffer.from(id)
      const made = sign(null, message, createPrivateKey({ key: { ...privateJwk }, format: 'jwk' }))
      const row = known.find((client) => client.id === id)
      const publicKey = createPublicKey({ key: Object(row?.public_jwk), format: 'jwk' })
      expect(verify(null, message, publicKey, made)).toBe(true)
    }
  })

  test.each(['own', 'sms-gateway', 'ad-platform'])(
    'has people for and against %s',
    async (recipient) => {
      const use = { purpose: 'marketing.winback', channel: 'sms', recipient }
      const rule = { categories: ['transaction'], personalised: true, at: asOf }
      const { counts, everyone } = await world.asRole('yq_analyst', {}, (tx) =>
        openRun(tx, use, rule),
      )
      expect(everyone).toBe(300)
      for (const reason of ['eligible', 'age', 'general', 'suppression'] as const)
        expect(counts[reason], reason).toBeGreaterThan(0)
      expect(counts.recipient > 0).toBe(recipient === 'ad-platform')
    },
  )

  test('has every reason somewhere but the border, which nobody crosses', async () => {
    const seen = new Set<string>()
    for (const recipient of ['own', 'ad-platform'])
      for (const categories of [['transaction'], ['health.skin']]) {
        const use = { purpose: 'marketing.promotion', channel: 'sms', recipient }
        const rule = { categories, personalised: true, at: asOf }
        const { counts } = await world.asRole('yq_analyst', {}, (tx) => openRun(tx, use, rule))
        for (const reason of permitReasons) if (counts[reason] > 0) seen.add(reason)
      }
    expect(permitReasons.filter((reason) => !seen.has(reason))).toEqual(['border'])
  })

  test('knows every word of the examples', async () => {
    const catalog = await world.asRole('yq_author', {}, loadCatalog)
    for (const { topic, en, zh } of examples)
      for (const text of [en, zh]) {
        const { rule, diagnostics } = readRule(text, catalog.rules)
        expect(rule, `${topic}: ${diagnostics.map(({ code }) => code).join()}`).toBeDefined()
      }
  })

  test('has rules that were saved before', async () => {
    const page = await listSegments(depsOn(world), {})
    if (!page.ok) throw new Error(page.error.code)
    expect(page.value.items.map(({ name }) => name)).toContain('双11老客')
  })
})

test('a build that is broken off anywhere is completed by the next, as of the first, without doubling', async () => {
  const whole = await testDatabase()
  await buildDemoWorld(depsOn(whole), options)
  const broken = await testDatabase()
  for (const stopAt of [1, 2]) {
    let step = 0
    const breakOff = () => {
      step += 1
      if (step === stopAt) throw new Error('the power failed')
    }
    const attempt = buildDemoWorld(depsOn(broken), { ...options, onProgress: breakOff })
    await expect(attempt).rejects.toThrow('the power failed')
    expect(await holdings(broken)).toMatchObject({ mode: 'empty' })
  }
  const later = { ...options, asOf: new Date('2026-12-24T00:00:00Z') }
  await buildDemoWorld(depsOn(broken), later)
  expect(await holdings(broken)).toEqual(await holdings(whole))
  await whole.close()
  await broken.close()
})

test('a deployment that holds real data is left alone', async () => {
  const world = await testDatabase()
  await world.asRole('yq_ingest', {}, (tx) =>
    tx.updateTable('meta.deployment').set({ mode: 'production' }).execute(),
  )
  await expect(buildDemoWorld(depsOn(world), options)).rejects.toThrow('without real data')
  expect(await holdings(world)).toMatchObject({ customers: '0', mode: 'production' })
  await world.close()
})
