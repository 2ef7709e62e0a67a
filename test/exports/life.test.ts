import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildNextAudience, requestAudience } from '../../src/audiences/index.ts'
import {
  acknowledge,
  cancelExport,
  decideExport,
  listExports,
  optOut,
  pullRows,
  readExport,
  requestExport,
  sweepExpired,
} from '../../src/exports/index.ts'
import type { ExportRequest } from '../../src/exports/index.ts'
import {
  ads,
  cityRule,
  daysFromStart,
  grant,
  machine,
  openCampaign,
  person,
  reachableIn,
  ruleCategories,
  sms,
  start,
  worker,
} from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import { approver, available, entriesOf, pseudonymsOf, pull, request, tool } from './world.ts'

let campaign: Campaign
let audienceId: string
beforeAll(async () => {
  campaign = await openCampaign({ connectionsMax: 6 })
  audienceId = await campaign.audience('shanghai')
})
afterAll(async () => {
  await campaign.close()
})

const marketer = person('marketer')
const ask = (change: Partial<ExportRequest> = {}) =>
  requestExport(campaign.deps, marketer, { ...request(audienceId), ...change })
const asked = async (change: Partial<ExportRequest> = {}) => {
  const result = await ask(change)
  if (!result.ok) throw new Error(result.error.code)
  return result.value.id
}
const decide = (id: string, who = approver, decision: 'approved' | 'rejected' = 'approved') =>
  decideExport(campaign.deps, who, id, { decision, reason: 'looked at it' })
const codeOf = (result: { ok: boolean; error?: { code: string } }) => result.error?.code

test('the requester hears of every gate, and of those that depend on people by a release', async () => {
  const result = await ask()
  expect(result).toMatchObject({
    ok: true,
    value: {
      state: 'requested',
      gates: [
        { code: 'audience-ready', outcome: 'passed' },
        { code: 'columns', outcome: 'passed' },
        { code: 'contract', outcome: 'passed' },
        { code: 'expiry', outcome: 'passed' },
        { code: 'minimum-size', outcome: 'passed' },
      ],
    },
  })
  const small = await campaign.audience('lhasa')
  const id = await asked({ audienceId: small })
  const sizeFor = async (kind: 'marketer' | 'approver' | 'reviewer') =>
    (await readExport(campaign.deps, marketer, id, { kind }))?.gates?.at(-1)
  expect(await sizeFor('marketer')).toEqual({ code: 'minimum-size', outcome: 'needs-review' })
  expect(await sizeFor('approver')).toEqual({ code: 'minimum-size', outcome: 'failed' })
  expect(await sizeFor('reviewer')).toEqual({ code: 'minimum-size', outcome: 'failed' })
})

test('a request that must not be is refused, says why and is on record', async () => {
  const segmentId = await campaign.saveRule(cityRule('beijing'), ruleCategories)
  const queued = await requestAudience(campaign.deps, marketer, { segmentId, use: sms })
  if (!queued.ok) throw new Error(queued.error.code)
  const wrong: readonly [Partial<ExportRequest>, object][] = [
    [{ audienceId: 'nonsense' }, { code: 'audience-unknown' }],
    [{ audienceId: queued.value.id }, { code: 'audience-not-ready' }],
    [{ columns: ['id', 'mobil'] }, { code: 'column-unknown', suggestions: ['mobile'] }],
    [{ columns: ['id', 'city'] }, { code: 'column-unknown', column: 'city' }],
    [{ expiresAt: daysFromStart(0) }, { code: 'expiry-invalid', daysMax: 30 }],
    [{ expiresAt: daysFromStart(31) }, { code: 'expiry-invalid' }],
    [{ expiresAt: new Date('nonsense') }, { code: 'expiry-invalid' }],
    [{ reason: ' ' }, { code: 'text-invalid', field: 'reason' }],
    [{ destination: 'x'.repeat(201) }, { code: 'text-invalid', field: 'destination' }],
  ]
  for (const [change, error] of wrong) expect(await ask(change)).toMatchObject({ ok: false, error })
  const refusals = (await entriesOf(campaign, 'export.request')).filter(
    ({ decision }) => decision === 'deny',
  )
  expect(refusals).toHaveLength(wrong.length)
  expect(await buildNextAudience(campaign.deps, worker())).toBe('built')
  const handlerAudience = await campaign.audience('shanghai', ads)
  expect(await ask({ audienceId: handlerAudience, columns: ['id', 'mobile'] })).toMatchObject({
    ok: false,
    error: { code: 'column-not-allowed', column: 'mobile', role: 'handler' },
  })
})

