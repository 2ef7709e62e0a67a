/** Reads postmaster.pid, the file by which a running server is known. */
import { spawnSync } from 'node:child_process'
import { readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { folderOf, isAlive } from './process-identity.ts'

export interface Postmaster {
  readonly pid: number
  readonly cluster: string
  readonly port: number
  readonly ready: boolean
}

/** A pid that no process can have. */
const impossiblePid = 2_147_483_647

/** Undefined when the file is missing or not whole. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '')
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return {
    pid,
    cluster: lines[1] ?? '',
    port: Number(lines[3] ?? 0),
    ready: lines[7] === 'ready',
  }
}

/** Whether the process of the file lives and is the server of this cluster, not a later process with its pid. */
export async function isServing(postmaster: Postmaster, cluster: string): Promise<boolean> {
  if (!isAlive(postmaster.pid)) return false
  const folder = folderOf(postmaster.pid)
  if (folder !== undefined) return folder === (await realpath(cluster))
  if (process.platform === 'win32') return postmaster.cluster !== ''
  const { stdout } = spawnSync('ps', ['-p', `${postmaster.pid}`, '-o', 'command='], {
    encoding: 'utf8',
  })
  return stdout.includes('postgres') && stdout.includes(cluster)
}

/**
 * Makes the file of a dead server harmless when its pid has gone to another process.
 *
 * The rest of the file stays, so that the server still finds the shared memory of a predecessor's backends by itself.
 */
export async function disownPid(cluster: string): Promise<void> {
  const file = pidFile(cluster)
  // The socket stands beside the cluster and its lock names the same pid; no other server puts one there.
  const beside = path.dirname(cluster)
  for (const name of await readdir(beside))
    if (/^\.s\.PGSQL\.\d+\.lock$/.test(name)) await rm(path.join(beside, name), { force: true })
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  // Written in place: the file keeps its owner, as whom the server reads it.
  await writeFile(file, [`${impossiblePid}`, ...rest].join('\n'))
}

const pidFile = (cluster: string): string => path.join(cluster, 'postmaster.pid')
