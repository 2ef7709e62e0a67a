/** The program as a process of its own: started, asked with commands, stopped or killed. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const ready = /is ready: (\S+)/
const startMsMax = 180_000

export interface ServerProcess {
  readonly baseUrl: string
  readonly pid: number
  /** Everything that it said so far. */
  readonly said: () => string
  /** Ends it in order. */
  readonly stop: () => Promise<void>
  /** SIGKILL: nothing of it can react. */
  readonly kill: () => Promise<void>
}

export interface Place {
  /** The data folder (YUNQUN_DATA). */
  readonly folder: string
  /** Beside the process's own environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts the service and waits until it says where it answers. Port 0: any that is free. */
export async function startServer(
  place: Place,
  options: readonly string[],
  port = 0,
): Promise<ServerProcess> {
  const child = run(place, ['serve', ...options], { PORT: String(port) })
  const hasEnded = once(child, 'exit')
  let said = ''
  const baseUrl = await new Promise<string>((resolve, reject) => {
    const giveUp = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`the server did not start (${why}):\n${said}`))
    }
    const timer = setTimeout(giveUp, startMsMax, 'it took too long')
    child.on('exit', (code) => giveUp(`exit ${code}`))
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        said += bytes.toString()
        const url = ready.exec(said)?.[1]
        if (url === undefined) return
        clearTimeout(timer)
        resolve(url)
      })
  })
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal)
    await hasEnded
  }
  return {
    baseUrl,
    pid: child.pid ?? 0,
    said: () => said,
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
  }
}

/** Runs one command to its end; gives its standard output, or throws what it said. */
export async function command(place: Place, args: readonly string[]): Promise<string> {
  const child = run(place, args, {})
  let [answer, said] = ['', '']
  child.stdout?.on('data', (bytes: Buffer) => {
    answer += bytes.toString()
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const [code]: unknown[] = await once(child, 'close')
  if (code !== 0) throw new Error(`yunqun ${args.join(' ')} ended with ${String(code)}:\n${said}`)
  return answer
}

/** Removes the data folder of a service that has ended, and its database, which may lie elsewhere. */
export async function removePlace({ folder }: Place): Promise<void> {
  const database = await realpath(path.join(folder, 'database')).catch(() => folder)
  await rm(database, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
}

/** The process id of the embedded database of a data folder. */
export async function databasePid(folder: string): Promise<number> {
  const file = path.join(folder, 'database', 'cluster', 'postmaster.pid')
  const [first] = (await readFile(file, 'utf8')).split('\n')
  return Number(first)
}

/** Whatever the surroundings say, the service is one of its own, on this machine; blank is unset. */
const itsOwn = { HOST: '127.0.0.1', BASE_URL: '', DATABASE_URL: '', YUNQUN_KEYS: '' }

function run(
  { folder, environment }: Place,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): ChildProcess {
  const env = {
    ...process.env,
    ...itsOwn,
    ...environment,
    ...variables,
    YUNQUN_DATA: folder,
  }
  return spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}
