/** Folders to import, written for a test and removed after it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterEach, beforeEach } from 'vitest'
import type { Deps, RequestContext } from '../../src/audit/index.ts'
import { loadCatalog } from '../../src/catalog/index.ts'
import { importDataset } from '../../src/imports/index.ts'
import type { FeedReport, ImportOptions, ImportReport } from '../../src/imports/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { findCustomers } from '../../src/pseudonyms/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

export type Content = string | Buffer

export const now = '2026-03-01T00:00:00Z'

export const context: RequestContext = {
  actor: { kind: 'system', id: 'import', role: 'steward', demo: false },
  requestId: 'r-1',
}

export interface Folder {
  readonly place: string
  readonly put: (files: Readonly<Record<string, Content>>) => Promise<void>
  readonly read: (name: string) => Promise<string>
  readonly names: () => Promise<readonly string[]>
  readonly remove: () => Promise<void>
}

export async function makeFolder(files: Readonly<Record<string, Content>> = {}): Promise<Folder> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'yunqun-import-'))
  const put: Folder['put'] = async (files) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(place, name)), { recursive: true })
      await writeFile(path.join(place, name), content)
    }
  }
  await put(files)
  return {
    place,
    put,
    read: (name) => readFile(path.join(place, name), 'utf8'),
    names: async () => (await readdir(place)).sort(),
    remove: () => rm(place, { recursive: true, force: true }),
  }
}

export interface Importer {
  readonly world: TestDatabase
  readonly deps: Deps
  /** Imports a folder of these files, dataset.json among them as plain data. */
  readonly load: (
    dataset: unknown,
    files: Readonly<Record<string, Content>>,
    options?: ImportOptions,
    /** The present moment. */
    at?: string,
  ) => Promise<Imported>
  /** Profiles under the catalogue's names, by source id. */
  readonly profiles: (...sources: readonly string[]) => Promise<readonly Record<string, unknown>[]>
  /** As the superuser, to see what is there whatever the walls. */
  readonly asOwner: <T extends object>(statement: string) => Promise<readonly T[]>
  readonly deployment: () => Promise<readonly object[]>
}

export interface Imported {
  readonly outcome: Awaited<ReturnType<typeof importDataset>>
  readonly folder: string
  /** Lines below the header. */
  readonly rejects: readonly string[]
}

/** A fresh database for each test of the file that calls this at its top. */
export function useImporter(): Importer {
  let open: TestDatabase | undefined
  beforeEach(async () => {
    open = await testDatabase()
  })
  afterEach(async () => {
    await open?.close()
  })
  const world = (): TestDatabase => {
    if (open === undefined) throw new Error('no test is running')
    return open
  }
  const deps = (): Deps => ({ database: world().db, keys, clock: fixedClock(now) })
  const asOwner: Importer['asOwner'] = (statement) => queryAsOwner(world().adminUrl, statement)
  return {
    get world() {
      return world()
    },
    get deps() {
      return deps()
    },
    load: (dataset, files, options, at = now) =>
      importFiles({ ...deps(), clock: fixedClock(at) }, dataset, files, options),
    profiles: (...sources) => readProfiles(world(), sources),
    asOwner,
    deployment: () => asOwner('select mode, name, time_zone, currency from meta.deployment'),
  }
}

const keys = keysFrom(Buffer.alloc(32, 6))

async function importFiles(
  deps: Deps,
  dataset: unknown,
  files: Readonly<Record<string, Content>>,
  options: ImportOptions = {},
): Promise<Imported> {
  const folder = await makeFolder(files)
  try {
    await folder.put({ 'dataset.json': JSON.stringify(dataset) })
    const outcome = await importDataset(deps, context, folder.place, options)
    const isListed = outcome.ok && outcome.value.rejectsFile !== null
    const listed = isListed ? await folder.read('rejects.csv') : ''
    return { outcome, folder: folder.place, rejects: listed.split('\n').slice(1, -1) }
  } finally {
    await folder.remove()
  }
}

async function queryAsOwner<T extends object>(adminUrl: string, statement: string): Promise<T[]> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return (await client.query<T>(statement)).rows
  } finally {
    await client.end()
  }
}

async function readProfiles(world: TestDatabase, sources: readonly string[]) {
  return await world.asRole('yq_ingest', { actor: 'test' }, async (tx) => {
    const catalog = await loadCatalog(tx)
    const { attributes } = catalog.rules
    const names = new Map(attributes.map(({ id }) => [catalog.attribute(id).column, id]))
    const ids = await findCustomers(tx, keys, sources)
    const found: Record<string, unknown>[] = []
    for (const source of sources) {
      const { rows } = await sql<{ row: Record<string, unknown> }>`
        select to_jsonb(customer) - 'recorded_from' - 'customer_id' as row from profile.customer
        where customer_id = ${ids.get(source)}`.execute(tx)
      const columns = Object.entries(rows[0]?.row ?? {})
      found.push(
        Object.fromEntries(columns.map(([column, value]) => [names.get(column) ?? column, value])),
      )
    }
    return found
  })
}

export const reportOf = ({ outcome }: Imported): ImportReport => {
  if (!outcome.ok) throw new Error(`the import failed: ${JSON.stringify(outcome.error)}`)
  return outcome.value
}

export const feedOf = (imported: Imported, kind: FeedReport['kind'], name = ''): FeedReport => {
  const feed = reportOf(imported).feeds.find((each) => each.kind === kind && each.name === name)
  if (feed === undefined) throw new Error(`the report has no ${kind} ${name}`)
  return feed
}
