/** The oldest server that is supported: tests run on it where its programs are. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { systemBins } from '../../src/embedded/index.ts'

export const noPg15 = 'PostgreSQL 15 was not found on this machine'

/** Gives the folder of its programs. */
export async function findPg15(): Promise<string | undefined> {
  for (const bin of await systemBins()) {
    const { stdout } = spawnSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' })
    if (/\(PostgreSQL\) 15\./.test(stdout)) return bin
  }
  return undefined
}
