/** Where the database files lie: in the data folder, or elsewhere when the server's account cannot go there. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readlink, realpath, rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { canReach } from './account.ts'
import type { Account } from './account.ts'
import { hasCluster } from './cluster.ts'
import type { EmbeddedError } from './error.ts'
import { sharedFolder } from './shared-folder.ts'

/** In the data folder: the folder of the database files, or a link to it. */
export const homeName = 'database'

/**
 * Gives the real path of the folder for the database files, made if need be and owned by the account.
 *
 * Below a folder that the account cannot pass, the files lie in a folder of the machine, and `database` in the data
 * folder is a link to them.
 */
export async function findHome(
  dataDir: string,
  account: Account,
): Promise<Result<string, EmbeddedError>> {
  const place = path.join(dataDir, homeName)
  try {
    const linked = await readlink(place).catch(() => undefined)
    if (linked !== undefined) return ok(await ownedFolder(path.resolve(dataDir, linked), account))
    if (canReach(account, path.join(await realpath(dataDir), homeName)))
      return ok(await ownedFolder(place, account))
    if (await hasCluster(place)) return err({ code: 'folder-closed', path: place })
    await rm(place, { recursive: true, force: true })
    const elsewhere = await sharedFolder('data')
    if (!elsewhere.ok) return elsewhere
    // A name of chance: an earlier project of this path may have left files whose password went with it.
    const key = randomBytes(8).toString('hex')
    const home = await ownedFolder(path.join(elsewhere.value, key), account)
    await pointTo(place, home)
    return ok(home)
  } catch (error) {
    return err(folderError(error, place))
  }
}

async function ownedFolder(folder: string, account: Account): Promise<string> {
  const isNew = !existsSync(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (isNew && account.uid !== undefined && account.gid !== undefined) {
    await chown(folder, account.uid, account.gid)
    await chmod(folder, 0o700)
  }
  return await realpath(folder)
}

async function pointTo(place: string, home: string): Promise<void> {
  const fresh = `${place}.${randomBytes(6).toString('hex')}`
  await symlink(home, fresh)
  await rename(fresh, place)
}

export function folderError(error: unknown, folder: string): EmbeddedError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? { code: 'disk-full', path: folder }
    : { code: 'folder-unwritable', path: folder }
}
