/** A deployment with a clock that the test moves, and keys of its own. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { Deps, RequestContext } from '../../src/audit/index.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import type { Visitor } from '../../src/identity/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

export interface World {
  readonly deps: Deps
  readonly database: TestDatabase
  readonly pass: (ms: number) => void
  /** What an operator or a fault would do, past every wall. */
  readonly asOperator: (
    statement: string,
    values?: readonly unknown[],
  ) => Promise<readonly unknown[]>
  readonly close: () => Promise<void>
}

export async function openWorld(): Promise<World> {
  const database = await testDatabase()
  let nowMs = Date.parse('2026-03-01T08:00:00Z')
  const clock: Clock = { now: () => new Date(nowMs) }
  const operator = new Client({ connectionString: database.adminUrl })
  await operator.connect()
  return {
    deps: { database: database.db, keys: keysFrom(randomBytes(32)), clock },
    database,
    pass: (ms) => {
      nowMs += ms
    },
    asOperator: async (statement, values = []) => {
      const { rows } = await operator.query(statement, [...values])
      return rows
    },
    close: async () => {
      await operator.end()
      await database.close()
    },
  }
}

export const system: RequestContext = {
  actor: { kind: 'system', id: 'test', role: 'system', demo: false },
  requestId: 'test-request',
}

export const visitor = (clientIp = '203.0.113.7', loopback = false): Visitor => ({
  requestId: 'test-request',
  clientIp,
  loopback,
})
