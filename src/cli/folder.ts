/** Makes a folder and those above it. */
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

/**
 * One step at a time: the recursive call of Node never returns where a file system refuses a folder as not found
 * although the one above is there, as below /proc.
 */
export function makeFolder(folder: string, mode: number): Result<void, string> {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return ok(undefined)
  if (found !== undefined) return err(`${folder} is a file, but should be a folder`)
  const above = path.dirname(folder)
  const made = above === folder ? ok(undefined) : makeFolder(above, mode)
  if (!made.ok) return made
  try {
    mkdirSync(folder, { mode })
    return ok(undefined)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return ok(undefined)
    return err(
      code === 'ENOSPC'
        ? `the disk that should hold ${folder} is full`
        : `the folder ${folder} cannot be made (${String(code)})`,
    )
  }
}
