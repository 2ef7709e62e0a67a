/** `yunqun conformance`: JSON lines on standard input, an answer to each on standard output. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Config } from '../config.ts'
import { answerLine, loadThrowaway } from '../conformance/index.ts'
import type { Engine, Ground } from '../conformance/index.ts'
import { systemClock } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { operatorContext, withDeployment } from './deployment.ts'
import { bugReport } from './fault.ts'
import { demoRuleCatalog } from './rule-catalog.ts'
import type { Terminal } from './terminal.ts'

export interface ConformanceOptions {
  readonly dataset?: string
  readonly data?: string
  readonly engine?: Engine
  readonly signal: AbortSignal
}

/** Text in pieces of any size, as standard input gives it. */
type Input = AsyncIterable<string | Buffer>

export async function runConformance(
  config: Config,
  { dataset, data, engine, signal }: ConformanceOptions,
  input: Input,
  terminal: Terminal,
): Promise<Result<void, string>> {
  if (dataset === undefined) {
    if (data !== undefined) return err('--data says where the files of a --dataset are')
    if (engine === 'sql')
      return err('--engine sql needs a --dataset; worlds in lines are evaluated')
    await answerAll({ catalog: demoRuleCatalog(), clock: systemClock }, input, terminal, signal)
    return ok(undefined)
  }
  return await withThrowawayFolder(async (folder) => {
    const { databaseUrl: _, ...rest } = config
    // Never the database of the deployment: what is loaded here is made eligible.
    const apart: Config = { ...rest, dataDir: folder, keysDir: path.join(folder, 'keys') }
    return await withDeployment(apart, terminal, async ({ deps }) => {
      const loaded = await loadThrowaway(deps, operatorContext(), path.resolve(dataset), {
        engine: engine ?? 'sql',
        ...(data === undefined ? {} : { dataDir: path.resolve(data) }),
        out: folder,
        signal,
      })
      if (!loaded.ok) return loaded
      const { catalog, world, report } = loaded.value
      const rows = report.feeds.map(
        ({ kind, name, loaded: count }) => `${count} ${name === '' ? kind : name}`,
      )
      terminal.say(`loaded: ${rows.join(', ')}; rejected: ${report.rejects}`)
      await answerAll({ catalog, clock: deps.clock, world }, input, terminal, signal)
      return ok(undefined)
    })
  })
}

async function withThrowawayFolder(
  work: (folder: string) => Promise<Result<void, string>>,
): Promise<Result<void, string>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'yunqun-conformance-'))
  try {
    // The database may run as another account and has to reach its files.
    await chmod(folder, 0o755)
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function answerAll(
  ground: Ground,
  input: Input,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  for await (const line of linesOf(input)) {
    if (signal.aborted) return
    if (line.trim() !== '') terminal.answer(JSON.stringify(await answered(line, ground, terminal)))
  }
}

/** A bug in one answer is told, and the other lines have theirs. */
async function answered(line: string, ground: Ground, terminal: Terminal): Promise<unknown> {
  try {
    return await answerLine(line, ground)
  } catch (error) {
    terminal.say(bugReport(error))
    const message = 'the answer failed; standard error says more'
    return { id: idOf(line), errors: [{ code: 'internal', span: null, message }] }
  }
}

function idOf(line: string): unknown {
  const json: unknown = JSON.parse(line)
  return typeof json === 'object' && json !== null && 'id' in json ? json.id : null
}

/** Split at line feeds alone: JSON may hold the other characters that end a line of text. */
async function* linesOf(input: Input): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of input) {
    const lines =
      `${pending}${typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })}`.split(
        '\n',
      )
    pending = lines.pop() ?? ''
    yield* lines
  }
  yield pending + decoder.decode()
}
