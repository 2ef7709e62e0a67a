/**
 * The compiler beside the evaluator: worlds are loaded as yq_ingest, people are made eligible by consents, and the SQL
 * of a rule runs as yq_builder in an open run. Around every world stand people who may not be used.
 */
import { CompiledQuery, sql } from 'kysely'
import type {
  CheckedRule,
  Run,
  World,
  WorldCustomer,
  WorldEvent,
  WorldValues,
} from '../../grammar/index.ts'
import { evaluate } from '../../grammar/index.ts'
import type { RequestContext } from '../../src/audit/index.ts'
import { defineCatalog, storedValueReader } from '../../src/catalog/index.ts'
import type { CatalogDraft, PhysicalCatalog, PhysicalColumn } from '../../src/catalog/index.ts'
import { membersQuery } from '../../src/compiler/index.ts'
import type { MembersOptions } from '../../src/compiler/index.ts'
import { appendForCustomers, defineParties, openRun, setPersons } from '../../src/consent/index.ts'
import type { CustomerConsent } from '../../src/consent/index.ts'
import { asRole } from '../../src/db/index.ts'
import type { Database, DutyTx } from '../../src/db/index.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { testCatalog } from './test-catalog.ts'

export interface Bench {
  readonly database: Database
  readonly catalog: PhysicalCatalog
  /** Customers are numbered through all worlds of the database. */
  nextCustomer: number
  /** Those of the world before, who must not be seen any more. */
  eligible: readonly string[]
  /** People with data who may not be used. */
  strangers: readonly string[]
}

