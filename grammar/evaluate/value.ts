/** Values that can be compared exactly, read from a world or from a rule. */
import type { ValueType } from '../check/catalog.ts'
import type { Scalar } from '../check/checked-rule.ts'
import { formatInstant, parseDate, parseInstant, type Calendar, type Instant } from './calendar.ts'
import {
  compareRationals,
  formatRational,
  parseDecimal,
  wholeNumber,
  type Rational,
} from './rational.ts'
import { dayMoments } from './window.ts'
import type { WorldValue } from './world.ts'

export type Value =
  | { readonly kind: 'number'; readonly number: Rational }
  /** Text, enum value ids, region codes, month-days. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  /** A timestamp, or the local midnight at which a date begins. */
  | { readonly kind: 'time'; readonly at: Instant }

/**
 * What a value is compared with: everything from `first` to `last`, both included. They differ for a day compared
 * with a timestamp only, so that "= 2026-06-18" means any time of that day. `codes` are a region with all below it.
 */
export interface Range {
  readonly first: Value
  readonly last: Value
  readonly codes?: readonly string[]
}

export const numberValue = (number: Rational): Value => ({ kind: 'number', number })
export const countValue = (count: number): Value => numberValue(wholeNumber(count))
export const timeValue = (at: Instant): Value => ({ kind: 'time', at })

export const exactly = (value: Value): Range => ({ first: value, last: value })

/** Undefined is missing. Throws when the world holds something else than its catalogue says. */
export function readValue(
  type: ValueType,
  raw: WorldValue | null | undefined,
  calendar: Calendar,
): Value | undefined {
  if (raw === null || raw === undefined) return undefined
  switch (type.kind) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'percent':
    case 'score':
      return numberValue(parseDecimal(String(raw)))
    case 'text':
    case 'enum':
    case 'region':
    case 'month-day':
      return { kind: 'text', text: String(raw) }
    case 'boolean':
      if (typeof raw !== 'boolean') throw new Error(`not a boolean: ${raw}`)
      return { kind: 'boolean', boolean: raw }
    case 'date':
      return timeValue(calendar.dayStart(parseDate(String(raw))))
    case 'timestamp':
      return timeValue(parseInstant(String(raw)))
  }
}

export function rangeOf(scalar: Scalar, calendar: Calendar): Range {
  switch (scalar.kind) {
    case 'number':
    case 'money':
    case 'percent':
      return exactly(numberValue(parseDecimal(scalar.value)))
    case 'text':
    case 'enum':
    case 'month-day':
      return exactly({ kind: 'text', text: scalar.value })
    case 'region':
      return { ...exactly({ kind: 'text', text: scalar.value }), codes: scalar.codes }
    case 'boolean':
      return exactly({ kind: 'boolean', boolean: scalar.value })
    case 'date':
      return dayRange(parseDate(scalar.value), calendar)
    case 'timestamp':
      return exactly(timeValue(calendar.localTime(scalar.value)))
  }
}

export function dayRange(date: Calendar['today'], calendar: Calendar): Range {
  const { first, last } = dayMoments(date, calendar)
  return { first: timeValue(first), last: timeValue(last) }
}

/** Throws on values of different kinds: the checker lets none through. */
export function compareValues(a: Value, b: Value): number {
  if (a.kind === 'number' && b.kind === 'number') return compareRationals(a.number, b.number)
  if (a.kind === 'text' && b.kind === 'text') return compareText(a.text, b.text)
  if (a.kind === 'boolean' && b.kind === 'boolean') return Number(a.boolean) - Number(b.boolean)
  if (a.kind === 'time' && b.kind === 'time') return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
  throw new Error(`a ${a.kind} cannot be compared with a ${b.kind}`)
}

/** By code points, which is the order of the UTF-8 bytes, so that no locale decides who is a member. */
export function compareText(a: string, b: string): number {
  const left = Array.from(a)
  const right = Array.from(b)
  for (const [index, character] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Equal values, however written ("12.5", "12.50"), have the same key. */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case 'number':
      return `${value.number.numerator}/${value.number.denominator}`
    case 'text':
      return value.text
    case 'boolean':
      return String(value.boolean)
    case 'time':
      return String(value.at)
  }
}

/** A value for people: "12.5", "2026-06-18", "2026-06-18T01:00:00Z". */
export function formatValue(value: Value, type: ValueType, calendar: Calendar): string {
  switch (value.kind) {
    case 'number':
      return formatRational(value.number)
    case 'text':
      return value.text
    case 'boolean':
      return String(value.boolean)
    case 'time':
      return type.kind === 'date' ? calendar.dateOf(value.at).toString() : formatInstant(value.at)
  }
}
