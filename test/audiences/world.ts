/** A shop with customers, consents, and recipients of each kind: enough for audiences and exports. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { CheckedRule } from '#grammar'
import type { Deps, RequestContext, Use } from '../../src/audit/index.ts'
import { buildNextAudience, requestAudience } from '../../src/audiences/index.ts'
import type { BuildWorker } from '../../src/audiences/index.ts'
import { defineCatalog } from '../../src/catalog/index.ts'
import type { CatalogDraft } from '../../src/catalog/index.ts'
import { appendConsentEvents, defineParties } from '../../src/consent/index.ts'
import type { ConsentEventInput } from '../../src/consent/index.ts'
import { canonicalDigest } from '../../src/kernel/canonical-json.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { loadCustomers } from '../../src/profiles/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase, TestDatabaseOptions } from '../support/database.ts'

/** A clock that stands until a test moves it. */
export interface MovableClock {
  readonly now: () => Date
  readonly set: (instant: Date) => void
}

export interface Campaign {
  readonly world: TestDatabase
  readonly deps: Deps
  readonly clock: MovableClock
  readonly consent: (events: readonly ConsentEventInput[]) => Promise<void>
  readonly saveRule: (rule: CheckedRule, categories: readonly string[]) => Promise<string>
  /** A ready audience of everybody in the city, under the use. */
  readonly audience: (city: string, use?: Use) => Promise<string>
  readonly close: () => Promise<void>
}

const day = 86_400_000
/** Long ago, so that the database's own clock is later than everything that happens here. */
export const start = new Date('2024-03-01T04:00:00Z')
export const daysFromStart = (days: number): Date => new Date(start.getTime() + days * day)

const label = { en: 'A', zh: '甲' }
const cities = ['shanghai', 'beijing', 'lhasa']

const catalog: CatalogDraft = {
  categories: [],
  attributes: [
    {
      id: 'city',
      label: { en: 'City', zh: '城市' },
      category: 'demographic.location',
      dataClass: 'S1',
      type: {
        kind: 'enum',
        values: [
          { id: 'shanghai', label: { en: 'Shanghai', zh: '上海' } },
          { id: 'beijing', label: { en: 'Beijing', zh: '北京' } },
          { id: 'lhasa', label: { en: 'Lhasa', zh: '拉萨' } },
        ],
      },
    },
    {
      id: 'points',
      label: { en: 'Points', zh: '积分' },
      category: 'account.points',
      dataClass: 'S1',
      type: { kind: 'integer' },
    },
  ],
  events: [],
  tags: [],
}

export const sms: Use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'gateway' }
export const ads: Use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'ads' }

export const person = (role: string, id: string = randomUUID()): RequestContext => ({
  actor: { kind: 'person', id, role, demo: false },
  requestId: `r-${randomUUID()}`,
})
export const machine = (id: string): RequestContext => ({
  actor: { kind: 'machine', id, role: 'campaign_tool', demo: false },
  requestId: `r-${randomUUID()}`,
})

/** Every fifth agreed to nothing, every tenth has no mobile; half of them live in Shanghai. */
export const customers = 600
const hasAgreed = (place: number): boolean => place % 5 !== 4
const hasMobile = (place: number): boolean => place % 20 >= 2
/** Three customers of Lhasa, too few to be spoken of. */
export const cityOf = (place: number): string =>
  place < 3 ? 'lhasa' : (cities[place % 2] ?? 'beijing')
export const subjectOf = (place: number): string => `c-${place}`

/** Those who can be reached by SMS, counted here and not by the service. */
export const reachableIn = (city: string): readonly number[] =>
  Array.from({ length: customers }, (_, place) => place).filter(
    (place) => cityOf(place) === city && hasAgreed(place) && hasMobile(place),
  )

export const cityRule = (city: string): CheckedRule => ({
  version: 1,
  header: { channels: [] },
  include: {
    kind: 'attribute',
    attribute: 'city',
    type: {
      kind: 'enum',
      values: cities.map((id) => ({ id, label: { en: id, zh: id } })),
    },
    test: {
      kind: 'compare',
      op: '=',
      operand: { kind: 'literal', value: { kind: 'enum', value: city } },
    },
  },
  exclude: [],
})

export const ruleCategories = ['demographic.location']

export const grant = (
  place: number,
  change: Partial<ConsentEventInput> = {},
): ConsentEventInput => ({
  eventId: `given-${place}-${change.kind ?? 'general'}`,
  subject: subjectOf(place),
  kind: 'general',
  purpose: 'marketing.winback',
  channels: ['sms'],
  categories: ['demographic', 'account'],
  state: 'given',
  effectiveAt: daysFromStart(-100).toISOString(),
  notice: { id: 'privacy', version: 1 },
  mechanism: 'checkbox',
  source: 'shop',
  ...change,
})

