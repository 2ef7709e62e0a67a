import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  connectDatabase,
  asRole,
  migrate,
  migrationsDirectory,
  prepareDatabase,
  prepareErrorSentence,
} from '../../src/db/index.ts'
import { emptyDatabase, everyServer } from '../support/database.ts'
import type { EmptyDatabase } from '../support/database.ts'
import { answering } from '../support/fake-server.ts'

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

describe('the migrations of the house', () => {
  test('are listed in hashes.txt, each with the text it landed with', async () => {
    const listed = (await readFile(path.join(migrationsDirectory, 'hashes.txt'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
    const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql'))
    const present = await Promise.all(
      names
        .sort()
        .map(
          async (name) =>
            `${sha256(await readFile(path.join(migrationsDirectory, name)))}  ${name}`,
        ),
    )
    expect(listed).toEqual(present)
  })
})

everyServer('migrating', (server) => {
  let database: EmptyDatabase
  let folder: string
  let admin: Client
  beforeEach(async () => {
    database = await emptyDatabase({ server })
    folder = await mkdtemp(path.join(os.tmpdir(), 'migrations-'))
    admin = new Client({ connectionString: database.adminUrl })
    await admin.connect()
  })
  afterEach(async () => {
    await admin.end()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })

  const put = async (name: string, text: string) => await writeFile(path.join(folder, name), text)
  const tables = async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    )
    return rows.map(({ name }) => name)
  }
  const one = '0001-one.sql'
  const two = '0002-two.sql'

  test('applies each file once, in the order of the names', async () => {
    await put(two, 'create table two (like one);')
    await put(one, 'create table one (n integer);')
    expect(await migrate(admin, folder)).toEqual({ ok: true, value: { applied: [one, two] } })
    expect(await migrate(admin, folder)).toEqual({ ok: true, value: { applied: [] } })
    expect(await tables()).toEqual(['one', 'two'])
  })

  test('records what it applied, with its hash', async () => {
    await put(one, 'create table one (n integer);')
    await migrate(admin, folder)
    const { rows } = await admin.query('select name, sha256 from meta.migration')
    expect(rows).toEqual([{ name: one, sha256: sha256('create table one (n integer);') }])
  })

  test('refuses a file that differs from hashes.txt, before any file is applied', async () => {
    await put(one, 'create table one (n integer);')
    await put(two, 'create table two (n integer);')
    await put('hashes.txt', `${sha256('create table two (n bigint);')}  ${two}\n`)
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: { code: 'migration-changed', name: two },
    })
    expect(await tables()).toEqual([])
  })

  test('refuses a file that was changed after it was applied here', async () => {
    await put(one, 'create table one (n integer);')
    await migrate(admin, folder)
    await put(one, 'create table one (n bigint);')
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: { code: 'migration-changed', name: one },
    })
  })

  test('refuses a database that is ahead of its files', async () => {
    await put(one, 'create table one (n integer);')
    await put(two, 'create table two (n integer);')
    await migrate(admin, folder)
    await rm(path.join(folder, two))
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: { code: 'migration-missing', name: two },
    })
  })

  test('refuses a listed file that is missing', async () => {
    await put(one, 'create table one (n integer);')
    await put('hashes.txt', `${sha256('')}  ${two}\n`)
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: { code: 'migration-missing', name: two },
    })
  })

  test('refuses a new file that sorts before an applied one', async () => {
    await put(two, 'create table two (n integer);')
    await migrate(admin, folder)
    await put(one, 'create table one (n integer);')
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: { code: 'migration-out-of-order', name: one, after: two },
    })
    expect(await tables()).toEqual(['two'])
  })

  test('leaves nothing of a file that fails half-way, and goes on from there when it is mended', async () => {
    await put(one, 'create table one (n integer);')
    await put(two, 'create table two (n integer); select 1 / 0;')
    expect(await migrate(admin, folder)).toEqual({
      ok: false,
      error: {
        code: 'migration-failed',
        name: two,
        sqlState: '22012',
        reason: 'division by zero',
      },
    })
    expect(await tables()).toEqual(['one'])
    await put(two, 'create table two (n integer);')
    expect(await migrate(admin, folder)).toEqual({ ok: true, value: { applied: [two] } })
  })

  test('leaves the role of a file behind', async () => {
    await put(one, 'create role migrate_test; set local role migrate_test;')
    await put(two, 'create table two (n integer); drop role migrate_test;')
    expect(await migrate(admin, folder)).toMatchObject({ ok: true })
  })

  test('by two starters at once applies each file once', async () => {
    await put(one, 'create table one (n integer);')
    await put(two, 'create table two (n integer);')
    const other = new Client({ connectionString: database.adminUrl })
    await other.connect()
    const outcomes = await Promise.all([migrate(admin, folder), migrate(other, folder)])
    await other.end()
    const applied = outcomes.flatMap((outcome) => (outcome.ok ? outcome.value.applied : ['failed']))
    expect(applied.sort()).toEqual([one, two])
  })
})

