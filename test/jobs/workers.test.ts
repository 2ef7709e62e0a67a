import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudience, requestAudience } from '../../src/audiences/index.ts'
import { connectDatabase } from '../../src/db/index.ts'
import { readExport } from '../../src/exports/index.ts'
import { startWorkers } from '../../src/jobs/index.ts'
import type { WorkersOptions } from '../../src/jobs/index.ts'
import {
  cityRule,
  daysFromStart,
  openCampaign,
  person,
  reachableIn,
  ruleCategories,
  sms,
  start,
} from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import { available } from '../exports/world.ts'

let campaign: Campaign
beforeAll(async () => {
  campaign = await openCampaign({ connectionsMax: 10 })
})
afterAll(async () => {
  await campaign.close()
})

const marketer = person('marketer')
const ask = async () => {
  const segmentId = await campaign.saveRule(cityRule('shanghai'), ruleCategories)
  const asked = await requestAudience(campaign.deps, marketer, { segmentId, use: sms })
  if (!asked.ok) throw new Error(asked.error.code)
  return asked.value.id
}
const stateOf = async (id: string) => (await readAudience(campaign.deps, marketer, id))?.state
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo()));
}
const failing: unknown[] = []
const begin = (options: WorkersOptions = {}) =>
  startWorkers(campaign.deps, { pollMs: 5, onError: (error) => failing.push(error), ...options })

test('audiences that are asked for at once are each built once', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, ask))
  const workers = begin({ workers: 3 })
  for (const id of ids) await until(async () => (await stateOf(id)) === 'ready')
  await workers.stop()
  const { rows } = await campaign.world.asRole('yq_builder', {}, (tx) =>
    sql<{ attempts: number; members: string }>`
      select audience.attempts, count(*) as members
      from audience.audience join audience.member on member.audience_id = audience.id
      where audience.id = any (${ids}::uuid[]) group by audience.id, audience.attempts`.execute(tx),
  )
  expect(rows).toEqual(
    ids.map(() => ({ attempts: 1, members: String(reachableIn('shanghai').length) })),
  )
  expect(failing).toEqual([])
})

test('a call wakes a worker that rests', async () => {
  const workers = begin({ workers: 1, pollMs: 3_600_000, sweepMs: 3_600_000 })
  const id = await ask()
  workers.wake()
  await until(async () => (await stateOf(id)) === 'ready')
  await workers.stop()
})

test('stopped workers leave nothing half done and start nothing new', async () => {
  const workers = begin()
  await workers.stop()
  const id = await ask()
  expect(await stateOf(id)).toBe('queued')
  const others = begin()
  await until(async () => (await stateOf(id)) === 'ready')
  await others.stop()
})

test('the sweeper ends exports whose time is over', async () => {
  const id = await available(campaign, 'shanghai')
  campaign.clock.set(daysFromStart(8))
  const workers = begin({ sweepMs: 5 })
  const { rows } = await (async () => {
    for (;;) {
      const found = await campaign.world.asRole('yq_auditor', {}, (tx) =>
        sql<{ actor_kind: string }>`
          select actor_kind from audit.entry where action = 'export.expire' and export_id = ${id}`.execute(
          tx,
        ),
      )
      if (found.rows.length > 0) return found
    }
  })()
  await workers.stop()
  expect(rows).toEqual([{ actor_kind: 'system' }])
  expect((await readExport(campaign.deps, marketer, id, { kind: 'marketer' }))?.state).toBe(
    'expired',
  )
  campaign.clock.set(start)
})

test('a database that is away is reported and asked again', async () => {
  const errors: unknown[] = []
  const nowhere = connectDatabase('postgres://yq_login@127.0.0.1:1/nothing')
  const isReported = Promise.withResolvers<void>()
  const workers = startWorkers(
    { ...campaign.deps, database: nowhere },
    {
      onError: (error) => {
        errors.push(error)
        isReported.resolve()
      },
    },
  )
  await isReported.promise
  await workers.stop()
  await nowhere.close()
  expect(String(errors[0])).toContain('ECONNREFUSED')
})
