/** Rows as bytes: NDJSON or CSV, piece by piece. */

export type RowFormat = 'ndjson' | 'csv'

export type Cell = string | number | boolean | null

export const typeByFormat: Readonly<Record<RowFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}

/** CSV when it is asked for and NDJSON is not. */
export function formatOf(accept: string | null): RowFormat {
  const asked = (accept ?? '').toLowerCase()
  return asked.includes('text/csv') && !asked.includes('ndjson') ? 'csv' : 'ndjson'
}

export const headOf = (format: RowFormat, columns: readonly string[]): string =>
  format === 'csv' ? csvLine(columns) : ''

export function piece(
  format: RowFormat,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, Cell>>[],
): string {
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return rows.map((row) => csvLine(columns.map((column) => row[column] ?? null))).join('')
}

/** RFC 4180. */
const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/**
 * A spreadsheet would take what starts like this for a formula and run it, so a quote goes before it (ASVS 1.2.10).
 * Plain numbers, such as +8613800000000, are no formulas and stay exact.
 */
const formulaStart = /^[=+\-@\t\r\n|%]/
const plainNumber = /^[+-]?\d+(?:\.\d+)?$/

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  const safe = formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
