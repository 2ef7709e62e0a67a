/** A dataset in a database of its own where everybody may be used, asked by SQL or read back for the evaluator. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { evaluate } from '#grammar'
import type { RuleCatalog } from '#grammar'
import type { Deps, RequestContext } from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { membersQuery } from '../compiler/index.ts'
import { appendForCustomers, defineParties, openRun, setPersons } from '../consent/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import {
  importDataset,
  importErrorSentence,
  readCustomerIds,
  readDataset,
} from '../imports/index.ts'
import type { Dataset, ImportReport } from '../imports/index.ts'
import { assert } from '../kernel/assert.ts'
import { fixedClock } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { findCustomers } from '../pseudonyms/index.ts'
import type { GroundWorld, People, SoundRule } from './ground.ts'
import { readPeople } from './read-people.ts'

export type Engine = 'sql' | 'evaluator'

export interface ThrowawayOptions {
  readonly engine: Engine
  readonly dataDir?: string
  /** A folder that is thrown away, too. */
  readonly out: string
  readonly signal?: AbortSignal
}

export interface Throwaway {
  readonly catalog: RuleCatalog
  readonly world: GroundWorld
  readonly report: ImportReport
}

/** Names that no dataset has, since a word of theirs is longer than people write. */
const name = 'conformance_throwaway_world'
const use = { purpose: name, channel: name, recipient: name }
const label = { en: name, zh: name }

const statementTimeoutMs = 600_000
/** No event of a dataset is in the future then. */
const importedAt = '9000-01-01T00:00:00Z'
const consentedAt = new Date('1900-01-01T00:00:00Z')

/**
 * Imports the folder into the empty database of `deps` and makes everybody eligible.
 *
 * Errors: one sentence, of the dataset or its files.
 */
export async function loadThrowaway(
  deps: Deps,
  context: RequestContext,
  dir: string,
  options: ThrowawayOptions,
): Promise<Result<Throwaway, string>> {
  const { dataDir, out, signal } = options
  const folders = dataDir === undefined ? [dir] : [dir, dataDir]
  const dataset = await openDataset(dir)
  if (!dataset.ok) return dataset
  const apart = path.join(out, 'dataset')
  const gathered = await gather(dataset.value, folders, apart)
  if (!gathered.ok) return gathered
  const later: Deps = { ...deps, clock: fixedClock(importedAt) }
  const imported = await importDataset(
    later,
    context,
    apart,
    signal === undefined ? {} : { signal },
  )
  if (!imported.ok) return err(importErrorSentence(imported.error))
  const ids = await readCustomerIds(dataset.value, [apart])
  if (!ids.ok) return err(importErrorSentence(ids.error))
  const sourceById = await makeEligible(deps, context, ids.value)
  const catalog = await inRun(deps, undefined, loadCatalog)
  return ok({
    catalog: withoutUse(catalog.rules),
    report: imported.value,
    world: worldOf(deps, catalog, sourceById, options.engine),
  })
}

/** What is said of people besides their attributes would keep them out, and nobody asks for their contact data. */
async function openDataset(dir: string): Promise<Result<Dataset, string>> {
  let text: string
  try {
    text = await readFile(path.join(dir, 'dataset.json'), 'utf8')
  } catch {
    return err(importErrorSentence({ code: 'no-dataset', folder: dir }))
  }
  const read = readDataset(text)
  if (!read.ok) return err(importErrorSentence(read.error))
  const { customers, ...rest } = read.value
  if (customers === undefined) return ok(rest)
  const { file, id, missing, attributes, tags } = customers
  return ok({ ...rest, customers: { file, id, missing, attributes, tags } })
}

/** Makes a folder of what is left of the dataset and links to its files. */
async function gather(
  dataset: Dataset,
  folders: readonly string[],
  apart: string,
): Promise<Result<void, string>> {
  const { customers, events = [], consents = [] } = dataset
  const declared = [...(customers === undefined ? [] : [customers]), ...events, ...consents]
  await mkdir(apart, { recursive: true })
  await writeFile(path.join(apart, 'dataset.json'), JSON.stringify(dataset))
  for (const file of new Set(declared.map((each) => each.file))) {
    const place = folders
      .map((folder) => path.resolve(folder, file))
      .find((found) => existsSync(found))
    if (place === undefined)
      return err(importErrorSentence({ code: 'file-missing', file, folders }))
    await mkdir(path.dirname(path.join(apart, file)), { recursive: true })
    await symlink(place, path.join(apart, file))
  }
  return ok(undefined)
}

