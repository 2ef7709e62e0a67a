import { afterAll, beforeAll, expect, test } from 'vitest'
import { approveAsAnother, requestExport } from '../walk/marketer.ts'
import { audienceShape, segmentShape } from '../walk/shapes.ts'
import { pullPart } from '../walk/tool.ts'
import type { Row } from '../walk/tool.ts'
import { customers, digest, openFaultWorld, subjectOf } from './world.ts'
import type { FaultWorld } from './world.ts'

const minutes = 60_000

let world: FaultWorld
beforeAll(async () => {
  world = await openFaultWorld()
}, 3 * minutes)
afterAll(async () => {
  await world.close()
}, minutes)

const silent = { chapter: () => undefined, step: () => undefined }
const members = customers * 0.9

let names = 0
async function askForAudience(): Promise<string> {
  const marketer = await world.marketer()
  const name = `segment ${(names += 1)}`
  const { en: text } = world.plan.rules
  const saved = segmentShape.parse((await marketer.post('/v1/segments', { name, text })).body)
  const asked = await marketer.post(`/v1/segments/${saved.id}/audiences`, { use: world.plan.use })
  return audienceShape.parse(asked.body).id
}

async function untilAudience(id: string, isSo: (state: string, progress: number) => boolean) {
  const marketer = await world.marketer()
  for (;;) {
    const { state, progress } = audienceShape.parse(
      (await marketer.get(`/v1/audiences/${id}`)).body,
    )
    if (isSo(state, progress)) return
    if (state === 'failed') throw new Error('the audience failed')
  }
}

interface Built {
  readonly state: string
  readonly attempts: number
  readonly members: string
  readonly pseudonyms: string
  readonly entries: string
}

/** What is there of an audience, and of how many builds the log knows that came to an end. */
const builtOf = async (id: string): Promise<Built | undefined> =>
  (
    await world.look<Built>(
      `select state, attempts, (select count(*) from audience.member where audience_id = $1) as members,
         (select count(distinct pseudonym) from audience.member where audience_id = $1) as pseudonyms,
         (select count(*) from audit.entry
           where audience_id = $1 and action = 'audience.build' and decision = 'allow') as entries
       from audience.audience where id = $1`,
      [id],
    )
  )[0]

const wholeBuild = {
  state: 'ready',
  attempts: 2,
  members: String(members),
  pseudonyms: String(members),
  entries: '1',
}

test(
  'a service that is killed while it builds has the audience built once after it started again',
  async () => {
    const held = await world.hold('audience.member')
    const id = await askForAudience()
    await untilAudience(id, (state, progress) => state === 'running' && progress > 0)
    await world.killService()
    await held.letGo()
    await world.startAgain()
    await untilAudience(id, (state) => state === 'ready')
    expect(await builtOf(id)).toEqual(wholeBuild)
  },
  2 * minutes,
)

test(
  'so it does when the database is killed',
  async () => {
    const held = await world.hold('audience.member')
    const id = await askForAudience()
    await untilAudience(id, (state, progress) => state === 'running' && progress > 0)
    await world.killDatabase()
    await held.letGo()
    await world.startAgain()
    await untilAudience(id, (state) => state === 'ready')
    expect(await builtOf(id)).toEqual(wholeBuild)
  },
  2 * minutes,
)

async function availableExport() {
  const audienceId = await askForAudience()
  await untilAudience(audienceId, (state) => state === 'ready')
  const plan = { baseUrl: '', subjects: [], withdrawals: 0, ...world.plan }
  const marketing = { plan, story: silent, marketer: await world.marketer() }
  const exportId = await requestExport(marketing, audienceId)
  await approveAsAnother(marketing, await world.approver(), exportId)
  const expected = await world.look<{ pseudonym: string }>(
    'select pseudonym from audience.member where audience_id = $1 order by pseudonym',
    [audienceId],
  )
  return { exportId, expected: expected.map(({ pseudonym }) => pseudonym) }
}

/** Pulls until `enough` rows arrived or the connection broke; never gets an end that looks like one. */
async function pullUntilBroken(
  exportId: string,
  cursor: string | undefined,
  kill: (arrived: number) => Promise<boolean>,
): Promise<readonly string[]> {
  const tool = await world.tool()
  const query = cursor === undefined ? '' : `?cursor=${cursor}`
  const ids: string[] = []
  const response = await tool
    .open(`/v1/exports/${exportId}/rows${query}`, {})
    .catch(() => undefined)
  if (response?.ok !== true || response.body === null) return ids
  const decoder = new TextDecoder()
  let rest = ''
  let isKilled = false
  const reading = async () => {
    for await (const bytes of response.body ?? []) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const row: Row = JSON.parse(line)
        ids.push(row.id)
      }
      isKilled ||= await kill(ids.length)
    }
  }
  await expect(reading()).rejects.toThrow()
  return ids
}

interface Books {
  readonly delivered: readonly string[]
  readonly chunks: string
  readonly chunk_rows: string
  readonly entries: string
  readonly entry_rows: string
  readonly unlawful: string
}

