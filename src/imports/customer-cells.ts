/** Rows of a customers file, or of one with their contact data, as customers to load. */
import type { PersonChange } from '../consent/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { CustomerRow, LoadValue } from '../profiles/index.ts'
import { fieldReader, readBoolean, readDate } from './cells.ts'
import type { Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { Dataset, DatasetContacts, DatasetCustomers, DatasetField } from './dataset.ts'
import { tagColumns, tagsBySpelling } from './draft.ts'
import type { FoundValues } from './draft.ts'

export interface CellProblem {
  readonly column: string
  readonly reason: string
}

export type Read<T> = (row: CsvRow) => Result<T, CellProblem>

const problem = (column: string, reason: string) => err({ column, reason })

/** Columns that a field is made of. */
export const columnsOfField = (
  field: Pick<DatasetField, 'column' | 'product'>,
): readonly string[] => field.product ?? (field.column === undefined ? [] : [field.column])

/** How a field's place is named in rejects. */
export const titleOfField = (field: Pick<DatasetField, 'column' | 'product'>): string =>
  columnsOfField(field).join('*')

/** Reads a field of a row; null is missing, as is a product of something missing. */
export function fieldOf(
  columns: Columns,
  field: DatasetField,
  timeZone: string,
): Read<LoadValue | null> {
  const keepsSpace = field.type === 'text'
  const cells = columnsOfField(field).map((column) =>
    keepsSpace ? columns.wholeCell(column) : columns.cell(column),
  )
  const words = new Set(field.missing?.map((word) => word.trim()))
  const read = fieldReader(field, timeZone)
  const title = titleOfField(field)
  return (row) => {
    const texts: string[] = []
    for (const cell of cells) {
      const text = cell(row)
      if (text === undefined || words.has(text.trim())) return ok(null)
      texts.push(text)
    }
    const value = read(texts)
    return value.ok ? value : problem(title, value.error)
  }
}

/** Attributes of a row by their ids. */
export function attributesOf(
  columns: Columns,
  customers: DatasetCustomers,
  timeZone: string,
): Read<Record<string, LoadValue | null>> {
  const fields = Object.entries(customers.attributes ?? {})
    .filter(([, { type }]) => type !== 'tags')
    .map(([id, field]) => [id, fieldOf(columns, field, timeZone)] as const)
  return (row) => {
    const attributes: Record<string, LoadValue | null> = {}
    for (const [id, read] of fields) {
      const value = read(row)
      if (!value.ok) return value
      attributes[id] = value.value
    }
    return ok(attributes)
  }
}

/** Tag ids of a row; undefined for a file that says nothing of tags. */
export function tagsOf(
  columns: Columns,
  dataset: Dataset,
  found: FoundValues,
): Read<readonly string[] | undefined> {
  const readers = tagColumns(dataset).map((declared) => {
    const { column, separator, missing } = declared
    const cell = columns.cell(column)
    const words = new Set(missing)
    const idBySpelling = tagsBySpelling(declared, found)
    return { column, separator, cell, words, idBySpelling }
  })
  if (readers.length === 0) return () => ok(undefined)
  return (row) => {
    const tags: string[] = []
    for (const { column, separator, cell, words, idBySpelling } of readers) {
      const parts = splitCell(cell(row), separator).filter((part) => !words.has(part))
      for (const part of parts) {
        const id = idBySpelling.get(part)
        if (id === undefined) return problem(column, 'unknown-tag')
        tags.push(id)
      }
    }
    return ok(tags)
  }
}

export const splitCell = (text: string | undefined, separator: string): readonly string[] =>
  (text ?? '')
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Contact data by kind; what is missing is left out, so that nothing known is lost. */
export function identifiersOf(
  columns: Columns,
  declared: DatasetCustomers['identifiers'],
): (row: CsvRow) => NonNullable<CustomerRow['identifiers']> {
  const cells = Object.entries(declared ?? {}).map(
    ([kind, column]) => [kind, columns.cell(column)] as const,
  )
  return (row) =>
    Object.fromEntries(
      cells.flatMap(([kind, cell]) => {
        const text = cell(row)
        return text === undefined ? [] : [[kind, text] as const]
      }),
    )
}

type Status = NonNullable<PersonChange['status']>

const statuses: ReadonlyMap<string, Status> = new Map(
  (['active', 'erased', 'frozen', 'restricted', 'deceased'] as const).map((word) => [word, word]),
)

type PersonColumns = Pick<DatasetContacts, 'birthDate' | 'adult' | 'status' | 'noProfiling'>

/**
 * What the file says of the person. Blank takes back a birth date and a declaration, which keeps people out, but
 * neither a status nor an objection to profiling, which would let them in.
 */
export function personOf(
  columns: Columns,
  { birthDate, adult, status, noProfiling }: PersonColumns,
  today: string,
): Read<NonNullable<CustomerRow['person']>> {
  const cellOf = (column: string | undefined) =>
    column === undefined ? undefined : columns.cell(column)
  const cells = {
    birthDate: cellOf(birthDate),
    adult: cellOf(adult),
    status: cellOf(status),
    noProfiling: cellOf(noProfiling),
  }
  return (row) => {
    const born = optional(cells.birthDate?.(row), readDate)
    if (!born.ok) return problem(birthDate ?? '', born.error)
    if (born.value !== undefined && born.value > today) return problem(birthDate ?? '', 'in-future')
    const declared = optional(cells.adult?.(row), readBoolean)
    if (!declared.ok) return problem(adult ?? '', declared.error)
    const objects = optional(cells.noProfiling?.(row), readBoolean)
    if (!objects.ok) return problem(noProfiling ?? '', objects.error)
    const word = cells.status?.(row)?.toLowerCase()
    const known = word === undefined ? undefined : statuses.get(word)
    if (word !== undefined && known === undefined) return problem(status ?? '', 'unknown-status')
    return ok({
      ...(cells.birthDate === undefined ? {} : { bornOn: born.value ?? null }),
      ...(cells.adult === undefined ? {} : { adultDeclared: declared.value ?? false }),
      ...(objects.value === undefined ? {} : { noProfiling: objects.value }),
      ...(known === undefined ? {} : { status: known }),
    })
  }
}

const optional = <T, E>(
  text: string | undefined,
  read: (text: string) => Result<T, E>,
): Result<T | undefined, E> => (text === undefined ? ok(undefined) : read(text))
