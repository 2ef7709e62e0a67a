import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchEntries } from '../../src/audit/index.ts'
import { appendConsentEvents, defineParties, judge, listParties } from '../../src/consent/index.ts'
import type { ConsentEventInput } from '../../src/consent/index.ts'
import {
  adult,
  consentWorld,
  context,
  daysAgo,
  grant,
  noon,
  parties,
  putPeople,
} from './support.ts'
import type { ConsentTestWorld } from './support.ts'

const use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'own' }
const rule = { categories: ['transaction'], personalised: true, at: noon }
let world: ConsentTestWorld
let nextId = 1

beforeAll(async () => {
  world = await consentWorld()
})
afterAll(async () => {
  await world.close()
})

async function person() {
  const customerId = String(nextId++)
  await putPeople(world, [{ customerId, subject: `s${customerId}`, facts: adult }])
  return { customerId, subject: `s${customerId}` }
}

async function send(...events: ConsentEventInput[]) {
  const outcomes = await appendConsentEvents(world.deps, context, events)
  if (!outcomes.ok) throw new Error(outcomes.error.code)
  return outcomes.value
}

const reasonOf = async (customerId: string) =>
  await world.asRole('yq_builder', {}, async (tx) =>
    (await judge(tx, [customerId], use, rule)).get(customerId),
  )

describe('a consent source', () => {
  test('gives and takes back, and each holds when the answer returns', async () => {
    const { customerId, subject } = await person()
    expect(await reasonOf(customerId)).toBe('general')
    expect(await send(grant(subject))).toEqual([{ eventId: `g-${subject}`, status: 'inserted' }])
    expect(await reasonOf(customerId)).toBeNull()
    await send(
      grant(subject, {
        eventId: `w-${subject}`,
        state: 'withdrawn',
        effectiveAt: noon.toISOString(),
      }),
    )
    expect(await reasonOf(customerId)).toBe('general')
  })

  test('may repeat itself, and is told when it says something else under the same id', async () => {
    const { subject } = await person()
    const other = await person()
    const event = grant(subject)
    const changed = { ...event, channels: ['email'] }
    const elsewhere = { ...event, subject: other.subject }
    expect((await send(event, event, changed)).map(({ status }) => status)).toEqual([
      'inserted',
      'duplicate',
      'conflict',
    ])
    expect((await send(event, changed, elsewhere)).map(({ status }) => status)).toEqual([
      'duplicate',
      'conflict',
      'conflict',
    ])
    expect(await reasonOf(other.customerId)).toBe('general')
  })

  test('has its good events applied and each bad one answered', async () => {
    const { customerId, subject } = await person()
    const outcomes = await send(
      grant(subject, { eventId: 'bad', mechanism: 'Pre-ticked' }),
      grant(subject),
      grant('somebody else', { eventId: 'lost' }),
    )
    expect(outcomes).toEqual([
      { eventId: 'bad', status: 'rejected', code: 'mechanism-refused', field: 'mechanism' },
      { eventId: `g-${subject}`, status: 'inserted' },
      { eventId: 'lost', status: 'rejected', code: 'subject-unknown', field: 'subject' },
    ])
    expect(await reasonOf(customerId)).toBeNull()
  })

  test.each<[Partial<ConsentEventInput>, string]>([
    [{ mechanism: 'preticked' }, 'mechanism-refused'],
    [{ mechanism: 'bundled' }, 'mechanism-refused'],
    [{ mechanism: 'implied' }, 'mechanism-refused'],
    [{ mechanism: 'silence' }, 'mechanism-refused'],
    [{ mechanism: '' }, 'text-invalid'],
    [{ eventId: 'nul\u0000' }, 'text-invalid'],
    [{ eventId: 'half \uD800' }, 'text-invalid'],
    [{ eventId: 'x'.repeat(201) }, 'text-too-long'],
    [{ evidence: 'x'.repeat(1_001) }, 'text-too-long'],
    [{ state: 'expired' }, 'state-unknown'],
    [{ kind: 'special' }, 'kind-unknown'],
    [{ kind: 'separate:publication:x' }, 'kind-unknown'],
    [{ purpose: 'marketing.nothing' }, 'purpose-unknown'],
    [{ channels: ['pigeon'] }, 'channel-unknown'],
    [{ channels: [] }, 'channel-missing'],
    [{ categories: ['demo'] }, 'category-unknown'],
    [{ categories: [] }, 'category-missing'],
    [
      { kind: 'separate:sensitive:health.lab', categories: ['transaction'] },
      'category-outside-kind',
    ],
    [{ kind: 'separate:recipient' }, 'recipient-missing'],
    [{ kind: 'separate:recipient', recipient: 'nobody' }, 'recipient-unknown'],
    [{ kind: 'separate:recipient:ads', recipient: 'own' }, 'recipient-unexpected'],
    [{ recipient: 'ads' }, 'recipient-unexpected'],
    [{ notice: undefined }, 'notice-missing'],
    [{ notice: { id: 'privacy', version: 9 } }, 'notice-unknown'],
    [{ effectiveAt: '2026-02-30T00:00:00Z' }, 'time-invalid'],
    [{ effectiveAt: '2026-02-01' }, 'time-invalid'],
    [{ effectiveAt: '2026-02-01T00:00:00' }, 'time-invalid'],
    [{ effectiveAt: new Date(noon.getTime() + 300_001).toISOString() }, 'time-in-future'],
    [{ validUntil: daysAgo(30).toISOString() }, 'validity-empty'],
    [{ validUntil: 'never' }, 'time-invalid'],
  ])('is refused a grant with %j: %s', async (change, code) => {
    const { customerId, subject } = await person()
    expect(await send(grant(subject, change))).toEqual([
      expect.objectContaining({ status: 'rejected', code }),
    ])
    expect(await reasonOf(customerId)).toBe('general')
  })

  test('may take everything back by naming nothing, however it was heard', async () => {
    const { customerId, subject } = await person()
    await send(grant(subject))
    const all = grant(subject, {
      eventId: `w-${subject}`,
      state: 'withdrawn',
      channels: [],
      categories: [],
      notice: undefined,
      mechanism: 'implied',
      effectiveAt: noon.toISOString(),
    })
    expect(await send(all)).toEqual([expect.objectContaining({ status: 'inserted' })])
    expect(await reasonOf(customerId)).toBe('general')
  })

  test('may carry the recipient or the category in the kind', async () => {
    const { customerId, subject } = await person()
    await send(grant(subject, { categories: ['health', 'transaction'] }))
    await send(
      grant(subject, {
        eventId: `r-${subject}`,
        kind: 'separate:recipient:ads',
        categories: ['health'],
      }),
    )
    await send(
      grant(subject, {
        eventId: `s-${subject}`,
        kind: 'separate:sensitive:health.lab',
        categories: [],
      }),
    )
    const toAds = { ...use, recipient: 'ads' }
    const ask = async (categories: string[]) =>
      await world.asRole('yq_builder', {}, async (tx) =>
        (await judge(tx, [customerId], toAds, { ...rule, categories })).get(customerId),
      )
    expect(await ask(['health.lab'])).toBeNull()
    expect(await ask(['health.pharmacy'])).toBe('sensitive')
    expect(await ask(['transaction'])).toBe('recipient')
  })

  test('leaves one entry on record for each batch, without a value of anybody', async () => {
    const { subject } = await person()
    await send(grant(subject), grant(subject, { state: 'nonsense', eventId: 'no' }))
    const page = await searchEntries(world.deps, context, { action: 'consent.append', subject }, 10)
    if (!page.ok) throw new Error(page.error.code)
    expect(page.value.items).toEqual([
      expect.objectContaining({
        action: 'consent.append',
        decision: 'allow',
        detail: { inserted: 1, duplicate: 0, conflict: 0, rejected: 1 },
      }),
    ])
    expect(JSON.stringify(page.value.items)).not.toContain(subject)
  })

  test('leaves no event when the entry cannot be written', async () => {
    const { customerId, subject } = await person()
    const admin = new Client({ connectionString: world.adminUrl })
    await admin.connect()
    await admin.query('alter table audit.entry add constraint log_is_full check (false) not valid')
    await expect(appendConsentEvents(world.deps, context, [grant(subject)])).rejects.toThrow(
      'log_is_full',
    )
    await admin.query('alter table audit.entry drop constraint log_is_full')
    await admin.end()
    expect(await reasonOf(customerId)).toBe('general')
  })
})

