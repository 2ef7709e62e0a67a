/** The superuser's password and the port, in a file that only this account reads. */
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

export interface Credentials {
  readonly password: string
  /** The loopback port of the last start; another one is taken when it is no longer free. */
  readonly port: number
}

const passwordBytes = 32

export const credentialsFile = (dataDir: string): string => path.join(dataDir, 'database.json')

export const newCredentials = (port: number): Credentials => ({
  password: randomBytes(passwordBytes).toString('base64url'),
  port,
})

/** Undefined when the file is missing or does not hold what was written. */
export async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(credentialsFile(dataDir), 'utf8'))
    if (
      typeof value === 'object' &&
      value !== null &&
      'password' in value &&
      'port' in value &&
      typeof value.password === 'string' &&
      typeof value.port === 'number'
    )
      return { password: value.password, port: value.port }
  } catch {
    return undefined
  }
  return undefined
}

export async function writeCredentials(dataDir: string, credentials: Credentials): Promise<void> {
  const file = credentialsFile(dataDir)
  const fresh = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(fresh, `${JSON.stringify(credentials)}\n`, { mode: 0o600 })
  await rename(fresh, file)
}
