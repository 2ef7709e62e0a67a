/** From the text of a cell to the value that its type takes, in the spellings that CSV files use. */
import { LRUCache } from 'lru-cache'
import { Temporal } from 'temporal-polyfill'
import type { LoadValue } from '../profiles/index.ts'
import { instantMs, isDate } from '../profiles/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { DatasetField } from './dataset.ts'
import { decimalText, multiply, negate, readDecimal } from './decimal.ts'
import type { Decimal } from './decimal.ts'

/** A reason code of rejects.csv. */
export type CellError =
  | 'not-a-number'
  | 'not-a-boolean'
  | 'not-a-date'
  | 'not-a-time'
  | 'not-a-month-day'

const trueWords: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1', '是', '真'])
const falseWords: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', '否', '假'])

export function readBoolean(text: string): Result<boolean, CellError> {
  const word = text.toLowerCase()
  if (trueWords.has(word)) return ok(true)
  return falseWords.has(word) ? ok(false) : err('not-a-boolean')
}

/** `2026-01-31`, `2026/1/31` or `20260131`, as `YYYY-MM-DD`. */
export function readDate(text: string): Result<string, CellError> {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ??
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (match === null) return err('not-a-date')
  const [, year = '', month = '', day = ''] = match
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(date) ? ok(date) : err('not-a-date')
}

/** `01-31`, `1/31`, or the day of a whole date; a birthday without its year. */
function readMonthDay(text: string): Result<string, CellError> {
  const match = /^(\d{1,2})[-/](\d{1,2})$/.exec(text)
  const date = readDate(match === null ? text : `2000/${match[1] ?? ''}/${match[2] ?? ''}`)
  return date.ok ? ok(date.value.slice('2000-'.length)) : err('not-a-month-day')
}

const instantsKept = 20_000

/** Times with an offset as they stand; others are local times of the zone, a bare date its first moment. */
export function timeReader(timeZone: string): (text: string) => Result<string, CellError> {
  // Events come in bunches of one minute, and the calendar of a zone is slow to ask.
  const kept = new LRUCache<string, string>({ max: instantsKept })
  return (text) => {
    if (instantMs(text) !== undefined) return ok(text.replace(' ', 'T'))
    const known = kept.get(text)
    if (known !== undefined) return ok(known)
    const instant = localInstant(text, timeZone)
    if (instant === undefined) return err('not-a-time')
    kept.set(text, instant)
    return ok(instant)
  }
}

const localPattern =
  /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{8})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?$/

function localInstant(text: string, timeZone: string): string | undefined {
  const match = localPattern.exec(text)
  const date = readDate(match?.[1] ?? '')
  if (match === null || !date.ok) return undefined
  const time = (match[2] ?? '00:00').padStart(5, '0')
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  if (hour > 23 || minute > 59 || second >= 60) return undefined
  const local = Temporal.PlainDateTime.from(
    `${date.value}T${/^\d:/.test(time) ? `0${time}` : time}`,
  )
  return local.toZonedDateTime(timeZone).toInstant().toString()
}

const hundredth: Decimal = { units: 1n, scale: 2 }

/** A plain decimal; `70%` is 0.7. Grouped digits and currency signs are refused: they could mean two things. */
function readNumber(text: string, isPercent: boolean): Decimal | undefined {
  if (isPercent && text.endsWith('%')) {
    const share = readDecimal(text.slice(0, -1).trim())
    return share === undefined ? undefined : multiply(share, hundredth)
  }
  return readDecimal(text)
}

/** Reads the cells of one field: one for a column, several for a product. */
export function fieldReader(
  field: Pick<DatasetField, 'type' | 'negate'>,
  timeZone: string,
): (texts: readonly string[]) => Result<LoadValue, CellError> {
  const readTime = timeReader(timeZone)
  return (texts) => {
    const text = texts[0] ?? ''
    switch (field.type) {
      case 'integer':
      case 'decimal':
      case 'money':
      case 'percent':
      case 'score':
        return readProduct(texts, field.type === 'percent', field.negate === true)
      case 'text':
      case 'enum':
      case 'region':
      case 'tags':
        return ok(text)
      case 'boolean':
        return readBoolean(text)
      case 'date':
        return readDate(text)
      case 'timestamp':
        return readTime(text)
      case 'month-day':
        return readMonthDay(text)
    }
  }
}

function readProduct(
  texts: readonly string[],
  isPercent: boolean,
  isNegated: boolean,
): Result<string, CellError> {
  let product: Decimal | undefined
  for (const text of texts) {
    const factor = readNumber(text, isPercent)
    if (factor === undefined) return err('not-a-number')
    product = product === undefined ? factor : multiply(product, factor)
  }
  if (product === undefined) return err('not-a-number')
  return ok(decimalText(isNegated ? negate(product) : product))
}
