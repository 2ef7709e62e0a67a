/** Folders of the machine for what the server's account cannot reach in the project. */
import { lstat, mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isRoot } from './account.ts'
import type { EmbeddedError } from './error.ts'

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
