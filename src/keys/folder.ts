/** Keys as files of mode 0600 in one folder: the default keeper, of the same face as a KMS or HSM would have. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { keysFrom } from './keys.ts'
import type { Keys } from './keys.ts'

export type KeysError =
  | { readonly code: 'keys-folder-unusable'; readonly folder: string; readonly cause: string }
  /** Somebody else on the machine could read the keys. */
  | { readonly code: 'keys-open-to-others'; readonly file: string }
  | { readonly code: 'key-damaged'; readonly file: string }

export const keysErrorSentence = (error: KeysError): string => {
  switch (error.code) {
    case 'keys-folder-unusable':
      return `the keys folder ${error.folder} cannot be used: ${error.cause}`
    case 'keys-open-to-others':
      return `the key file ${error.file} can be read by others; make it readable by its owner only (chmod 600)`
    case 'key-damaged':
      return `the key file ${error.file} does not hold 32 bytes; put the backup of the keys back`
  }
}

const rootBytes = 32

/** Opens the folder's root key, making one on first use. */
export function openKeys(folder: string): Result<Keys, KeysError> {
  const root = readOrMakeSecret(folder, 'root.key', rootBytes)
  if (!root.ok) return root
  return ok(keysFrom(root.value))
}

/** A secret of its own that is made once, such as the password of the database login. Hexadecimal text. */
export function readOrMakePassword(folder: string, name: string): Result<string, KeysError> {
  const secret = readOrMakeSecret(folder, name, rootBytes)
  return secret.ok ? ok(secret.value.toString('hex')) : secret
}

function readOrMakeSecret(folder: string, name: string, bytes: number): Result<Buffer, KeysError> {
  const file = path.join(folder, name)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    makeOnce(file, bytes)
    if ((statSync(file).mode & 0o077) !== 0) return err({ code: 'keys-open-to-others', file })
    const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
    return secret.length === bytes ? ok(secret) : err({ code: 'key-damaged', file })
  } catch (error) {
    return err({
      code: 'keys-folder-unusable',
      folder,
      cause: error instanceof Error ? error.message : String(error),
    })
  }
}

/** A whole file or none: a kill between the two steps leaves the key of the next start untouched. */
function makeOnce(file: string, bytes: number): void {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${randomBytes(bytes).toString('hex')}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, file)
  } catch (error) {
    // Another process made it first: its key holds.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
