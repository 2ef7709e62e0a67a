/** Makes the database files, all or nothing. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { Account } from './account.ts'
import { programOf } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import type { EmbeddedError } from './error.ts'
import { lastLine, run } from './run.ts'

export const superuser = 'postgres'

const clusterName = 'cluster'
const halfPrefix = 'half-'
const passwordPrefix = 'initdb-'
/** Where initdb writes about 40 MB, and the first checkpoints as much again. */
const freeBytesMin = 150 * 1024 * 1024

export interface ClusterPlan {
  readonly home: string
  readonly binaries: Binaries
  readonly account: Account
  /** Of the superuser. */
  readonly password: string
  /** False for data that is thrown away: its files need not reach the disk. */
  readonly isDurable: boolean
  readonly keepPassword: () => Promise<void>
}

export const clusterOf = (home: string): string => path.join(home, clusterName)

/** Whether the files are there; half-made ones never bear the final name, but an emptied folder might. */
export async function hasCluster(home: string): Promise<boolean> {
  const names = await readdir(clusterOf(home)).catch(() => [])
  return names.length > 0
}

/** What keeps an existing cluster from being opened with these programs. */
export async function checkCluster(
  home: string,
  binaries: Binaries,
): Promise<EmbeddedError | undefined> {
  const cluster = clusterOf(home)
  const found = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (found === '' || !existsSync(path.join(cluster, 'global', 'pg_control')))
    return { code: 'cluster-damaged', path: cluster }
  if (Number(found) !== binaries.major)
    return {
      code: 'cluster-other-version',
      path: cluster,
      found,
      wanted: `${binaries.major}`,
    }
  return undefined
}

/**
 * Makes the cluster under another name and renames it at the end; what an interrupted start left is removed first.
 *
 * The password is kept before the rename, so that a cluster is never there without it.
 */
export async function makeCluster(plan: ClusterPlan): Promise<Result<void, EmbeddedError>> {
  const { home, account } = plan
  await removeHalfMade(home)
  const space = await statfs(home)
  if (space.bavail * space.bsize < freeBytesMin) return err({ code: 'disk-full', path: home })
  const half = path.join(home, `${halfPrefix}${randomBytes(6).toString('hex')}`)
  const passwordFile = path.join(home, `${passwordPrefix}${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(passwordFile, `${plan.password}\n`, { mode: 0o600 })
    if (account.uid !== undefined && account.gid !== undefined)
      await chown(passwordFile, account.uid, account.gid)
    const failure = await initialise(half, passwordFile, plan)
    if (failure !== undefined) return err(failure)
    await plan.keepPassword()
    await rm(clusterOf(home), { recursive: true, force: true })
    await rename(half, clusterOf(home))
    return ok(undefined)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(half, { recursive: true, force: true })
  }
}

async function removeHalfMade(home: string): Promise<void> {
  for (const name of await readdir(home))
    if (name.startsWith(halfPrefix) || name.startsWith(passwordPrefix))
      // A killed starter's initdb may still be writing for a moment.
      await rm(path.join(home, name), { recursive: true, force: true, maxRetries: 10 })
}

async function initialise(
  cluster: string,
  passwordFile: string,
  plan: ClusterPlan,
): Promise<EmbeddedError | undefined> {
  const { binaries, account } = plan
  let reason = ''
  for (const locale of localesOf(binaries)) {
    const { exitCode, output } = await run(
      programOf(binaries, 'initdb'),
      [
        `--pgdata=${cluster}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--data-checksums',
        ...(plan.isDurable ? [] : ['--no-sync']),
        ...locale,
      ],
      account,
    )
    if (exitCode === 0) return undefined
    if (output.includes('No space left on device')) return { code: 'disk-full', path: cluster }
    reason = reasonOf(output)
    if (!output.includes('locale')) break
  }
  return { code: 'initdb-failed', reason }
}

/** Text sorts by code point and folds case by Unicode, without ICU; a system without C.UTF-8 falls back to C. */
function localesOf(binaries: Binaries): readonly (readonly string[])[] {
  if (binaries.major >= 17)
    return [['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']]
  return [['--locale=C.UTF-8'], ['--locale=C']]
}

/** The line that names the failure; initdb ends with advice about the folder. */
function reasonOf(output: string): string {
  const lines = output.split('\n').filter((line) => /error|fatal|panic|could not/i.test(line))
  return lines.at(-1)?.trim() ?? lastLine(output)
}
