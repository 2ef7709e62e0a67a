/** The columns of one file, found by their names once. */
import type { CsvRow } from './csv.ts'
import { ImportStopped } from './error.ts'

/** Gives a column's text in a row; undefined where it is missing: blank, or a word that stands for it. */
export type Cell = (row: CsvRow) => string | undefined

export interface Columns {
  readonly file: string
  /** Throws ImportStopped for a column that the file does not have, or has twice. */
  readonly cell: (column: string) => Cell
  /** As `cell`, with space at the ends kept. */
  readonly wholeCell: (column: string) => Cell
  readonly count: number
}

/** `missing`: words that stand for nothing, beside blank. */
export function columnsOf(
  file: string,
  header: readonly string[],
  missing: readonly string[] = [],
): Columns {
  const placeOf = new Map<string, number>()
  const twice = new Set<string>()
  for (const [place, title] of header.entries()) {
    const name = title.trim()
    if (placeOf.has(name)) twice.add(name)
    placeOf.set(name, place)
  }
  const words = new Set(missing.map((word) => word.trim()))
  const placeFor = (column: string): number => {
    const name = column.trim()
    const place = placeOf.get(name)
    if (place === undefined) throw new ImportStopped({ code: 'column-missing', file, column })
    if (twice.has(name)) throw new ImportStopped({ code: 'column-twice', file, column })
    return place
  }
  const reader = (column: string, keepsSpace: boolean): Cell => {
    const place = placeFor(column)
    return (row) => {
      const text = row.fields[place] ?? ''
      const trimmed = text.trim()
      if (trimmed === '' || words.has(trimmed)) return undefined
      return keepsSpace ? text : trimmed
    }
  }
  return {
    file,
    cell: (column) => reader(column, false),
    wholeCell: (column) => reader(column, true),
    count: header.length,
  }
}