export const withdrawal = (place: number, at: Date): ConsentEventInput =>
  grant(place, {
    eventId: `withdrawn-${place}-${at.toISOString()}`,
    state: 'withdrawn',
    channels: [],
    categories: [],
    effectiveAt: at.toISOString(),
  })

export interface CampaignOptions extends TestDatabaseOptions {
  /** Runs by itself until it is set; without one the clock stands at `start`. */
  readonly clock?: Clock
}

export async function openCampaign(options: CampaignOptions = {}): Promise<Campaign> {
  const world = await testDatabase(options)
  let current = options.clock ?? fixedClock(start)
  const clock = {
    now: () => current.now(),
    set: (instant: Date) => {
      current = fixedClock(instant)
    },
  }
  const deps: Deps = { database: world.db, keys: keysFrom(Buffer.alloc(32, 5)), clock }
  const consent: Campaign['consent'] = async (events) => {
    const told = await appendConsentEvents(deps, machine('consent-source'), events)
    if (!told.ok) throw new Error(told.error.code)
    const bad = told.value.find(({ status }) => status !== 'inserted')
    if (bad !== undefined) throw new Error(`a consent was not taken: ${JSON.stringify(bad)}`)
  }
  await fill(deps, world, consent)
  const author = randomUUID()
  const saveRule: Campaign['saveRule'] = (rule, categories) =>
    saveChecked(world, author, rule, categories)
  return {
    world,
    deps,
    clock,
    consent,
    saveRule,
    audience: async (city, use = sms) => {
      const segmentId = await saveRule(cityRule(city), ruleCategories)
      const asked = await requestAudience(deps, person('marketer', author), { segmentId, use })
      if (!asked.ok) throw new Error(asked.error.code)
      const outcome = await buildNextAudience(deps, worker())
      if (outcome !== 'built') throw new Error(`the audience was not built: ${outcome}`)
      return asked.value.id
    },
    close: world.close,
  }
}

export const worker = (change: Partial<BuildWorker> = {}): BuildWorker => ({
  id: `test:${randomUUID()}`,
  leaseMs: 60_000,
  onError: (error) => {
    throw error
  },
  ...change,
})

async function fill(deps: Deps, world: TestDatabase, consent: Campaign['consent']): Promise<void> {
  const defined = await defineCatalog(deps, person('steward'), catalog)
  if (!defined.ok) throw new Error(defined.error.code)
  const parties = await defineParties(deps, person('officer'), {
    notices: [{ id: 'privacy', version: 1, language: 'zh-CN', text: 'privacy' }],
    channels: [
      { id: 'sms', label, identifierKind: 'mobile' },
      { id: 'email', label, identifierKind: 'email' },
    ],
    purposes: [{ id: 'marketing.winback', label, notice: 'privacy' }],
    recipients: [
      { id: 'own', label, role: 'internal' },
      { id: 'gateway', label, role: 'processor' },
      { id: 'ads', label, role: 'handler' },
    ],
    contracts: [
      {
        id: 'c-1',
        recipient: 'gateway',
        purposes: ['marketing.winback'],
        channels: ['sms'],
        categories: ['demographic', 'account'],
        validFrom: daysFromStart(-400),
        validUntil: new Date('2100-01-01T00:00:00Z'),
      },
    ],
  })
  if (!parties.ok) throw new Error(parties.error.code)
  const places = Array.from({ length: customers }, (_, place) => place)
  await world.asRole('yq_ingest', { actor: 'loader' }, (tx) =>
    loadCustomers(
      tx,
      deps.keys,
      defined.value,
      places.map((place) => ({
        id: subjectOf(place),
        attributes: { city: cityOf(place), points: place },
        identifiers: hasMobile(place) ? { mobile: `138${String(place).padStart(8, '0')}` } : {},
        person: { status: 'active', bornOn: '1990-05-17' },
      })),
    ),
  )
  const agreed = places.filter(hasAgreed)
  await consent(agreed.map((place) => grant(place)))
  await consent(
    agreed.map((place) => grant(place, { kind: 'separate:recipient', recipient: 'ads' })),
  )
}

/** As segments are kept, without the language. */
async function saveChecked(
  world: TestDatabase,
  author: string,
  rule: CheckedRule,
  categories: readonly string[],
): Promise<string> {
  return await world.asRole('yq_author', { actor: author }, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      insert into segment.segment (name, created_by) values (${randomUUID()}, ${author}) returning id`.execute(
      tx,
    )
    const id = rows[0]?.id ?? ''
    await sql`
      insert into segment.version (
        segment_id, version, text, rule_hash, rule, categories, personalised, catalog_revision, created_by)
      values (${id}::uuid, 1, 'as checked', ${canonicalDigest(rule)}, ${JSON.stringify(rule)}::jsonb,
        ${[...categories]}::text[], true, 1, ${author})`.execute(tx)
    return id
  })
}