/** Gives the source ids by internal key. */
async function makeEligible(
  deps: Deps,
  context: RequestContext,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const defined = await defineParties(deps, context, {
    notices: [{ id: name, version: 1, language: 'en', text: name }],
    purposes: [{ id: name, label, notice: name }],
    channels: [{ id: name, label, identifierKind: null }],
    recipients: [{ id: name, label, role: 'internal' }],
  })
  assert(defined.ok, 'parties of a database that had none of that name')
  return await asRole(
    deps.database,
    'yq_ingest',
    { actor: context.actor.id, requestId: context.requestId },
    async (tx) => {
      const rows = await tx.selectFrom('catalog.category').select('id').execute()
      const categories = rows.map(({ id }) => id)
      const customers = await findCustomers(tx, deps.keys, sourceIds)
      const ids = [...customers.values()]
      await setPersons(
        tx,
        ids.map((customerId) => ({ customerId, adultDeclared: true, noProfiling: false })),
      )
      for (const kind of ['general', 'separate:sensitive'] as const)
        await appendForCustomers(
          tx,
          ids.map((customerId) => ({
            customerId,
            event: {
              source: name,
              eventId: `${kind} ${customerId}`,
              kind,
              purpose: name,
              channels: [name],
              categories,
              state: 'given',
              effectiveAt: consentedAt,
              notice: { id: name, version: 1 },
              mechanism: name,
            },
          })),
        )
      return new Map([...customers].map(([source, id]) => [id, source]))
    },
    { statementTimeoutMs },
  )
}

/** The use that makes everybody eligible is no name of the dataset. */
const withoutUse = (catalog: RuleCatalog): RuleCatalog => ({
  ...catalog,
  purposes: catalog.purposes.filter(({ id }) => id !== name),
  channels: catalog.channels.filter(({ id }) => id !== name),
  recipients: catalog.recipients.filter(({ id }) => id !== name),
})

/** With `facts`, a run is open in it: without one nobody is seen. */
async function inRun<T>(
  { database, clock }: Deps,
  facts: { readonly categories: readonly string[]; readonly everyone: number } | undefined,
  work: (tx: DutyTx) => Promise<T>,
): Promise<T> {
  return await asRole(
    database,
    'yq_analyst',
    { actor: name, ...use },
    async (tx) => {
      if (facts !== undefined) {
        const { categories, everyone } = facts
        const at = clock.now()
        const { counts } = await openRun(tx, use, { categories, personalised: true, at })
        assert(counts.eligible === everyone, 'everybody of a throwaway world is eligible')
      }
      return await work(tx)
    },
    { statementTimeoutMs },
  )
}

function worldOf(
  deps: Deps,
  catalog: PhysicalCatalog,
  sourceById: ReadonlyMap<string, string>,
  engine: Engine,
): GroundWorld {
  const everyone = sourceById.size
  const sourceOf = (id: string): string => {
    const source = sourceById.get(id)
    assert(source !== undefined, 'a customer of the dataset')
    return source
  }
  const askSql = async (
    read: SoundRule,
    run: { readonly asOf: string; readonly timeZone: string },
  ) =>
    await inRun(deps, { categories: read.categories, everyone }, async (tx) => {
      const query = membersQuery(read.rule, catalog, run).compile()
      const { rows } = await tx.executeQuery(query)
      return rows.map(({ customer_id: id }) => sourceOf(id))
    })
  let known: Promise<People> | undefined
  const people = async (): Promise<People> => {
    known ??= inRun(deps, { categories: [], everyone }, async (tx) => {
      const { world, keyById } = await readPeople(tx, catalog, sourceOf)
      return { world, customerKey: ({ id }) => keyById.get(id) ?? id }
    })
    return await known
  }
  return {
    people,
    members:
      engine === 'sql'
        ? askSql
        : async (read, run) => {
            const { world, customerKey } = await people()
            const keyed = customerKey === undefined ? run : { ...run, customerKey }
            return evaluate(read.rule, world, keyed)
          },
  }
}
