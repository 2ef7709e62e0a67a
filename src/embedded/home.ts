/** Where the database files lie: in the data folder, or elsewhere when the server's account cannot go there. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, readlink, realpath, rename, symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { canReach, isRoot } from './account.ts'
import type { Account } from './account.ts'
import type { EmbeddedError } from './error.ts'

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
    if (linked !== undefined) return ok(await ownedFolder(linked, account))
    if (canReach(account, path.join(await realpath(dataDir), homeName)))
      return ok(await ownedFolder(place, account))
    const elsewhere = await sharedFolder('data')
    if (!elsewhere.ok) return elsewhere
    const key = createHash('sha256')
      .update(await realpath(dataDir))
      .digest('hex')
      .slice(0, 16)
    const home = await ownedFolder(path.join(elsewhere.value, key), account)
    await pointTo(place, home)
    return ok(home)
  } catch (error) {
    return err(folderError(error, place))
  }
}

/** A folder of the machine that every account can pass and only root can write; root's own business. */
export async function sharedFolder(use: 'cache' | 'data'): Promise<Result<string, EmbeddedError>> {
  const user = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache')
  const candidates = isRoot()
    ? [use === 'cache' ? '/var/cache/yunqun' : '/var/lib/yunqun', '/var/tmp/yunqun']
    : [path.join(user, 'yunqun')]
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      const stat = await lstat(folder)
      // In a folder that everybody may write to, somebody else may have been there first.
      if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0)
        return ok(folder)
    } catch {
      // A read-only place: the next one may do.
    }
  }
  return err({ code: 'folder-unwritable', path: candidates[0] ?? '' })
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
