import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildNextAudience } from '../../src/audiences/index.ts'
import { giveParties, openHttpWorld } from './world.ts'
import type { Answer, HttpWorld } from './world.ts'

/** From nothing to a pulled list, over HTTP alone: what each of the others may not is tried on the way. */
let world: HttpWorld
const use = { purpose: 'marketing.sms', channel: 'sms', recipient: 'sms-gateway' }
const people = 120

interface Who {
  marketer: string
  other: string
  approver: string
  reviewer: string
  steward: string
  officer: string
  tool: string
  handler: string
  consents: string
  data: string
  marketerId: string
  toolId: string
}
let who: Who
let audienceId = ''
let exportId = ''
let ids: readonly string[] = []

beforeAll(async () => {
  world = await openHttpWorld()
  await giveParties(world.service)
  const [marketer, other, approver, reviewer, steward, officer] = await Promise.all([
    world.personWith(['marketer', 'approver']),
    world.personWith(['marketer']),
    world.personWith(['approver']),
    world.personWith(['reviewer']),
    world.personWith(['steward']),
    world.personWith(['officer']),
  ])
  const tool = await world.machine('campaign_tool', 'sms-gateway')
  who = {
    marketer: marketer.cookie,
    other: other.cookie,
    approver: approver.cookie,
    reviewer: reviewer.cookie,
    steward: steward.cookie,
    officer: officer.cookie,
    tool: tool.token,
    handler: (await world.machine('campaign_tool', 'ad-platform')).token,
    consents: (await world.machine('consent_source')).token,
    data: (await world.machine('data_source')).token,
    marketerId: marketer.id,
    toolId: tool.id,
  }
})

afterAll(async () => {
  await world.close()
})

const post = async (path: string, cookie: string, body: unknown): Promise<Answer> =>
  await world.ask(path, { method: 'POST', cookie, body })
const put = async (path: string, cookie: string, body: unknown): Promise<Answer> =>
  await world.ask(path, { method: 'PUT', cookie, body })
const send = async (path: string, token: string, body: unknown): Promise<Answer> =>
  await world.ask(path, { method: 'POST', token, body })
const lines = (items: readonly unknown[]): string =>
  items.map((item) => JSON.stringify(item)).join('\n')
const sendLines = async (path: string, token: string, items: readonly unknown[]): Promise<Answer> =>
  await world.ask(path, {
    method: 'POST',
    token,
    body: lines(items),
    headers: { 'content-type': 'application/x-ndjson' },
  })
const label = (en: string, zh: string) => ({ en, zh })

const consentOf = (index: number, state = 'given') => ({
  eventId: `c-${index}-${state}`,
  subject: `u-${index}`,
  kind: 'general',
  purpose: 'marketing.sms',
  channels: ['sms'],
  categories: ['demographic.location', 'contact'],
  state,
  effectiveAt: state === 'given' ? '2026-01-01T00:00:00Z' : '2026-03-01T07:00:00Z',
  notice: { id: 'privacy', version: 1 },
  mechanism: 'checkbox',
  source: 'shop',
})

test('officer and steward say what rules and consents may speak of', async () => {
  const notice = { id: 'privacy', version: 1, language: 'zh-CN', text: '我们如何使用您的信息' }
  expect((await post('/v1/notices', who.officer, notice)).status).toBe(204)
  expect(
    (await post('/v1/notices', who.officer, { ...notice, text: '另一文本' })).body['code'],
  ).toBe('notice-changed')
  const contract = {
    recipient: 'sms-gateway',
    purposes: ['marketing.sms'],
    channels: ['sms'],
    categories: ['demographic.location', 'contact'],
    validFrom: '2025-01-01T00:00:00Z',
    validUntil: '2027-01-01T00:00:00Z',
  }
  expect((await put('/v1/contracts/sms-1', who.officer, contract)).status).toBe(204)
  expect((await put('/v1/contracts/sms-1', who.marketer, contract)).status).toBe(403)
  const city = {
    id: 'city',
    label: label('City', '城市'),
    category: 'demographic.location',
    dataClass: 'S1',
    type: { kind: 'enum', values: [{ id: 'shanghai', label: label('Shanghai', '上海') }] },
  }
  expect((await post('/v1/catalog/attributes', who.steward, city)).status).toBe(201)
  expect((await post('/v1/catalog/attributes', who.steward, city)).body['code']).toBe(
    'already-there',
  )
  const beijing = { id: 'beijing', label: label('Beijing', '北京'), spellings: ['BJ'] }
  expect((await post('/v1/catalog/attributes/city/values', who.steward, beijing)).status).toBe(201)
  const tag = { id: 'vip', label: label('vip', '贵宾'), category: 'contact', dataClass: 'S2' }
  expect((await post('/v1/catalog/tags', who.steward, tag)).status).toBe(201)
  const catalog = await world.ask('/v1/catalog', { cookie: who.marketer })
  expect(catalog.body['attributes']).toMatchObject([
    { id: 'city', type: { kind: 'enum', values: [{ id: 'shanghai' }, { id: 'beijing' }] } },
  ])
  const parties = await world.ask('/v1/parties', { cookie: who.marketer })
  expect(parties.body['recipients']).toMatchObject([
    { id: 'ad-platform' },
    { id: 'sms-gateway', role: 'processor' },
  ])
  expect(parties.body['contracts']).toMatchObject([{ validFrom: '2025-01-01T00:00:00.000Z' }])
})

