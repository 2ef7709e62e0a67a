/** Puts the fictional world into an empty deployment, through the doors that real data takes. */
import { recorded } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { defineCatalog } from '../catalog/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { appendForCustomers, defineParties, suppress } from '../consent/index.ts'
import { assert } from '../kernel/assert.ts'
import { ok } from '../kernel/result.ts'
import { loadCustomers, loadEvents } from '../profiles/index.ts'
import type { EventRow } from '../profiles/index.ts'
import { demoCatalog } from './catalog.ts'
import { brand, demoParties } from './parties.ts'
import { beginRun, finishRun } from './run.ts'
import type { DemoRun } from './run.ts'
import { saveRules } from './saved-rules.ts'
import { createStaff, demoClients, demoPeople } from './staff.ts'
import type { DemoClient, DemoPerson } from './staff.ts'
import { demoCustomers } from './world.ts'
import type { DemoCustomer } from './world.ts'

export interface DemoOptions {
  readonly seed: string
  /** The last moment of which the world tells: events end there, ages are of then. */
  readonly asOf: Date
  readonly customers?: number
  readonly events?: number
  /** Loaded in one transaction: large enough that staging pays off, small enough to be short. */
  readonly customersPerStep?: number
  readonly onProgress?: (done: number, of: number) => void
}

export interface DemoWorld {
  readonly people: readonly DemoPerson[]
  readonly clients: readonly DemoClient[]
}

const customersDefault = 20_000
const eventsDefault = 400_000

const customersPerStepDefault = 2_000

const context: RequestContext = {
  actor: { kind: 'system', id: 'demo-world', role: 'system', demo: true },
  requestId: 'demo-world',
}

/**
 * Builds the demo world and gives the keys to it; where it stands already, gives them only.
 *
 * Broken off anywhere, it is completed by the next call, as of the moment of the first: nothing is doubled, and until
 * the end the deployment is not yet `demo`. Never touches a deployment that holds real data.
 */
export async function buildDemoWorld(deps: Deps, options: DemoOptions): Promise<DemoWorld> {
  const world = { people: demoPeople(deps.keys), clients: demoClients(deps.keys) }
  const run = await beginRun(deps, {
    seed: options.seed,
    asOf: options.asOf,
    customers: options.customers ?? customersDefault,
    events: options.events ?? eventsDefault,
  })
  if (run === undefined) return world
  const parties = await defineParties(deps, context, demoParties(run.asOf))
  assert(parties.ok, 'parties that fit together')
  const catalog = await defineCatalog(deps, context, demoCatalog)
  assert(catalog.ok, 'a catalogue that fits together')
  await createStaff(deps, context)
  await loadEverybody(deps, catalog.value, run, options)
  await saveRules(deps, context, run.asOf)
  await finishRun(deps, context, run, brand.zh)
  return world
}

/** People and consents of one step are loaded while the events of the step before are. */
async function loadEverybody(
  deps: Deps,
  catalog: PhysicalCatalog,
  run: DemoRun,
  { customersPerStep = customersPerStepDefault, onProgress }: DemoOptions,
): Promise<void> {
  let eventsBefore: Promise<void> = Promise.resolve()
  let done = 0
  try {
    for (const step of inSteps(demoCustomers(run.seed, run.asOf, run), customersPerStep)) {
      const ids = await loadPeople(deps, catalog, step)
      await eventsBefore
      eventsBefore = loadBehaviour(deps, catalog, step, ids, run.asOf)
      // Its failure is heard at the next turn, not as one that nobody listened to.
      eventsBefore.catch(() => undefined)
      done += step.length
      onProgress?.(done, run.customers)
    }
  } finally {
    await eventsBefore
  }
}

function* inSteps(
  customers: Iterable<DemoCustomer>,
  size: number,
): Generator<readonly DemoCustomer[]> {
  let step: DemoCustomer[] = []
  for (const customer of customers) {
    step.push(customer)
    if (step.length === size) {
      yield step
      step = []
    }
  }
  if (step.length > 0) yield step
}

/** Gives the internal keys, in order. */
async function loadPeople(
  deps: Deps,
  catalog: PhysicalCatalog,
  step: readonly DemoCustomer[],
): Promise<readonly string[]> {
  const loaded = await recorded(deps.database, context, 'yq_ingest', {}, async (tx) => {
    const rows = step.map(({ row }) => row)
    const outcomes = await loadCustomers(tx, deps.keys, catalog, rows)
    const ids = outcomes.map((outcome) => {
      assert(outcome.status !== 'rejected', 'a customer that the catalogue takes')
      return outcome.customerId
    })
    await appendForCustomers(
      tx,
      step.flatMap(({ consents }, place) =>
        consents.map((event) => ({ customerId: ids[place] ?? '', event })),
      ),
    )
    return { result: ok(ids), entry: entryOf('customers', step.length) }
  })
  assert(loaded.ok, 'a load without a reason to refuse it')
  await loadSuppressions(deps, step, loaded.value)
  return loaded.value
}

async function loadSuppressions(
  deps: Deps,
  step: readonly DemoCustomer[],
  ids: readonly string[],
): Promise<void> {
  const wanted = step.flatMap(({ suppressions }, place) =>
    suppressions.map((suppression) => ({ ...suppression, id: ids[place] ?? '' })),
  )
  const groups = Map.groupBy(wanted, ({ channel, reason }) => `${channel} ${reason}`)
  await recorded(deps.database, context, 'yq_consent', {}, async (tx) => {
    for (const group of groups.values()) {
      const [first] = group
      assert(first !== undefined, 'a group of one at least')
      const { channel, reason } = first
      const customers = group.map(({ id }) => id)
      await suppress(tx, customers, channel, reason, 'demo', deps.clock.now())
    }
    return { result: ok(null), entry: entryOf('suppressions', wanted.length) }
  })
}

async function loadBehaviour(
  deps: Deps,
  catalog: PhysicalCatalog,
  step: readonly DemoCustomer[],
  ids: readonly string[],
  asOf: Date,
): Promise<void> {
  const rows = step.flatMap(({ events }, place) =>
    events.map(({ id, event, atMs, properties }): EventRow => ({
      customerId: ids[place] ?? '',
      event,
      source: 'demo',
      id,
      at: new Date(atMs).toISOString(),
      properties,
    })),
  )
  await recorded(deps.database, context, 'yq_ingest', {}, async (tx) => {
    const loaded = await loadEvents(tx, catalog, rows, { latest: asOf })
    assert(loaded.rejected.length === 0, 'events that the catalogue takes')
    return { result: ok(null), entry: entryOf('events', rows.length) }
  })
}

const entryOf = (what: string, rowCount: number) => ({
  action: 'demo.load',
  decision: 'allow' as const,
  rowCount,
  detail: { what },
})
