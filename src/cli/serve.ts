/** `yunqun serve`: database, migrations, demo world on a first start, API, pages, workers. */
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import type { Config } from '../config.ts'
import { buildDemoWorld } from '../demo/index.ts'
import { createApp } from '../http/index.ts'
import { declareProduction, readDeployment } from '../identity/index.ts'
import type { DeploymentMode } from '../identity/index.ts'
import { startWorkers } from '../jobs/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { removeDemoFile, writeDemoFile } from './demo-file.ts'
import { operatorContext, withDeployment } from './deployment.ts'
import type { OpenDeployment } from './deployment.ts'
import { faultSentence } from './fault.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'
import { projectRoot, version } from './project.ts'
import type { Terminal } from './terminal.ts'
import { webAssets } from './web-assets.ts'

export interface ServeOptions {
  readonly demo: boolean
  readonly empty: boolean
  /** Aborts when the service is to end. */
  readonly signal: AbortSignal
}

const demoSeed = 'heyu'

/** Runs until the signal aborts, and ends everything it began. */
export async function serve(
  config: Config,
  options: ServeOptions,
  terminal: Terminal,
): Promise<Result<void, string>> {
  // The port first: whoever has no place to listen should not begin.
  const listening = await listen(config.host, config.port)
  if (!listening.ok) return listening
  try {
    const baseUrl = baseUrlAt(config, listening.value.port)
    return await withDeployment(config, terminal, (opened) =>
      run({ ...config, baseUrl }, options, terminal, listening.value, opened),
    )
  } catch (error) {
    if (options.signal.aborted) return err('stopped while starting')
    throw error
  } finally {
    await listening.value.stop()
  }
}

/** Port 0 asks for any: the address is known when it is taken. */
const baseUrlAt = (config: Config, port: number): string =>
  config.port === 0 ? config.baseUrl.replace(/:0$/, `:${port}`) : config.baseUrl

async function run(
  config: Config,
  options: ServeOptions,
  terminal: Terminal,
  listening: Listening,
  opened: OpenDeployment,
): Promise<Result<void, string>> {
  const { deps } = opened
  const mode = await settleMode(config, options, terminal, opened)
  if (!mode.ok) return mode
  const folder = await pagesOf(config, terminal)
  const log = pino({ base: null }, pino.destination({ fd: 2, sync: true }))
  const workers = startWorkers(deps, {
    name: `${os.hostname()}-${listening.port}`,
    onError: (error) => log.error({ fault: faultSentence(error) ?? nameOf(error) }, 'worker'),
  })
  listening.answerWith(
    createApp({
      ...deps,
      baseUrl: config.baseUrl,
      version,
      onFault: (fault) => log.error(fault, 'request'),
      onQueued: workers.wake,
      ...(folder === undefined ? {} : { webAssets: folder }),
    }),
  )
  await sayWhere(config, mode.value, terminal, opened)
  await aborted(options.signal)
  terminal.say('stopping')
  await listening.stop()
  await workers.stop()
  return ok(undefined)
}

async function pagesOf(config: Config, terminal: Terminal): Promise<string | undefined> {
  const keepIn = path.join(config.dataDir, 'web')
  return await webAssets({ root: projectRoot, keepIn, say: terminal.say })
}

/** What this start makes of the deployment: the demo world for one that holds nothing, or the real one. */
async function settleMode(
  config: Config,
  { demo, empty }: ServeOptions,
  terminal: Terminal,
  { deps }: OpenDeployment,
): Promise<Result<DeploymentMode, string>> {
  const { mode } = await readDeployment(deps)
  if (demo && empty) return err('--demo and --empty contradict each other')
  if (demo && mode === 'production')
    return err(
      'this data folder holds a real deployment; set YUNQUN_DATA to another one for the demo world',
    )
  if (empty && mode === 'demo')
    return err(
      'this data folder holds the demo world; set YUNQUN_DATA to another one for an empty start',
    )
  if ((mode === 'demo' || demo) && !(config.isLoopback && isLocal(config.baseUrl)))
    return err(
      'the demo world is served on this machine only; leave HOST and BASE_URL unset, or set YUNQUN_DATA to another folder',
    )
  if (mode === 'empty' && (empty || !config.isLoopback)) {
    await declareProduction(deps, operatorContext())
    return ok('production')
  }
  if (mode === 'production') {
    await removeDemoFile(config.dataDir)
    return ok(mode)
  }
  if (mode === 'empty') terminal.say('making the demo world, which is fictional')
  const world = await buildDemoWorld(deps, {
    seed: demoSeed,
    asOf: deps.clock.now(),
    onProgress: progressTo(terminal),
  })
  await writeDemoFile(config.dataDir, config.baseUrl, world)
  return ok('demo')
}

function progressTo(terminal: Terminal): (done: number, of: number) => void {
  let lastTenth = 0
  return (done, of) => {
    const tenth = Math.floor((done * 10) / of)
    if (tenth === lastTenth) return
    lastTenth = tenth
    terminal.say(`  ${done} of ${of} customers`)
  }
}

const isLocal = (baseUrl: string): boolean => baseUrl.startsWith('http:')

async function sayWhere(
  config: Config,
  mode: DeploymentMode,
  terminal: Terminal,
  { deps }: OpenDeployment,
): Promise<void> {
  terminal.answer(`Yunqun 允群 is ready: ${config.baseUrl}`)
  if (mode === 'demo')
    terminal.say(
      'This is the demo world. Sign in there with one click; the API is described under /docs.',
    )
  const { hasPeople } = await readDeployment(deps)
  if (!hasPeople)
    terminal.say(
      'Nobody works here yet. Invite the first administrator: npm run -s yunqun -- admin create EMAIL',
    )
  terminal.say('Ctrl-C stops it.')
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