test('nobody approves an own request, and nobody decides twice', async () => {
  const id = await asked()
  const both = person('approver', marketer.actor.id)
  expect(codeOf(await decide(id, both))).toBe('own-request')
  // The database refuses it too, whatever the service does.
  await expect(
    campaign.world.asRole('yq_approver', { actor: marketer.actor.id }, (tx) =>
      sql`insert into export.approval (export_id, decision, approver, reason, rule_hash)
        values (${id}, 'approved', ${marketer.actor.id}, 'me', 'x')`.execute(tx),
    ),
  ).rejects.toThrow('row-level security')
  expect(await decide(id)).toEqual({ ok: true, value: { id, state: 'available' } })
  expect(codeOf(await decide(id, person('approver')))).toBe('already-decided')
  expect(await readExport(campaign.deps, marketer, id, { kind: 'marketer' })).toMatchObject({
    state: 'available',
    approval: { decision: 'approved', approver: approver.actor.id },
  })
})

test('of two decisions at once one counts', async () => {
  const id = await asked()
  const both = await Promise.all([
    decide(id, person('approver')),
    decide(id, person('approver'), 'rejected'),
  ])
  expect(new Set(both.map(({ ok }) => ok))).toEqual(new Set([true, false]))
  expect(both.map(codeOf)).toContain('already-decided')
})

test('nothing becomes available without an approval, even for the service itself', async () => {
  const id = await asked()
  for (const role of ['yq_author', 'yq_exporter'] as const)
    await expect(
      campaign.world.asRole(role, { actor: 'somebody', recipient: 'gateway' }, (tx) =>
        sql`select export.move(${id}, array['requested'], 'approved')`.execute(tx),
      ),
    ).rejects.toThrow('nobody decided so')
  expect(codeOf(await pullRows(campaign.deps, tool, { exportId: id, recipient: 'gateway' }))).toBe(
    'export-not-available',
  )
})

test("an export is of its audience's use and rule, whatever the request says", async () => {
  const id = await asked()
  const shown = await readExport(campaign.deps, marketer, id, { kind: 'marketer' })
  expect(shown).toMatchObject({ use: sms, categories: ruleCategories })
  await expect(
    campaign.world.asRole('yq_author', { actor: marketer.actor.id }, (tx) =>
      sql`insert into export.export (
          audience_id, recipient_id, destination, columns, reason, requested_by, expires_at, gates)
        values (${audienceId}, 'ads', 'x', array['id'], 'x', ${marketer.actor.id}, now(), '[]')`.execute(
        tx,
      ),
    ),
  ).rejects.toThrow('permission denied')
})

test('a rejected, cancelled or expired export is over', async () => {
  const rejected = await asked()
  expect(await decide(rejected, approver, 'rejected')).toMatchObject({
    value: { state: 'rejected' },
  })
  expect(codeOf(await cancelExport(campaign.deps, marketer, rejected, 'marketer'))).toBe(
    'export-rejected',
  )
  const cancelled = await asked()
  expect(await cancelExport(campaign.deps, marketer, cancelled, 'marketer')).toMatchObject({
    ok: true,
  })
  expect(codeOf(await decide(cancelled))).toBe('export-cancelled')
  expect(codeOf(await cancelExport(campaign.deps, marketer, cancelled, 'marketer'))).toBe(
    'export-cancelled',
  )
  const expired = await asked({ expiresAt: daysFromStart(1) })
  campaign.clock.set(daysFromStart(2))
  expect(codeOf(await decide(expired))).toBe('export-expired')
  expect(await readExport(campaign.deps, marketer, expired, { kind: 'marketer' })).toMatchObject({
    state: 'expired',
  })
  const swept = await sweepExpired(campaign.deps, machine('sweeper'), start)
  expect(swept.exports).toBe(1)
  expect(await sweepExpired(campaign.deps, machine('sweeper'), start)).toMatchObject({ exports: 0 })
  expect(codeOf(await cancelExport(campaign.deps, marketer, expired, 'marketer'))).toBe(
    'export-expired',
  )
  campaign.clock.set(start)
})

