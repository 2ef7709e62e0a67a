/** Fresh databases for programs that run outside the test runner, on one embedded server of their own. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { connectDatabase } from '../../src/db/index.ts'
import type { Database } from '../../src/db/index.ts'
import { openTestServers, serverAnswer } from '../support/test-servers.ts'

export interface FuzzServer {
  readonly fresh: () => Promise<FreshDatabase>
  readonly close: () => Promise<void>
}

export interface FreshDatabase {
  readonly database: Database
  readonly drop: () => Promise<void>
}

export async function openFuzzServer(): Promise<FuzzServer> {
  const servers = await openTestServers()
  const response = await fetch(`${servers.url}/embedded`)
  const answer = serverAnswer.parse(await response.json())
  if (answer.kind === 'failed') throw new Error(answer.reason)
  const { adminUrl, template, loginPassword } = answer
  return {
    close: servers.close,
    fresh: async () => {
      const name = `fuzz_${randomBytes(8).toString('hex')}`
      await onServer(adminUrl, `create database ${name} template ${template}`)
      // A template hands on everything but the rights on the database itself.
      await onServer(
        adminUrl,
        `update pg_database set datacl =
          (select datacl from pg_database where datname = '${template}') where datname = '${name}'`,
      )
      const url = new URL(adminUrl)
      url.pathname = name
      url.username = 'yq_login'
      url.password = loginPassword
      const database = connectDatabase(url.href, { connectionsMax: 2 })
      return {
        database,
        drop: async () => {
          await database.close()
          await onServer(adminUrl, `drop database if exists ${name} with (force)`)
        },
      }
    },
  }
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
