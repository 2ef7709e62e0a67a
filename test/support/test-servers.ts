/** The servers of a test run, started by the first test that needs one; test/global-setup.ts runs this beside the tests. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { z } from 'zod'
import { prepareDatabase, prepareErrorSentence } from '../../src/db/index.ts'
import { embeddedErrorSentence, startEmbedded } from '../../src/embedded/index.ts'
import type { EmbeddedServer } from '../../src/embedded/index.ts'
import { findPg15 } from './pg15.ts'

export type ServerName = 'embedded' | 'pg15'

/** What a test learns: where to make a database, or why it cannot. */
export const serverAnswer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    adminUrl: z.string(),
    template: z.string(),
    loginPassword: z.string(),
  }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
])

export type ServerAnswer = z.infer<typeof serverAnswer>

export interface TestServers {
  /** Where tests ask: `GET <url>/<server name>` answers a ServerAnswer. */
  readonly url: string
  readonly names: readonly ServerName[]
  readonly close: () => Promise<void>
}

const folderPrefix = 'yunqun-test-'
const ownerFile = 'owner'
const template = 'yunqun_template'

/** The data of tests is thrown away, so nothing of it needs to reach the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  autovacuum: 'off',
}

export async function openTestServers(): Promise<TestServers> {
  await sweepLeftovers()
  const pg15 = await findPg15()
  const names: readonly ServerName[] = pg15 === undefined ? ['embedded'] : ['embedded', 'pg15']
  const folder = await mkdtemp(path.join(os.tmpdir(), folderPrefix))
  // Open to pass, or root's database files would lie outside of it.
  await chmod(folder, 0o755)
  await writeFile(path.join(folder, ownerFile), `${process.pid}`)
  const started: EmbeddedServer[] = []
  const answers = new Map<ServerName, Promise<ServerAnswer>>()
  const secret = randomBytes(12).toString('hex')

  const answerOf = (name: ServerName): Promise<ServerAnswer> => {
    const known = answers.get(name)
    if (known !== undefined) return known
    const bin = name === 'pg15' ? pg15 : undefined
    const answer = startOne(path.join(folder, name), bin, started)
    answers.set(name, answer)
    return answer
  }
  const door = createServer((request, response) => {
    const name = names.find((name) => request.url === `/${secret}/${name}`)
    if (name === undefined) {
      response.writeHead(404).end()
      return
    }
    void answerOf(name).then((answer) => response.end(JSON.stringify(answer)))
  })
  const port = await listen(door)
  return {
    url: `http://127.0.0.1:${port}/${secret}`,
    names,
    close: async () => {
      door.close()
      await Promise.all(answers.values())
      for (const server of started) await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startOne(
  dataDir: string,
  bin: string | undefined,
  started: EmbeddedServer[],
): Promise<ServerAnswer> {
  const server = await startEmbedded({ dataDir, settings, ...(bin === undefined ? {} : { bin }) })
  if (!server.ok) return { kind: 'failed', reason: embeddedErrorSentence(server.error) }
  started.push(server.value)
  const adminUrl = server.value.connectionString
  const admin = new Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`create database ${template}`)
  await admin.end()
  const loginPassword = randomBytes(24).toString('hex')
  const templateUrl = new URL(adminUrl)
  templateUrl.pathname = template
  const prepared = await prepareDatabase(templateUrl.href, { loginPassword })
  return prepared.ok
    ? { kind: 'ready', adminUrl, template, loginPassword }
    : { kind: 'failed', reason: prepareErrorSentence(prepared.error) }
}

function listen(door: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    door.on('error', reject)
    door.listen(0, '127.0.0.1', () => {
      const address = door.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('the door of the test servers has no port'))
    })
  })
}

/** A run that was killed leaves its folder and perhaps its servers: adopt those, stop them, remove the folder. */
async function sweepLeftovers(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue
    const folder = path.join(os.tmpdir(), name)
    const owner = Number(await readFile(path.join(folder, ownerFile), 'utf8').catch(() => '0'))
    if (owner === 0 || isRunning(owner)) continue
    for (const server of ['embedded', 'pg15']) await stopLeftover(path.join(folder, server))
    await rm(folder, { recursive: true, force: true })
  }
}

async function stopLeftover(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'database', 'cluster', 'postmaster.pid')
  const isLeft = await readFile(file).then(
    () => true,
    () => false,
  )
  if (!isLeft) return
  const server = await startEmbedded({ dataDir, settings })
  if (server.ok) await server.value.stop()
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
