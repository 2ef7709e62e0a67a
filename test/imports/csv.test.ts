import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findFile, readCsv } from '../../src/imports/csv.ts'
import { importErrorSentence } from '../../src/imports/index.ts'
import { ImportStopped } from '../../src/imports/error.ts'
import type { ImportError } from '../../src/imports/index.ts'
import { makeFolder } from './folder.ts'
import type { Content } from './folder.ts'

/** Rows as `line:field|field`, or what stopped the reading. */
async function rowsOf(name: string, content: Content): Promise<readonly string[] | ImportError> {
  const folder = await makeFolder({ [name]: content })
  try {
    const rows: string[] = []
    for await (const batch of readCsv(await findFile(name, [folder.place]), 3)) {
      rows.push(...batch.map(({ line, fields }) => `${line}:${fields.join('|')}`))
    }
    return rows
  } catch (error) {
    if (error instanceof ImportStopped) return error.reason
    throw error
  } finally {
    await folder.remove()
  }
}

describe('rows of a CSV file', () => {
  test('are numbered by the line on which they begin', async () => {
    expect(await rowsOf('a.csv', 'a,b\n1,2\n"x\n\ny",3\n4,5')).toEqual([
      '1:a|b',
      '2:1|2',
      '3:x\n\ny|3',
      '6:4|5',
    ])
  })

  test('may have a byte order mark, CRLF and blank lines', async () => {
    expect(await rowsOf('a.csv', '\uFEFFa,b\r\n1,2\r\n\r\n"x\r\ny",3\r\n4,5\r\n')).toEqual([
      '1:a|b',
      '2:1|2',
      '4:x\r\ny|3',
      '6:4|5',
    ])
  })

  test('keep fields that are too many or too few for the reader to judge', async () => {
    expect(await rowsOf('a.csv', 'a,b\n1\n1,2,3\n')).toEqual(['1:a|b', '2:1', '3:1|2|3'])
  })

  test('may be compressed', async () => {
    expect(await rowsOf('a.csv.gz', gzipSync('a,b\n1,"2,""3"""\n'))).toEqual(['1:a|b', '2:1|2,"3"'])
  })

  test('of many chunks come whole, characters and quotes across their ends too', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => [
      '上海é😀'.repeat(index % 5),
      `q"${index}\n"`,
      String(index),
    ])
    const text = rows.map(([a, b = '', c]) => `${a},"${b.replaceAll('"', '""')}",${c}\n`).join('')
    const read = await rowsOf('a.csv', `a,b,c\n${text}`)
    expect(Array.isArray(read) ? read.slice(1) : read).toEqual(
      rows.map((fields, index) => `${2 + index * 2}:${fields.join('|')}`),
    )
  })

  test('of any text come back as they were written', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', '李', "'", '\\'),
    })
    const table = fc.array(fc.tuple(field, field, fc.constant('end')), {
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = rows.map(
          (fields) => `${fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')}\n`,
        )
        const read = await rowsOf('a.csv', `h,h,h\n${text.join('')}`)
        expect(
          Array.isArray(read) ? read.slice(1).map((row) => row.replace(/^\d+:/, '')) : read,
        ).toEqual(rows.map((fields) => fields.join('|')))
      }),
      { numRuns: 50 },
    )
  })
})

describe('a file that is broken stops with its name and line', () => {
  const cut = gzipSync(
    Array.from({ length: 10_000 }, (_, index) => `${index},${index * index * 7919}`).join('\n'),
  )
  const flipped = gzipSync('a,b\n'.repeat(1000))
  flipped[flipped.length - 6] = (flipped[flipped.length - 6] ?? 0) ^ 1
  test.each<[string, string, Content, Partial<ImportError>]>([
    ['empty', 'a.csv', '', { code: 'file-empty' }],
    ['empty and compressed', 'a.csv.gz', gzipSync(''), { code: 'file-empty' }],
    ['Latin-1', 'a.csv', Buffer.from('a\nb\ncaf\u00e9\n', 'latin1'), { code: 'not-utf8' }],
    ['cut in a character', 'a.csv', Buffer.from('a\n李').subarray(0, 4), { code: 'not-utf8' }],
    ['UTF-16 with a mark', 'a.csv', Buffer.from('\uFEFFa,b\n1,2', 'utf16le'), { code: 'not-utf8' }],
    ['UTF-16 without one', 'a.csv', Buffer.from('a,b\n1,2', 'utf16le'), { code: 'not-utf8' }],
    ['GB 18030', 'a.csv', Buffer.from([0x61, 0x0a, 0xc9, 0xcf, 0xba, 0xa3]), { code: 'not-utf8' }],
    ['an open quote', 'a.csv', 'a,b\n1,2\n1,"2\n3,4\n', { code: 'csv-quotes', line: 4 }],
    ['a quote inside', 'a.csv', 'a,b\n1,2\n1,2"3"\n', { code: 'csv-quotes', line: 3 }],
    [
      'a ten-megabyte line',
      'a.csv',
      `a,b\n1,${'x'.repeat(10_000_000)}\n`,
      { code: 'line-too-long', line: 2 },
    ],
    ['a million columns', 'a.csv', `${'c,'.repeat(400_000)}c\n`, { code: 'columns-too-many' }],
    ['a truncated gzip', 'a.csv.gz', cut.subarray(0, cut.length / 2), { code: 'gzip-truncated' }],
    ['a gzip with a flipped bit', 'a.csv.gz', flipped, { code: 'gzip-broken' }],
    ['no gzip at all', 'a.csv.gz', 'a,b\n1,2\n', { code: 'gzip-broken' }],
  ])('%s', async (_, name, content, error) => {
    const stopped = await rowsOf(name, content)
    expect(stopped).toMatchObject({ ...error, file: name })
    if (!('code' in stopped)) throw new Error('it was read')
    expect(importErrorSentence(stopped)).toContain(name)
  })

  test('a file that is nowhere names the folders', async () => {
    await expect(findFile('nowhere.csv', ['/one', '/two'])).rejects.toMatchObject({
      reason: { code: 'file-missing', folders: ['/one', '/two'] },
    })
  })
})

test('what is appended to a file while it is read is left for the next time', async () => {
  const folder = await makeFolder({ 'a.csv': 'a\n1\n' })
  const source = await findFile('a.csv', [folder.place])
  await folder.put({ 'a.csv': 'a\n1\n2\n3\n' })
  const rows: string[] = []
  for await (const batch of readCsv(source, 10))
    rows.push(...batch.map(({ fields }) => fields.join('|')))
  await folder.remove()
  expect(rows).toEqual(['a', '1'])
})
