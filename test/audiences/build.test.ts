import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildNextAudience,
  cancelAudience,
  readAudience,
  requestAudience,
} from '../../src/audiences/index.ts'
import { merkleRoot } from '../../src/kernel/merkle.ts'
import { pseudonymOf } from '../../src/pseudonyms/index.ts'
import { everyServer } from '../support/database.ts'
import {
  cityRule,
  customers,
  openCampaign,
  person,
  reachableIn,
  ruleCategories,
  sms,
  subjectOf,
  worker,
} from './world.ts'
import type { Campaign } from './world.ts'

interface Row {
  readonly state: string
  readonly progress: number
  readonly attempts: number
  readonly failure: string | null
  readonly member_count: string | null
}

everyServer('building audiences', (server) => {
  let campaign: Campaign
  beforeAll(async () => {
    campaign = await openCampaign({ server, connectionsMax: 8 })
  })
  afterAll(async () => {
    await campaign.close()
  })

  const ask = async (city: string) => {
    const segmentId = await campaign.saveRule(cityRule(city), ruleCategories)
    const asked = await requestAudience(campaign.deps, person('marketer'), { segmentId, use: sms })
    if (!asked.ok) throw new Error(asked.error.code)
    return asked.value.id
  }
  const rowOf = async (id: string) => {
    const { rows } = await campaign.world.asRole('yq_builder', {}, (tx) =>
      sql<Row>`
        select state, progress, attempts, failure, member_count from audience.audience where id = ${id}`.execute(
        tx,
      ),
    )
    return rows[0]
  }
  const untilRow = async (id: string, isSo: (row: Row) => boolean) => {
    for (let row = await rowOf(id); row !== undefined && !isSo(row); row = await rowOf(id));
  }
  const membersOf = async (id: string) => {
    const { rows } = await campaign.world.asRole('yq_builder', {}, (tx) =>
      sql<{ customer_id: string; pseudonym: string }>`
        select customer_id, pseudonym from audience.member where audience_id = ${id} order by pseudonym`.execute(
        tx,
      ),
    )
    return rows
  }
  const entriesOf = async (id: string) => {
    const { rows } = await campaign.world.asRole('yq_auditor', {}, (tx) =>
      sql<{ action: string; decision: string; reason: string | null; row_count: string | null }>`
        select action, decision, reason, row_count from audit.entry
        where audience_id = ${id} order by seq`.execute(tx),
    )
    return rows
  }

  test("the members are those who agreed, match and can be reached, under the recipient's pseudonyms", async () => {
    const id = await campaign.audience('shanghai')
    const members = await membersOf(id)
    const { rows: known } = await campaign.world.asRole('yq_consent', {}, (tx) =>
      sql<{ hash: string; customer_id: string }>`
        select encode(source_hash, 'hex') as hash, customer_id from vault.source_key`.execute(tx),
    )
    const customerByHash = new Map(known.map((row) => [row.hash, row.customer_id]))
    const { keys } = campaign.deps
    const expected = reachableIn('shanghai').map(
      (place) =>
        customerByHash.get(keys.mac('source-index', subjectOf(place)).toString('hex')) ?? '',
    )
    expect(members.map((row) => row.customer_id).toSorted()).toEqual(expected.toSorted())
    for (const member of members)
      expect(member.pseudonym).toBe(pseudonymOf(keys, 'gateway', 1, member.customer_id))
  })

  test('the audience says exactly how many, the root of its members and its log entry', async () => {
    const id = await campaign.audience('beijing')
    const seen = await readAudience(campaign.deps, person('reviewer'), id, 'reviewer')
    const reachable = reachableIn('beijing').length
    expect(seen).toMatchObject({ state: 'ready', progress: 100 })
    expect(seen?.exact?.waterfall).toEqual([
      { reason: 'everyone', count: customers },
      { reason: 'status', count: 0 },
      { reason: 'age', count: 0 },
      { reason: 'general', count: 120 },
      { reason: 'sensitive', count: 0 },
      { reason: 'recipient', count: 0 },
      { reason: 'border', count: 0 },
      { reason: 'profiling', count: 0 },
      { reason: 'suppression', count: 0 },
      { reason: 'eligible', count: 480 },
      { reason: 'matched', count: 239 },
      { reason: 'has-identifier', count: reachable },
      { reason: 'reachable', count: reachable },
    ])
    const members = await membersOf(id)
    expect(seen?.exact?.members).toBe(members.length)
    expect(seen?.exact?.memberRoot).toBe(merkleRoot(members.map((row) => row.pseudonym)))
    expect(await entriesOf(id)).toEqual([
      expect.objectContaining({ action: 'audience.request', decision: 'allow' }),
      {
        action: 'audience.build',
        decision: 'allow',
        reason: null,
        row_count: String(reachable),
      },
      expect.objectContaining({ action: 'audience.read', decision: 'allow' }),
    ])
  })

  test('an author reads releases and can read nothing exact', async () => {
    const id = await campaign.audience('shanghai')
    const seen = await readAudience(campaign.deps, person('marketer'), id)
    expect(seen).not.toHaveProperty('exact')
    expect(seen?.reachable?.value).toBe(Math.round(reachableIn('shanghai').length / 10) * 10)
    for (const column of ['waterfall', 'member_count', 'member_root'])
      await expect(
        campaign.world.asRole('yq_author', {}, (tx) =>
          sql`select ${sql.ref(column)} from audience.audience`.execute(tx),
        ),
      ).rejects.toThrow('permission denied')
    const { rows } = await campaign.world.asRole('yq_author', {}, (tx) =>
      sql<{ steps: { reason: string; count: number | null }[] }>`
        select audience.released_waterfall(${id}, 0, 1) as steps`.execute(tx),
    )
    expect(rows[0]?.steps.every(({ count }) => count === null || count % 10 === 0)).toBe(true)
  })

  test('too few people are not told from none', async () => {
    const id = await campaign.audience('lhasa')
    const seen = await readAudience(campaign.deps, person('marketer'), id)
    expect(seen?.reachable).toMatchObject({ value: null, suppressed: true })
    const exact = await readAudience(campaign.deps, person('approver'), id, 'approver')
    expect(exact?.exact?.members).toBe(1)
  })

  test('nothing waits where nothing was asked for', async () => {
    expect(await buildNextAudience(campaign.deps, worker())).toBe('idle')
  })

  test('a cancelled audience ends without members, queued or while it is built', async () => {
    const member = await memberOf(campaign, 'shanghai')
    const queued = await ask('shanghai')
    const marketer = person('marketer')
    expect(await cancelAudience(campaign.deps, marketer, queued)).toMatchObject({ ok: true })
    expect(await buildNextAudience(campaign.deps, worker())).toBe('cancelled')
    expect(await rowOf(queued)).toMatchObject({ state: 'cancelled' })

    const building = await ask('shanghai')
    const held = await holdMember(campaign, building, member)
    const built = buildNextAudience(campaign.deps, worker({ leaseMs: quickLeaseMs }))
    await untilRow(building, (row) => row.progress > 0)
    await cancelAudience(campaign.deps, marketer, building)
    expect(await built).toBe('cancelled')
    await held.letGo()
    expect(await rowOf(building)).toMatchObject({ state: 'cancelled', member_count: null })
    expect(await membersOf(building)).toEqual([])
    expect(await cancelAudience(campaign.deps, marketer, building)).toMatchObject({
      ok: false,
      error: { code: 'audience-finished' },
    })
  })

  test('a worker that is told to stop puts its audience back and uses no attempt', async () => {
    const member = await memberOf(campaign, 'shanghai')
    const id = await ask('shanghai')
    const held = await holdMember(campaign, id, member)
    const controller = new AbortController()
    const built = buildNextAudience(campaign.deps, worker({ signal: controller.signal }))
    await untilRow(id, (row) => row.progress > 0)
    controller.abort(new Error('stop'))
    expect(await built).toBe('queued')
    await held.letGo()
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(await buildNextAudience(campaign.deps, worker())).toBe('built')
    expect(await membersOf(id)).toHaveLength(reachableIn('shanghai').length)
  })

  test('a worker whose lease ran out makes nothing, and the next one makes it once', async () => {
    const member = await memberOf(campaign, 'beijing')
    const id = await ask('beijing')
    const held = await holdMember(campaign, id, member)
    const first = buildNextAudience(campaign.deps, worker())
    await untilRow(id, (row) => row.progress > 0)
    await expireLease(campaign, id)
    const second = buildNextAudience(campaign.deps, worker())
    await untilRow(id, (row) => row.attempts === 2 && row.progress > 0)
    await held.letGo()
    expect(await first).toBe('lost')
    expect(await second).toBe('built')
    expect(await rowOf(id)).toMatchObject({ state: 'ready', attempts: 2 })
    expect(await membersOf(id)).toHaveLength(reachableIn('beijing').length)
  })

  test('a worker that comes back under its name takes up what it left', async () => {
    const id = await ask('beijing')
    const left = worker({ id: 'test:steady' })
    await leaveClaimed(campaign, id, left.id)
    expect(await buildNextAudience(campaign.deps, worker())).toBe('idle')
    expect(await buildNextAudience(campaign.deps, left)).toBe('built')
  })

  test('a build that fails every time ends as failed, with a code and without members', async () => {
    const rule = cityRule('shanghai')
    const segmentId = await campaign.saveRule(
      { ...rule, include: { kind: 'tags', quantifier: 'any', tags: ['nobody-defined-this'] } },
      ['category.unknown'],
    )
    const asked = await requestAudience(campaign.deps, person('marketer'), { segmentId, use: sms })
    if (!asked.ok) throw new Error(asked.error.code)
    const errors: unknown[] = []
    const failing = worker({ onError: (error) => errors.push(error) })
    expect(await buildNextAudience(campaign.deps, failing)).toBe('queued')
    expect(await buildNextAudience(campaign.deps, failing)).toBe('queued')
    expect(await buildNextAudience(campaign.deps, failing)).toBe('failed')
    expect(errors).toHaveLength(3)
    expect(await rowOf(asked.value.id)).toMatchObject({ state: 'failed', failure: 'build-failed' })
    expect(await membersOf(asked.value.id)).toEqual([])
    expect((await entriesOf(asked.value.id)).at(-1)).toMatchObject({
      decision: 'deny',
      reason: 'build-failed',
    })
  })

  test('an unknown use or segment is refused with what may have been meant', async () => {
    const segmentId = await campaign.saveRule(cityRule('shanghai'), ruleCategories)
    const marketer = person('marketer')
    expect(
      await requestAudience(campaign.deps, marketer, {
        segmentId,
        use: { ...sms, recipient: 'gatewey' },
      }),
    ).toEqual({
      ok: false,
      error: { code: 'recipient-unknown', field: 'recipient', suggestions: ['gateway'] },
    })
    expect(
      await requestAudience(campaign.deps, marketer, { segmentId: 'no-id', use: sms }),
    ).toMatchObject({ ok: false, error: { code: 'segment-unknown' } })
  })
})

