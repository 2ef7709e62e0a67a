/** Makes a database ready for the service: version and rights, migrations, the login of the run time. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { migrate } from './migrate.ts'
import type { MigrateError } from './migrate.ts'

export type PrepareError =
  | { readonly code: 'database-unreachable'; readonly reason: string }
  | { readonly code: 'database-too-old'; readonly version: string }
  | { readonly code: 'database-without-rights'; readonly missing: string }
  | MigrateError

export interface PrepareKeys {
  /** Password of yq_login: 32 random bytes or more as text, made once and kept with the keys. */
  readonly loginPassword: string
}

export interface PrepareOptions {
  readonly migrationsDirectory?: string
}

export interface PreparedDatabase {
  /** Connection string of yq_login: what the service runs on. */
  readonly loginUrl: string
  readonly applied: readonly string[]
}

const versionMin = 150_000
const loginRole = 'yq_login'
const connectTimeoutMs = 10_000
const passwordLengthMin = 32

/**
 * Migrates the database behind `adminUrl` and gives the connection string of the run time.
 *
 * The role of `adminUrl` may create roles and schemas (a superuser, or CREATEROLE and CREATE on the database).
 */
export async function prepareDatabase(
  adminUrl: string,
  keys: PrepareKeys,
  options: PrepareOptions = {},
): Promise<Result<PreparedDatabase, PrepareError>> {
  assert(keys.loginPassword.length >= passwordLengthMin, 'a login password of 32 characters')
  const admin = new Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'yunqun migrate',
  })
  admin.on('error', () => undefined)
  try {
    await admin.connect()
  } catch (error) {
    return err({ code: 'database-unreachable', reason: reasonOf(error) })
  }
  try {
    const refusal = (await checkVersion(admin)) ?? (await checkRights(admin))
    if (refusal !== undefined) return err(refusal)
    const migrated = await migrate(admin, options.migrationsDirectory)
    if (!migrated.ok) return migrated
    const loginUrl = urlOfLogin(adminUrl, keys.loginPassword)
    if (!(await canLogIn(loginUrl))) await setLoginPassword(admin, keys.loginPassword)
    return ok({ loginUrl, applied: migrated.value.applied })
  } finally {
    await admin.end()
  }
}

async function checkVersion(admin: Client): Promise<PrepareError | undefined> {
  const { rows } = await admin.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as version`,
  )
  const [row] = rows
  assert(row !== undefined, 'a server tells its version')
  return row.number < versionMin ? { code: 'database-too-old', version: row.version } : undefined
}

async function checkRights(admin: Client): Promise<PrepareError | undefined> {
  const { rows } = await admin.query<{ roles: boolean; schemas: boolean }>(
    `select rolsuper or rolcreaterole as roles,
            has_database_privilege(current_database(), 'CREATE') as schemas
       from pg_roles where rolname = current_user`,
  )
  const [row] = rows
  assert(row !== undefined, 'the connected role exists')
  if (!row.roles) return { code: 'database-without-rights', missing: 'CREATEROLE' }
  if (!row.schemas) return { code: 'database-without-rights', missing: 'CREATE on the database' }
  return undefined
}

function urlOfLogin(adminUrl: string, password: string): string {
  const url = new URL(adminUrl)
  url.username = loginRole
  url.password = encodeURIComponent(password)
  return url.href
}

async function canLogIn(loginUrl: string): Promise<boolean> {
  const client = new Client({
    connectionString: loginUrl,
    connectionTimeoutMillis: connectTimeoutMs,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Sends the verifier and not the password, so that a server that logs statements does not learn it. */
async function setLoginPassword(admin: Client, password: string): Promise<void> {
  const verifier = scramVerifier(password)
  await admin.query(`alter role ${loginRole} password '${verifier}'`)
}

/** Source: RFC 5802 and RFC 7677, in the form that PostgreSQL stores. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const iterations = 4096
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  const serverKey = keyOf('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : 'unknown'
}

/** One sentence for the person who starts the service. */
export function prepareErrorSentence(error: PrepareError): string {
  switch (error.code) {
    case 'database-unreachable':
      return `the database cannot be reached: ${error.reason}`
    case 'database-too-old':
      return `the database is PostgreSQL ${error.version}; version 15 or newer is needed`
    case 'database-without-rights':
      return `the database user may not prepare the database: it lacks ${error.missing}`
    case 'migration-changed':
      return `the migration ${error.name} was changed after it had been applied; restore its text and add a new file instead`
    case 'migration-missing':
      return `the migration ${error.name} is recorded but its file is missing; this program is older than its database`
    case 'migration-out-of-order':
      return `the migration ${error.name} is new but sorts before ${error.after}, which is applied; give it a later number`
    case 'migration-failed':
      return `the migration ${error.name} failed and was rolled back (${error.sqlState}): ${error.reason}`
  }
}
