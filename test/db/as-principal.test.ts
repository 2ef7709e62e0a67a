import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everyServer, testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

everyServer('asRole', (server) => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase({ server, connectionsMax: 1 })
  })
  afterAll(async () => {
    await world.close()
  })

  test('a transaction runs as its duty and with its context', async () => {
    const row = await world.asRole(
      'yq_builder',
      { actor: 'p-1', purpose: 'marketing.sms' },
      async (tx) => {
        const { rows } = await sql<{
          role: string
          actor: string
          purpose: string
          run: string | null
        }>`
        select current_user::text as role, meta.setting('actor') as actor,
               meta.setting('purpose') as purpose, meta.setting('run') as run`.execute(tx)
        return rows[0]
      },
    )
    expect(row).toEqual({ role: 'yq_builder', actor: 'p-1', purpose: 'marketing.sms', run: null })
  })
})
