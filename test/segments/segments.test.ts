import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  listSegments,
  readSegment,
  readVersion,
  saveSegment,
  updateSegment,
} from '../../src/segments/index.ts'
import { openCampaign, person } from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'

const english = 'customers who [City] is "Shanghai"'
const chinese = '客户满足 [城市] 为 "上海"'
const other = 'customers who [Points] > 10'

let campaign: Campaign
beforeAll(async () => {
  campaign = await openCampaign()
})
afterAll(async () => {
  await campaign.close()
})

let names = 0
const newName = () => `segment ${(names += 1)}`
const marketer = person('marketer')
const save = async (text: string, name = newName()) => {
  const saved = await saveSegment(campaign.deps, marketer, { name, text })
  if (!saved.ok) throw new Error(saved.error.code)
  return { ...saved.value, name }
}
const lastEntry = async () => {
  const { rows } = await campaign.world.asRole('yq_auditor', {}, (tx) =>
    sql<{ action: string; decision: string; reason: string | null; object_id: string | null }>`
      select action, decision, reason, object_id from audit.entry order by seq desc limit 1`.execute(
      tx,
    ),
  )
  return rows[0]
}

test('a saved rule keeps its text, its meaning and what it reads', async () => {
  const saved = await save(english)
  expect(saved.version).toBe(1)
  expect(await readSegment(campaign.deps, saved.id)).toMatchObject({
    name: saved.name,
    version: 1,
    text: english,
    ruleHash: saved.ruleHash,
    categories: ['demographic.location'],
    personalised: true,
    versions: [{ version: 1, text: english }],
    dependants: [],
  })
  expect(await lastEntry()).toEqual({
    action: 'segment.create',
    decision: 'allow',
    reason: null,
    object_id: saved.id,
  })
})

test('English and Chinese of one meaning have one hash, so the second makes no version', async () => {
  const saved = await save(english)
  const updated = await updateSegment(campaign.deps, marketer, saved.id, { text: chinese })
  expect(updated).toEqual({
    ok: true,
    value: { id: saved.id, version: 1, ruleHash: saved.ruleHash, changed: false },
  })
})

test('another meaning is the next version, and the one before stays as it was', async () => {
  const saved = await save(english)
  const updated = await updateSegment(campaign.deps, marketer, saved.id, { text: other })
  expect(updated).toMatchObject({ ok: true, value: { version: 2, changed: true } })
  const versions = await campaign.world.asRole('yq_builder', {}, async (tx) => [
    await readVersion(tx, saved.id, 1),
    await readVersion(tx, saved.id),
    await readVersion(tx, saved.id, 3),
    // Larger than the database's own numbers of versions: unknown, not a fault.
    await readVersion(tx, saved.id, Number.MAX_SAFE_INTEGER),
  ])
  expect(versions).toMatchObject([
    { version: 1, ruleHash: saved.ruleHash, categories: ['demographic.location'] },
    { version: 2, categories: ['account.points'] },
    undefined,
    undefined,
  ])
  await expect(
    campaign.world.asRole('yq_author', {}, (tx) =>
      sql`update segment.version set text = 'x' where segment_id = ${saved.id}`.execute(tx),
    ),
  ).rejects.toThrow('permission denied')
})

test('a rule with errors is refused with every one of them, and the refusal is on record', async () => {
  const refused = await saveSegment(campaign.deps, marketer, {
    name: newName(),
    text: 'customers who [Citty] is "Shanghai" and [Points] > "many"',
  })
  if (refused.ok || refused.error.code !== 'rule-refused') throw new Error('it must be refused')
  expect(refused.error.diagnostics.length).toBeGreaterThan(0)
  expect(refused.error.diagnostics[0]?.span.start).toBeGreaterThan(0)
  expect(await lastEntry()).toMatchObject({ decision: 'deny', reason: 'rule-refused' })
})

test('a name is taken in whatever case, and must be one', async () => {
  const saved = await save(english, 'Spring Sale')
  const again = await saveSegment(campaign.deps, marketer, { name: 'spring SALE', text: english })
  expect(again).toEqual({ ok: false, error: { code: 'name-taken' } })
  for (const name of ['', '  ', 'x'.repeat(121), 'line\nbreak'])
    expect(await saveSegment(campaign.deps, marketer, { name, text: english })).toMatchObject({
      ok: false,
      error: { code: 'name-invalid' },
    })
  const another = await save(other)
  expect(
    await updateSegment(campaign.deps, marketer, another.id, { name: 'SPRING sale', text: other }),
  ).toEqual({ ok: false, error: { code: 'name-taken' } })
  expect(
    await updateSegment(campaign.deps, marketer, saved.id, { name: 'SPRING SALE', text: english }),
  ).toMatchObject({ ok: true, value: { changed: false } })
  expect((await readSegment(campaign.deps, saved.id))?.name).toBe('SPRING SALE')
})

test('of two saves of one name at once one wins', async () => {
  const name = newName()
  const both = await Promise.all(
    [1, 2].map(() => saveSegment(campaign.deps, person('marketer'), { name, text: english })),
  )
  expect(new Set(both.map(({ ok }) => ok))).toEqual(new Set([false, true]))
})

test('two updates at once are two versions', async () => {
  const saved = await save(english)
  const both = await Promise.all(
    ['customers who [Points] > 11', 'customers who [Points] > 12'].map((text) =>
      updateSegment(campaign.deps, person('marketer'), saved.id, { text }),
    ),
  )
  expect(new Set(both.map((one) => one.ok && one.value.version))).toEqual(new Set([2, 3]))
})

test('a segment knows who speaks of it, and takes over what it reads', async () => {
  const base = await save(other)
  const user = await save(`customers who [City] is "Shanghai" and in audience [${base.name}]`)
  expect(await readSegment(campaign.deps, base.id)).toMatchObject({
    dependants: [{ id: user.id, name: user.name }],
  })
  expect(await readSegment(campaign.deps, user.id)).toMatchObject({
    categories: ['account.points', 'demographic.location'],
  })
})

test('segments that would lead back to themselves are refused, with the way', async () => {
  const a = await save(other)
  const b = await save(`customers who in audience [${a.name}]`)
  const c = await save(`customers who in audience [${b.name}]`)
  expect(
    await updateSegment(campaign.deps, marketer, a.id, {
      text: `customers who in audience [${c.name}]`,
    }),
  ).toEqual({
    ok: false,
    error: { code: 'segment-cycle', path: [a.name, c.name, b.name, a.name] },
  })
  expect(
    await updateSegment(campaign.deps, marketer, a.id, {
      text: `customers who in audience [${a.name}]`,
    }),
  ).toMatchObject({ ok: false, error: { code: 'segment-cycle', path: [a.name, a.name] } })
})

test('pages go on where the one before ended, and an unknown cursor is an error', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await listSegments(campaign.deps, { cursor, limit: 3 })
    if (!page.ok) throw new Error(page.error.code)
    seen.push(...page.value.items.map(({ id }) => id))
    cursor = page.value.nextCursor ?? undefined
  } while (cursor !== undefined)
  const { rows } = await campaign.world.asRole('yq_author', {}, (tx) =>
    sql<{ id: string }>`select id from segment.segment order by created_at desc, id desc`.execute(
      tx,
    ),
  )
  expect(seen).toEqual(rows.map(({ id }) => id))
  for (const wrong of ['nonsense', '00000000-0000-0000-0000-000000000000'])
    expect(await listSegments(campaign.deps, { cursor: wrong })).toEqual({
      ok: false,
      error: { code: 'cursor-unknown' },
    })
  expect(await readSegment(campaign.deps, 'nonsense')).toBeUndefined()
})