export interface Disagreement {
  readonly rule: CheckedRule
  readonly expected: readonly string[]
  readonly actual: readonly string[]
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** A world of the evaluator that stands in the database too. */
export interface LoadedWorld {
  readonly world: World
  readonly run: Run
  readonly idByCustomer: ReadonlyMap<string, string>
}

const steward: RequestContext = {
  actor: { kind: 'system', id: 'bench', role: 'steward', demo: false },
  requestId: 'bench',
}

export const use = { purpose: 'marketing', channel: 'sms', recipient: 'own' }
const at = new Date('2026-08-01T00:00:00Z')

/** Categories of the test catalogue; a consent to all of them makes everybody eligible for any rule. */
export const categories = [
  ...new Set(
    [...testCatalog.attributes, ...testCatalog.events, ...testCatalog.tags].map(
      ({ category }) => category ?? '',
    ),
  ),
]

/** `more` are attributes beside those of the test catalogue. */
export async function openBench(
  database: Database,
  more: CatalogDraft['attributes'] = [],
): Promise<Bench> {
  const keys = keysFrom(Buffer.alloc(32, 1))
  const deps = { database, keys, clock: fixedClock(at) }
  const defined = await defineCatalog(deps, steward, {
    categories: [],
    attributes: [...testCatalog.attributes, ...more],
    events: testCatalog.events,
    tags: testCatalog.tags,
  })
  if (!defined.ok) throw new Error(`the test catalogue is refused: ${defined.error.code}`)
  const label = { en: 'A', zh: '甲' }
  const parties = await defineParties(deps, steward, {
    notices: [{ id: 'privacy', version: 1, language: 'zh-CN', text: 'privacy' }],
    purposes: [{ id: use.purpose, label, notice: 'privacy' }],
    channels: [{ id: use.channel, label, identifierKind: null }],
    recipients: [{ id: use.recipient, label, role: 'internal' }],
  })
  if (!parties.ok) throw new Error(`the test parties are refused: ${parties.error.code}`)
  return { database, catalog: defined.value, nextCustomer: 1, eligible: [], strangers: [] }
}

/** Makes the world's customers eligible and nobody else; those of the world before become restricted. */
export async function loadWorld(bench: Bench, world: World, run: Run): Promise<LoadedWorld> {
  const before = bench.eligible
  const ids = world.customers.map((_, place) => String(bench.nextCustomer + place))
  bench.nextCustomer += ids.length
  bench.eligible = ids
  const idByCustomer = new Map(world.customers.map(({ id }, place) => [id, ids[place] ?? '']))
  await asRole(bench.database, 'yq_ingest', { actor: 'bench' }, async (tx) => {
    await setPersons(tx, [
      ...before.map((customerId) => ({ customerId, status: 'restricted' as const })),
      ...ids.map((customerId) => ({ customerId, adultDeclared: true })),
    ])
    await appendForCustomers(tx, ids.map(consentOf))
    await insertCustomers(tx, bench.catalog, world, idByCustomer)
    await insertEvents(tx, bench.catalog, world.customers, idByCustomer)
  })
  return { world, run, idByCustomer }
}

const consentOf = (customerId: string): CustomerConsent => ({
  customerId,
  event: {
    source: 'bench',
    eventId: `given-${customerId}`,
    kind: 'general',
    purpose: use.purpose,
    channels: [use.channel],
    categories,
    state: 'given',
    effectiveAt: new Date('2020-01-01T00:00:00Z'),
    notice: { id: 'privacy', version: 1 },
    mechanism: 'form',
  },
})

/** People with data and no consent; every second one is not even known as a person. */
export async function loadStrangers(bench: Bench, world: World): Promise<void> {
  const ids = world.customers.map((_, place) => String(bench.nextCustomer + place))
  bench.nextCustomer += ids.length
  bench.strangers = [...bench.strangers, ...ids]
  const idByCustomer = new Map(world.customers.map(({ id }, place) => [id, ids[place] ?? '']))
  await asRole(bench.database, 'yq_ingest', { actor: 'bench' }, async (tx) => {
    const known = ids.filter((_, place) => place % 2 === 0)
    await setPersons(
      tx,
      known.map((customerId) => ({ customerId, adultDeclared: true })),
    )
    await insertCustomers(tx, bench.catalog, world, idByCustomer)
    await insertEvents(tx, bench.catalog, world.customers, idByCustomer)
  })
}

/** The people who may not be used get the data of others, and events that they did not have. */
export async function changeStrangers(bench: Bench, others: World): Promise<void> {
  await asRole(bench.database, 'yq_ingest', { actor: 'bench' }, async (tx) => {
    for (const [place, id] of bench.strangers.entries()) {
      const other = others.customers[place % others.customers.length] ?? nobody
      await update(tx, bench, id, other, audienceTags(others, other))
      const late = other.events.map((event) => ({ ...event, id: `late-${event.id}` }))
      const named = { ...other, id, events: late }
      await insertEvents(tx, bench.catalog, [named], new Map([[id, id]]))
    }
  })
}

/**
 * The loaded customers learn other values and more events, which a run as of the watermark given back must not see.
 *
 * They had other values before, too, so that their history has rows on both sides of it.
 */
export async function changeWorld(
  bench: Bench,
  { world, idByCustomer }: LoadedWorld,
  others: readonly WorldCustomer[],
): Promise<Date> {
  const changed = world.customers.map(({ id }, place) => ({
    id,
    other: others[place % Math.max(1, others.length)] ?? nobody,
  }))
  const asIngest = async <T>(work: (tx: DutyTx) => Promise<T>) =>
    await asRole(bench.database, 'yq_ingest', { actor: 'bench' }, work)
  await asIngest(async (tx) => {
    for (const { id, other } of changed) await update(tx, bench, idByCustomer.get(id), other)
    for (const customer of world.customers) {
      await update(
        tx,
        bench,
        idByCustomer.get(customer.id),
        customer,
        audienceTags(world, customer),
      )
    }
  })
  const watermark = await asIngest(async (tx) => {
    const { rows } = await sql<{ at: Date }>`
      select date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' as at,
        pg_sleep(0.002)`.execute(tx)
    return rows[0]?.at ?? at
  })
  await asIngest(async (tx) => {
    for (const { id, other } of changed) {
      await update(tx, bench, idByCustomer.get(id), other)
      const late = other.events.map((event) => ({ ...event, id: `late-${event.id}` }))
      await insertEvents(tx, bench.catalog, [{ ...other, id, events: late }], idByCustomer)
    }
  })
  return watermark
}

const nobody: WorldCustomer = { id: 'nobody', attributes: {}, tags: [], events: [] }

async function update(
  tx: DutyTx,
  bench: Bench,
  id: string | undefined,
  { attributes, tags }: WorldCustomer,
  more: readonly string[] = [],
): Promise<void> {
  const values = attributeColumns(bench.catalog).map(
    (column) => sql`${sql.id(column.place.column)} = ${storedOf(column, attributes)}`,
  )
  await sql`update profile.customer set tags = ${[...tags, ...more]}::text[], ${sql.join(values)}
    where customer_id = ${id}::bigint`.execute(tx)
}

/** Rules on which the SQL gives other members than the evaluator. */
export async function compareRules(
  bench: Bench,
  rules: readonly CheckedRule[],
  loaded: LoadedWorld,
  watermark?: Date,
): Promise<readonly Disagreement[]> {
  const { world, run, idByCustomer } = loaded
  const customerById = new Map([...idByCustomer].map(([customer, id]) => [id, customer]))
  const customerKey = ({ id }: WorldCustomer): string => idByCustomer.get(id) ?? ''
  const options: MembersOptions = {
    asOf: run.asOf,
    timeZone: run.timeZone,
    audiences: audienceRules,
    ...(watermark === undefined ? {} : { watermark }),
  }
  return await asRole(bench.database, 'yq_builder', { actor: 'bench' }, async (tx) => {
    const opened = await openRun(tx, use, { categories, personalised: false, at })
    if (opened.counts.eligible !== world.customers.length)
      throw new Error(`eligible: ${JSON.stringify(opened.counts)}, not ${world.customers.length}`)
    const found: Disagreement[] = []
    for (const rule of rules) {
      const expected = evaluate(rule, world, { ...run, customerKey })
      const query = membersQuery(rule, bench.catalog, options).compile()
      const { rows } = await tx.executeQuery<{ customer_id: string }>(
        CompiledQuery.raw(query.sql, [...query.parameters]),
      )
      const actual = rows.map((row) => customerById.get(row.customer_id) ?? row.customer_id).sort()
      if (actual.join() !== expected.join()) {
        found.push({ rule, expected, actual, sql: query.sql, parameters: query.parameters })
      }
    }
    return found
  })
}

const audienceTag = (audience: string): string => `in_${audience}`

/** An audience of the world is whoever carries its tag. */
export const audienceRules: ReadonlyMap<string, CheckedRule> = new Map(
  testCatalog.audiences.map(({ id }) => [
    id,
    {
      version: 1,
      header: { channels: [] },
      include: { kind: 'tags', quantifier: 'any', tags: [audienceTag(id)] },
      exclude: [],
    },
  ]),
)

const audienceTags = (world: World, { id }: WorldCustomer): readonly string[] =>
  Object.entries(world.audiences ?? {})
    .filter(([, members]) => members.includes(id))
    .map(([audience]) => audienceTag(audience))

interface Column {
  readonly id: string
  readonly place: PhysicalColumn
}

const attributeColumns = (catalog: PhysicalCatalog): readonly Column[] =>
  catalog.rules.attributes.map(({ id }) => ({ id, place: catalog.attribute(id) }))

function storedOf({ id, place }: Column, values: WorldValues) {
  const stored = storedValueReader(place)(values[id])
  if (!stored.ok) throw new Error(`${id}: ${stored.error.code}`)
  return sql`${stored.value}`
}

async function insertCustomers(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  world: World,
  idByCustomer: ReadonlyMap<string, string>,
): Promise<void> {
  const columns = attributeColumns(catalog)
  const names = columns.map(({ place }) => sql.id(place.column))
  const rows = world.customers.map((customer) => {
    const values = columns.map((column) => storedOf(column, customer.attributes))
    const tags = [...customer.tags, ...audienceTags(world, customer)]
    return sql`(${idByCustomer.get(customer.id)}::bigint, ${tags}::text[], ${sql.join(values)})`
  })
  if (rows.length === 0) return
  await sql`insert into profile.customer (customer_id, tags, ${sql.join(names)})
    values ${sql.join(rows)}`.execute(tx)
}

async function insertEvents(
  tx: DutyTx,
  catalog: PhysicalCatalog,
  customers: readonly WorldCustomer[],
  idByCustomer: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = customers.flatMap((customer) =>
    customer.events.map((event) => ({
      event,
      customer: idByCustomer.get(customer.id),
      key: eventKey(event, customer.events),
    })),
  )
  for (const [name, own] of Map.groupBy(rows, ({ event }) => event.event)) {
    const place = catalog.event(name)
    const columns = place.propertyIds.map((id) => ({ id, place: place.property(id) }))
    const slots = columns.map((column) => sql.id(column.place.column))
    const values = own.map(
      ({ event, customer, key }) => sql`(${customer}::bigint, ${key}::uuid,
        ${place.number}::smallint, ${event.at}::timestamptz,
        ${sql.join(columns.map((column) => storedOf(column, event.properties)))})`,
    )
    await sql`insert into profile.event
        (customer_id, event_key, event_number, occurred_at, ${sql.join(slots)})
      values ${sql.join(values)} on conflict do nothing`.execute(tx)
  }
}

/** Keys in the order of the ids, and the same key for the same id. */
function eventKey({ id }: WorldEvent, events: readonly WorldEvent[]): string {
  const place = events.filter((other) => other.id < id).length
  const kind = id.startsWith('late-') ? 'ffffffff' : '00000000'
  return `${kind}-0000-4000-8000-${String(place).padStart(12, '0')}`
}
