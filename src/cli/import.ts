/** `yunqun import DIR`. */
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Config } from '../config.ts'
import { importDataset, importErrorSentence } from '../imports/index.ts'
import type { Assumed, ImportProgress } from '../imports/index.ts'
import { readDeployment } from '../identity/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { removeDemoFile } from './demo-file.ts'
import { operatorContext, withDeployment } from './deployment.ts'
import type { Terminal } from './terminal.ts'

export interface ImportFolderOptions {
  readonly data?: string
  readonly signal: AbortSignal
}

/** Between two lines of progress. */
const progressStepMs = 2000

/**
 * Left alone, V8 lets garbage grow to ten times what an import holds. Both are read at each collection, so they take
 * effect in a process that runs already; a server, which answers people, keeps its own pace.
 */
const heapFlags = ['--semi-space-growth-factor=1', '--heap-growing-percent=60'] as const

export async function importFolder(
  config: Config,
  dir: string,
  { data, signal }: ImportFolderOptions,
  terminal: Terminal,
): Promise<Result<void, string>> {
  for (const flag of heapFlags) setFlagsFromString(flag)
  return await withDeployment(config, terminal, async ({ deps }) => {
    const before = await readDeployment(deps)
    if (before.mode === 'demo')
      terminal.say('The demo world ends here; its fictional customers stay in this data folder.')
    const imported = await importDataset(deps, operatorContext(), path.resolve(dir), {
      ...(data === undefined ? {} : { dataDir: path.resolve(data) }),
      outElse: config.dataDir,
      onProgress: progressTo(terminal),
      onAssumed: (assumed) => {
        for (const line of assumedLines(assumed)) terminal.say(line)
      },
      signal,
    })
    if (!imported.ok) return err(importErrorSentence(imported.error))
    terminal.answer(JSON.stringify(imported.value, null, 2))
    const { mode } = await readDeployment(deps)
    if (mode === 'production') await removeDemoFile(config.dataDir)
    return ok(undefined)
  })
}

function progressTo(terminal: Terminal): (progress: ImportProgress) => void {
  let lastMs = -Infinity
  return ({ phase, file, rows, rowsTotal, elapsedMs }) => {
    if (elapsedMs - lastMs < progressStepMs && rows !== rowsTotal) return
    lastMs = elapsedMs
    terminal.say(
      phase === 'inspect'
        ? 'looking through the files'
        : `${file}: ${rows} of ${rowsTotal} rows, ${Math.round(elapsedMs / 1000)} s`,
    )
  }
}

function assumedLines(assumed: Assumed): readonly string[] {
  const { categories, notice, purposes, channels, recipient } = assumed
  const made = [
    ...(purposes.length === 0 ? [] : [`purposes ${purposes.join(', ')}`]),
    ...(channels.length === 0 ? [] : [`channels ${channels.join(', ')}`]),
    ...(recipient === null ? [] : [`the recipient ${recipient}`]),
  ]
  return [
    ...(made.length === 0 ? [] : [`made, since dataset.json has no parties: ${made.join('; ')}`]),
    ...(categories.length === 0
      ? []
      : [`assumed: consents cover ${categories.join(', ')}, and nothing sensitive`]),
    ...(notice === null
      ? []
      : [`assumed: consents stand on the notice ${notice.id} ${notice.version}`]),
  ]
}
