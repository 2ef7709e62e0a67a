/** Loads a folder with a dataset.json: customers, their contact data, events and consents. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { defineCatalog } from '../catalog/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import { defineParties, readVocabulary } from '../consent/index.ts'
import { assert } from '../kernel/assert.ts'
import { monotonicMs } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { assume, isSomething } from './assumed.ts'
import type { Assumed } from './assumed.ts'
import { columnsOf } from './columns.ts'
import { readCsv } from './csv.ts'
import { readDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { draftOf } from './draft.ts'
import { ImportStopped } from './error.ts'
import type { ImportError } from './error.ts'
import { customerFinder } from './events.ts'
import type { CustomerFinder } from './events.ts'
import type { Feed, FeedSetup, Load } from './feed.ts'
import { inspect } from './inspect.ts'
import type { Inspected } from './inspect.ts'
import { partiesDraftOf } from './parties.ts'
import { planOf } from './plan.ts'
import type { Step } from './plan.ts'
import { openRejects } from './rejects.ts'
import type { RejectsFile } from './rejects.ts'
import type { ImportReport } from './report.ts'
import { beginRun, endRun, importAction, inLoad } from './run.ts'

export interface ImportProgress {
  readonly phase: 'inspect' | 'load'
  /** Empty while the files are inspected. */
  readonly file: string
  readonly rows: number
  /** Of all files together; 0 while they are inspected. */
  readonly rowsTotal: number
  readonly elapsedMs: number
}

export interface ImportOptions {
  /** A folder in which files are looked for that are not beside dataset.json. */
  readonly dataDir?: string
  /** Where rejects.csv goes; beside dataset.json when absent. */
  readonly out?: string
  /** Where it goes when it cannot be written there. */
  readonly outElse?: string
  readonly onProgress?: (progress: ImportProgress) => void
  /** Called before anybody's data is loaded, when consents say so little that something is assumed. */
  readonly onAssumed?: (assumed: Assumed) => void
  /** Stops between two batches; what is loaded by then stays, and the next import completes it. */
  readonly signal?: AbortSignal
}

/** Large enough for COPY to pay, small enough for one short transaction and little memory. */
const rowsPerBatch = 5_000

/**
 * Imports a folder. Every batch of rows is one transaction, so rules are answered meanwhile; the same folder twice
 * adds nothing; after a kill the next import completes it.
 *
 * Errors: see ImportError; all but `interrupted` and `file-changed` come before anybody's data was loaded.
 */
export async function importDataset(
  deps: Deps,
  context: RequestContext,
  dir: string,
  options: ImportOptions = {},
): Promise<Result<ImportReport, ImportError>> {
  try {
    return ok(await importFolder(deps, context, dir, options))
  } catch (error) {
    if (error instanceof ImportStopped) return err(error.reason)
    if (options.signal?.aborted === true) return err({ code: 'interrupted' })
    throw error
  }
}

async function importFolder(
  deps: Deps,
  context: RequestContext,
  dir: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const startedMs = monotonicMs()
  const dataset = await openDataset(dir)
  const steps = planOf(dataset)
  const folders = options.dataDir === undefined ? [dir] : [dir, options.dataDir]
  options.onProgress?.({ phase: 'inspect', file: '', rows: 0, rowsTotal: 0, elapsedMs: 0 })
  const inspected = await inspect(dataset, steps, folders, options.signal)
  const catalog = await define(deps, context, dataset, inspected)
  const assumed = await assume(deps, context, dataset, inspected.found)
  if (isSomething(assumed)) options.onAssumed?.(assumed)
  const places = [options.out ?? dir, options.outElse].filter((place) => place !== undefined)
  const rejects = await openRejects(places)
  const run = await beginRun(deps, context, dataset)
  try {
    const setup = await setUp(deps, context, dataset, inspected, catalog, assumed)
    const job: Job = { deps, context, options, run, rejects, inspected, setup, startedMs }
    const feeds = await loadSteps(job, steps)
    const rejectsFile = await rejects.close()
    const report: ImportReport = {
      dataset: dataset.name,
      run,
      feeds: feeds.map(({ counter }) => counter.report()),
      assumed,
      rejectsFile,
      rejects: rejects.count(),
      durationMs: Math.round(monotonicMs() - startedMs),
    }
    const { rejectsFile: _place, ...recorded } = report
    await endRun(deps, context, run, 'done', recorded)
    return report
  } catch (error) {
    rejects.abandon()
    const code = error instanceof ImportStopped ? error.reason.code : 'failed'
    // The first failure is the one to tell; a database that is gone cannot record it anyway.
    await endRun(deps, context, run, 'failed', { code }).catch(() => undefined)
    throw error
  }
}

async function openDataset(dir: string): Promise<Dataset> {
  let text: string
  try {
    text = await readFile(path.join(dir, 'dataset.json'), 'utf8')
  } catch {
    throw new ImportStopped({ code: 'no-dataset', folder: dir })
  }
  const dataset = readDataset(text)
  if (!dataset.ok) throw new ImportStopped(dataset.error)
  return dataset.value
}

