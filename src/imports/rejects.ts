/** rejects.csv: file, line, column and reason of everything that was not loaded; never a value. */
import { createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { once } from 'node:events'
import { ImportStopped } from './error.ts'
import type { Reject } from './report.ts'

export interface RejectsFile {
  readonly place: string
  readonly add: (file: string, rejects: readonly Reject[]) => Promise<void>
  /** How many lines it has below its header. */
  readonly count: () => number
  /** Puts the list in its place. */
  readonly close: () => Promise<void>
  /** After a failure: what was found so far is kept beside it. */
  readonly abandon: () => void
}

/** Opens the list; the one of an earlier import stays until this one is complete. */
export async function openRejects(folder: string): Promise<RejectsFile> {
  const place = path.join(folder, 'rejects.csv')
  const draft = `${place}.partial`
  const stream = createWriteStream(draft, { mode: 0o600 })
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure = error
  })
  const check = (): void => {
    if (failure !== undefined)
      throw new ImportStopped({ code: 'rejects-unwritable', file: place, cause: failure.message })
  }
  await opened(stream)
  check()
  let written = 0
  const write = async (text: string): Promise<void> => {
    check()
    if (!stream.write(text)) await drained(stream)
    check()
  }
  await write('file,line,column,reason\n')
  return {
    place,
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
      await rename(draft, place)
    },
    abandon: () => stream.destroy(),
  }
}

const opened = (stream: WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once('open', () => resolve())
    stream.once('error', () => resolve())
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