describe('the officer', () => {
  test('defines parties twice and changes nothing', async () => {
    const before = await world.asRole('yq_privacy', {}, listParties)
    expect(await defineParties(world.deps, context, parties)).toEqual({ ok: true, value: null })
    expect(await world.asRole('yq_privacy', {}, listParties)).toEqual(before)
    expect(before.purposes.find(({ id }) => id === 'marketing.winback')).toEqual({
      id: 'marketing.winback',
      label: { en: 'A', zh: '甲' },
      kind: 'marketing',
      coveredBy: ['marketing'],
      notice: 'privacy',
      minNoticeVersion: 2,
    })
  })

  test('cannot change a notice that people read, nor name what is not there', async () => {
    const text = { id: 'privacy', version: 1, language: 'zh-CN', text: 'another text' }
    expect(await defineParties(world.deps, context, { notices: [text] })).toEqual({
      ok: false,
      error: { code: 'notice-changed', id: 'privacy', version: 1 },
    })
    const purpose = {
      id: 'marketing.new',
      label: { en: 'N', zh: '新' },
      coveredBy: ['marketing.none'],
    }
    expect(await defineParties(world.deps, context, { purposes: [purpose] })).toEqual({
      ok: false,
      error: { code: 'purpose-unknown', id: 'marketing.none' },
    })
  })

  test('ends consents on older notices at once by asking for a newer version', async () => {
    const { customerId, subject } = await person()
    const ask = async () =>
      await world.asRole('yq_builder', {}, async (tx) =>
        (await judge(tx, [customerId], { ...use, purpose: 'campaign' }, rule)).get(customerId),
      )
    const purpose = { id: 'campaign', label: { en: 'C', zh: '活动' }, notice: 'cookies' }
    await defineParties(world.deps, context, { purposes: [purpose] })
    await send(grant(subject, { purpose: 'campaign', notice: { id: 'cookies', version: 2 } }))
    expect(await ask()).toBeNull()
    await defineParties(world.deps, context, { purposes: [{ ...purpose, minNoticeVersion: 3 }] })
    expect(await ask()).toBe('general')
  })

  test('sees a consent reach down to a category that the steward adds below it', async () => {
    const { customerId, subject } = await person()
    await send(grant(subject, { categories: ['transaction'] }))
    await world.asRole('yq_steward', {}, (tx) =>
      tx
        .insertInto('catalog.category')
        .values({
          id: 'transaction.return',
          bit: 40,
          label_en: 'R',
          label_zh: '退',
          data_class: 'S1',
        })
        .execute(),
    )
    const asked = { ...rule, categories: ['transaction.return'] }
    const reason = await world.asRole('yq_builder', {}, async (tx) =>
      (await judge(tx, [customerId], use, asked)).get(customerId),
    )
    expect(reason).toBeNull()
    const { rows } = await world.asRole('yq_privacy', {}, (tx) =>
      sql`select 1 from consent.live where customer_id = ${customerId}`.execute(tx),
    )
    expect(rows).toHaveLength(1)
  })
})
