import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  appendEntry,
  recordAlone,
  recorded,
  searchEntries,
  subjectRef,
} from '../../src/audit/index.ts'
import type { RequestContext } from '../../src/audit/index.ts'
import { err, ok } from '../../src/kernel/result.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

let world: TestDatabase
const keys = keysFrom(randomBytes(32))
const context: RequestContext = {
  actor: { kind: 'person', id: 'person-1', role: 'marketer', sessionRef: 'ref-1', demo: false },
  requestId: 'request-1',
  clientIp: '203.0.113.77',
}
const reviewer: RequestContext = {
  actor: { kind: 'person', id: 'reviewer-1', role: 'reviewer', demo: false },
  requestId: 'request-2',
}
const fact = { action: 'test.act', decision: 'allow' as const }

beforeAll(async () => {
  world = await testDatabase()
})
afterAll(async () => {
  await world.close()
})

const entriesOf = async (action: string) => {
  const found = await searchEntries({ database: world.db, keys }, reviewer, { action }, 200)
  if (!found.ok) throw new Error(found.error.code)
  return found.value.items
}
const segmentNames = async () =>
  await world.asRole('yq_author', {}, async (tx) =>
    (await tx.selectFrom('segment.segment').select('name').execute()).map((row) => row.name),
  )

describe('what the log refuses', () => {
  test.each([
    'yq_author',
    'yq_analyst',
    'yq_builder',
    'yq_exporter',
    'yq_approver',
    'yq_identity',
  ] as const)('%s cannot read it', async (role) => {
    await expect(
      world.asRole(role, {}, (tx) => sql`select 1 from audit.entry`.execute(tx)),
    ).rejects.toThrow(/permission denied/)
  })

  test.each(['yq_auditor', 'yq_author', 'yq_privacy'] as const)(
    '%s cannot change it',
    async (role) => {
      for (const statement of [
        sql`update audit.entry set actor = 'x'`,
        sql`delete from audit.entry`,
        sql`truncate audit.entry`,
        sql`insert into audit.entry (actor_kind, actor, action, decision) values ('system', 'x', 'y', 'allow')`,
      ]) {
        await expect(world.asRole(role, {}, (tx) => statement.execute(tx))).rejects.toThrow(
          /permission denied/,
        )
      }
    },
  )

  test('not even its owner changes an entry', async () => {
    await recordAlone(world.db, context, 'yq_author', { ...fact, action: 'test.owner' })
    const admin = new Client({ connectionString: world.adminUrl })
    await admin.connect()
    try {
      for (const statement of [
        "update audit.entry set actor = 'x'",
        'delete from audit.entry',
        'truncate audit.entry cascade',
      ])
        await expect(admin.query(`set role yq_owner; ${statement}`)).rejects.toThrow(/append-only/)
    } finally {
      await admin.end()
    }
  })
})

describe('an access', () => {
  test('commits its effect and its entry together', async () => {
    const result = await recorded(world.db, context, 'yq_author', {}, async (tx) => {
      await sql`insert into segment.segment (name, created_by) values ('kept', 'person-1')`.execute(
        tx,
      )
      return {
        result: ok({ name: 'kept' }),
        entry: { ...fact, action: 'test.effect', rowCount: 3 },
      }
    })
    expect(result).toEqual(ok({ name: 'kept' }))
    expect(await segmentNames()).toContain('kept')
    const [entry] = await entriesOf('test.effect')
    expect(entry).toMatchObject({
      actor: 'person-1',
      actorRole: 'marketer',
      decision: 'allow',
      rowCount: '3',
      requestId: 'request-1',
    })
  })

  test('that fails half way leaves neither', async () => {
    await expect(
      recorded(world.db, context, 'yq_author', {}, async (tx) => {
        await sql`insert into segment.segment (name, created_by) values ('lost', 'person-1')`.execute(
          tx,
        )
        throw new Error('half way')
      }),
    ).rejects.toThrow('half way')
    expect(await segmentNames()).not.toContain('lost')
  })

  test('whose entry cannot be written does not happen', async () => {
    await expect(
      recorded(world.db, context, 'yq_author', {}, async (tx) => {
        await sql`insert into segment.segment (name, created_by) values ('unlogged', 'person-1')`.execute(
          tx,
        )
        return {
          result: ok(null),
          entry: { ...fact, action: 'test.broken', audienceId: 'no uuid' },
        }
      }),
    ).rejects.toThrow()
    expect(await segmentNames()).not.toContain('unlogged')
  })

  test('that is refused leaves its entry alone', async () => {
    const result = await recorded(world.db, context, 'yq_author', {}, async (tx) => {
      await sql`insert into segment.segment (name, created_by) values ('refused', 'person-1')`.execute(
        tx,
      )
      return {
        result: err({ code: 'too-broad' as const }),
        entry: { action: 'test.refused', decision: 'deny' as const, reason: 'too-broad' },
      }
    })
    expect(result).toEqual(err({ code: 'too-broad' }))
    expect(await segmentNames()).not.toContain('refused')
    expect(await entriesOf('test.refused')).toMatchObject([
      { decision: 'deny', reason: 'too-broad' },
    ])
  })
})

