/** Tests of one value: a column, or a number made of many rows. */
import { sql } from 'kysely'
import type { Comparison, Operand, Scalar, ValueTest, ValueType } from '#grammar'
import { assert, unreachable } from '../kernel/assert.ts'
import { fitsInt8, shiftPoint } from './decimal.ts'
import type { RunTime } from './run-time.ts'
import {
  allOf,
  anyOf,
  int8,
  localDate,
  momentOf,
  notTrue,
  numeric,
  text,
  textArray,
} from './sql.ts'
import type { Sql } from './sql.ts'
import { compareTime, operandSpan, timeTest } from './time-value.ts'
import type { TimeSubject } from './time-value.ts'
import { anniversaryTest } from './anniversary.ts'

/** A number as the database has it, `over / under` ten to the power of `scale` times too large. */
export interface NumberSubject {
  readonly kind: 'number'
  readonly over: Sql
  /** Greater than zero, or null where the number is missing. */
  readonly under?: Sql
  readonly scale: number
  /** `over` is a bigint, so that whole literals are bound as such and an index can be used. */
  readonly isWhole: boolean
}

export type Subject =
  | NumberSubject
  | { readonly kind: 'text'; readonly sql: Sql }
  | { readonly kind: 'boolean'; readonly sql: Sql }
  | { readonly kind: 'month-day'; readonly sql: Sql }
  | TimeSubject

/** Where a test stands. */
export interface Scope {
  readonly time: RunTime
  /** Another attribute of the customer, or property of the same event. */
  readonly field: (id: string) => Subject
}

/** A stored value of a type. */
export function storedSubject(type: ValueType, stored: Sql): Subject {
  switch (type.kind) {
    case 'integer':
      return { kind: 'number', over: stored, scale: 0, isWhole: true }
    case 'money':
      return { kind: 'number', over: stored, scale: type.scale, isWhole: true }
    case 'decimal':
    case 'percent':
    case 'score':
      return { kind: 'number', over: stored, scale: 0, isWhole: false }
    case 'text':
    case 'enum':
    case 'region':
      return { kind: 'text', sql: stored }
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'month-day':
      return { kind: type.kind, sql: stored }
    default:
      return unreachable(type)
  }
}

export function valueTest(subject: Subject, test: ValueTest, scope: Scope): Sql {
  switch (test.kind) {
    case 'known':
      return isKnown(subject)
    case 'unknown':
      return notTrue(isKnown(subject))
    case 'compare':
      return compare(subject, test.op, test.operand, scope)
    case 'between':
      return allOf([
        compare(subject, '>=', test.low, scope),
        compare(subject, '<=', test.high, scope),
      ])
    case 'in': {
      const isListed = listed(subject, test.operands, scope)
      return test.negated ? notTrue(isListed) : isListed
    }
    case 'contains':
    case 'starts-with': {
      const isFound = found(subject, test)
      return test.negated ? notTrue(isFound) : isFound
    }
    case 'when':
      assert(isTime(subject), 'a date or timestamp beside a time test')
      return timeTest(subject, test.when, scope.time)
    case 'anniversary':
      assert(isTime(subject) || subject.kind === 'month-day', 'a date beside an anniversary')
      return anniversaryTest(subject, test.window, scope.time)
    default:
      return unreachable(test)
  }
}

const isTime = (subject: Subject): subject is TimeSubject =>
  subject.kind === 'date' || subject.kind === 'timestamp'

function isKnown(subject: Subject): Sql {
  if (subject.kind !== 'number') return sql`${subject.sql} is not null`
  const { over, under } = subject
  return under ? sql`(${over} is not null and ${under} is not null)` : sql`${over} is not null`
}

function compare(subject: Subject, op: Comparison, operand: Operand, scope: Scope): Sql {
  if (op === '!=') return notTrue(compare(subject, '=', operand, scope))
  if (operand.kind === 'field') return compareFields(subject, op, scope.field(operand.field), scope)
  if (isTime(subject)) return compareTime(subject, op, operandSpan(operand, scope.time), scope.time)
  if (operand.kind === 'today') {
    assert(subject.kind === 'month-day', 'a value that has a today')
    const { month, day } = scope.time.today
    return sql`${subject.sql} ${symbol(op)} ${int8(month * 100 + day)}`
  }
  return compareScalar(subject, op, operand.value)
}

/** The operators of SQL, from a closed list. */
function symbol(op: Exclude<Comparison, '!='>): Sql {
  switch (op) {
    case '=':
      return sql`=`
    case '<':
      return sql`<`
    case '<=':
      return sql`<=`
    case '>':
      return sql`>`
    case '>=':
      return sql`>=`
    default:
      return unreachable(op)
  }
}

