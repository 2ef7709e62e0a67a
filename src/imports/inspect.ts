/**
 * Reads every file once before anything is loaded: a broken file, a missing column or a wrong encoding stops the
 * import while the database is still untouched. Counts the rows and collects the values asked for with "auto".
 */
import { partyFields } from './assumed.ts'
import { columnsOf } from './columns.ts'
import type { Cell } from './columns.ts'
import { findFile, readCsv } from './csv.ts'
import type { CsvRow, CsvSource } from './csv.ts'
import { splitCell } from './customer-cells.ts'
import type { Dataset } from './dataset.ts'
import { autoFields } from './draft.ts'
import type { AutoField, FoundValues } from './draft.ts'
import { ImportStopped } from './error.ts'
import type { Step } from './plan.ts'

export interface InspectedFile {
  readonly source: CsvSource
  readonly header: readonly string[]
  /** Without the header. */
  readonly rows: number
}

export interface Inspected {
  readonly files: ReadonlyMap<string, InspectedFile>
  readonly found: FoundValues
}

/** A column with more is free text, and a list of so many helps nobody who writes a rule. */
const valuesMax = 10_000
/** A column with more purposes or channels holds something else. */
const partiesMax = 100
const rowsPerBatch = 5_000

export async function inspect(
  dataset: Dataset,
  steps: readonly Step[],
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<Inspected> {
  const sources: CsvSource[] = []
  for (const file of new Set(steps.map((step) => step.file))) {
    sources.push(await findFile(file, folders))
  }
  const autos = [...autoFields(dataset), ...partyFields(dataset)]
  const found = new Map<object, Set<string>>(autos.map(({ key }) => [key, new Set<string>()]))
  const files = new Map<string, InspectedFile>()
  for (const source of sources) {
    const uses = steps.filter((step) => step.file === source.file).flatMap((step) => step.uses)
    const wanted = autos.filter(({ file }) => file === source.file)
    files.set(source.file, await inspectFile(source, uses, wanted, found, signal))
  }
  return { files, found }
}

async function inspectFile(
  source: CsvSource,
  uses: Step['uses'],
  wanted: readonly AutoField[],
  found: ReadonlyMap<object, Set<string>>,
  signal: AbortSignal | undefined,
): Promise<InspectedFile> {
  let header: readonly string[] | undefined
  let collectors: readonly ((row: CsvRow) => void)[] = []
  let rows = 0
  for await (const batch of readCsv(source, rowsPerBatch, signal)) {
    const [first, ...others] = batch
    const isFirst = header === undefined
    if (header === undefined) {
      header = first?.fields ?? []
      checkColumns(source.file, header, uses)
      collectors = wanted.map((field) => collectorOf(field, header ?? [], found))
    }
    const data = isFirst ? others : batch
    rows += data.length
    for (const collect of collectors) for (const row of data) collect(row)
  }
  return { source, header: header ?? [], rows }
}

function checkColumns(file: string, header: readonly string[], uses: Step['uses']): void {
  const columns = columnsOf(file, header)
  for (const use of uses) for (const column of use.columns) columns.cell(column)
}

function collectorOf(
  { key, file, column, missing, separator, isParty }: AutoField,
  header: readonly string[],
  found: ReadonlyMap<object, Set<string>>,
): (row: CsvRow) => void {
  const cell: Cell = columnsOf(file, header, missing).cell(column)
  const words = new Set(missing)
  const values = found.get(key) ?? new Set<string>()
  return (row) => {
    const text = cell(row)
    if (text === undefined) return
    const parts = separator === undefined ? [text] : splitCell(text, separator)
    for (const part of parts) if (!words.has(part)) values.add(part)
    if (isParty === true && values.size > partiesMax)
      throw new ImportStopped({ code: 'parties-too-many', file, column, limit: partiesMax })
    if (values.size > valuesMax)
      throw new ImportStopped({ code: 'values-too-many', file, column, limit: valuesMax })
  }
}
