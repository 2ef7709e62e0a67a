/**
 * Tests of one value: true or false, never a third thing. Missing makes every test false but the complements
 * `!=`, `not in`, `not contains` and `unknown`.
 */
import type { ValueType } from '../check/catalog.ts'
import type { Comparison, Operand, ValueTest, Window } from '../check/checked-rule.ts'
import { isInside, isTrueOfTime, resolveWindow } from './window.ts'
import type { Calendar, LocalDate } from './calendar.ts'
import { compareValues, dayRange, exactly, rangeOf, type Range, type Value } from './value.ts'

/** What a value test stands in: one customer, or one event inside `where`. */
export interface Scope {
  readonly calendar: Calendar
  /** Another field of the same customer or event; undefined when it is missing. */
  field(id: string, type: ValueType): Value | undefined
}

export function isTrueOfValue(
  value: Value | undefined,
  type: ValueType,
  test: ValueTest,
  scope: Scope,
): boolean {
  switch (test.kind) {
    case 'known':
      return value !== undefined
    case 'unknown':
      return value === undefined
    case 'compare':
      return compares(value, test.op, operandRange(test.operand, type, scope))
    case 'between':
      return (
        compares(value, '>=', operandRange(test.low, type, scope)) &&
        compares(value, '<=', operandRange(test.high, type, scope))
      )
    case 'in': {
      const isListed = test.operands.some((operand) =>
        compares(value, '=', operandRange(operand, type, scope)),
      )
      return test.negated ? !isListed : isListed
    }
    case 'contains':
    case 'starts-with': {
      const isFound = value?.kind === 'text' && matchesText(value.text, test)
      return test.negated ? !isFound : isFound
    }
    case 'when':
      return value?.kind === 'time' && isTrueOfTime(value.at, test.when, scope.calendar)
    case 'anniversary':
      return value !== undefined && hasAnniversary(value, test.window, scope.calendar)
  }
}

function operandRange(operand: Operand, type: ValueType, scope: Scope): Range | undefined {
  switch (operand.kind) {
    case 'literal':
      return rangeOf(operand.value, scope.calendar)
    case 'field': {
      const value = scope.field(operand.field, operand.type)
      if (value === undefined) return undefined
      // A date beside a timestamp is its whole day, as a written date is.
      return operand.type.kind === 'date' && value.kind === 'time'
        ? dayRange(scope.calendar.dateOf(value.at), scope.calendar)
        : exactly(value)
    }
    case 'today':
      return type.kind === 'month-day'
        ? exactly({ kind: 'text', text: monthDay(scope.calendar.today) })
        : dayRange(scope.calendar.today, scope.calendar)
  }
}

function compares(value: Value | undefined, op: Comparison, range: Range | undefined): boolean {
  if (op === '!=') return !compares(value, '=', range)
  if (value === undefined || range === undefined) return false
  switch (op) {
    case '=':
      return range.codes && value.kind === 'text'
        ? range.codes.includes(value.text)
        : compareValues(value, range.first) >= 0 && compareValues(value, range.last) <= 0
    case '<':
      return compareValues(value, range.first) < 0
    case '<=':
      return compareValues(value, range.last) <= 0
    case '>':
      return compareValues(value, range.last) > 0
    case '>=':
      return compareValues(value, range.first) >= 0
  }
}

function matchesText(
  text: string,
  test: Extract<ValueTest, { readonly kind: 'contains' | 'starts-with' }>,
): boolean {
  const fold = test.ignoreCase ? foldCase : (same: string) => same
  return test.kind === 'contains'
    ? fold(text).includes(fold(test.text))
    : fold(text).startsWith(fold(test.text))
}

/** A to Z only: what every database folds alike, whatever its locale and Unicode version. */
const foldCase = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Some year's month and day falls into the window; 29 February is 28 February in common years. */
function hasAnniversary(value: Value, window: Window, calendar: Calendar): boolean {
  const interval = resolveWindow(window, calendar)
  // Every anniversary has been before any `as of`.
  if (interval.start === undefined) return true
  if (interval.start >= interval.end) return false
  const text = value.kind === 'time' ? monthDay(calendar.dateOf(value.at)) : monthDayText(value)
  const firstYear = calendar.dateOf(interval.start).year
  const lastYear = calendar.dateOf(interval.end).year
  // A whole year lies in between, and it has every anniversary.
  if (lastYear - firstYear >= 2) return true
  for (let year = firstYear; year <= lastYear; year += 1) {
    if (isInside(calendar.dayStart(anniversary(text, year, calendar)), interval)) return true
  }
  return false
}

function anniversary(monthDayText: string, year: number, calendar: Calendar): LocalDate {
  const [month = '', day = ''] = monthDayText.split('-')
  // Assigned in two steps because each overflows to the last day of the month.
  return calendar.today.with({ year, month: Number(month), day: 1 }).with({ day: Number(day) })
}

function monthDayText(value: Value): string {
  if (value.kind !== 'text') throw new Error(`a ${value.kind} has no anniversary`)
  return value.text
}

const monthDay = (date: LocalDate): string => date.toString().slice(-5)
