import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildNextAudience } from '../../src/audiences/index.ts'
import { giveParties, openHttpWorld } from './world.ts'
import type { HttpWorld } from './world.ts'

/** Lists of more than one chunk, whose reader may leave or find its list taken back. */
let world: HttpWorld
let token = ''
let marketer = ''
let approver = ''
let audienceId = ''
/** The first chunk has a thousand rows. */
const people = 1300

beforeAll(async () => {
  world = await openHttpWorld()
  await giveParties(world.service)
  marketer = (await world.personWith(['marketer'])).cookie
  approver = (await world.personWith(['approver'])).cookie
  await load()
  audienceId = await build()
  token = (await world.machine('campaign_tool', 'sms-gateway')).token
})

afterAll(async () => {
  await world.close()
})

async function load(): Promise<void> {
  const officer = (await world.personWith(['officer'])).cookie
  const notice = { id: 'privacy', version: 1, language: 'zh-CN', text: '告知' }
  await world.ask('/v1/notices', { method: 'POST', cookie: officer, body: notice })
  const contract = {
    recipient: 'sms-gateway',
    purposes: ['marketing.sms'],
    channels: ['sms'],
    categories: ['contact'],
    validFrom: '2025-01-01T00:00:00Z',
    validUntil: '2027-01-01T00:00:00Z',
  }
  await world.ask('/v1/contracts/c1', { method: 'PUT', cookie: officer, body: contract })
  const steward = (await world.personWith(['steward'])).cookie
  const tag = { id: 'vip', label: { en: 'vip', zh: '贵宾' }, category: 'contact', dataClass: 'S1' }
  await world.ask('/v1/catalog/tags', { method: 'POST', cookie: steward, body: tag })
  const numbers = Array.from({ length: people }, (_, index) => index)
  const data = await world.machine('data_source')
  const customers = numbers.map((index) => ({
    id: `u-${index}`,
    identifiers: { mobile: `138${String(10_000_000 + index)}` },
    birthDate: '1990-05-05',
  }))
  await send('/v1/customers', data.token, customers)
  const source = await world.machine('consent_source')
  const consents = numbers.map((index) => ({
    eventId: `c-${index}`,
    subject: `u-${index}`,
    kind: 'general',
    purpose: 'marketing.sms',
    channels: ['sms'],
    categories: ['contact'],
    state: 'given',
    effectiveAt: '2026-01-01T00:00:00Z',
    notice: { id: 'privacy', version: 1 },
    mechanism: 'checkbox',
    source: 'shop',
  }))
  await send('/v1/consent-events', source.token, consents)
}

async function send(path: string, machine: string, items: readonly unknown[]): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' }
  const body = items.map((item) => JSON.stringify(item)).join('\n')
  const answer = await world.ask(path, { method: 'POST', token: machine, headers, body })
  expect(answer.text.match(/"inserted"/g)?.length).toBe(people)
}

async function build(): Promise<string> {
  const rule = { name: 'all', text: 'everyone' }
  const saved = await world.ask('/v1/segments', { method: 'POST', cookie: marketer, body: rule })
  const use = { purpose: 'marketing.sms', channel: 'sms', recipient: 'sms-gateway' }
  const asked = { method: 'POST', cookie: marketer, body: { use } }
  const requested = await world.ask(`/v1/segments/${String(saved.body['id'])}/audiences`, asked)
  const worker = { id: 'test', leaseMs: 60_000, signal: new AbortController().signal }
  expect(await buildNextAudience(world.service, worker)).toBe('built')
  return String(requested.body['id'])
}

async function newExport(): Promise<string> {
  const body = {
    audienceId,
    destination: 'spring',
    columns: ['id', 'mobile'],
    expiresAt: '2026-03-10T00:00:00Z',
    reason: 'spring',
  }
  const asked = await world.ask('/v1/exports', { method: 'POST', cookie: marketer, body })
  const id = String(asked.body['id'])
  const decision = { decision: 'approved', reason: 'in order' }
  const approved = await world.ask(`/v1/exports/${id}/approval`, {
    method: 'POST',
    cookie: approver,
    body: decision,
  })
  expect(approved.status).toBe(200)
  return id
}

const pull = async (id: string): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
  const response = await world.raw(`/v1/exports/${id}/rows`, { token })
  expect(response.status).toBe(200)
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('no body')
  return reader
}

const delivered = async (id: string): Promise<number> => {
  const rows = await world.asOperator(
    'select count(*)::integer as rows from export.delivery where export_id = $1',
    [id],
  )
  return Number(rows[0]?.['rows'])
}

test('a pull that is read to its end is whole', async () => {
  const id = await newExport()
  const { text } = await world.ask(`/v1/exports/${id}/rows`, {
    token,
    headers: { accept: 'text/csv' },
  })
  expect(text.trim().split('\r\n').length).toBe(1 + people)
  expect(await delivered(id)).toBe(people)
})

test('nothing is made that is not asked for', async () => {
  const id = await newExport()
  const reader = await pull(id)
  expect(await delivered(id)).toBe(0)
  await reader.read()
  expect(await delivered(id)).toBe(1000)
  await reader.cancel()
  expect(await delivered(id)).toBe(1000)
})

test('a list that is taken back while it is read breaks off instead of ending', async () => {
  const id = await newExport()
  const reader = await pull(id)
  await reader.read()
  await world.ask(`/v1/exports/${id}/cancel`, { method: 'POST', cookie: approver, body: {} })
  await expect(reader.read()).rejects.toThrow()
  expect(await delivered(id)).toBe(1000)
  expect(world.faults).toEqual([])
})

test('so does one that expires, and one whose reader is gone ends in silence', async () => {
  const id = await newExport()
  const reader = await pull(id)
  await reader.read()
  const abort = new AbortController()
  const other = await world.raw(`/v1/exports/${id}/rows`, { token, signal: abort.signal })
  abort.abort()
  await expect(other.text()).rejects.toThrow()
  world.pass(10 * 24 * 3_600_000)
  await expect(reader.read()).rejects.toThrow()
  expect(world.faults).toEqual([])
})