test('sources send customers and consents, each answered by itself', async () => {
  const customers = Array.from({ length: people }, (_, index) => ({
    id: `u-${index}`,
    attributes: { city: index % 2 === 0 ? 'shanghai' : 'beijing' },
    identifiers: { mobile: `138${String(10_000_000 + index)}` },
    status: 'active',
    birthDate: '1990-05-05',
  }))
  const sent = await sendLines('/v1/customers', who.data, [
    ...customers,
    { id: 'u-x', attributes: { height: 3 } },
    { id: 5 },
  ])
  expect(sent.status).toBe(200)
  const items = sent.body['items']
  expect(Array.isArray(items) && items.slice(-2)).toEqual([
    { id: 'u-x', status: 'rejected', code: 'unknown-attribute', field: 'attributes.height' },
    {
      status: 'rejected',
      code: 'fields-invalid',
      errors: [{ pointer: '/id', code: 'wrong-type' }],
    },
  ])
  expect(Array.isArray(items) && items[0]).toEqual({ id: 'u-0', status: 'inserted' })
  const consents = customers.map((_, index) => consentOf(index))
  const granted = await sendLines('/v1/consent-events', who.consents, consents)
  expect(granted.text.match(/"inserted"/g)?.length).toBe(people)
  expect((await sendLines('/v1/consent-events', who.consents, consents)).text).not.toContain(
    '"inserted"',
  )
  expect((await sendLines('/v1/consent-events', who.data, consents)).status).toBe(403)
})

test('one item alone is refused as a request', async () => {
  const known = await send('/v1/consent-events', who.consents, consentOf(0))
  expect([known.status, known.body['items']]).toEqual([
    200,
    [{ eventId: 'c-0-given', status: 'duplicate' }],
  ])
  const other = await send('/v1/consent-events', who.consents, {
    ...consentOf(0),
    mechanism: 'form',
  })
  expect([other.status, other.body['code']]).toEqual([409, 'event-conflict'])
  // Another source cannot take an id away, and so keep a withdrawal out, by using it first.
  const { token } = await world.machine('consent_source')
  const another = await send('/v1/consent-events', token, { ...consentOf(0), mechanism: 'form' })
  expect(another.body['items']).toEqual([{ eventId: 'c-0-given', status: 'inserted' }])
  const unknown = await send('/v1/consent-events', who.consents, {
    ...consentOf(0),
    eventId: 'n',
    purpose: 'spam',
  })
  expect([unknown.status, unknown.body['errors']]).toMatchObject([
    422,
    [{ pointer: '/purpose', code: 'purpose-unknown' }],
  ])
  const shapeless = await send('/v1/consent-events', who.consents, { eventId: 'n' })
  expect([shapeless.status, shapeless.body['code']]).toEqual([422, 'fields-invalid'])
})

