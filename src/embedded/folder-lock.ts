/** One process at a time opens or closes the database folder; several may use the server it holds. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../kernel/clock.ts'
import { err } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { EmbeddedError } from './error.ts'
import { isAlive, startMarkOf } from './process-identity.ts'

interface Holder {
  readonly pid: number
  readonly startMark: string
}

const waitMsDefault = 60_000
const pauseMs = 25
const lockName = 'database.lock'
const holdersName = 'database.users'

/** Runs `work` while no other process opens or closes the folder; a lock that a killed process left is taken over. */
export async function withFolderLock<T>(
  dataDir: string,
  work: () => Promise<Result<T, EmbeddedError>>,
  waitMs: number = waitMsDefault,
): Promise<Result<T, EmbeddedError>> {
  const lock = path.join(dataDir, lockName)
  const mine = `${process.pid} ${startMarkOf(process.pid)} ${randomBytes(6).toString('hex')}`
  const deadline = monotonicMs() + waitMs
  while (!(await create(lock, mine))) {
    const content = await readFile(lock, 'utf8').catch(() => '')
    const holder = holderOf(content)
    if (content !== '' && !isPresent(holder)) await breakLock(lock, content)
    else if (monotonicMs() > deadline)
      return err({ code: 'folder-locked', path: dataDir, pid: holder.pid })
    else await delay(pauseMs)
  }
  try {
    return await work()
  } finally {
    await unlink(lock).catch(() => undefined)
  }
}

/** Written beside and linked, so that nobody ever reads a lock without its holder. */
async function create(lock: string, content: string): Promise<boolean> {
  const fresh = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(fresh, content, { mode: 0o600 })
    await link(fresh, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(fresh).catch(() => undefined)
  }
}

/** Moves the stale lock away; if another process was quicker and this is its lock, puts it back. */
async function breakLock(lock: string, stale: string): Promise<void> {
  const moved = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    await rename(lock, moved)
  } catch {
    return
  }
  if ((await readFile(moved, 'utf8')) !== stale) await link(moved, lock).catch(() => undefined)
  await unlink(moved)
}

/** Notes that this process uses the server; gives the function that takes the note back and tells who is left. */
export async function noteUse(dataDir: string): Promise<() => Promise<boolean>> {
  const folder = path.join(dataDir, holdersName)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const note = path.join(folder, randomBytes(6).toString('hex'))
  await writeFile(note, `${process.pid} ${startMarkOf(process.pid)}`, { mode: 0o600 })
  return async () => {
    await unlink(note).catch(() => undefined)
    let othersLeft = false
    for (const name of await readdir(folder).catch(() => [])) {
      const other = path.join(folder, name)
      const holder = holderOf(await readFile(other, 'utf8').catch(() => ''))
      if (isPresent(holder)) othersLeft = true
      else await unlink(other).catch(() => undefined)
    }
    return othersLeft
  }
}

function holderOf(content: string): Holder {
  const [pid, startMark] = content.split(' ')
  return { pid: Number(pid), startMark: startMark ?? '' }
}

const isPresent = (holder: Holder): boolean =>
  Number.isSafeInteger(holder.pid) &&
  holder.pid > 0 &&
  isAlive(holder.pid) &&
  (holder.startMark === '' || holder.startMark === startMarkOf(holder.pid))
