import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asRole, connectDatabase, prepareDatabase } from '../../src/db/index.ts'
import { embeddedErrorSentence, startEmbedded } from '../../src/embedded/index.ts'
import type { EmbeddedServer } from '../../src/embedded/index.ts'
import { dataFolder, query } from '../support/launched.ts'
import type { DataFolder } from '../support/launched.ts'
import { findPg15 } from '../support/pg15.ts'

const pg15 = await findPg15()
const programs = [
  { name: 'the shipped PostgreSQL', bin: undefined },
  ...(pg15 === undefined ? [] : [{ name: 'PostgreSQL 15', bin: pg15 }]),
]

// A server of its own: whether a user may prepare a database shows only where the roles are not there yet.
describe.each(programs)('on $name', ({ bin }) => {
  let folder: DataFolder
  let server: EmbeddedServer
  beforeEach(async () => {
    folder = await dataFolder()
    const started = await startEmbedded({
      dataDir: folder.dataDir,
      settings: { fsync: 'off' },
      ...(bin === undefined ? {} : { bin }),
    })
    if (!started.ok) throw new Error(embeddedErrorSentence(started.error))
    server = started.value
  })
  afterEach(async () => {
    await server.stop()
    await folder.close()
  })

  test('a user who may create roles and owns the database can prepare it, superuser or not', async () => {
    await query(
      server.connectionString,
      `create role plain_admin login createrole password 'plain'`,
      'create database shop owner plain_admin',
    )
    const url = new URL(server.connectionString)
    url.username = 'plain_admin'
    url.password = 'plain'
    url.pathname = 'shop'
    const keys = { loginPassword: 'k'.repeat(32) }
    const first = await prepareDatabase(url.href, keys)
    expect(first).toMatchObject({ ok: true })
    const second = await prepareDatabase(url.href, keys)
    if (!second.ok) throw new Error('the database was not prepared a second time')
    expect(second.value.applied).toEqual([])
    const db = connectDatabase(second.value.loginUrl)
    const rows = await asRole(db, 'yq_auditor', {}, async (tx) =>
      tx.selectFrom('meta.deployment').select('mode').execute(),
    )
    await db.close()
    expect(rows).toEqual([{ mode: 'empty' }])
  })
})