test('a recipient lists its own exports only, and sees nothing of the people who decided', async () => {
  const id = await available(campaign, 'shanghai')
  const seen = await listExports(campaign.deps, tool, {
    kind: 'campaign_tool',
    recipient: 'gateway',
  })
  if (!seen.ok) throw new Error(seen.error.code)
  const own = seen.value.items.find((item) => item.id === id)
  expect(own).toMatchObject({ state: 'available', columns: ['id'] })
  for (const hidden of ['reason', 'requestedBy', 'gates', 'approval', 'segment'])
    expect(own).not.toHaveProperty(hidden)
  const others = await listExports(campaign.deps, tool, { kind: 'campaign_tool', recipient: 'ads' })
  expect(others).toMatchObject({ ok: true, value: { items: [] } })
  const viewer = { kind: 'campaign_tool', recipient: 'ads' } as const
  expect(await readExport(campaign.deps, tool, id, viewer)).toBeUndefined()
})

test('an acknowledgement must be of the list that was delivered, and repeats its answer', async () => {
  const id = await available(campaign, 'beijing')
  const { ids } = await pull(campaign, id)
  const acknowledged = (held: readonly string[]) =>
    acknowledge(campaign.deps, tool, {
      recipient: 'gateway',
      exportId: id,
      digest: `sha256:${createHash('sha256')
        .update(held.map((one) => `${one}\n`).join(''))
        .digest('hex')}`,
      rowCount: held.length,
    })
  expect(await acknowledged(ids.slice(1))).toEqual({
    ok: false,
    error: { code: 'digest-differs', rowCount: ids.length },
  })
  const first = await acknowledged(ids)
  expect(first).toMatchObject({ ok: true, value: { rowCount: ids.length } })
  expect(await acknowledged(ids)).toEqual(first)
  // After a removal the list to be held is the one without that person.
  const [gone] = ids
  await optOut(campaign.deps, tool, { recipient: 'gateway', ids: [gone ?? ''], reason: 'opt-out' })
  expect(await acknowledged(ids.slice(1))).toMatchObject({ ok: true })
  expect(await acknowledged(ids)).toEqual(first)
})

test('a consent that runs out after delivery becomes a removal', async () => {
  const place = reachableIn('shanghai').at(-1) ?? 0
  await campaign.consent([
    grant(place, {
      eventId: 'short',
      state: 'renewed',
      effectiveAt: daysFromStart(-1).toISOString(),
      validUntil: daysFromStart(2).toISOString(),
    }),
  ])
  const id = await available(campaign, 'shanghai')
  const { ids } = await pull(campaign, id)
  const [pseudonym] = await pseudonymsOf(campaign, [place])
  expect(ids).toContain(pseudonym)
  campaign.clock.set(daysFromStart(3))
  const swept = await sweepExpired(campaign.deps, machine('sweeper'), start)
  expect(swept.consents).toBe(1)
  const { rows } = await campaign.world.asRole('yq_auditor', {}, (tx) =>
    sql<{ pseudonym: string; reason: string }>`
      select pseudonym, reason from export.removal where export_id = ${id}`.execute(tx),
  )
  expect(rows).toEqual([{ pseudonym, reason: 'expired' }])
  campaign.clock.set(start)
})
