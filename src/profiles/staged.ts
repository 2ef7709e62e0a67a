/**
 * Rows on their way into a table, as columns of text that the database reads as their types.
 *
 * Few rows go as arrays; many through COPY into a temporary table, which is four times faster (engine.md 6).
 */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { copyIn } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'

/** The types that rows are staged as, each as the text that the database reads. */
const typeText = {
  bigint: sql`bigint`,
  smallint: sql`smallint`,
  numeric: sql`numeric`,
  text: sql`text`,
  boolean: sql`boolean`,
  date: sql`date`,
  timestamptz: sql`timestamptz`,
  uuid: sql`uuid`,
} as const

export type StagedType = keyof typeof typeText

export interface StagedColumn {
  readonly type: StagedType
  /** Null is missing. As many as the other columns have. */
  readonly values: readonly (string | null)[]
}

/** Below this, making a table costs more than it saves. */
const copyFromRows = 1_000
const copyChunkLength = 65_536

let tablesMade = 0

/**
 * Hands the rows to `work` as a source of a `from` clause: named `staged`, with the columns c0, c1, ... in order.
 * The loader's duty, which may make temporary tables.
 */
export async function withStaged<T>(
  tx: DutyTx,
  columns: readonly StagedColumn[],
  work: (source: RawBuilder<unknown>) => Promise<T>,
): Promise<T> {
  const rows = columns[0]?.values.length ?? 0
  assert(
    columns.every(({ values }) => values.length === rows),
    'columns of one length',
  )
  if (rows < copyFromRows) return await work(arraysOf(columns))
  tablesMade += 1
  const name = `staged_${tablesMade}`
  const fields = columns.map(({ type }, index) => sql`${sql.id(`c${index}`)} ${typeText[type]}`)
  await sql`create temporary table ${sql.table(name)} (${sql.join(fields)}) on commit drop`.execute(
    tx,
  )
  await copyIn(tx, `copy pg_temp.${name} from stdin`, copyText(columns, rows))
  const answer = await work(sql`${sql.table(`pg_temp.${name}`)} as staged`)
  await sql`drop table ${sql.table(`pg_temp.${name}`)}`.execute(tx)
  return answer
}

/** `staged.c3` */
export const stagedRef = (index: number): RawBuilder<unknown> => sql.ref(`staged.c${index}`)

function arraysOf(columns: readonly StagedColumn[]): RawBuilder<unknown> {
  const arrays = columns.map(({ type, values }) => sql`${[...values]}::${typeText[type]}[]`)
  const names = columns.map((_, index) => sql.id(`c${index}`))
  return sql`unnest(${sql.join(arrays)}) as staged (${sql.join(names)})`
}

/** The text format of COPY, in pieces. */
function* copyText(columns: readonly StagedColumn[], rows: number): Generator<string> {
  let text = ''
  for (let row = 0; row < rows; row += 1) {
    for (let index = 0; index < columns.length; index += 1) {
      const value = columns[index]?.values[row] ?? null
      text += (index === 0 ? '' : '\t') + (value === null ? '\\N' : escaped(value))
    }
    text += '\n'
    if (text.length > copyChunkLength) {
      yield text
      text = ''
    }
  }
  if (text !== '') yield text
}

const special = /[\\\t\n\r]/
const specials = /[\\\t\n\r]/g
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

const escaped = (value: string): string =>
  special.test(value) ? value.replace(specials, (character) => escapes[character] ?? '') : value