type Op = Exclude<Comparison, '!='>

function compareScalar(subject: Exclude<Subject, TimeSubject>, op: Op, scalar: Scalar): Sql {
  switch (subject.kind) {
    case 'number':
      return compareNumber(subject, op, numberDigits(scalar))
    case 'boolean':
      assert(scalar.kind === 'boolean', 'a truth value beside a truth value')
      return sql`${subject.sql} ${symbol(op)} ${scalar.value}::boolean`
    case 'month-day': {
      assert(scalar.kind === 'month-day', 'a month-day beside a month-day')
      const [month = '', day = ''] = scalar.value.split('-')
      return sql`${subject.sql} ${symbol(op)} ${int8(Number(month) * 100 + Number(day))}`
    }
    case 'text':
      return scalar.kind === 'region' && op === '='
        ? sql`${subject.sql} = any (${textArray(scalar.codes)})`
        : sql`${subject.sql} ${symbol(op)} ${text(textOf(scalar))}`
  }
}

function textOf(scalar: Scalar): string {
  assert(
    scalar.kind === 'text' || scalar.kind === 'enum' || scalar.kind === 'region',
    'text beside text',
  )
  return scalar.value
}

function numberDigits(scalar: Scalar): string {
  assert(
    scalar.kind === 'number' || scalar.kind === 'money' || scalar.kind === 'percent',
    'a number beside a number',
  )
  return scalar.value
}

/** Multiplied, never divided: exact for averages and ratios too. */
function compareNumber(subject: NumberSubject, op: Op, digits: string): Sql {
  const scaled = shiftPoint(digits, subject.scale)
  if (subject.under) {
    return sql`${subject.over} ${symbol(op)} ${numeric(scaled)} * ${subject.under}`
  }
  const right = subject.isWhole && fitsInt8(scaled) ? int8(scaled) : numeric(scaled)
  return sql`${subject.over} ${symbol(op)} ${right}`
}

function compareFields(left: Subject, op: Op, right: Subject, scope: Scope): Sql {
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(left, op, right)
  const { timeZone } = scope.time
  if (left.kind === 'timestamp' && right.kind === 'date') {
    // A date beside a timestamp is its whole day, as a written date is.
    return sql`${localDate(left.sql, timeZone)} ${symbol(op)} ${right.sql}`
  }
  if (left.kind === 'date' && right.kind === 'timestamp') {
    const dayStart = momentOf(sql`${left.sql}::timestamp`, timeZone)
    return sql`${dayStart} ${symbol(op)} ${right.sql}`
  }
  assert(
    left.kind !== 'number' && right.kind !== 'number' && left.kind === right.kind,
    'two fields of one type',
  )
  return sql`${left.sql} ${symbol(op)} ${right.sql}`
}

function compareNumbers(left: NumberSubject, op: Op, right: NumberSubject): Sql {
  if (left.scale === right.scale && !left.under && !right.under) {
    return sql`${left.over} ${symbol(op)} ${right.over}`
  }
  const side = (own: NumberSubject, other: NumberSubject) => {
    const raised = sql`${own.over}::numeric * ${numeric(shiftPoint('1', other.scale))}`
    return other.under ? sql`${raised} * ${other.under}` : raised
  }
  return sql`${side(left, right)} ${symbol(op)} ${side(right, left)}`
}

function listed(subject: Subject, operands: readonly Operand[], scope: Scope): Sql {
  const literals = operands.flatMap((operand) =>
    operand.kind === 'literal' ? [operand.value] : [],
  )
  if (subject.kind === 'text' && literals.length === operands.length) {
    const texts = literals.flatMap((scalar) =>
      scalar.kind === 'region' ? scalar.codes : [textOf(scalar)],
    )
    return sql`${subject.sql} = any (${textArray(texts)})`
  }
  return anyOf(operands.map((operand) => compare(subject, '=', operand, scope)))
}

function found(
  subject: Subject,
  test: Extract<ValueTest, { readonly kind: 'contains' | 'starts-with' }>,
): Sql {
  assert(subject.kind === 'text', 'text to search in')
  const inside = test.ignoreCase ? fold(subject.sql) : subject.sql
  const wanted = test.ignoreCase ? fold(text(test.text)) : text(test.text)
  return test.kind === 'contains'
    ? sql`strpos(${inside}, ${wanted}) > 0`
    : sql`starts_with(${inside}, ${wanted})`
}

/** A to Z only, whatever the locale of the database. */
const fold = (value: Sql): Sql =>
  sql`translate(${value}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')`
