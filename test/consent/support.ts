/** A small world of consent: parties of every kind, categories of every class, and people put in as the loaders do. */
import { sql } from 'kysely'
import type { RequestContext } from '../../src/audit/index.ts'
import { defineParties, setPersons, suppress } from '../../src/consent/index.ts'
import type {
  ConsentEventInput,
  ConsentWorld,
  LedgerEvent,
  PartiesDraft,
  PersonFacts,
} from '../../src/consent/index.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase, TestDatabaseOptions } from '../support/database.ts'

export const keys = keysFrom(Buffer.alloc(32, 7))

export const context: RequestContext = {
  actor: { kind: 'machine', id: 'consent-source', role: 'consent_source', demo: false },
  requestId: 'r-1',
}

/** Midnight of 1 March 2026 in Shanghai. */
export const noon = new Date('2026-02-28T16:00:00Z')

export const categories = [
  { id: 'demographic.location', dataClass: 'S1' },
  { id: 'demographic.age', dataClass: 'S1' },
  { id: 'transaction', dataClass: 'S1' },
  { id: 'transaction.detail', dataClass: 'S1' },
  // Begins as another does, but does not stand below it.
  { id: 'transactional', dataClass: 'S1' },
  { id: 'health.pharmacy', dataClass: 'S2' },
  { id: 'health.lab', dataClass: 'S2' },
  { id: 'minor', dataClass: 'S3' },
  { id: 'opinion', dataClass: 'S4' },
  { id: 'reachability', dataClass: 'S0' },
] as const

const label = { en: 'A', zh: '甲' }
const day = 86_400_000
export const daysAgo = (days: number): Date => new Date(noon.getTime() - days * day)

export const parties = {
  notices: [1, 2, 3].flatMap((version) => [
    { id: 'privacy', version, language: 'zh-CN', text: `privacy ${version}` },
    { id: 'cookies', version, language: 'zh-CN', text: `cookies ${version}` },
  ]),
  channels: [
    { id: 'sms', label, identifierKind: 'mobile' },
    { id: 'email', label, identifierKind: 'email' },
  ],
  purposes: [
    { id: 'marketing', label, notice: 'privacy', minNoticeVersion: 2 },
    {
      id: 'marketing.winback',
      label,
      coveredBy: ['marketing'],
      notice: 'privacy',
      minNoticeVersion: 2,
    },
    { id: 'marketing.birthday', label, coveredBy: ['marketing'], minNoticeVersion: 1 },
    { id: 'marketing.past', label, coveredBy: ['marketing'], validUntil: noon },
    { id: 'service', label, kind: 'service' },
  ],
  recipients: [
    { id: 'own', label, role: 'internal' },
    { id: 'gateway', label, role: 'processor' },
    { id: 'narrow', label, role: 'processor' },
    { id: 'ads', label, role: 'handler' },
    { id: 'partner', label, role: 'joint' },
    { id: 'abroad', label, role: 'internal', country: 'US' },
  ],
  contracts: [
    {
      id: 'c-1',
      recipient: 'gateway',
      purposes: ['marketing', 'marketing.winback', 'marketing.birthday', 'service'],
      channels: ['sms', 'email'],
      categories: ['demographic', 'transaction', 'health'],
      validFrom: daysAgo(1),
      validUntil: daysAgo(-30),
    },
    {
      id: 'c-2',
      recipient: 'narrow',
      purposes: ['marketing.winback'],
      channels: ['sms'],
      categories: ['demographic.location', 'transaction.detail'],
      validFrom: daysAgo(1),
      validUntil: noon,
    },
    {
      id: 'c-3',
      recipient: 'partner',
      purposes: ['marketing.winback', 'service'],
      channels: ['sms'],
      categories: ['demographic'],
      validFrom: daysAgo(1),
      validUntil: daysAgo(-1),
    },
  ],
} as const satisfies PartiesDraft

