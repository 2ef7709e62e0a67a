/** Whom PostgreSQL runs as: it refuses root, so a process of root lends it an account without rights. */
import { readFileSync, statSync } from 'node:fs'
import { lchown, readdir } from 'node:fs/promises'
import path from 'node:path'

/** Undefined members mean: as this process itself. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/** What `spawn` takes to run as the account; root's supplementary groups go with setgroups. */
export const spawnAs = (account: Account): { readonly uid?: number; readonly gid?: number } =>
  account.uid === undefined || account.gid === undefined
    ? {}
    : { uid: account.uid, gid: account.gid }

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * The account for the server: this process's own unless it is root, then `postgres` or else `nobody`.
 *
 * Undefined when root finds neither. initdb looks its uid up in /etc/passwd, so a made-up uid does not do.
 */
export function serverAccount(): Account | undefined {
  if (!isRoot()) return {}
  return accountNamed('postgres') ?? accountNamed('nobody')
}

/** The account that owns files made earlier. */
export function ownerOf(folder: string): { readonly uid: number; readonly gid: number } {
  const { uid, gid } = statSync(folder)
  return { uid, gid }
}

/** Makes the account the owner of a folder and of everything in it; for root only. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  const { uid, gid } = account
  if (uid === undefined || gid === undefined) return
  for (const name of await readdir(folder, { recursive: true }))
    await lchown(path.join(folder, name), uid, gid)
  await lchown(folder, uid, gid)
}

function accountNamed(wanted: string): Account | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === wanted && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/** Whether the account may pass through every folder above `target`, which exists. */
export function canReach(account: Account, target: string): boolean {
  const { uid, gid } = account
  if (uid === undefined) return true
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    const stat = statSync(folder)
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
    if ((stat.mode & bit) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}