test('a rule is told in words, and a wrong one with places, in the language asked for', async () => {
  const text = 'customers who [City] is "Shanghai"'
  const good = await post('/v1/rules/explain', who.marketer, {
    text: 'customers who [City] = "Shanghai"',
    use,
  })
  expect(good.body).toMatchObject({ diagnostics: [], categories: ['demographic.location'] })
  expect(JSON.stringify(good.body['words'])).toContain('上海')
  const translated = await post('/v1/rules/translate', who.marketer, {
    text: 'customers who [City] = "Shanghai"',
    to: 'zh',
  })
  expect(translated.body['text']).toContain('[城市]')
  const again = await post('/v1/rules/check', who.marketer, { text: translated.body['text'] })
  expect(again.body['ruleHash']).toBe(good.body['ruleHash'])
  const formatted = await post('/v1/rules/format', who.marketer, {
    text: 'customers who    [City] = "Shanghai"',
  })
  expect(formatted.body['ruleHash']).toBe(good.body['ruleHash'])

  const wrong = 'customers who [Ctiy] = "Shanghai"'
  const checked = await post('/v1/rules/check', who.marketer, { text: wrong })
  expect(checked.body).toMatchObject({
    ruleHash: null,
    words: null,
    diagnostics: [{ code: 'E301', severity: 'error', span: { start: 14, end: 20 } }],
  })
  const saved = await world.ask('/v1/segments', {
    method: 'POST',
    cookie: who.marketer,
    body: { name: 'x', text: wrong },
    headers: { 'accept-language': 'zh-CN' },
  })
  expect([saved.status, saved.body['code']]).toEqual([422, 'rule-refused'])
  expect(saved.body['errors']).toMatchObject([
    { pointer: '/text', code: 'E301', span: { start: 14, end: 20 } },
  ])
  expect(JSON.stringify(saved.body['diagnostics'])).toMatch(/没有/)
  expect(text.length).toBeGreaterThan(0)
})

test('a count is released, rounded and withheld when it is small', async () => {
  const all = await post('/v1/counts', who.marketer, { text: 'everyone', use })
  expect(all.body['reachable']).toMatchObject({ value: people, error: null, suppressed: false })
  const few = await post('/v1/counts', who.marketer, { text: 'customers who have tag [vip]', use })
  expect(few.body['reachable']).toMatchObject({ value: null, suppressed: true })
  expect((await post('/v1/counts', who.reviewer, { text: 'everyone', use })).status).toBe(403)
  const unknown = await post('/v1/counts', who.marketer, {
    text: 'everyone',
    use: { ...use, purpose: 'marketing.smss' },
  })
  expect([unknown.status, unknown.body['code']]).toEqual([422, 'purpose-unknown'])
})

test('a segment becomes an audience, and its export waits for somebody else', async () => {
  const saved = await post('/v1/segments', who.marketer, {
    name: 'Shanghai',
    text: 'customers who [City] in ("Shanghai", "Beijing")',
  })
  expect(saved.status).toBe(201)
  const taken = await post('/v1/segments', who.marketer, { name: 'SHANGHAI', text: 'everyone' })
  expect([taken.status, taken.body['code']]).toEqual([409, 'name-taken'])
  const requested = await post(`/v1/segments/${String(saved.body['id'])}/audiences`, who.marketer, {
    use,
  })
  expect([requested.status, requested.body['state']]).toEqual([202, 'queued'])
  audienceId = String(requested.body['id'])
  const early = await post('/v1/exports', who.marketer, exportBody())
  expect([early.status, early.body['code']]).toEqual([409, 'audience-not-ready'])
  const worker = { id: 'test', leaseMs: 60_000, signal: new AbortController().signal }
  expect(await buildNextAudience(world.service, worker)).toBe('built')
  const ready = await world.ask(`/v1/audiences/${audienceId}`, { cookie: who.marketer })
  expect(ready.body).toMatchObject({ state: 'ready', progress: 100, reachable: { value: people } })
  expect(ready.body['exact']).toBeUndefined()
  const exact = await world.ask(`/v1/audiences/${audienceId}`, { cookie: who.approver })
  expect(exact.body['exact']).toMatchObject({ members: people })

  const asked = await post('/v1/exports', who.marketer, exportBody())
  expect([asked.status, asked.body['state']]).toEqual([201, 'requested'])
  exportId = String(asked.body['id'])
  const inbox = await world.ask('/v1/exports?state=requested', { cookie: who.approver })
  expect(inbox.body['items']).toMatchObject([{ id: exportId, requestedBy: who.marketerId }])
})

const exportBody = (columns: readonly string[] = ['id', 'mobile']) => ({
  audienceId,
  destination: 'spring campaign',
  columns,
  expiresAt: '2026-03-10T00:00:00Z',
  reason: 'spring sale',
})