/** The same parties as the oracle is told of them. */
export const worldOf = (unknownAge: ConsentWorld['unknownAge']): ConsentWorld => ({
  timeZone: 'Asia/Shanghai',
  unknownAge,
  categories,
  purposes: parties.purposes.map((purpose) => ({
    kind: 'marketing' as const,
    coveredBy: [],
    minNoticeVersion: 1,
    ...purpose,
  })),
  channels: ['sms', 'email'],
  recipients: parties.recipients.map((recipient) => ({ country: 'CN', ...recipient })),
  contracts: parties.contracts,
})

export interface ConsentTestWorld extends TestDatabase {
  readonly deps: {
    readonly database: TestDatabase['db']
    readonly keys: typeof keys
    readonly clock: ReturnType<typeof fixedClock>
  }
}

export async function consentWorld(options: TestDatabaseOptions = {}): Promise<ConsentTestWorld> {
  const database = await testDatabase(options)
  const deps = { database: database.db, keys, clock: fixedClock(noon) }
  await database.asRole('yq_steward', { actor: 'test' }, (tx) =>
    tx
      .insertInto('catalog.category')
      .values(
        categories.map(({ id, dataClass }, bit) => ({
          id,
          bit,
          label_en: id,
          label_zh: id,
          data_class: dataClass,
        })),
      )
      .execute(),
  )
  const defined = await defineParties(deps, context, parties)
  if (!defined.ok) throw new Error(defined.error.code)
  return { ...database, deps }
}

export interface TestPerson {
  readonly customerId: string
  /** The brand's own id. */
  readonly subject: string
  readonly facts?: PersonFacts | undefined
}

/** Makes customers known as a loader does; without `facts` the decision knows nothing of them. */
export async function putPeople(world: TestDatabase, people: readonly TestPerson[]): Promise<void> {
  await world.asRole('yq_ingest', { actor: 'test' }, async (tx) => {
    for (const { customerId, subject } of people) {
      await sql`insert into profile.customer (customer_id) values (${customerId})`.execute(tx)
      await sql`insert into vault.source_key (source_hash, customer_id)
        values (${keys.mac('source-index', subject)}, ${customerId})`.execute(tx)
    }
    const known = people.filter(({ facts }) => facts !== undefined)
    await setPersons(
      tx,
      known.map(({ customerId, facts }) => ({
        customerId,
        ...facts,
        bornOn: facts?.bornOn ?? null,
      })),
    )
  })
  for (const { customerId, facts } of people)
    for (const { channel } of facts?.suppressions ?? [])
      await world.asRole('yq_consent', { actor: 'test' }, (tx) =>
        suppress(tx, [customerId], channel, 'opt-out', 'test', noon),
      )
}

/** Somebody of whom nothing stands against using them, but who agreed to nothing. */
export const adult: PersonFacts = {
  status: 'active',
  bornOn: '1990-05-17',
  adultDeclared: false,
  noProfiling: false,
  events: [],
  suppressions: [],
}

/** How a source sends an event of the ledger. */
export const sent = (subject: string, event: LedgerEvent): ConsentEventInput => ({
  eventId: event.eventId,
  subject,
  kind: event.kind,
  purpose: event.purpose,
  channels: event.channels,
  categories: event.categories,
  recipient: event.recipient,
  state: event.state,
  effectiveAt: event.effectiveAt.toISOString(),
  validUntil: event.validUntil?.toISOString(),
  notice: event.notice,
  mechanism: 'checkbox',
  source: event.source,
})

/** A plain grant of everything ordinary for win-back marketing by SMS. */
export const grant = (
  subject: string,
  change: Partial<ConsentEventInput> = {},
): ConsentEventInput => ({
  eventId: `g-${subject}`,
  subject,
  kind: 'general',
  purpose: 'marketing.winback',
  channels: ['sms'],
  categories: ['demographic', 'transaction'],
  state: 'given',
  effectiveAt: daysAgo(30).toISOString(),
  notice: { id: 'privacy', version: 2 },
  mechanism: 'checkbox',
  source: 'test',
  ...change,
})
