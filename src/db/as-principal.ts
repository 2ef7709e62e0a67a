/** The only way to the database: one transaction, in one duty, with the context its row-level policies read. */
import { Kysely, PostgresDialect } from 'kysely'
import type { IsolationLevel, Transaction } from 'kysely'
import { Client } from 'pg'
import type { PoolClient } from 'pg'
import { assert } from '../kernel/assert.ts'
import { poolOf } from './database.ts'
import type { Database } from './database.ts'
import { dutyStatements } from './duty.ts'
import type { DutyContext, DutyLimits, DutyRole } from './duty.ts'
import type { Schema } from './schema.ts'

/** A transaction in a duty. Builders run on it; `copyIn` and `readRows` take it too. */
export type DutyTx = Transaction<Schema>

export interface DutyOptions extends DutyLimits {
  readonly isolation?: IsolationLevel
  readonly readOnly?: boolean
  /** Aborting ends the session on the server, so the work is rolled back, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const clients = new WeakMap<DutyTx, PoolClient>()

/**
 * Runs `work` in one transaction as `role`; commits when it resolves, rolls back when it rejects.
 *
 * `context` is set for this transaction only. A value that is no plain id is refused before anything is sent.
 * Errors: those of PostgreSQL and of `work`; the signal's reason after an abort.
 */
export async function asRole<T>(
  database: Database,
  role: DutyRole,
  context: DutyContext,
  work: (tx: DutyTx) => Promise<T>,
  options: DutyOptions = {},
): Promise<T> {
  const statements = dutyStatements(role, context, options)
  const { signal } = options
  signal?.throwIfAborted()
  const client = await poolOf(database).connect()
  // Without a listener, a session that ends between two statements would end the process.
  client.on('error', ignore)
  const watch = watchAbort(database, client, signal)
  let isClean = false
  try {
    signal?.throwIfAborted()
    const result = await transact(client, statements, work, options)
    isClean = true
    return result
  } catch (error) {
    isClean = client.getTransactionStatus() === 'I'
    if (watch.hasAborted()) throw signal?.reason
    throw error
  } finally {
    await watch.end()
    client.off('error', ignore)
    // A session that is being ended, or whose rollback did not arrive, is not lent again.
    client.release(!isClean || watch.hasAborted())
  }
}

/** For this room only: the connection below a transaction that `asRole` opened. */
export function clientOf(tx: DutyTx): PoolClient {
  const client = clients.get(tx)
  assert(client !== undefined, 'the transaction that asRole gave')
  return client
}

async function transact<T>(
  client: PoolClient,
  statements: string,
  work: (tx: DutyTx) => Promise<T>,
  options: DutyOptions,
): Promise<T> {
  const borrowed = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: poolOfOne(client) }) })
  let transaction = borrowed.transaction()
  if (options.isolation !== undefined)
    transaction = transaction.setIsolationLevel(options.isolation)
  if (options.readOnly === true) transaction = transaction.setAccessMode('read only')
  return await transaction.execute(async (tx) => {
    await client.query(statements)
    clients.set(tx, client)
    try {
      return await work(tx)
    } finally {
      clients.delete(tx)
    }
  })
}

/** Kysely asks a pool for its connection; this one has exactly the one that is already borrowed. */
function poolOfOne(client: PoolClient) {
  const lent = {
    query: client.query.bind(client),
    release: () => undefined,
  }
  return {
    options: {},
    connect: async () => lent,
    end: async () => undefined,
  }
}

/**
 * Ends the client's session when the signal aborts.
 *
 * Ending and not cancelling: a cancel that arrives between two statements is lost, and the work would go on.
 */
function watchAbort(database: Database, client: PoolClient, signal: AbortSignal | undefined) {
  let ending: Promise<void> | undefined
  const onAbort = () => {
    ending = endSession(database, client)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    hasAborted: (): boolean => ending !== undefined,
    end: async (): Promise<void> => {
      signal?.removeEventListener('abort', onAbort)
      await ending
    },
  }
}

/** Over a connection of its own, since the pool may be lent out to the last. */
async function endSession(database: Database, target: PoolClient): Promise<void> {
  const pid = backendPid(target)
  const { connectionString, connectionTimeoutMillis } = poolOf(database).options
  const control = new Client({ connectionString, connectionTimeoutMillis })
  control.on('error', ignore)
  try {
    await control.connect()
    await control.query('select pg_terminate_backend($1)', [pid])
  } catch {
    // A server that cannot be reached runs nothing that would need an end.
  } finally {
    await control.end().catch(ignore)
  }
}

const ignore = (): void => undefined

function backendPid(client: PoolClient): number {
  const pid = 'processID' in client ? client.processID : undefined
  assert(typeof pid === 'number', 'a connected client knows its backend')
  return pid
}
