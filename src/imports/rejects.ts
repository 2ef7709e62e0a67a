/** rejects.csv: file, line, column and reason of everything that was not loaded; never a value. */
import { createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { once } from 'node:events'
import { assert } from '../kernel/assert.ts'
import { ImportStopped } from './error.ts'
import type { ImportError } from './error.ts'
import type { Reject } from './report.ts'

export interface RejectsFile {
  readonly add: (file: string, rejects: readonly Reject[]) => Promise<void>
  /** How many lines it has below its header. */
  readonly count: () => number
  /** Puts the list in its place and names it; null for an empty one, which is not kept, nor is an earlier one. */
  readonly close: () => Promise<string | null>
  /** After a failure: what was found so far is kept beside it. */
  readonly abandon: () => void
}

/**
 * Opens the list in the first folder that can be written to; the one of an earlier import stays until this one is
 * complete.
 */
export async function openRejects(folders: readonly string[]): Promise<RejectsFile> {
  let refusal: Refusal | undefined
  for (const folder of folders) {
    const place = path.join(folder, 'rejects.csv')
    const stream = createWriteStream(`${place}.partial`, { mode: 0o600 })
    const problem = await opened(stream)
    if (problem === undefined) return await listIn(place, stream)
    refusal ??= { code: 'rejects-unwritable', file: place, cause: problem.message }
  }
  assert(refusal !== undefined, 'a folder for the list')
  throw new ImportStopped(refusal)
}

type Refusal = Extract<ImportError, { readonly code: 'rejects-unwritable' }>

async function listIn(place: string, stream: WriteStream): Promise<RejectsFile> {
  const draft = `${place}.partial`
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure = error
  })
  const check = (): void => {
    if (failure !== undefined)
      throw new ImportStopped({ code: 'rejects-unwritable', file: place, cause: failure.message })
  }
  let written = 0
  const write = async (text: string): Promise<void> => {
    check()
    if (!stream.write(text)) await drained(stream)
    check()
  }
  await write('file,line,column,reason\n')
  return {
    count: () => written,
    add: async (file, rejects) => {
      written += rejects.length
      const rows = rejects.map(
        ({ line, column, reason }) => `${quoted(file)},${line},${quoted(column)},${reason}\n`,
      )
      if (rows.length > 0) await write(rows.join(''))
    },
    close: async () => {
      stream.end()
      if (!stream.closed) await once(stream, 'close').catch(() => undefined)
      check()
      if (written === 0) {
        await Promise.all([rm(draft, { force: true }), rm(place, { force: true })])
        return null
      }
      await rename(draft, place)
      return place
    },
    abandon: () => stream.destroy(),
  }
}

const opened = (stream: WriteStream): Promise<Error | undefined> =>
  new Promise((resolve) => {
    stream.once('open', () => resolve(undefined))
    stream.once('error', resolve)
  })

const drained = (stream: WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once('drain', resolve)
    stream.once('error', () => resolve())
  })

/** Names of files and columns are the dataset's own; a formula sign at their start is made harmless. */
const quoted = (text: string): string => {
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