everyServer('preparing a database', (server) => {
  let database: EmptyDatabase
  beforeEach(async () => {
    database = await emptyDatabase({ server })
  })
  afterEach(async () => {
    await database.close()
  })

  const onDatabase = async (statement: string) => {
    const admin = new Client({ connectionString: database.adminUrl })
    await admin.connect()
    try {
      await admin.query(statement)
    } finally {
      await admin.end()
    }
  }
  const urlFor = (username: string, password: string): string => {
    const url = new URL(database.adminUrl)
    url.username = username
    url.password = password
    return url.href
  }

  test('gives a login that works in a duty, again at the next start', async () => {
    const keys = { loginPassword: database.loginPassword }
    const first = await prepareDatabase(database.adminUrl, keys)
    const second = await prepareDatabase(database.adminUrl, keys)
    if (!first.ok || !second.ok) throw new Error('the database was not prepared')
    expect(first.value.applied.length).toBeGreaterThan(0)
    expect(second.value).toEqual({ loginUrl: first.value.loginUrl, applied: [] })
    const db = connectDatabase(second.value.loginUrl)
    const rows = await asRole(db, 'yq_auditor', {}, async (tx) =>
      tx.selectFrom('meta.deployment').select('mode').execute(),
    )
    await db.close()
    expect(rows).toEqual([{ mode: 'empty' }])
  })

  test('by two starters at once works for both', async () => {
    const keys = { loginPassword: database.loginPassword }
    const outcomes = await Promise.all([
      prepareDatabase(database.adminUrl, keys),
      prepareDatabase(database.adminUrl, keys),
    ])
    expect(outcomes).toMatchObject([{ ok: true }, { ok: true }])
  })

  test.each([
    { rights: '', missing: 'CREATEROLE' },
    { rights: 'createrole', missing: 'CREATE on the database' },
  ])('refuses a user that lacks $missing', async ({ rights, missing }) => {
    const name = `plain_${randomBytes(6).toString('hex')}`
    await onDatabase(`create role ${name} login password 'plain' ${rights}`)
    const outcome = await prepareDatabase(urlFor(name, 'plain'), {
      loginPassword: database.loginPassword,
    })
    await onDatabase(`drop owned by ${name}; drop role ${name}`)
    expect(outcome).toEqual({ ok: false, error: { code: 'database-without-rights', missing } })
  })

  test('refuses a wrong password with one sentence that does not repeat it', async () => {
    const outcome = await prepareDatabase(urlFor('postgres', 'guessed-secret'), {
      loginPassword: database.loginPassword,
    })
    if (outcome.ok) throw new Error('the database was prepared')
    const sentence = prepareErrorSentence(outcome.error)
    expect(sentence).toBe(
      'the database cannot be reached: password authentication failed for user "postgres"',
    )
  })
})

describe('preparing a database refuses', () => {
  const keys = { loginPassword: 'x'.repeat(32) }

  test('a server older than 15', async () => {
    const server = await answering({ number: '140012', version: '14.12' })
    const outcome = await prepareDatabase(server.url, keys)
    server.close()
    if (outcome.ok) throw new Error('the database was prepared')
    expect(prepareErrorSentence(outcome.error)).toBe(
      'the database is PostgreSQL 14.12; version 15 or newer is needed',
    )
  })

  test('a server that is not there', async () => {
    const server = await answering({})
    server.close()
    expect(await prepareDatabase(server.url, keys)).toMatchObject({
      ok: false,
      error: { code: 'database-unreachable' },
    })
  })
})