test('an export that asks for too much or too long is refused with the place', async () => {
  const wrong = await post('/v1/exports', who.marketer, exportBody(['id', 'mobil']))
  expect([wrong.status, wrong.body['errors']]).toMatchObject([
    422,
    [{ pointer: '/columns', suggestions: ['mobile'] }],
  ])
  const late = await post('/v1/exports', who.marketer, {
    ...exportBody(),
    expiresAt: '2027-01-01T00:00:00Z',
  })
  expect(late.body['code']).toBe('expiry-invalid')
})

test('nobody approves the own request, and nobody approves twice', async () => {
  const approval = { decision: 'approve', reason: 'in order' }
  const path = `/v1/exports/${exportId}/approval`
  const own = await post(path, who.marketer, approval)
  expect([own.status, own.body['code']]).toEqual([403, 'own-request'])
  expect((await post(path, who.other, approval)).status).toBe(403)
  expect((await post(path, who.approver, { decision: 'approve', reason: ' ' })).body['code']).toBe(
    'reason-invalid',
  )
  const seen = await world.ask(`/v1/exports/${exportId}`, { cookie: who.approver })
  expect(seen.body['rule']).toMatchObject({ text: expect.stringContaining('[City]') })
  const early = await world.ask(`/v1/exports/${exportId}/rows`, { token: who.tool })
  expect([early.status, early.body['code']]).toEqual([409, 'export-not-available'])
  const approved = await post(path, who.approver, approval)
  expect([approved.status, approved.body['state']]).toEqual([200, 'available'])
  const again = await post(path, who.approver, approval)
  expect([again.status, again.body['code']]).toEqual([409, 'already-decided'])
})

test('the list goes to its recipient alone, line by line', async () => {
  const path = `/v1/exports/${exportId}/rows`
  for (const cookie of [who.marketer, who.approver, who.reviewer])
    expect((await world.ask(path, { cookie })).status).toBe(403)
  const foreign = await world.ask(path, { token: who.handler })
  expect([foreign.status, foreign.body['code']]).toEqual([404, 'not-found'])
  expect((await world.ask(`/v1/exports/${exportId}`, { token: who.handler })).status).toBe(404)
  expect((await world.ask('/v1/exports', { token: who.handler })).body['items']).toEqual([])

  const first = await world.ask(`${path}?limit=30`, { token: who.tool })
  expect(first.headers.get('content-type')).toContain('application/x-ndjson')
  const rows = first.text
    .trim()
    .split('\n')
    .map((line): Record<string, string> => JSON.parse(line))
  expect(rows.length).toBe(30)
  expect(rows[0]).toEqual({
    id: expect.stringMatching(/^p1_/),
    mobile: expect.stringMatching(/^\+86138/),
  })
  const cursor = rows.at(-1)?.['id'] ?? ''
  const rest = await world.ask(`${path}?cursor=${cursor}`, {
    token: who.tool,
    headers: { accept: 'text/csv' },
  })
  const csv = rest.text.split('\r\n')
  expect(csv[0]).toBe('id,mobile')
  expect(csv.length).toBe(1 + (people - 30) + 1)
  ids = [
    ...rows.map((row) => row['id'] ?? ''),
    ...csv.slice(1, -1).map((line) => line.split(',')[0] ?? ''),
  ]
  expect(new Set(ids).size).toBe(people)
  const wrong = await world.ask(`${path}?cursor=p1_none`, { token: who.tool })
  expect([wrong.status, wrong.body['code']]).toEqual([422, 'cursor-unknown'])
})

test('a reader that leaves ends its pull, and what it did not take is not on record as sent', async () => {
  const response = await world.raw(`/v1/exports/${exportId}/rows`, { token: who.tool })
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  const unread = await world.raw(`/v1/exports/${exportId}/rows`, { token: who.tool })
  await unread.body?.cancel()
  const pulls = await world.asOperator(
    'select count(distinct pull_id)::integer as pulls from export.chunk where export_id = $1',
    [exportId],
  )
  expect(pulls).toEqual([{ pulls: 3 }])
})