/** Renewals follow each other in a few milliseconds. */
const quickLeaseMs = 60

/** Makes a build wait while it inserts its members: another transaction is about to insert one of them. */
async function holdMember(campaign: Campaign, audienceId: string, member: string) {
  const isHeld = Promise.withResolvers<void>()
  const isOver = Promise.withResolvers<void>()
  const holding = campaign.world
    .asRole('yq_builder', {}, async (tx) => {
      await sql`insert into audience.member (customer_id, audience_id, pseudonym)
        values (${member}, ${audienceId}, 'held')`.execute(tx)
      isHeld.resolve()
      await isOver.promise
      throw new LetGo()
    })
    .catch((error: unknown) => {
      if (!(error instanceof LetGo)) throw error
    })
  await isHeld.promise
  return {
    letGo: async () => {
      isOver.resolve()
      await holding
    },
  }
}

class LetGo extends Error {}

/** Somebody of the city who can be reached. To be asked before an audience waits, which would be built instead. */
async function memberOf(campaign: Campaign, city: string): Promise<string> {
  const audienceId = await campaign.audience(city)
  const { rows } = await campaign.world.asRole('yq_builder', {}, (tx) =>
    sql<{ customer_id: string }>`
      select customer_id from audience.member where audience_id = ${audienceId} limit 1`.execute(
      tx,
    ),
  )
  return rows[0]?.customer_id ?? ''
}

async function expireLease(campaign: Campaign, id: string): Promise<void> {
  await campaign.world.asRole('yq_builder', {}, (tx) =>
    sql`update audience.audience set leased_until = '2000-01-01' where id = ${id}`.execute(tx),
  )
}

async function leaveClaimed(campaign: Campaign, id: string, workerId: string): Promise<void> {
  await campaign.world.asRole('yq_builder', {}, (tx) =>
    sql`update audience.audience set state = 'running', leased_by = ${workerId}, attempts = 1,
        leased_until = clock_timestamp() + interval '1 hour'
      where id = ${id}`.execute(tx),
  )
}
