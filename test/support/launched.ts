/** Runs the launcher in processes of their own, so that tests can kill them. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, readlink, realpath, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { z } from 'zod'

const childProgram = fileURLToPath(new URL('../embedded/child.ts', import.meta.url))

const said = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    value: z
      .object({ connectionString: z.string(), adopted: z.boolean(), version: z.string() })
      .optional(),
  }),
  z.object({ ok: z.literal(false), error: z.looseObject({ code: z.string() }) }),
])

export type Said = z.infer<typeof said>

export interface Launched {
  readonly pid: number
  /** The next line that the process says: first the outcome of the start, after `stop` that of stopping. */
  readonly next: () => Promise<Said>
  readonly stop: () => Promise<Said>
  /** SIGKILL, and waits until the process is gone. */
  readonly kill: () => Promise<void>
}

/** Starts a process that starts the database; `program` is another copy of test/embedded/child.ts. */
export function launch(dataDir: string, bin?: string, program: string = childProgram): Launched {
  const child = spawn(process.execPath, [program, dataDir, ...(bin === undefined ? [] : [bin])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<Said> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('the launching process ended without a word')
    return said.parse(JSON.parse(line.value))
  }
  return {
    pid: child.pid ?? 0,
    next,
    stop: async () => {
      child.stdin.write('stop\n')
      return await next()
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended(child)
    },
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.on('exit', () => resolve())
  })

/** Gives what a successful start said, or fails with its error. */
export async function started(launched: Launched) {
  const outcome = await launched.next()
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error))
  if (outcome.value === undefined) throw new Error('the launching process told no connection')
  return outcome.value
}

export interface DataFolder {
  readonly dataDir: string
  readonly cluster: () => Promise<string>
  readonly serverPid: () => Promise<number>
  /** Kills what still runs there and removes everything. */
  readonly close: () => Promise<void>
}

/** A data folder of its own, below a folder that every account can pass. */
export async function dataFolder(name = '.yunqun'): Promise<DataFolder> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'launcher-'))
  await chmod(parent, 0o755)
  return folderAt(path.join(parent, name), parent)
}

export function folderAt(dataDir: string, parent: string): DataFolder {
  const cluster = async () => await realpath(path.join(dataDir, 'database', 'cluster'))
  const serverPid = async () =>
    Number((await readFile(path.join(await cluster(), 'postmaster.pid'), 'utf8')).split('\n')[0])
  return {
    dataDir,
    cluster,
    serverPid,
    close: async () => {
      const pid = await serverPid().catch(() => 0)
      // The file may name a process that is no server: some tests write it.
      const standsIn = await readlink(`/proc/${pid}/cwd`).catch(() => '')
      if (pid > 0 && standsIn === (await cluster())) await killServer(pid)
      const home = await realpath(path.join(dataDir, 'database')).catch(() => dataDir)
      await rm(home, { recursive: true, force: true, maxRetries: 10 })
      await rm(parent, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** SIGKILL to the postmaster; its backends notice and end. */
export async function killServer(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
  while (isThere(pid)) await delay(5)
}

/** Whether a process lives; one that has ended and waits to be collected does not. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const text = existsSync('/proc') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
    return text[text.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

/** Runs statements one after the other; gives the rows of the last. */
export async function query(
  connectionString: string,
  ...statements: readonly string[]
): Promise<readonly unknown[]> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: readonly unknown[] = []
    for (const statement of statements) ({ rows } = await client.query(statement))
    return rows
  } finally {
    await client.end()
  }
}
