import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRemovals, optOut } from '../../src/exports/index.ts'
import { retryOnConflict } from '../../src/db/index.ts'
import {
  daysFromStart,
  grant,
  openCampaign,
  reachableIn,
  sms,
  withdrawal,
} from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import { available, booksOf, pull, sum, tool } from './world.ts'

let campaign: Campaign
beforeAll(async () => {
  campaign = await openCampaign({ connectionsMax: 12 })
})
afterAll(async () => {
  await campaign.close()
})

const runs = 12

/** The ids of those who were delivered, may not be used now and were not removed. There must never be one. */
async function unlawful(exportId: string): Promise<readonly string[]> {
  const { rows } = await campaign.world.asRole('yq_exporter', { recipient: sms.recipient }, (tx) =>
    sql<{ pseudonym: string }>`
      select asked.pseudonym
      from export.permitted(${exportId}, array(
        select delivery.pseudonym from export.delivery where delivery.export_id = ${exportId}),
        clock_timestamp()) as asked
      where not asked.permitted and not exists (
        select from export.removal
        where removal.export_id = ${exportId} and removal.pseudonym = asked.pseudonym)`.execute(tx),
  )
  return rows.map(({ pseudonym }) => pseudonym)
}

async function removalsOf(exportId: string): Promise<readonly string[]> {
  const read = await listRemovals(campaign.deps, tool, { recipient: sms.recipient, exportId })
  if (!read.ok) throw new Error(read.error.code)
  return read.value.items.map(({ id }) => id)
}

let moments = 0
/** Each word of a person is later than the one before. */
const nextMoment = (): Date => {
  moments += 1
  const at = new Date(daysFromStart(1).getTime() + moments * 1_000)
  campaign.clock.set(at)
  return at
}

type Step =
  | { readonly kind: 'pull'; readonly limit: number; readonly arrived: number }
  | { readonly kind: 'withdraw' | 'renew'; readonly place: number }
  | { readonly kind: 'opt-out'; readonly which: number }

const places = reachableIn('beijing')
const place = fc.constantFrom(...places)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pull'),
      limit: fc.integer({ min: 1, max: 60 }),
      arrived: fc.nat(60),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('withdraw'), place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('renew'), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('opt-out'), which: fc.nat(200) }) },
)

/** What a tool has after pulls that break off, while people change their minds. */
async function play(exportId: string, steps: readonly Step[]): Promise<readonly string[]> {
  const received: string[] = []
  for (const one of steps)
    switch (one.kind) {
      case 'pull': {
        const { ids } = await pull(campaign, exportId, {
          limit: one.limit,
          chunkRows: 13,
          cursor: received.at(-1),
        })
        // The rest was lost on the way.
        received.push(...ids.slice(0, one.arrived))
        break
      }
      case 'withdraw':
        await campaign.consent([withdrawal(one.place, nextMoment())])
        break
      case 'renew': {
        const at = nextMoment().toISOString()
        await campaign.consent([
          grant(one.place, {
            eventId: `renewed-${one.place}-${at}`,
            state: 'renewed',
            effectiveAt: at,
          }),
        ])
        break
      }
      case 'opt-out': {
        const id = received[one.which % Math.max(1, received.length)]
        if (id !== undefined)
          await optOut(campaign.deps, tool, {
            recipient: sms.recipient,
            ids: [id],
            reason: 'opt-out',
          })
      }
    }
  received.push(...(await pull(campaign, exportId, { cursor: received.at(-1) })).ids)
  return received
}

test('whatever happens in whatever order, a tool that applies the removals holds permitted people only', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const exportId = await available(campaign, 'beijing')
      const received = await play(exportId, steps)
      expect(received).toEqual([...new Set(received)].toSorted(byBytes))
      const books = await booksOf(campaign, exportId)
      const onRecord = new Set(books.delivered)
      expect(received.filter((id) => !onRecord.has(id))).toEqual([])
      expect(books.entryRows).toEqual(books.chunkRows)
      expect(sum(books.chunkRows)).toBeGreaterThanOrEqual(books.delivered.length)
      expect(books.deliveredCount).toBe(books.delivered.length)
      expect(await unlawful(exportId)).toEqual([])
      // Nobody is removed who was not delivered.
      expect((await removalsOf(exportId)).filter((id) => !onRecord.has(id))).toEqual([])
    }),
    { numRuns: runs },
  )
}, 120_000)

test('withdrawals that race with a pull are each seen by it, or told to the recipient', async () => {
  const exportId = await available(campaign, 'shanghai')
  const leaving = reachableIn('shanghai').slice(0, 60)
  const at = nextMoment()
  const withdrawals = (async () => {
    const queue = [...leaving]
    const one = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const event = withdrawal(next, at)
        await retryOnConflict(() => campaign.consent([event]))
      }
    }
    await Promise.all([one(), one(), one()])
  })()
  const { ids } = await pull(campaign, exportId, { chunkRows: 5 })
  await withdrawals
  expect(await unlawful(exportId)).toEqual([])
  const removed = await removalsOf(exportId)
  expect(removed.filter((id) => !ids.includes(id))).toEqual([])
  // Everybody is accounted for: received, or held back for having withdrawn.
  const all = reachableIn('shanghai').length
  expect(ids.length - removed.length).toBe(all - leaving.length)
}, 60_000)

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
