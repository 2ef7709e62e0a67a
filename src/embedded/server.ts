/** Starts and stops the server process of a cluster. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chown, readFile, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { spawnAs } from './account.ts'
import type { Account } from './account.ts'
import { programOf } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { clusterOf } from './cluster.ts'
import type { EmbeddedError } from './error.ts'
import { readPostmaster } from './postmaster.ts'
import { isAlive } from './process-identity.ts'
import { lastLine, run, serverEnvironment } from './run.ts'

/** Recovery after a crash replays at most the write-ahead log that the settings allow. */
const readyWaitMs = 120_000
const stopWaitSeconds = 60
const goneWaitMs = 5_000
const pollMs = 10
const logSizeBytesMax = 1024 * 1024
/** A socket's path has 107 bytes on Linux and 103 on macOS; the server adds `/.s.PGSQL.65535.lock`. */
const socketFolderBytesMax = 80

/** For a laptop: one service, few connections, answers that do not wait for a compiler of queries. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '64MB',
  maintenance_work_mem: '256MB',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The text of an error may hold a personal value: the log keeps the server's own messages only.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_checkpoints: 'off',
}

export interface ServerPlace {
  readonly home: string
  readonly binaries: Binaries
  readonly account: Account
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

const logOf = (home: string): string => path.join(home, 'server.log')

/** A loopback port that was free a moment ago; `wanted` if it is. */
export async function freePort(wanted: number): Promise<number> {
  const port = await tryListen(wanted)
  return port ?? (await tryListen(0)) ?? wanted
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.on('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      const found = typeof address === 'object' && address !== null ? address.port : undefined
      probe.close(() => resolve(found))
    })
  })
}

/**
 * Starts the server and waits until it takes connections.
 *
 * It runs in a session of its own: Ctrl-C in the terminal reaches the service, which stops the server when it is done.
 */
export async function startServer(place: ServerPlace): Promise<Result<void, EmbeddedError>> {
  const log = logOf(place.home)
  const logStart = await openLog(log, place.account)
  const descriptor = openSync(log, 'a', 0o600)
  const child = spawn(programOf(place.binaries, 'postgres'), serverArguments(place), {
    ...spawnAs(place.account),
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
    windowsHide: true,
  })
  closeSync(descriptor)
  child.unref()
  if (await becomesReady(child, clusterOf(place.home))) return ok(undefined)
  const said = (await readFile(log)).subarray(logStart).toString('utf8')
  return err(startError(said, place))
}

/** Ends the server in order: open transactions are rolled back, the files are left clean. */
export async function stopServer(place: ServerPlace): Promise<Result<void, EmbeddedError>> {
  const cluster = clusterOf(place.home)
  const postmaster = await readPostmaster(cluster)
  if (postmaster === undefined) return ok(undefined)
  const { exitCode, output } = await run(
    programOf(place.binaries, 'pg_ctl'),
    ['stop', `--pgdata=${cluster}`, '--mode=fast', '--wait', `--timeout=${stopWaitSeconds}`],
    place.account,
  )
  if (exitCode === 0 || (await readPostmaster(cluster)) === undefined) {
    // The file goes a moment before the process does.
    const deadline = monotonicMs() + goneWaitMs
    while (isAlive(postmaster.pid) && monotonicMs() < deadline) await delay(pollMs)
    return ok(undefined)
  }
  return err({ code: 'stop-failed', reason: lastLine(output) })
}

function serverArguments(place: ServerPlace): readonly string[] {
  const all = {
    ...settings,
    port: `${place.port}`,
    unix_socket_directories:
      Buffer.byteLength(place.home) <= socketFolderBytesMax ? place.home : '',
    ...place.settings,
  }
  return [
    '-D',
    clusterOf(place.home),
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** Gives the log's length, from which the coming start writes. */
async function openLog(log: string, account: Account): Promise<number> {
  const descriptor = openSync(log, 'a', 0o600)
  closeSync(descriptor)
  if (account.uid !== undefined && account.gid !== undefined)
    await chown(log, account.uid, account.gid)
  const { size } = await stat(log)
  if (size <= logSizeBytesMax) return size
  await truncate(log, 0)
  return 0
}

async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  const ended = new AbortController()
  child.on('error', () => ended.abort())
  child.on('exit', () => ended.abort())
  const deadline = monotonicMs() + readyWaitMs
  while (!ended.signal.aborted && monotonicMs() < deadline) {
    const postmaster = await readPostmaster(cluster)
    if (postmaster?.ready === true && postmaster.pid === child.pid) return true
    await delay(pollMs)
  }
  return false
}

function startError(said: string, place: ServerPlace): EmbeddedError {
  if (said.includes('No space left on device')) return { code: 'disk-full', path: place.home }
  if (said.includes('Address already in use')) return { code: 'port-taken', port: place.port }
  const reason = said
    .split('\n')
    .filter((line) => /FATAL|PANIC|could not/.test(line))
    .at(-1)
  return {
    code: 'start-failed',
    reason: reason?.replace(/^.*?(FATAL|PANIC|LOG): +/, '') ?? lastLine(said),
  }
}