test('manifest, acknowledgement, permission, opt-out and removals belong together', async () => {
  const manifest = await world.ask(`/v1/exports/${exportId}/manifest`, { token: who.tool })
  expect(manifest.body).toMatchObject({ exportId, counts: { delivered: people } })
  expect(
    (await world.ask(`/v1/exports/${exportId}/manifest`, { cookie: who.reviewer })).status,
  ).toBe(200)
  expect(
    (await world.ask(`/v1/exports/${exportId}/manifest`, { cookie: who.marketer })).status,
  ).toBe(403)
  const differs = await send(`/v1/exports/${exportId}/acknowledgement`, who.tool, {
    digest: 'sha256:x',
    rowCount: 1,
  })
  expect([differs.status, differs.body['rowCount']]).toEqual([409, people])
  const list = { ...Object(manifest.body['list']) }
  const confirmed = await send(`/v1/exports/${exportId}/acknowledgement`, who.tool, {
    digest: list.digest,
    rowCount: list.rows,
  })
  expect(confirmed.status).toBe(200)

  const [first = '', second = ''] = ids
  const asked = await send('/v1/permitted', who.tool, { ids: [first, 'p1_unknown'] })
  expect(asked.body['items']).toMatchObject([{ id: first, permitted: true }, { permitted: false }])
  const out = await send('/v1/opt-outs', who.tool, { ids: [first, 'p1_unknown'], reason: 'TD' })
  expect(out.body['items']).toEqual([
    { id: first, status: 'suppressed' },
    { id: 'p1_unknown', status: 'unknown' },
  ])
  const withdrawn = await sendLines(
    '/v1/consent-events',
    who.consents,
    Array.from({ length: people }, (_, index) => consentOf(index, 'withdrawn')),
  )
  expect(withdrawn.status).toBe(200)
  expect((await send('/v1/permitted', who.tool, { ids: [second] })).body['items']).toMatchObject([
    { permitted: false },
  ])
  const removals = await world.ask(`/v1/exports/${exportId}/removals?limit=100`, {
    token: who.tool,
  })
  expect(removals.body['items']).toHaveLength(100)
  const more = await world.ask(
    `/v1/exports/${exportId}/removals?cursor=${String(removals.body['nextCursor'])}`,
    { token: who.tool },
  )
  expect(more.body).toMatchObject({ nextCursor: null })
  const deltas = await world.ask(`/v1/exports/${exportId}/rows?since=0`, { token: who.tool })
  const told = deltas.text
    .trim()
    .split('\n')
    .map((line): Record<string, string> => JSON.parse(line))
  expect(told.length).toBe(people)
  expect(told[0]).toEqual({
    op: 'remove',
    id: expect.stringMatching(/^p1_/),
    reason: expect.any(String),
  })
  const empty = await world.ask(`/v1/exports/${exportId}/rows`, { token: who.tool })
  expect([empty.status, empty.text]).toEqual([200, ''])
})

test('a cancelled export gives nothing more, and the reviewer finds all of it', async () => {
  const foreign = await post(`/v1/exports/${exportId}/cancel`, who.other, {})
  expect([foreign.status, foreign.body['code']]).toEqual([403, 'not-own-request'])
  expect((await post(`/v1/exports/${exportId}/cancel`, who.marketer, {})).body['state']).toBe(
    'cancelled',
  )
  const gone = await world.ask(`/v1/exports/${exportId}/rows`, { token: who.tool })
  expect([gone.status, gone.body['code']]).toEqual([409, 'export-cancelled'])
  const found = await post('/v1/access-log/search', who.reviewer, { exportId })
  const actions = new Set(
    Array.isArray(found.body['items'])
      ? found.body['items'].map(({ action }) => String(action))
      : [],
  )
  for (const action of [
    'export.request',
    'export.decide',
    'export.pull',
    'export.cancel',
    'export.acknowledge',
  ])
    expect(actions).toContain(action)
  const subject = await post('/v1/access-log/search', who.reviewer, { subject: 'u-3', limit: 5 })
  expect(subject.body['items']).not.toEqual([])
  expect((await post('/v1/access-log/search', who.marketer, {})).status).toBe(403)
  const refusal = { action: 'access-log.search', decision: 'deny' }
  const refused = await post('/v1/access-log/search', who.reviewer, refusal)
  expect(refused.body).toMatchObject({
    items: [
      {
        reason: 'role-missing',
        reasonInWords: 'None of the roles held allows this. The refusal is on record.',
      },
    ],
  })
  const log = await world.asOperator('select entry::text as line from audit.entry as entry')
  expect(JSON.stringify(log)).not.toMatch(/138\d{8}|u-3\b/)
  expect(world.faults).toEqual([])
})
