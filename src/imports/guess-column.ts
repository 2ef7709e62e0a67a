/** What a column of a CSV file seems to hold, seen from all of its cells in bounded memory. */
import { timeReader, readBoolean, readDate } from './cells.ts'
import { readDecimal } from './decimal.ts'

export type GuessedType =
  | 'empty'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'timestamp'
  | 'enum'
  | 'text'

export interface GuessedColumn {
  readonly name: string
  readonly type: GuessedType
  /** Decimals of its numbers at most. */
  readonly scale: number
  /** How many of its cells say something. */
  readonly values: number
  /** Whether no value stands in two rows. */
  readonly isUnique: boolean
  /** Whether every row has a value. */
  readonly isFull: boolean
  /** Whether every time says its offset from UTC. */
  readonly hasOffsets: boolean
  /** Words of the column that mean nothing, beside blank. */
  readonly missing: readonly string[]
}

export interface ColumnWatch {
  readonly see: (cell: string) => void
  readonly guess: () => GuessedColumn
}

/** Nothing else is written so. */
const missingWords: ReadonlySet<string> = new Set([
  'NA',
  'N/A',
  'NULL',
  'null',
  'NaN',
  'nan',
  '\\N',
])
/** Words that may be values, and mean nothing beside numbers and times. */
const perhapsMissing: ReadonlySet<string> = new Set([
  '-',
  '?',
  'None',
  'none',
  'unknown',
  'Unknown',
])

const enumValuesMax = 50
/** Of different values; a column with more of them counts as unique. */
const uniqueMax = 500_000

type Test = (text: string) => boolean

const anywhere = timeReader('UTC')
const isWhole: Test = (text) => /^-?(?:0|[1-9]\d{0,17})$/.test(text)
const tests = {
  boolean: (text) => readBoolean(text).ok,
  integer: isWhole,
  decimal: (text) => readDecimal(text) !== undefined && (isWhole(text) || text.includes('.')),
  // Eight digits are a number before they are a date.
  date: (text) => !isWhole(text) && readDate(text).ok,
  timestamp: (text) => !isWhole(text) && anywhere(text).ok,
} as const satisfies Record<string, Test>

const order = ['boolean', 'integer', 'decimal', 'date', 'timestamp'] as const

export function watchColumn(name: string): ColumnWatch {
  const open = new Set<(typeof order)[number]>(order)
  const missing = new Set<string>()
  const doubtful = new Set<string>()
  const listed = new Set<string>()
  let seen: Set<string> | undefined = new Set()
  let isUnique = true
  let hasOffsets = true
  let [cells, values, scale] = [0, 0, 0]
  const seeValue = (text: string): void => {
    values += 1
    for (const kind of open) if (!tests[kind](text)) open.delete(kind)
    if (open.has('decimal')) scale = Math.max(scale, (text.split('.')[1] ?? '').length)
    if (!/(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text)) hasOffsets = false
  }
  return {
    see: (cell) => {
      const text = cell.trim()
      cells += 1
      if (text === '') return
      if (missingWords.has(text)) {
        missing.add(text)
        return
      }
      if (listed.size <= enumValuesMax) listed.add(text)
      if (seen?.has(text) === true) [isUnique, seen] = [false, undefined]
      seen?.add(text)
      if (seen !== undefined && seen.size > uniqueMax) seen = undefined
      if (perhapsMissing.has(text)) doubtful.add(text)
      else seeValue(text)
    },
    guess: () => {
      const kind = order.find((each) => open.has(each))
      const isTyped = values > 0 && kind !== undefined
      const isListed = listed.size <= enumValuesMax && listed.size * 2 <= cells
      const plain = listed.size === 0 ? 'empty' : isListed ? 'enum' : 'text'
      return {
        name,
        type: isTyped ? kind : plain,
        scale,
        values,
        isUnique,
        isFull: values === cells,
        hasOffsets: hasOffsets && values > 0,
        missing: [...missing, ...(isTyped ? doubtful : [])].sort(),
      }
    },
  }
}
