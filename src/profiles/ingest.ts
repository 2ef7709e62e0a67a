/** Customers and events one by one or in batches over the API: each item has its own answer, all are one access. */
import { recorded } from '../audit/index.ts'
import type { Deps, EntryFacts, IdempotencyError, RequestContext } from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import { retryOnConflict } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { findCustomers } from '../pseudonyms/index.ts'
import { loadCustomers } from './customers.ts'
import type { CustomerRow } from './customer-row.ts'
import type { RefusedContact } from './customers.ts'
import { loadEachEvent } from './events.ts'
import type { EventRow } from './events.ts'
import { isSourceId } from './physical.ts'
import type { FieldError, LoadValue } from './physical.ts'

/** Keeps one request's transaction short. */
export const ingestItemsMax = 10_000

/** Clocks of sources may run ahead by so much. */
export const futureToleranceMs = 24 * 60 * 60 * 1000

export interface EventItem {
  /** The source's own event id. */
  readonly id: string
  readonly event: string
  /** The brand's own customer id. */
  readonly customer: string
  /** RFC 3339. */
  readonly time: string
  readonly properties?: Readonly<Record<string, LoadValue | null>>
}

export type IngestStatus = 'inserted' | 'updated' | 'unchanged' | 'duplicate' | 'rejected'

/** Answers name the item's own id and fields, never a value or an internal key. */
export interface IngestOutcome {
  readonly id: string
  readonly status: IngestStatus
  readonly code?: FieldError['code']
  readonly field?: string
  /** Contact data that is none; the rest of the item is loaded. */
  readonly refused?: readonly RefusedContact[]
}

export async function ingestCustomers(
  deps: Deps,
  context: RequestContext,
  items: readonly CustomerRow[],
): Promise<Result<readonly IngestOutcome[], IdempotencyError>> {
  return await ingest(deps, context, 'customer.ingest', items.length, async (tx) => {
    const outcomes = await loadCustomers(tx, deps.keys, await loadCatalog(tx), items)
    return outcomes.map((outcome, index): IngestOutcome => {
      const id = items[index]?.id ?? ''
      if (outcome.status === 'rejected') return { id, ...outcome }
      const { status, refused } = outcome
      return refused.length === 0 ? { id, status } : { id, status, refused }
    })
  })
}

/** The source of the events is the client that sends them. */
export async function ingestEvents(
  deps: Deps,
  context: RequestContext,
  items: readonly EventItem[],
): Promise<Result<readonly IngestOutcome[], IdempotencyError>> {
  return await ingest(deps, context, 'event.ingest', items.length, async (tx) => {
    const askable = items.map(({ customer }) => customer).filter(isSourceId)
    const customers = await findCustomers(tx, deps.keys, askable)
    const outcomes: (IngestOutcome | undefined)[] = []
    const known: { readonly index: number; readonly row: EventRow }[] = []
    for (const [index, item] of items.entries()) {
      const customerId = customers.get(item.customer)
      const { id, event, time, properties = {} } = item
      const source = context.actor.id
      if (customerId === undefined)
        outcomes[index] = { id, status: 'rejected', code: 'unknown-customer', field: 'customer' }
      else known.push({ index, row: { customerId, event, source, id, at: time, properties } })
    }
    const latest = new Date(deps.clock.now().getTime() + futureToleranceMs)
    const rows = known.map(({ row }) => row)
    const loaded = await loadEachEvent(tx, await loadCatalog(tx), rows, { latest })
    for (const [place, { index, row }] of known.entries()) {
      const outcome = loaded[place]
      assert(outcome !== undefined, 'an outcome for each event')
      outcomes[index] = { id: row.id, ...outcome }
    }
    return outcomes.filter((outcome) => outcome !== undefined)
  })
}

async function ingest(
  deps: Deps,
  context: RequestContext,
  action: EntryFacts['action'],
  count: number,
  work: (tx: DutyTx) => Promise<readonly IngestOutcome[]>,
): Promise<Result<readonly IngestOutcome[], IdempotencyError>> {
  assert(count <= ingestItemsMax, 'a batch within its limit')
  return await retryOnConflict(() =>
    recorded(deps.database, context, 'yq_ingest', {}, async (tx) => {
      const outcomes = await work(tx)
      const counts = Map.groupBy(outcomes, ({ status }) => status)
      const detail = Object.fromEntries([...counts].map(([status, all]) => [status, all.length]))
      return { result: ok(outcomes), entry: { action, decision: 'allow', rowCount: count, detail } }
    }),
  )
}
