/**
 * Values of people between JSON and the database, digit by digit.
 *
 * JSON holds what a world of the evaluator holds: decimals as text, money in units of its currency, ids, codes,
 * `YYYY-MM-DD`, RFC 3339, `MM-DD`. The database holds whole smallest units, whole month-days and timestamptz.
 */
import { Temporal } from 'temporal-polyfill'
import type { ValueType, WorldValue } from '#grammar'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { unreachable } from '../kernel/assert.ts'
import type { PhysicalColumn } from './physical.ts'

/** What a parameter or a field of COPY takes for the column. */
export type StoredScalar = string | boolean

export interface StoredValueError {
  readonly code:
    | 'not-a-number'
    | 'not-whole'
    | 'too-many-decimals'
    | 'out-of-range'
    | 'not-text'
    | 'unknown-value'
    | 'not-a-boolean'
    | 'not-a-date'
    | 'not-a-time'
    | 'not-a-month-day'
}

/** Missing stays null. The errors name no value, so they may be logged. */
export type StoredValueReader = (
  value: WorldValue | null | undefined,
) => Result<StoredScalar | null, StoredValueError>

type Stored = Result<StoredScalar, StoredValueError>

const refuse = (code: StoredValueError['code']): Stored => err({ code })

const int8Max = 9_223_372_036_854_775_807n
/** Digits of a decimal on each side of the point, far above any amount and far below what makes sums slow. */
const digitsMax = 60
const decimalText = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Makes the reader of one column once, for many rows. Enum and region values may come in any known spelling. */
export function storedValueReader({
  type,
  valueBySpelling,
}: Pick<PhysicalColumn, 'type' | 'valueBySpelling'>): StoredValueReader {
  const read = readerOf(type, valueBySpelling)
  return (value) => (value === null || value === undefined ? ok(null) : read(value))
}

function readerOf(
  type: ValueType,
  valueBySpelling: ReadonlyMap<string, string>,
): (value: WorldValue) => Stored {
  switch (type.kind) {
    case 'integer':
      return (value) => wholeUnits(value, 0, 'not-whole')
    case 'money':
      return (value) => wholeUnits(value, type.scale, 'too-many-decimals')
    case 'decimal':
    case 'percent':
      return readDecimal
    case 'score':
      return (value) => readScore(value, type.low, type.high)
    case 'text':
      return (value) => (isStorableText(value) ? ok(value) : refuse('not-text'))
    case 'enum':
    case 'region':
      return (value) => {
        const id = valueBySpelling.get(String(value))
        return id === undefined ? refuse('unknown-value') : ok(id)
      }
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? ok(value) : refuse('not-a-boolean'))
    case 'date':
      return readDate
    case 'timestamp':
      return readTimestamp
    case 'month-day':
      return readMonthDay
    default:
      return unreachable(type)
  }
}

interface Digits {
  readonly sign: string
  readonly whole: string
  readonly decimals: string
}

/** A JSON number is read by its digits; one that JavaScript writes with an exponent is refused. */
function digitsOf(value: WorldValue): Digits | undefined {
  if (typeof value === 'boolean') return undefined
  const match = decimalText.exec(String(value))
  if (!match) return undefined
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '')
  const decimals = (match[3] ?? '').replace(/0+$/, '')
  const isZero = whole === '0' && decimals === ''
  return { sign: match[1] === '-' && !isZero ? '-' : '', whole, decimals }
}

function wholeUnits(value: WorldValue, scale: number, tooFine: StoredValueError['code']): Stored {
  const digits = digitsOf(value)
  if (!digits) return refuse('not-a-number')
  const { sign, whole, decimals } = digits
  if (decimals.length > scale) return refuse(tooFine)
  const units = BigInt(whole + decimals.padEnd(scale, '0'))
  if (units > int8Max) return refuse('out-of-range')
  return ok(`${sign}${units}`)
}

function readDecimal(value: WorldValue): Stored {
  const digits = digitsOf(value)
  if (!digits) return refuse('not-a-number')
  const { sign, whole, decimals } = digits
  if (whole.length > digitsMax || decimals.length > digitsMax) return refuse('out-of-range')
  return ok(`${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`)
}

function readScore(value: WorldValue, low: number, high: number): Stored {
  const digits = digitsOf(value)
  if (!digits) return refuse('not-a-number')
  const scale = 10n ** BigInt(digits.decimals.length)
  const units = BigInt(`${digits.sign}${digits.whole}${digits.decimals}`)
  const isInside = BigInt(low) * scale <= units && units <= BigInt(high) * scale
  return isInside ? readDecimal(value) : refuse('out-of-range')
}

/** PostgreSQL's text holds no zero character and no half of a surrogate pair. */
const isStorableText = (value: WorldValue): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000')

const datePattern = /^\d{4}-\d{2}-\d{2}$/
const yearZero = '0000'

function readDate(value: WorldValue): Stored {
  const text = String(value)
  if (!datePattern.test(text) || text.startsWith(yearZero)) return refuse('not-a-date')
  return isReadable(() => Temporal.PlainDate.from(text, { overflow: 'reject' }))
    ? ok(text)
    : refuse('not-a-date')
}

const timestampPattern =
  /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-]\d{2}:\d{2})$/

function readTimestamp(value: WorldValue): Stored {
  const text = String(value)
  if (!timestampPattern.test(text) || text.startsWith(yearZero)) return refuse('not-a-time')
  return isReadable(() => Temporal.Instant.from(text))
    ? ok(Temporal.Instant.from(text).toString())
    : refuse('not-a-time')
}

function readMonthDay(value: WorldValue): Stored {
  const match = /^(\d{2})-(\d{2})$/.exec(String(value))
  if (!match) return refuse('not-a-month-day')
  const [, month = '', day = ''] = match
  // A leap year, so that 29 February is a day.
  return isReadable(() => Temporal.PlainDate.from(`2000-${month}-${day}`, { overflow: 'reject' }))
    ? ok(String(Number(month) * 100 + Number(day)))
    : refuse('not-a-month-day')
}

/** Temporal's own word on calendars: it throws on what is no date. */
function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/**
 * The JSON of what a row holds: `stored` as the driver gives it (text for int8, numeric and date, Date or text for
 * timestamptz, boolean).
 */
export function worldValueOf(
  type: ValueType,
  stored: string | boolean | Date | null,
): WorldValue | null {
  if (stored === null || typeof stored === 'boolean') return stored
  if (stored instanceof Date) return stored.toISOString()
  switch (type.kind) {
    case 'money':
      return unscale(stored, type.scale)
    case 'decimal':
    case 'percent':
    case 'score':
      return stored.includes('.') ? stored.replace(/\.?0+$/, '') : stored
    case 'month-day': {
      const digits = stored.padStart(4, '0')
      return `${digits.slice(0, 2)}-${digits.slice(2)}`
    }
    case 'integer':
    case 'text':
    case 'enum':
    case 'region':
    case 'boolean':
    case 'date':
    case 'timestamp':
      return stored
    default:
      return unreachable(type)
  }
}

function unscale(units: string, scale: number): string {
  if (scale === 0) return units
  const sign = units.startsWith('-') ? '-' : ''
  const digits = units.slice(sign.length).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
