import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { retryOnConflict } from '../../src/db/index.ts'
import type { DutyTx } from '../../src/db/index.ts'
import { everyServer, testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

interface State {
  readonly role: string
  readonly pid: number
  readonly actor: string | null
  readonly purpose: string | null
  readonly channel: string | null
  readonly recipient: string | null
  readonly requestId: string | null
  readonly run: string | null
}

async function stateOf(tx: DutyTx): Promise<State | undefined> {
  const { rows } = await sql<State>`
    select current_user::text as role, pg_backend_pid() as pid, meta.setting('actor') as actor,
      meta.setting('purpose') as purpose, meta.setting('channel') as channel,
      meta.setting('recipient') as recipient, meta.setting('request_id') as "requestId",
      meta.setting('run') as run`.execute(tx)
  return rows[0]
}

const nothing = {
  actor: null,
  purpose: null,
  channel: null,
  recipient: null,
  requestId: null,
  run: null,
}

everyServer('a transaction in a duty', (server) => {
  let world: TestDatabase
  beforeAll(async () => {
    // One connection, so that each piece of work borrows what the one before gave back.
    world = await testDatabase({ server, connectionsMax: 1 })
    await world.asRole('yq_ingest', { actor: 'loader' }, async (tx) => {
      await tx.insertInto('profile.customer').values({ customer_id: 1 }).execute()
    })
  })
  afterAll(async () => {
    await world.close()
  })

  describe('refuses', () => {
    test('to show anybody when the context is unset', async () => {
      const rows = await world.asRole('yq_builder', {}, async (tx) =>
        tx.selectFrom('profile.customer').select('customer_id').execute(),
      )
      expect(rows).toEqual([])
    })

    test.each([
      "x'; set role yq_owner; --",
      "x''",
      'x\\',
      '',
      ' ',
      'x y',
      'x\n',
      'x\0',
      '‘x’',
      '客户',
      'x'.repeat(201),
      '-x',
    ])('the setting value %j before anything is sent', async (value) => {
      let hasRun = false
      const attempt = world.asRole('yq_builder', { purpose: value }, async () => {
        hasRun = true
      })
      await expect(attempt).rejects.toThrow('yq.purpose is an id')
      expect(hasRun).toBe(false)
    })

    test('a role that is no duty', async () => {
      const attempt = Reflect.apply(world.asRole, undefined, ['yq_owner', {}, async () => 1])
      await expect(attempt).rejects.toThrow('a role from the list of duties')
    })

    test('a transaction inside a transaction', async () => {
      await expect(
        world.asRole('yq_builder', {}, async (tx) => {
          // @ts-expect-error -- the type refuses it too: a transaction opens no transaction
          await tx.transaction().execute(async () => 1)
        }),
      ).rejects.toThrow('transaction')
    })

    test('a write in a transaction that only reads', async () => {
      await expect(
        world.asRole(
          'yq_ingest',
          {},
          async (tx) => tx.insertInto('profile.customer').values({ customer_id: 2 }).execute(),
          { readOnly: true },
        ),
      ).rejects.toMatchObject({ code: '25006' })
    })

    test('a statement that takes longer than its limit', async () => {
      await expect(
        world.asRole('yq_builder', {}, async (tx) => sql`select pg_sleep(60)`.execute(tx), {
          statementTimeoutMs: 20,
        }),
      ).rejects.toMatchObject({ code: '57014' })
    })

    test.each([
      'select customer_id from profile.customer',
      'set role yq_owner',
      'set role postgres',
    ])('the login role, outside of any duty: %s', async (statement) => {
      const client = new Client({ connectionString: world.loginUrl })
      await client.connect()
      try {
        await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' })
      } finally {
        await client.end()
      }
    })
  })

  test('runs as the duty, with its context', async () => {
    const context = {
      actor: 'p-1',
      purpose: 'marketing.sms',
      channel: 'sms',
      recipient: 'acme_1',
      requestId: '0190b2f0-7c1e',
      run: 'run:1',
    }
    const state = await world.asRole('yq_builder', context, stateOf)
    expect(state).toMatchObject({ role: 'yq_builder', ...context })
  })

  test('leaves nothing to the next borrower of the connection', async () => {
    const first = await world.asRole('yq_builder', { actor: 'p-1', run: 'r-1' }, stateOf)
    const second = await world.asRole('yq_auditor', {}, stateOf)
    expect(second).toEqual({ role: 'yq_auditor', pid: first?.pid, ...nothing })
  })

  test('leaves nothing even when the work set a session setting by itself', async () => {
    await world.asRole('yq_builder', {}, async (tx) => {
      await sql`set "yq.run" = 'r-2'`.execute(tx)
      await sql`set role yq_exporter`.execute(tx)
    })
    expect(await world.asRole('yq_auditor', {}, stateOf)).toMatchObject({
      role: 'yq_auditor',
      ...nothing,
    })
  })

  test('undoes everything when the work fails, and lends the connection again', async () => {
    const before = await world.asRole('yq_auditor', {}, stateOf)
    const attempt = world.asRole('yq_ingest', { actor: 'p-1' }, async (tx) => {
      await tx.insertInto('profile.customer').values({ customer_id: 3 }).execute()
      throw new Error('the work failed')
    })
    await expect(attempt).rejects.toThrow('the work failed')
    const rows = await world.asRole('yq_ingest', {}, async (tx) =>
      tx
        .selectFrom('profile.customer')
        .select('customer_id')
        .where('customer_id', '=', '3')
        .execute(),
    )
    expect(rows).toEqual([])
    expect(await world.asRole('yq_auditor', {}, stateOf)).toEqual(before)
  })

  test('outlives the end of its session: the work fails, the next gets another connection', async () => {
    const attempt = world.asRole('yq_builder', {}, async (tx) => {
      const state = await stateOf(tx)
      const admin = new Client({ connectionString: world.adminUrl })
      await admin.connect()
      await admin.query('select pg_terminate_backend($1, 10000)', [state?.pid])
      await admin.end()
      return await stateOf(tx)
    })
    await expect(attempt).rejects.toThrow()
    expect(await world.asRole('yq_auditor', {}, stateOf)).toMatchObject({ role: 'yq_auditor' })
  })

  describe('ends at an abort', () => {
    test('before it began', async () => {
      const attempt = world.asRole('yq_builder', {}, stateOf, {
        signal: AbortSignal.abort(new Error('not wanted')),
      })
      await expect(attempt).rejects.toThrow('not wanted')
    })

    test('while a statement runs', async () => {
      const abort = new AbortController()
      const attempt = world.asRole(
        'yq_builder',
        {},
        async (tx) => {
          const sleeping = sql`select pg_sleep(3600)`.execute(tx)
          abort.abort(new Error('cancelled'))
          return await sleeping
        },
        { signal: abort.signal, statementTimeoutMs: 0 },
      )
      await expect(attempt).rejects.toThrow('cancelled')
      expect(await world.asRole('yq_auditor', {}, stateOf)).toMatchObject({ role: 'yq_auditor' })
    })

    test('between two statements, and commits nothing', async () => {
      const abort = new AbortController()
      const attempt = world.asRole(
        'yq_ingest',
        {},
        async (tx) => {
          await tx.insertInto('profile.customer').values({ customer_id: 4 }).execute()
          abort.abort(new Error('cancelled'))
          await sql`select pg_sleep(3600)`.execute(tx)
        },
        { signal: abort.signal, statementTimeoutMs: 0 },
      )
      await expect(attempt).rejects.toThrow('cancelled')
      const rows = await world.asRole('yq_ingest', {}, async (tx) =>
        tx
          .selectFrom('profile.customer')
          .select('customer_id')
          .where('customer_id', '=', '4')
          .execute(),
      )
      expect(rows).toEqual([])
    })
  })

  test('gives numbers and days as text and instants as dates', async () => {
    const row = await world.asRole('yq_auditor', {}, async (tx) => {
      const { rows } = await sql<Record<string, unknown>>`
        select 9223372036854775807 as int8, 1.10::numeric as numeric, date '2024-02-29' as date,
          array[9007199254740993] as int8s, array[1.10, null]::numeric[] as numerics,
          array[date '2024-02-29'] as dates, '{}'::numeric[] as none, 7::int4 as int4,
          timestamptz '2024-02-29 08:00+08' as instant, '{"a": [1]}'::jsonb as json`.execute(tx)
      return rows[0]
    })
    expect(row).toEqual({
      int8: '9223372036854775807',
      numeric: '1.10',
      date: '2024-02-29',
      int8s: ['9007199254740993'],
      numerics: ['1.10', null],
      dates: ['2024-02-29'],
      none: [],
      int4: 7,
      instant: new Date('2024-02-29T00:00:00Z'),
      json: { a: [1] },
    })
  })
})

everyServer('work that lost a race', (server) => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase({ server, connectionsMax: 2 })
  })
  afterAll(async () => {
    await world.close()
  })

  const rename = async (name: string, meanwhile: () => Promise<void>) => {
    await world.asRole(
      'yq_steward',
      {},
      async (tx) => {
        await tx.selectFrom('meta.deployment').select('name').execute()
        await meanwhile()
        await tx.updateTable('meta.deployment').set({ name }).execute()
      },
      { isolation: 'repeatable read' },
    )
  }
  const idle = async () => undefined

  test('is done again', async () => {
    let attempts = 0
    await retryOnConflict(async () => {
      attempts += 1
      await rename('late', async () => {
        if (attempts === 1) await rename('early', idle)
      })
    })
    expect(attempts).toBe(2)
  })

  test('fails when it loses every time', async () => {
    let attempts = 0
    const attempt = retryOnConflict(async () => {
      attempts += 1
      await rename('late', async () => await rename('early', idle))
    }, 3)
    await expect(attempt).rejects.toMatchObject({ code: '40001' })
    expect(attempts).toBe(3)
  })

  test('is not done again for any other failure', async () => {
    let attempts = 0
    const attempt = retryOnConflict(async () => {
      attempts += 1
      throw new Error('broken')
    })
    await expect(attempt).rejects.toThrow('broken')
    expect(attempts).toBe(1)
  })
})
