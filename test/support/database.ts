/** A fresh, migrated database for a test file. Tests reach it as the yq_ roles; the superuser is for fault tests only. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { describe, inject, test } from 'vitest'
import { asRole, connectDatabase } from '../../src/db/index.ts'
import type { Database, DutyContext, DutyOptions, DutyRole, DutyTx } from '../../src/db/index.ts'
import { noPg15 } from './pg15.ts'
import { serverAnswer } from './test-servers.ts'
import type { ServerName } from './test-servers.ts'

export interface TestDatabase {
  readonly db: Database
  /** Connection string of yq_login, for tests that start the service itself. */
  readonly loginUrl: string
  /** Connection string of the superuser. For fault tests only: a superuser passes every wall. */
  readonly adminUrl: string
  /** `asRole` of src/db on this database. */
  readonly asRole: <T>(
    role: DutyRole,
    context: DutyContext,
    work: (tx: DutyTx) => Promise<T>,
    options?: DutyOptions,
  ) => Promise<T>
  readonly close: () => Promise<void>
}

export interface TestDatabaseOptions {
  readonly server?: ServerName
  readonly connectionsMax?: number
}

/** Makes a database from the migrated template; takes about a tenth of a second once the server runs. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await askServer(options.server ?? 'embedded')
  const name = newName()
  await onServer(server.adminUrl, `create database ${name} template ${server.template}`)
  // A template hands on everything but the rights on the database itself.
  await onServer(
    server.adminUrl,
    `update pg_database set datacl = (select datacl from pg_database where datname = '${server.template}')
      where datname = '${name}'`,
  )
  const adminUrl = urlOf(server.adminUrl, name)
  const loginUrl = urlOf(server.adminUrl, name, server.loginPassword)
  const db = connectDatabase(loginUrl, { connectionsMax: options.connectionsMax ?? 4 })
  return {
    db,
    loginUrl,
    adminUrl,
    asRole: async (role, context, work, limits) => await asRole(db, role, context, work, limits),
    close: async () => {
      await db.close()
      await onServer(server.adminUrl, dropOf(name))
    },
  }
}

export interface EmptyDatabase {
  /** Connection string of the superuser, in a database without a schema. */
  readonly adminUrl: string
  /** The password that yq_login has on this server; roles belong to all its databases. */
  readonly loginPassword: string
  readonly close: () => Promise<void>
}

/** Makes a database that was never migrated, for the tests of migrating itself. */
export async function emptyDatabase(
  options: Pick<TestDatabaseOptions, 'server'> = {},
): Promise<EmptyDatabase> {
  const server = await askServer(options.server ?? 'embedded')
  const name = newName()
  await onServer(server.adminUrl, `create database ${name}`)
  return {
    adminUrl: urlOf(server.adminUrl, name),
    loginPassword: server.loginPassword,
    close: async () => await onServer(server.adminUrl, dropOf(name)),
  }
}

/** Runs a suite once for each server found: the embedded one, and PostgreSQL 15 where its programs are. */
export function everyServer(name: string, suite: (server: ServerName) => void): void {
  const found = inject('testServerNames')
  describe.each([...found])(`${name} (%s)`, suite)
  if (!found.includes('pg15'))
    describe(`${name} (pg15)`, () => {
      test('everything above', ({ skip }) => skip(noPg15))
    })
}

const newName = (): string => `test_${randomBytes(8).toString('hex')}`

const dropOf = (name: string): string => `drop database if exists ${name} with (force)`

async function askServer(name: ServerName) {
  const response = await fetch(`${inject('testServersUrl')}/${name}`)
  if (!response.ok) throw new Error(`there is no test server ${name} on this machine`)
  const answer = serverAnswer.parse(await response.json())
  if (answer.kind === 'failed') throw new Error(answer.reason)
  return answer
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}

function urlOf(serverUrl: string, database: string, loginPassword?: string): string {
  const url = new URL(serverUrl)
  url.pathname = database
  if (loginPassword !== undefined) {
    url.username = 'yq_login'
    url.password = loginPassword
  }
  return url.href
}