describe('an idempotency key', () => {
  const act = async (key: string, bodyDigest: string, name: string) =>
    await recorded(
      world.db,
      { ...context, idempotency: { key, route: 'POST /x', bodyDigest } },
      'yq_author',
      {},
      async (tx) => {
        await sql`insert into segment.segment (name, created_by) values (${name}, 'person-1')`.execute(
          tx,
        )
        return { result: ok({ name }), entry: { ...fact, action: 'test.idempotent' } }
      },
    )

  test('acts once and answers alike, also when asked at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => act('k1', 'd1', 'once')))
    expect(answers).toEqual(answers.map(() => ok({ name: 'once' })))
    expect((await segmentNames()).filter((name) => name === 'once')).toHaveLength(1)
    expect(await entriesOf('test.idempotent')).toHaveLength(1)
  })

  test('is refused with another body', async () => {
    await act('k2', 'd1', 'first')
    expect(await act('k2', 'd2', 'second')).toEqual(err({ code: 'idempotency-key-reused' }))
    expect(await segmentNames()).not.toContain('second')
  })

  test('belongs to one actor', async () => {
    await act('k3', 'd1', 'mine')
    const other = await recorded(
      world.db,
      {
        ...context,
        actor: { ...context.actor, id: 'person-2' },
        idempotency: { key: 'k3', route: 'POST /x', bodyDigest: 'd1' },
      },
      'yq_author',
      {},
      async () => ({ result: ok({ name: 'theirs' }), entry: fact }),
    )
    expect(other).toEqual(ok({ name: 'theirs' }))
  })
})

describe('a search', () => {
  test('is itself on record, without what was searched for', async () => {
    await searchEntries({ database: world.db, keys }, reviewer, { subject: 'C-4711' }, 10)
    const entries = await entriesOf('access-log.search')
    expect(entries.length).toBeGreaterThan(0)
    expect(JSON.stringify(entries)).not.toContain('C-4711')
  })

  test('finds a person by the brand’s number through the keyed reference', async () => {
    await world.asRole('yq_ingest', {}, async (tx) => {
      await sql`insert into vault.source_key values (${keys.mac('source-index', 'C-1')}, 77)`.execute(
        tx,
      )
      await appendEntry(tx, context, {
        ...fact,
        action: 'test.subject',
        subjectRef: subjectRef(keys, '77'),
      })
    })
    const found = await searchEntries(
      { database: world.db, keys },
      reviewer,
      { subject: 'C-1', action: 'test.subject' },
      10,
    )
    expect(found).toMatchObject({ ok: true, value: { items: [{ action: 'test.subject' }] } })
    const nobody = await searchEntries(
      { database: world.db, keys },
      reviewer,
      { subject: 'C-2', action: 'test.subject' },
      10,
    )
    expect(nobody).toMatchObject({ ok: true, value: { items: [] } })
  })

  test('pages without gap or double', async () => {
    for (let n = 0; n < 7; n++)
      await recordAlone(world.db, context, 'yq_author', { ...fact, action: 'test.page' })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await searchEntries(
        { database: world.db, keys },
        reviewer,
        { action: 'test.page', ...(cursor === undefined ? {} : { cursor }) },
        3,
      )
      if (!page.ok) throw new Error(page.error.code)
      seen.push(...page.value.items.map((entry) => entry.seq))
      cursor = page.value.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
  })

  test('keeps the network of an address and not the address', async () => {
    await recordAlone(world.db, context, 'yq_author', { ...fact, action: 'test.ip' })
    const rows = await world.asRole('yq_auditor', {}, (tx) =>
      tx.selectFrom('audit.entry').select('client_ip').where('action', '=', 'test.ip').execute(),
    )
    expect(rows).toEqual([{ client_ip: '203.0.113.0' }])
  })
})
