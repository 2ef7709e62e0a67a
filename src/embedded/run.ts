/** Runs one of PostgreSQL's programs to its end. */
import { spawn } from 'node:child_process'
import { spawnAs } from './account.ts'
import type { Account } from './account.ts'

export interface Outcome {
  /** Null when the program could not be started or was killed. */
  readonly exitCode: number | null
  /** What it wrote, both streams together; the reason when it could not be started. */
  readonly output: string
}

export function run(program: string, args: readonly string[], account: Account): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...spawnAs(account),
      // A folder that every account may stand in; the caller's own may be closed.
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const pieces: string[] = []
    const keep = (piece: Buffer) => pieces.push(piece.toString('utf8'))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ exitCode: null, output: error.message }))
    child.on('close', (exitCode) => resolve({ exitCode, output: pieces.join('').trim() }))
  })
}

/** English messages, which the launcher reads, and none of the caller's own PG settings. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && name !== 'LANGUAGE',
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C', LANG: 'C' }
}

export const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim() ?? ''
