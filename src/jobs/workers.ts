/** What runs beside the requests: workers that build audiences, and a sweeper for what time ends. */
import { randomUUID } from 'node:crypto'
import type { Deps, RequestContext } from '../audit/index.ts'
import { buildNextAudience } from '../audiences/index.ts'
import { sweepExpired } from '../exports/index.ts'
import { makePause } from './pause.ts'
import type { Pause } from './pause.ts'

export interface WorkersOptions {
  readonly workers?: number | undefined
  readonly pollMs?: number | undefined
  readonly leaseMs?: number | undefined
  readonly sweepMs?: number | undefined
  /**
   * Names the workers. A name that stays the same over restarts, and that no other process has at the same time, takes
   * up at once what a killed process left; without one its leases have to run out first.
   */
  readonly name?: string | undefined
  /** Told of what went wrong in the background; the work goes on. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface Workers {
  /** Looks for work at once instead of at the next poll. */
  readonly wake: () => void
  /** Puts audiences under work back into the queue and waits until everything has ended. */
  readonly stop: () => Promise<void>
}

const workersDefault = 2
const pollMsDefault = 250
const leaseMsDefault = 15_000
const sweepMsDefault = 5_000
/** After a failure, such as a database that restarts. */
const retryMs = 1_000
/** Sweeps overlap by more than a chunk's transaction may last. */
const overlapMs = 2 * 60_000

export function startWorkers(deps: Deps, options: WorkersOptions = {}): Workers {
  const controller = new AbortController()
  const { signal } = controller
  const name = options.name ?? `worker:${randomUUID()}`
  const pauses: Pause[] = []
  const loops: Promise<void>[] = []
  const start = (ms: number, work: () => Promise<'again' | 'rest'>) => {
    const pause = makePause()
    pauses.push(pause)
    loops.push(repeat(signal, pause, ms, work, options.onError))
  }
  for (let index = 1; index <= (options.workers ?? workersDefault); index += 1) {
    const worker = {
      id: `${name}:${index}`,
      leaseMs: options.leaseMs ?? leaseMsDefault,
      signal,
      onError: options.onError,
    }
    start(options.pollMs ?? pollMsDefault, async () =>
      (await buildNextAudience(deps, worker)) === 'idle' ? 'rest' : 'again',
    )
  }
  start(options.sweepMs ?? sweepMsDefault, sweeper(deps, `${name}:sweeper`))
  const wake = () => {
    for (const pause of pauses) pause.wake()
  }
  return {
    wake,
    stop: async () => {
      controller.abort(new Error('the workers stop'))
      wake()
      await Promise.all(loops)
    },
  }
}

/** Works until it is told to stop; a failure is reported and tried again a little later. */
async function repeat(
  signal: AbortSignal,
  pause: Pause,
  restMs: number,
  work: () => Promise<'again' | 'rest'>,
  onError: ((error: unknown) => void) | undefined,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await work()) === 'again') continue
      if (!signal.aborted) await pause.wait(restMs)
    } catch (error) {
      onError?.(error)
      if (!signal.aborted) await pause.wait(retryMs)
    }
  }
}

/** The first sweep looks back to the beginning: nobody knows how long nothing ran. */
function sweeper(deps: Deps, id: string): () => Promise<'rest'> {
  const context: RequestContext = {
    actor: { kind: 'system', id, role: 'sweeper', demo: false },
    requestId: 'sweep',
  }
  let from = new Date(0)
  return async () => {
    const started = deps.clock.now()
    await sweepExpired(deps, context, from)
    from = new Date(started.getTime() - overlapMs)
    return 'rest'
  }
}
