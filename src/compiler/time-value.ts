/** Dates and timestamps compared with days and moments. */
import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Comparison, Operand, TimeTest } from '#grammar'
import { unreachable } from '../kernel/assert.ts'
import { firstDateFrom } from './run-time.ts'
import type { RunTime } from './run-time.ts'
import { allOf, date, timestamptz } from './sql.ts'
import type { Sql } from './sql.ts'
import { agoSpan, pointSpan, windowSpan } from './window.ts'
import type { PointSpan } from './window.ts'

/** A date stands for the moment at which its day begins. */
export interface TimeSubject {
  readonly kind: 'date' | 'timestamp'
  readonly sql: Sql
}

export const isFrom = (subject: TimeSubject, moment: Temporal.Instant, time: RunTime): Sql =>
  subject.kind === 'timestamp'
    ? sql`${subject.sql} >= ${timestamptz(moment)}`
    : sql`${subject.sql} >= ${date(firstDateFrom(moment, time.timeZone))}`

export const isBefore = (subject: TimeSubject, moment: Temporal.Instant, time: RunTime): Sql =>
  subject.kind === 'timestamp'
    ? sql`${subject.sql} < ${timestamptz(moment)}`
    : sql`${subject.sql} < ${date(firstDateFrom(moment, time.timeZone))}`

/** The span that an operand stands for: a day, or one moment. */
export function operandSpan(
  operand: Exclude<Operand, { readonly kind: 'field' }>,
  time: RunTime,
): PointSpan {
  if (operand.kind === 'today') return pointSpan(operand, time)
  const scalar = operand.value
  if (scalar.kind === 'date' || scalar.kind === 'timestamp') return pointSpan(scalar, time)
  throw new Error(`a ${scalar.kind} is no time`)
}

export function compareTime(
  subject: TimeSubject,
  op: Exclude<Comparison, '!='>,
  { start, end }: PointSpan,
  time: RunTime,
): Sql {
  switch (op) {
    case '=':
      return allOf([isFrom(subject, start, time), isBefore(subject, end, time)])
    case '<':
      return isBefore(subject, start, time)
    case '<=':
      return isBefore(subject, end, time)
    case '>':
      return isFrom(subject, end, time)
    case '>=':
      return isFrom(subject, start, time)
    default:
      return unreachable(op)
  }
}

export function timeTest(subject: TimeSubject, test: TimeTest, time: RunTime): Sql {
  switch (test.kind) {
    case 'in': {
      const { start, end } = windowSpan(test.window, time)
      return allOf([
        ...(start === undefined ? [] : [isFrom(subject, start, time)]),
        isBefore(subject, end, time),
      ])
    }
    case 'before':
      return compareTime(subject, '<', pointSpan(test.point, time), time)
    case 'after':
      return compareTime(subject, '>', pointSpan(test.point, time), time)
    case 'on':
      return compareTime(subject, '=', pointSpan(test.point, time), time)
    case 'ago':
      return allOf([
        isBefore(subject, time.asOf, time),
        compareTime(subject, mirrored[test.op], agoSpan(test.duration, time), time),
      ])
    default:
      return unreachable(test)
  }
}

/** The longer ago, the earlier. */
const mirrored = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' } as const
