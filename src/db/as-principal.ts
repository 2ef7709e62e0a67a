/** The only way to the database: one transaction, in one duty, with the context its row-level policies read. */
import { Kysely, PostgresDialect } from 'kysely'
import type { IsolationLevel, Transaction } from 'kysely'
import { Client, DatabaseError } from 'pg'
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
  /** Aborting cancels the running statement on the server and rejects with the signal's reason. */
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
  options.signal?.throwIfAborted()
  const client = await poolOf(database).connect()
  const watch = watchAbort(database, client, options.signal)
  try {
    const result = await transact(client, statements, work, options)
    // A connection that was cancelled is not lent again: a late cancel would hit its next borrower.
    client.release(await watch.end())
    return result
  } catch (error) {
    const aborted = await watch.end()
    // Nor is one whose rollback did not arrive.
    client.release(aborted || client.getTransactionStatus() !== 'I')
    if (aborted && isCancelled(error)) throw options.signal?.reason
    throw error
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

/** Cancels the client's statement when the signal aborts; `end` waits for a cancel under way and tells of it. */
function watchAbort(database: Database, client: PoolClient, signal: AbortSignal | undefined) {
  let cancelling: Promise<void> | undefined
  const onAbort = () => {
    cancelling = cancelBackend(database, client)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    end: async (): Promise<boolean> => {
      signal?.removeEventListener('abort', onAbort)
      await cancelling
      return cancelling !== undefined
    },
  }
}

/** Over a connection of its own, since the pool may be lent out to the last. */
async function cancelBackend(database: Database, target: PoolClient): Promise<void> {
  const pid = backendPid(target)
  const { connectionString, connectionTimeoutMillis } = poolOf(database).options
  const control = new Client({ connectionString, connectionTimeoutMillis })
  control.on('error', () => undefined)
  try {
    await control.connect()
    await control.query('select pg_cancel_backend($1)', [pid])
  } catch {
    // A server that cannot be reached runs nothing that would need a cancel.
  } finally {
    await control.end().catch(() => undefined)
  }
}

function backendPid(client: PoolClient): number {
  const pid = 'processID' in client ? client.processID : undefined
  assert(typeof pid === 'number', 'a connected client knows its backend')
  return pid
}

const isCancelled = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '57014'
