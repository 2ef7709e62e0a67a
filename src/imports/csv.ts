/** Rows of a CSV file, plain or gzip, one after the other: memory does not grow with the file. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { ImportStopped } from './error.ts'

export interface CsvRow {
  /** Where the row begins, counted from 1, the header included. */
  readonly line: number
  readonly fields: readonly string[]
}

/** A file as it was when the import began: what is appended later is left for the next import. */
export interface CsvSource {
  /** As dataset.json names it. */
  readonly file: string
  readonly place: string
  readonly sizeBytes: number
}

/** A row longer than this is nearly always a quote that was not closed. */
const rowLengthMax = 1_000_000
const columnsMax = 10_000
const chunkBytes = 65_536

/** Finds a file in the first of the folders that has it. */
export async function findFile(file: string, folders: readonly string[]): Promise<CsvSource> {
  for (const folder of folders) {
    const place = path.join(folder, file)
    const sizeBytes = await sizeOf(file, place)
    if (sizeBytes !== undefined) return { file, place, sizeBytes }
  }
  throw new ImportStopped({ code: 'file-missing', file, folders })
}

async function sizeOf(file: string, place: string): Promise<number | undefined> {
  try {
    // Opened, not only looked at, so that a file without permission is found before anything is loaded.
    await using handle = await open(place, 'r')
    const found = await handle.stat()
    if (!found.isFile()) throw unreadable(file, 'it is no file')
    return found.size
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error instanceof ImportStopped ? error : unreadable(file, causeOf(error))
  }
}

const unreadable = (file: string, cause: string): ImportStopped =>
  new ImportStopped({ code: 'file-unreadable', file, cause })

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const causeOf = (error: unknown): string => {
  if (hasCode(error, 'EACCES')) return 'it may not be read by this account'
  return error instanceof Error ? error.message : String(error)
}

/** The header and then the rows, in batches. Throws ImportStopped for a file that is broken. */
export async function* readCsv(
  source: CsvSource,
  rowsMax: number,
  signal?: AbortSignal,
): AsyncGenerator<readonly CsvRow[]> {
  const { file } = source
  let batch: CsvRow[] = []
  let line = 1
  for await (const block of blocksOf(source)) {
    for (const fields of parseBlock(file, block, line)) {
      if (line === 1 && fields.length > columnsMax)
        throw new ImportStopped({ code: 'columns-too-many', file, limit: columnsMax })
      if (!isBlank(fields)) batch.push({ line, fields })
      line += 1 + innerLines(fields)
      if (batch.length >= rowsMax) {
        signal?.throwIfAborted()
        yield batch
        batch = []
      }
    }
  }
  if (line === 1) throw new ImportStopped({ code: 'file-empty', file })
  if (batch.length > 0) yield batch
}

const isBlank = (fields: readonly string[]): boolean => fields.length === 1 && fields[0] === ''

/** Lines that quoted fields span beyond the row's first. */
function innerLines(fields: readonly string[]): number {
  let lines = 0
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) lines += 1
  }
  return lines
}

/** Parsing whole blocks at once is twice as fast as a stream of rows and holds one block in memory. */
function parseBlock(file: string, block: string, line: number): string[][] {
  try {
    return parse(block, { relax_column_count: true, record_delimiter: ['\n', '\r\n'] })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const inBlock = typeof error['lines'] === 'number' ? error['lines'] : 1
    throw new ImportStopped({ code: 'csv-quotes', file, line: line + inBlock - 1 })
  }
}

/** Text in blocks of whole rows: each ends at a line end with as many quotes opened as closed before it. */
async function* blocksOf(source: CsvSource): AsyncGenerator<string> {
  let pending = ''
  let line = 1
  for await (const text of textOf(source, () => line)) {
    pending += text
    const end = lastRowEnd(pending)
    if (end > 0) {
      const block = pending.slice(0, end)
      pending = pending.slice(end)
      yield block
      line += countLines(block)
    }
    if (pending.length > rowLengthMax)
      throw new ImportStopped({ code: 'line-too-long', file: source.file, line })
  }
  if (pending !== '') yield pending
}

/** After the last line end that stands outside quotes; 0 where there is none. */
function lastRowEnd(text: string): number {
  let quotes = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1
  let end = text.length
  for (;;) {
    const newline = end === 0 ? -1 : text.lastIndexOf('\n', end - 1)
    if (newline < 0) return 0
    for (let at = newline + 1; at < end; at += 1) if (text.charCodeAt(at) === quoteCode) quotes -= 1
    if (quotes % 2 === 0) return newline + 1
    end = newline
  }
}

const quoteCode = 0x22

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/** Decoded strictly: a file in another encoding is refused instead of loaded as rubbish. */
async function* textOf(source: CsvSource, lineOf: () => number): AsyncGenerator<string> {
  const { file } = source
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of bytesOf(source)) {
      const text = decoder.decode(chunk, { stream: true })
      // UTF-16 without a mark would pass as UTF-8 full of zeros.
      if (text.includes('\u0000')) throw new TypeError('a zero character')
      yield text
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError)
      throw new ImportStopped({ code: 'not-utf8', file, line: lineOf() })
    if (hasCode(error, 'Z_BUF_ERROR')) throw new ImportStopped({ code: 'gzip-truncated', file })
    if (hasCode(error, 'Z_DATA_ERROR')) throw new ImportStopped({ code: 'gzip-broken', file })
    throw error
  }
}

function bytesOf({ file, place, sizeBytes }: CsvSource): AsyncIterable<Buffer> {
  if (sizeBytes === 0) throw new ImportStopped({ code: 'file-empty', file })
  const bytes = createReadStream(place, { end: sizeBytes - 1, highWaterMark: chunkBytes })
  if (!place.toLowerCase().endsWith('.gz')) return bytes
  const plain = createGunzip({ chunkSize: chunkBytes })
  // Ends both when either fails or the reader leaves; the error comes out of the loop that reads `plain`.
  pipeline(bytes, plain, () => undefined)
  return plain
}
