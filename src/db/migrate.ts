/** Brings a database to the schema of migrations/: plain SQL, forward only, each file once. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseError } from 'pg'
import type { Client } from 'pg'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

export type MigrateError =
  /** The text of a landed migration differs from what hashes.txt or the database recorded. */
  | { readonly code: 'migration-changed'; readonly name: string }
  /** hashes.txt or the database names a file that is not there. */
  | { readonly code: 'migration-missing'; readonly name: string }
  /** A new file sorts before one that the database already has. */
  | { readonly code: 'migration-out-of-order'; readonly name: string; readonly after: string }
  | {
      readonly code: 'migration-failed'
      readonly name: string
      readonly sqlState: string
      readonly reason: string
    }

export interface Migrated {
  /** Names of the files that this run applied, in order. */
  readonly applied: readonly string[]
}

interface MigrationFile {
  readonly name: string
  readonly sqlText: string
  readonly sha256: string
}

export const migrationsDirectory = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** Any constant does, as long as every starter takes the same one. */
const lockKey = 7_026_041
const conflictAttemptsMax = 5

/**
 * Applies what is missing, each file in a transaction of its own under an advisory lock.
 *
 * `admin` may create roles and schemas. Two starters at once end with each file applied once.
 */
export async function migrate(
  admin: Client,
  directory: string = migrationsDirectory,
): Promise<Result<Migrated, MigrateError>> {
  const files = await readMigrations(directory)
  if (!files.ok) return files
  const applied: string[] = []
  for (const file of files.value) {
    const outcome = await applyOne(admin, file, files.value)
    if (!outcome.ok) return outcome
    if (outcome.value) applied.push(file.name)
  }
  return ok({ applied })
}

/** The `.sql` files in name order, each as hashes.txt has it. A file it does not list has not landed yet. */
export async function readMigrations(
  directory: string,
): Promise<Result<readonly MigrationFile[], MigrateError>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  const landed = await readHashes(directory)
  for (const name of landed.keys())
    if (!names.includes(name)) return err({ code: 'migration-missing', name })
  const files: MigrationFile[] = []
  for (const name of names) {
    const bytes = await readFile(path.join(directory, name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const expected = landed.get(name)
    if (expected !== undefined && expected !== sha256)
      return err({ code: 'migration-changed', name })
    files.push({ name, sqlText: bytes.toString('utf8'), sha256 })
  }
  return ok(files)
}

async function readHashes(directory: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path.join(directory, 'hashes.txt'), 'utf8').catch(() => '')
  const hashes = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [sha256, name] = line.trim().split(/\s+/)
    if (sha256 !== undefined && name !== undefined && !sha256.startsWith('#'))
      hashes.set(name, sha256)
  }
  return hashes
}

/** Gives whether this run applied the file. */
async function applyOne(
  admin: Client,
  file: MigrationFile,
  files: readonly MigrationFile[],
): Promise<Result<boolean, MigrateError>> {
  for (let attempt = 1; ; attempt += 1) {
    await admin.query('begin')
    try {
      await admin.query('select pg_advisory_xact_lock($1)', [lockKey])
      const recorded = await recordedHashes(admin)
      const refusal = refusalOf(file, files, recorded)
      const isNew = refusal === undefined && !recorded.has(file.name)
      if (isNew) {
        await admin.query(file.sqlText)
        await record(admin, file)
      }
      await admin.query(refusal === undefined ? 'commit' : 'rollback')
      return refusal === undefined ? ok(isNew) : err(refusal)
    } catch (error) {
      await admin.query('rollback')
      if (!(error instanceof DatabaseError)) throw error
      // Roles belong to the cluster: preparing a second database at the same moment can get in the way.
      if (isRoleRace(error) && attempt < conflictAttemptsMax) continue
      return err({
        code: 'migration-failed',
        name: file.name,
        sqlState: error.code ?? '',
        reason: error.message,
      })
    }
  }
}

function refusalOf(
  file: MigrationFile,
  files: readonly MigrationFile[],
  recorded: ReadonlyMap<string, string>,
): MigrateError | undefined {
  const known = new Set(files.map(({ name }) => name))
  for (const name of recorded.keys())
    if (!known.has(name)) return { code: 'migration-missing', name }
  const before = recorded.get(file.name)
  if (before !== undefined)
    return before === file.sha256 ? undefined : { code: 'migration-changed', name: file.name }
  const later = [...recorded.keys()].find((name) => name > file.name)
  return later === undefined
    ? undefined
    : { code: 'migration-out-of-order', name: file.name, after: later }
}

async function recordedHashes(admin: Client): Promise<ReadonlyMap<string, string>> {
  const { rows: tables } = await admin.query<{ present: boolean }>(
    `select to_regclass('meta.migration') is not null as present`,
  )
  if (tables[0]?.present !== true) return new Map()
  const { rows } = await admin.query<{ name: string; sha256: string }>(
    'select name, sha256 from meta.migration order by name',
  )
  return new Map(rows.map((row) => [row.name, row.sha256]))
}

/** The table comes with the first file, which makes its schema and owner; both are there or neither is. */
async function record(admin: Client, file: MigrationFile): Promise<void> {
  await admin.query('reset role')
  await admin.query('create schema if not exists meta')
  await admin.query(`
    create table if not exists meta.migration (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`)
  await admin.query('insert into meta.migration (name, sha256) values ($1, $2)', [
    file.name,
    file.sha256,
  ])
}

/** duplicate_object, unique_violation on pg_authid, tuple concurrently updated, serialization_failure. */
const isRoleRace = (error: DatabaseError): boolean =>
  error.code === '40001' ||
  error.code === '40P01' ||
  (error.code === 'XX000' && error.message.includes('concurrently updated'))
