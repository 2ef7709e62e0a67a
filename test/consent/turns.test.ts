import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendConsentEvents, appendForCustomers, judge, openRun } from '../../src/consent/index.ts'
import type { CheckedConsentEvent } from '../../src/consent/index.ts'
import type { DutyTx } from '../../src/db/index.ts'
import { everyServer } from '../support/database.ts'
import { adult, consentWorld, context, daysAgo, grant, noon, putPeople } from './support.ts'
import type { ConsentTestWorld } from './support.ts'

const use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'own' }
const rule = { categories: ['transaction'], personalised: true, at: noon }

const given: CheckedConsentEvent = {
  source: 'turns',
  eventId: 'given',
  kind: 'general',
  purpose: 'marketing.winback',
  channels: ['sms'],
  categories: ['transaction'],
  state: 'given',
  effectiveAt: daysAgo(2),
  notice: { id: 'privacy', version: 2 },
  mechanism: 'checkbox',
}
const withdrawn: CheckedConsentEvent = {
  ...given,
  eventId: 'withdrawn',
  state: 'withdrawn',
  effectiveAt: daysAgo(1),
}

everyServer('two at once', (server) => {
  let world: ConsentTestWorld

  beforeAll(async () => {
    world = await consentWorld({ server, connectionsMax: 6 })
  })
  afterAll(async () => {
    await world.close()
  })

  const backendOf = async (tx: DutyTx): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    return rows[0]?.pid ?? 0
  }

  /** Returns as soon as somebody waits for a turn that `pid` holds. */
  async function untilSomebodyWaitsFor(pid: number): Promise<void> {
    for (;;) {
      const { rows } = await world.asRole('yq_auditor', {}, (tx) =>
        sql`select 1 from pg_catalog.pg_locks
          where not granted and ${pid}::integer = any (pg_catalog.pg_blocking_pids(pid))`.execute(
          tx,
        ),
      )
      if (rows.length > 0) return
    }
  }

  test('a grant and a withdrawal both count, whichever commits last', async () => {
    for (const [id, order] of [
      ['11', [given, withdrawn]],
      ['12', [withdrawn, given]],
    ] as const) {
      await putPeople(world, [{ customerId: id, subject: `s${id}`, facts: adult }])
      const [first, second] = order.map((event) => ({ ...event, source: `turns-${id}` }))
      if (first === undefined || second === undefined) throw new Error('two events')
      let later: Promise<unknown> = Promise.resolve()
      await world.asRole('yq_ingest', {}, async (tx) => {
        await appendForCustomers(tx, [{ customerId: id, event: first }])
        later = world.asRole('yq_ingest', {}, (tx) =>
          appendForCustomers(tx, [{ customerId: id, event: second }]),
        )
        await untilSomebodyWaitsFor(await backendOf(tx))
      })
      await later
      const reasons = await world.asRole('yq_builder', {}, (tx) => judge(tx, [id], use, rule))
      expect(reasons.get(id)).toBe('general')
    }
  })

  test('the same event sent twice is a repetition, not a conflict', async () => {
    await putPeople(world, [{ customerId: '13', subject: 's13', facts: adult }])
    const row = { customerId: '13', event: { ...given, source: 'twice' } }
    let later: Promise<unknown> = Promise.resolve()
    await world.asRole('yq_ingest', {}, async (tx) => {
      expect(await appendForCustomers(tx, [row])).toEqual(['inserted'])
      later = world.asRole('yq_ingest', {}, (tx) => appendForCustomers(tx, [row]))
      await untilSomebodyWaitsFor(await backendOf(tx))
    })
    expect(await later).toEqual(['duplicate'])
  })

  test('batches in opposite orders do not wait for each other in a circle', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => String(1_000 + i))
    await putPeople(
      world,
      ids.map((id) => ({ customerId: id, subject: `s${id}`, facts: adult })),
    )
    const events = ids.map((id) => grant(`s${id}`))
    const again = events
      .map((event) => ({ ...event, eventId: `again-${event.eventId}` }))
      .toReversed()
    const outcomes = await Promise.all(
      [events, again, events].map((batch) => appendConsentEvents(world.deps, context, batch)),
    )
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true])
  })

  test('a withdrawal during a run leaves the run as it was opened and is seen by the next judgement', async () => {
    await putPeople(world, [{ customerId: '14', subject: 's14', facts: adult }])
    await appendConsentEvents(world.deps, context, [grant('s14')])
    await world.asRole('yq_builder', {}, async (tx) => {
      await openRun(tx, use, rule)
      await appendConsentEvents(world.deps, context, [
        grant('s14', { eventId: 'w14', state: 'withdrawn', effectiveAt: noon.toISOString() }),
      ])
      const seen = await sql`select 1 from profile.customer where customer_id = 14`.execute(tx)
      expect(seen.rows).toHaveLength(1)
      expect((await judge(tx, ['14'], use, rule)).get('14')).toBe('general')
    })
  })

  test('a turn cannot be taken where the past would be read', async () => {
    await putPeople(world, [{ customerId: '15', subject: 's15', facts: adult }])
    await expect(
      world.asRole(
        'yq_ingest',
        {},
        (tx) => appendForCustomers(tx, [{ customerId: '15', event: { ...given, source: 'late' } }]),
        { isolation: 'repeatable read' },
      ),
    ).rejects.toThrow('turns are taken at read committed')
  })
})
