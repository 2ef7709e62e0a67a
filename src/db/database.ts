/** The pool of run-time connections. Each logs in as yq_login, which may do nothing but `set role`. */
import { Pool, TypeOverrides } from 'pg'
import { assert } from '../kernel/assert.ts'

export interface Database {
  readonly kind: 'database'
  /** Ends every connection; work in progress fails. */
  readonly close: () => Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. A laptop's PostgreSQL takes 100 for all its clients. */
  readonly connectionsMax?: number
  readonly applicationName?: string
}

const connectTimeoutMs = 10_000
const idleTimeoutMs = 30_000
const connectionsMaxDefault = 10

const pools = new WeakMap<Database, Pool>()

/** Opens the pool; the first connection is made by the first piece of work. */
export function connectDatabase(loginUrl: string, options: DatabaseOptions = {}): Database {
  const pool = new Pool({
    connectionString: loginUrl,
    max: options.connectionsMax ?? connectionsMaxDefault,
    application_name: options.applicationName ?? 'yunqun',
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    types: stringSafeTypes(),
  })
  // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  const database: Database = { kind: 'database', close: () => pool.end() }
  pools.set(database, pool)
  return database
}

/** For this room only: everybody else gets a connection from `asRole`, in a role and a transaction. */
export function poolOf(database: Database): Pool {
  const pool = pools.get(database)
  assert(pool !== undefined, 'a database made by connectDatabase')
  return pool
}

const dateOid = 1082
const timestampOid = 1114
const dateArrayOid = 1182
const numericArrayOid = 1231

/**
 * Values as text wherever a JavaScript number or Date would change them.
 *
 * int8 and numeric come as strings (so do their arrays), date as `YYYY-MM-DD`, timestamptz as Date.
 */
function stringSafeTypes(): TypeOverrides {
  const overrides = new TypeOverrides()
  for (const oid of [dateOid, timestampOid]) overrides.setTypeParser(oid, (text) => text)
  for (const oid of [dateArrayOid, numericArrayOid]) overrides.setTypeParser(oid, plainElements)
  return overrides
}

/** Elements of a one-dimensional array whose texts never need quotes. */
function plainElements(text: string): readonly (string | null)[] {
  const inside = text.slice(1, -1)
  if (inside === '') return []
  return inside.split(',').map((element) => (element === 'NULL' ? null : element))
}
