import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countReach, waterfallReasons } from '../../src/audiences/index.ts'
import { customers, openCampaign, person, reachableIn, sms } from './world.ts'
import type { Campaign } from './world.ts'

let campaign: Campaign
beforeAll(async () => {
  campaign = await openCampaign()
})
afterAll(async () => {
  await campaign.close()
})

const marketer = person('marketer')
const english = 'customers who [City] is "Shanghai"'
const chinese = '客户满足 [城市] 为 "上海"'
const count = (text: string, use = sms) => countReach(campaign.deps, marketer, { text, use })
const lastEntry = async () => {
  const { rows } = await campaign.world.asRole('yq_auditor', {}, (tx) =>
    sql`select action, decision, reason, purpose, channel, recipient, rule_hash, categories, row_count
      from audit.entry order by seq desc limit 1`.execute(tx),
  )
  return rows[0]
}
const ten = (exact: number) => Math.round(exact / 10) * 10

test('a count is a waterfall of released numbers, eligible first, and on record', async () => {
  const counted = await count(english)
  if (!counted.ok) throw new Error(counted.error.code)
  const { waterfall, reachable, ruleHash } = counted.value
  expect(waterfall.map(({ reason }) => reason)).toEqual(waterfallReasons)
  const valueOf = Object.fromEntries(waterfall.map(({ reason, count }) => [reason, count.value]))
  expect(valueOf).toMatchObject({
    everyone: customers,
    general: 120,
    status: null,
    eligible: 480,
    matched: ten(239),
    reachable: ten(reachableIn('shanghai').length),
  })
  expect(reachable.value).toBe(valueOf['reachable'])
  expect(await lastEntry()).toEqual({
    action: 'count.read',
    decision: 'allow',
    reason: null,
    ...sms,
    rule_hash: ruleHash,
    categories: ['demographic.location'],
    row_count: '480',
  })
})

test('the same rule in Chinese has the same hash and the same numbers', async () => {
  expect(await count(chinese)).toEqual(await count(english))
})

test('a rule for few people tells nothing of them', async () => {
  const counted = await count('customers who [City] is "Lhasa"')
  if (!counted.ok) throw new Error(counted.error.code)
  expect(counted.value.reachable).toMatchObject({ value: null, suppressed: true })
})

test('a wrong rule and an unknown use are refused, and the refusals are on record', async () => {
  expect(await count('customers who [City] is')).toMatchObject({
    ok: false,
    error: { code: 'rule-refused' },
  })
  expect(await lastEntry()).toMatchObject({ decision: 'deny', reason: 'rule-refused' })
  expect(await count(english, { ...sms, purpose: 'marketing.winbak' })).toEqual({
    ok: false,
    error: {
      code: 'purpose-unknown',
      field: 'purpose',
      suggestions: ['marketing.winback'],
    },
  })
  // A hostile id is looked up like any other and never becomes a setting.
  expect(await count(english, { ...sms, channel: "sms'; drop table x" })).toMatchObject({
    ok: false,
    error: { code: 'channel-unknown' },
  })
  expect(await lastEntry()).toMatchObject({ decision: 'deny', reason: 'channel-unknown' })
})

test('counts read no identifier and leave no eligibility behind', async () => {
  await count(english)
  await expect(
    campaign.world.asRole('yq_analyst', {}, (tx) =>
      sql`select customer_id from vault.contact`.execute(tx),
    ),
  ).rejects.toThrow('permission denied')
  const { rows } = await campaign.world.asRole('yq_analyst', { run: '1' }, (tx) =>
    sql`select customer_id from consent.eligible`.execute(tx),
  )
  expect(rows).toEqual([])
})
