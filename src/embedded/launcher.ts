/** The embedded database: real PostgreSQL below the data folder, started here or adopted if it already runs. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { giveTo, isRoot, ownerOf, serverAccount } from './account.ts'
import type { Account } from './account.ts'
import { findBinaries } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { checkCluster, clusterOf, hasCluster, makeCluster, superuser } from './cluster.ts'
import {
  credentialsFile,
  newCredentials,
  readCredentials,
  writeCredentials,
} from './credentials.ts'
import type { Credentials } from './credentials.ts'
import type { EmbeddedError } from './error.ts'
import { noteUse, withFolderLock } from './folder-lock.ts'
import { findHome, folderError } from './home.ts'
import { disownPid, isServing, readPostmaster } from './postmaster.ts'
import type { Postmaster } from './postmaster.ts'
import { isTaken } from './process-identity.ts'
import { freePort, startServer, stopServer } from './server.ts'
import type { ServerPlace } from './server.ts'

export interface EmbeddedOptions {
  /** The data folder (`.yunqun`); made if need be. */
  readonly dataDir: string
  /** Takes a line for the person at the terminal. */
  readonly log?: (line: string) => void
  /** The folder of PostgreSQL's programs, instead of searching. */
  readonly bin?: string
  /** How long to wait while another process opens or closes the same folder. */
  readonly lockWaitMs?: number
  /** Settings over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedServer {
  /** Of the superuser, for migrations only: the service runs as yq_login. */
  readonly connectionString: string
  /** True when the server was already running, left by a process that was killed or shared with one that lives. */
  readonly adopted: boolean
  readonly version: string
  /** Ends the server, unless another process still uses it. */
  readonly stop: () => Promise<Result<void, EmbeddedError>>
}

const startAttemptsMax = 3
const settleWaitMs = 60_000
const pollMs = 20

/** Gives a running server of the data folder; its first start makes the database files. */
export async function startEmbedded(
  options: EmbeddedOptions,
): Promise<Result<EmbeddedServer, EmbeddedError>> {
  const dataDir = path.resolve(options.dataDir)
  return await fileErrorsAsResult(dataDir, async () => {
    await mkdir(dataDir, { recursive: true, mode: 0o755 })
    return await withFolderLock(
      dataDir,
      async () => await open({ ...options, dataDir }),
      options.lockWaitMs,
    )
  })
}

async function fileErrorsAsResult<T>(
  dataDir: string,
  work: () => Promise<Result<T, EmbeddedError>>,
): Promise<Result<T, EmbeddedError>> {
  try {
    return await work()
  } catch (error) {
    if (!isFileError(error)) throw error
    return err(folderError(error, dataDir))
  }
}

async function open(options: EmbeddedOptions): Promise<Result<EmbeddedServer, EmbeddedError>> {
  const { dataDir } = options
  const lent = serverAccount()
  if (lent === undefined) return err({ code: 'no-unprivileged-account' })
  const home = await findHome(dataDir, lent)
  if (!home.ok) return home
  const account = await accountOf(home.value, lent)
  if (!account.ok) return account
  const binaries = await findBinaries(account.value, options.bin)
  if (!binaries.ok) return binaries
  const credentials = await makeOrCheck(options, home.value, binaries.value, account.value)
  if (!credentials.ok) return credentials
  const place = {
    home: home.value,
    binaries: binaries.value,
    account: account.value,
    settings: options.settings ?? {},
  }
  const running = await settledPostmaster(clusterOf(home.value))
  const port =
    running === undefined ? await start(dataDir, place, credentials.value) : ok(running.port)
  if (!port.ok) return port
  const forget = await noteUse(dataDir)
  return ok({
    connectionString: urlOf(credentials.value.password, port.value),
    adopted: running !== undefined,
    version: binaries.value.version,
    stop: async () =>
      await fileErrorsAsResult(dataDir, async () =>
        withFolderLock(dataDir, async () => {
          if (await forget()) return ok(undefined)
          return await stopServer({ ...place, port: port.value })
        }),
      ),
  })
}

/** Files that are there keep their account, whoever made them; those of root are given to the lent one. */
async function accountOf(home: string, lent: Account): Promise<Result<Account, EmbeddedError>> {
  const owner = ownerOf(home)
  if (isRoot()) {
    if (owner.uid !== 0) return ok(owner)
    await giveTo(lent, home)
    return ok(lent)
  }
  return process.getuid === undefined || owner.uid === process.getuid()
    ? ok({})
    : err({ code: 'folder-foreign', path: home, uid: owner.uid })
}

async function makeOrCheck(
  options: EmbeddedOptions,
  home: string,
  binaries: Binaries,
  account: Account,
): Promise<Result<Credentials, EmbeddedError>> {
  const { dataDir, log } = options
  const known = await readCredentials(dataDir)
  if (await hasCluster(home)) {
    if (known === undefined)
      return err({ code: 'credentials-missing', path: credentialsFile(dataDir) })
    const refusal = await checkCluster(home, binaries)
    return refusal === undefined ? ok(known) : err(refusal)
  }
  log?.(`making the database files with PostgreSQL ${binaries.version}`)
  const fresh = newCredentials(await freePort(0))
  const made = await makeCluster({
    home,
    binaries,
    account,
    password: fresh.password,
    isDurable: options.settings?.['fsync'] !== 'off',
    keepPassword: async () => await writeCredentials(dataDir, fresh),
  })
  return made.ok ? ok(fresh) : made
}

/** The cluster's own running server, once it is ready; undefined when there is none or it is on its way out. */
async function settledPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const deadline = monotonicMs() + settleWaitMs
  while (monotonicMs() < deadline) {
    const postmaster = await readPostmaster(cluster)
    if (postmaster === undefined) return undefined
    if (!(await isServing(postmaster, cluster))) {
      // The server itself clears away the file of a pid that is gone; one that somebody has, even a process that
      // ended and was not waited for, it would take for a predecessor.
      if (isTaken(postmaster.pid)) await disownPid(cluster)
      return undefined
    }
    if (postmaster.ready) return postmaster
    await delay(pollMs)
  }
  return undefined
}

/** Gives the port; a port that was taken meanwhile is replaced, a predecessor's last backends are waited for. */
async function start(
  dataDir: string,
  place: Omit<ServerPlace, 'port'>,
  credentials: Credentials,
): Promise<Result<number, EmbeddedError>> {
  let wanted = credentials.port
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wanted)
    const started = await startServer({ ...place, port })
    if (started.ok) {
      if (port !== credentials.port) await writeCredentials(dataDir, { ...credentials, port })
      return ok(port)
    }
    const { error } = started
    if (attempt >= startAttemptsMax || !isPassing(error)) return started
    if (error.code === 'port-taken') wanted = 0
    else await delay(attempt * 1000)
  }
}

const isPassing = (error: EmbeddedError): boolean =>
  error.code === 'port-taken' ||
  (error.code === 'start-failed' && error.reason.includes('shared memory'))

const urlOf = (password: string, port: number): string =>
  `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`

const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'syscall' in error