async function define(
  deps: Deps,
  context: RequestContext,
  dataset: Dataset,
  { found }: Inspected,
): Promise<PhysicalCatalog> {
  // An import is no request of a page: the answer of each part is not kept under a key.
  const { idempotency: _, ...plain } = context
  const catalog = await defineCatalog(deps, plain, draftOf(dataset, found))
  if (!catalog.ok) {
    assert(catalog.error.code !== 'idempotency-key-reused', 'no key was given')
    throw new ImportStopped({ code: 'catalog-refused', cause: catalog.error })
  }
  if (dataset.parties !== undefined) {
    const parties = await defineParties(deps, plain, partiesDraftOf(dataset.parties))
    if (!parties.ok) {
      assert(parties.error.code !== 'idempotency-key-reused', 'no key was given')
      throw new ImportStopped({ code: 'parties-refused', cause: parties.error })
    }
  }
  return catalog.value
}

async function setUp(
  deps: Deps,
  context: RequestContext,
  dataset: Dataset,
  { found }: Inspected,
  catalog: PhysicalCatalog,
  assumed: Assumed,
): Promise<FeedSetup> {
  const vocabulary = await inLoad(deps, context, undefined, readVocabulary)
  return { deps, dataset, found, catalog, vocabulary, assumed, now: deps.clock.now() }
}

interface Job {
  readonly deps: Deps
  readonly context: RequestContext
  readonly options: ImportOptions
  readonly run: string
  readonly rejects: RejectsFile
  readonly inspected: Inspected
  readonly setup: FeedSetup
  readonly startedMs: number
}

async function loadSteps(job: Job, steps: readonly Step[]): Promise<readonly Feed[]> {
  const { files } = job.inspected
  const rowsTotal = steps.reduce((sum, { file }) => sum + (files.get(file)?.rows ?? 0), 0)
  const finder = customerFinder(job.setup)
  const feeds: Feed[] = []
  let before = 0
  for (const step of steps) {
    feeds.push(
      ...(await loadStep(job, step, finder, (rows) => {
        job.options.onProgress?.({
          phase: 'load',
          file: step.file,
          rows: before + rows,
          rowsTotal,
          elapsedMs: monotonicMs() - job.startedMs,
        })
      })),
    )
    before += files.get(step.file)?.rows ?? 0
  }
  return feeds
}

async function loadStep(
  job: Job,
  step: Step,
  finder: CustomerFinder,
  onRows: (rows: number) => void,
): Promise<readonly Feed[]> {
  const file = job.inspected.files.get(step.file)
  assert(file !== undefined, 'every file of a step was inspected')
  const feeds = step.uses.map((use) =>
    use.open(job.setup, columnsOf(step.file, file.header, use.missing), finder),
  )
  let rows = 0
  let isFirst = true
  // The next batch is read and made ready while the database works on this one.
  let writing: Promise<void> = Promise.resolve()
  try {
    for await (const batch of readCsv(file.source, rowsPerBatch, job.options.signal)) {
      const data = isFirst ? batch.slice(1) : batch
      if (isFirst) checkSame(step.file, batch[0]?.fields ?? [], file.header)
      isFirst = false
      rows += data.length
      const loads = feeds.map((feed) => feed.prepare(data))
      const ready: Batch = { loads, rows: data.length, line: data[0]?.line ?? 0, rowsSoFar: rows }
      await writing
      writing = loadBatch(job, step, feeds, ready, onRows)
      // Awaited at the next turn; until then a failure must not count as unhandled.
      writing.catch(() => undefined)
    }
  } finally {
    await writing.catch(() => undefined)
  }
  await writing
  if (rows !== file.rows) throw new ImportStopped({ code: 'file-changed', file: step.file })
  return feeds
}

function checkSame(file: string, header: readonly string[], before: readonly string[]): void {
  if (JSON.stringify(header) !== JSON.stringify(before))
    throw new ImportStopped({ code: 'file-changed', file })
}

/** What is kept of rows that are ready to be loaded. */
interface Batch {
  /** One for each feed of the file. */
  readonly loads: readonly Load[]
  readonly rows: number
  /** Of the first row. */
  readonly line: number
  /** Of the file, these included. */
  readonly rowsSoFar: number
}

/** One transaction: the rows of a batch for every feed of the file, and the entry that says so. */
async function loadBatch(
  job: Job,
  step: Step,
  feeds: readonly Feed[],
  { loads, rows, line, rowsSoFar }: Batch,
  onRows: (rows: number) => void,
): Promise<void> {
  if (rows === 0) return
  const { deps, context, options, run } = job
  const tallies = await inLoad(deps, context, options.signal, async (tx) => {
    const tallies = []
    for (const load of loads) tallies.push(await load(tx))
    await appendEntry(tx, context, {
      action: importAction,
      decision: 'allow',
      objectKind: 'import',
      objectId: run,
      rowCount: rows,
      detail: { file: step.file, line },
    })
    return tallies
  })
  for (const [index, tally] of tallies.entries()) {
    feeds[index]?.counter.add(tally)
    await job.rejects.add(step.file, [...tally.rejects, ...tally.refused])
  }
  onRows(rowsSoFar)
}
