/** Opens what every command works on: the keys, the database, migrated, and a pool of run-time connections. */
import { randomUUID } from 'node:crypto'
import type { Deps, RequestContext } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { connectDatabase, prepareDatabase, prepareErrorSentence } from '../db/index.ts'
import { embeddedErrorSentence, startEmbedded } from '../embedded/index.ts'
import { systemClock } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { keysErrorSentence, openKeys, readOrMakePassword } from '../keys/index.ts'
import { makeFolder } from './folder.ts'
import type { Terminal } from './terminal.ts'

export interface OpenDeployment {
  readonly deps: Deps
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[]
  /** Ends the connections, and the embedded database unless another process uses it. */
  readonly close: () => Promise<Result<void, string>>
}

const connectionsMax = 20
const loginPasswordFile = 'login.password'

/** Whoever works at the command line acts for the operator. */
export const operatorContext = (): RequestContext => ({
  actor: { kind: 'system', id: 'operator', role: 'operator', demo: false },
  requestId: randomUUID(),
})

export async function openDeployment(
  config: Config,
  terminal: Terminal,
): Promise<Result<OpenDeployment, string>> {
  const folder = makeFolders(config)
  if (!folder.ok) return folder
  const keys = openKeys(config.keysDir)
  if (!keys.ok) return err(keysErrorSentence(keys.error))
  const loginPassword = readOrMakePassword(config.keysDir, loginPasswordFile)
  if (!loginPassword.ok) return err(keysErrorSentence(loginPassword.error))
  const server = await openServer(config, terminal)
  if (!server.ok) return server
  const prepared = await prepareDatabase(server.value.adminUrl, {
    loginPassword: loginPassword.value,
  })
  if (!prepared.ok) {
    await server.value.stop()
    return err(prepareErrorSentence(prepared.error))
  }
  const database = connectDatabase(prepared.value.loginUrl, { connectionsMax })
  return ok({
    deps: { database, keys: keys.value, clock: systemClock },
    applied: prepared.value.applied,
    close: async () => {
      await database.close()
      return await server.value.stop()
    },
  })
}

/** The database runs as another account than root and has to reach its files; the keys are for us alone. */
function makeFolders({ dataDir, keysDir }: Config): Result<void, string> {
  const made = makeFolder(dataDir, 0o755)
  return made.ok ? makeFolder(keysDir, 0o700) : made
}

interface Server {
  readonly adminUrl: string
  readonly stop: () => Promise<Result<void, string>>
}

async function openServer(config: Config, terminal: Terminal): Promise<Result<Server, string>> {
  if (config.databaseUrl !== undefined)
    return ok({ adminUrl: config.databaseUrl, stop: async () => ok(undefined) })
  const started = await startEmbedded({ dataDir: config.dataDir, log: terminal.say })
  if (!started.ok) return err(embeddedErrorSentence(started.error))
  const server = started.value
  return ok({
    adminUrl: server.connectionString,
    stop: async () => {
      const stopped = await server.stop()
      return stopped.ok ? ok(undefined) : err(embeddedErrorSentence(stopped.error))
    },
  })
}

/** Opens, works, closes, whatever comes of the work. */
export async function withDeployment(
  config: Config,
  terminal: Terminal,
  work: (opened: OpenDeployment) => Promise<Result<void, string>>,
): Promise<Result<void, string>> {
  const opened = await openDeployment(config, terminal)
  if (!opened.ok) return opened
  let worked: Result<void, string>
  try {
    worked = await work(opened.value)
  } catch (error) {
    // What went wrong first is what to tell.
    await opened.value.close().catch(() => undefined)
    throw error
  }
  const closed = await opened.value.close()
  return worked.ok ? closed : worked
}