/** What is kept of an export, and how many of its rows were delivered to nobody's consent and are not removed either. */
async function booksOf(exportId: string): Promise<Books> {
  const [books] = await world.look<Books>(
    `select
       (select array_agg(pseudonym order by pseudonym) from export.delivery where export_id = $1) as delivered,
       (select count(*) from export.chunk where export_id = $1) as chunks,
       (select coalesce(sum(row_count), 0) from export.chunk where export_id = $1) as chunk_rows,
       (select count(*) from audit.entry
         where export_id = $1 and action = 'export.pull' and decision = 'allow') as entries,
       (select coalesce(sum(row_count), 0) from audit.entry
         where export_id = $1 and action = 'export.pull' and decision = 'allow') as entry_rows,
       (select count(*) from export.delivery
         join export.export on export.id = delivery.export_id
         join consent.verdict(export.purpose_id, export.channel_id, export.recipient_id,
           consent.mask_of(export.categories), export.personalised, now()) as verdict
           on verdict.customer_id = delivery.customer_id
         where delivery.export_id = $1 and verdict.reason is not null and not exists (
           select from export.removal
           where removal.export_id = $1 and removal.customer_id = delivery.customer_id)) as unlawful`,
    [exportId],
  )
  if (books === undefined) throw new Error('the export is there')
  return { ...books, delivered: books.delivered ?? [] }
}

function checkBooks(books: Books, received: readonly string[]) {
  // Every row that arrived is on record; every chunk has its entry, of the same rows.
  const onRecord = new Set(books.delivered)
  expect(received.filter((id) => !onRecord.has(id))).toEqual([])
  expect([books.entries, books.entry_rows]).toEqual([books.chunks, books.chunk_rows])
  expect(Number(books.chunk_rows)).toBeGreaterThanOrEqual(books.delivered.length)
  expect(books.unlawful).toBe('0')
}

async function withdraw(places: readonly number[]) {
  const source = await world.source()
  for (const place of places) {
    const answer = await source.post('/v1/consent-events', {
      eventId: `withdrawn-${place}`,
      subject: subjectOf(place),
      kind: 'general',
      purpose: world.plan.use.purpose,
      channels: [],
      categories: [],
      state: 'withdrawn',
      effectiveAt: new Date().toISOString(),
      mechanism: 'call',
      source: 'faults',
    })
    expect(answer.status).toBe(200)
  }
}

test(
  'a service that is killed in the middle of a pull has delivered nothing that is not on record',
  async () => {
    const { exportId, expected } = await availableExport()
    const first = await pullUntilBroken(exportId, undefined, async (arrived) => {
      if (arrived < 500) return false
      await world.killService()
      return true
    })
    expect(first.length).toBeGreaterThanOrEqual(500)
    await world.startAgain()
    checkBooks(await booksOf(exportId), first)
    const gone = [1, 2, 3, 4, 5, 6]
    await withdraw(gone)
    const rest = await pullPart(await world.tool(), exportId, { cursor: first.at(-1) })
    const received = [...first, ...rest.map(({ id }) => id)]
    const books = await booksOf(exportId)
    checkBooks(books, received)
    // Nothing lost, nothing twice: who is missing has withdrawn.
    const missing = expected.filter((id) => !received.includes(id))
    expect(missing.length).toBeLessThanOrEqual(gone.length)
    expect(digest(received)).toBe(digest(expected.filter((id) => !missing.includes(id))))
    const removed = await world.look<{ pseudonym: string }>(
      'select pseudonym from export.removal where export_id = $1',
      [exportId],
    )
    // Whoever is not missing was delivered before and is removed; some may be both, by the chunk that broke off.
    const told = new Set([...missing, ...removed.map(({ pseudonym }) => pseudonym)])
    expect(told.size).toBe(gone.length)
  },
  2 * minutes,
)

test(
  'a chunk that did not commit before the database was killed left nothing and nobody',
  async () => {
    const { exportId, expected } = await availableExport()
    const first = (await pullPart(await world.tool(), exportId, { limit: 700 })).map(({ id }) => id)
    const held = await world.hold('export.delivery')
    const broken = pullUntilBroken(exportId, first.at(-1), async () => false)
    await untilWaiting(world)
    await world.killDatabase()
    expect(await broken).toEqual([])
    await held.letGo()
    await world.startAgain()
    const books = await booksOf(exportId)
    expect(digest(books.delivered)).toBe(digest(first))
    checkBooks(books, first)
    const rest = await pullPart(await world.tool(), exportId, { cursor: first.at(-1) })
    const received = [...first, ...rest.map(({ id }) => id)]
    expect(digest(received)).toBe(digest(expected))
    checkBooks(await booksOf(exportId), received)
  },
  2 * minutes,
)

/** Until a chunk stands before the table that is held. */
async function untilWaiting({ look }: FaultWorld): Promise<void> {
  for (;;) {
    const waiting = await look(
      `select from pg_locks
       where not granted and relation = 'export.delivery'::regclass`,
    )
    if (waiting.length > 0) return
  }
}
