/**
 * The moment and place of a run, and calendar arithmetic in it.
 *
 * Written apart from the evaluator's on purpose: one mistake must not hide in both.
 */
import { Temporal } from 'temporal-polyfill'
import type { CheckedHeader, Duration, Unit } from '#grammar'

/** When and where a rule is asked. */
export interface MembersRun {
  /** Events from this moment on do not count. Text (RFC 3339) where milliseconds are too coarse. */
  readonly asOf: Date | string
  /** IANA name. */
  readonly timeZone: string
  /** Nothing that was recorded later is looked at; the present state when absent. */
  readonly watermark?: Date | string
}

export interface RunTime {
  readonly asOf: Temporal.Instant
  readonly timeZone: string
  /** The local day of `asOf`. */
  readonly today: Temporal.PlainDate
  readonly watermark?: Temporal.Instant
}

/** The header's own time zone and `as of` win over the run's; a date there is the start of that day. */
export function settleRun(header: CheckedHeader, run: MembersRun): RunTime {
  const timeZone = header.timeZone ?? run.timeZone
  const asOf = header.asOf === undefined ? instantOf(run.asOf) : localMoment(header.asOf, timeZone)
  return {
    asOf,
    timeZone,
    today: asOf.toZonedDateTimeISO(timeZone).toPlainDate(),
    ...(run.watermark === undefined ? {} : { watermark: instantOf(run.watermark) }),
  }
}

const instantOf = (moment: Date | string): Temporal.Instant =>
  Temporal.Instant.from(typeof moment === 'string' ? moment : moment.toISOString())

/** `YYYY-MM-DD` is the start of that day; a local time that occurs twice is the earlier one. */
export function localMoment(text: string, timeZone: string): Temporal.Instant {
  if (!text.includes('T')) return dayStart(Temporal.PlainDate.from(text), timeZone)
  return Temporal.PlainDateTime.from(text)
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' })
    .toInstant()
}

/** Midnight, or the first moment after it where the clocks skip it. */
export const dayStart = (date: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  date.toZonedDateTime({ timeZone }).startOfDay().toInstant()

export const nextDay = (date: Temporal.PlainDate): Temporal.PlainDate => date.add({ days: 1 })

/** The first date whose day begins at the moment or later: what a column of dates is compared with. */
export function firstDateFrom(moment: Temporal.Instant, timeZone: string): Temporal.PlainDate {
  const begins = (date: Temporal.PlainDate) =>
    Temporal.Instant.compare(dayStart(date, timeZone), moment) >= 0
  let date = moment.toZonedDateTimeISO(timeZone).toPlainDate()
  if (!begins(date)) date = nextDay(date)
  // A zone that skipped a whole day has two dates that begin at one moment.
  while (begins(date.subtract({ days: 1 }))) date = date.subtract({ days: 1 })
  return date
}

type ClockUnit = Extract<Unit, 'minute' | 'hour'>

export const isClock = (unit: Unit): unit is ClockUnit => unit === 'minute' || unit === 'hour'

/** Longer than anything on record, and short enough for every calendar. */
const yearsMax = 20_000

/** Whole minutes of an exact span; days and weeks are 24 and 168 hours. */
export function minutesIn({ count, unit }: Duration): number | undefined {
  const minutes = { minute: 1, hour: 60, day: 1_440, week: 10_080 }
  if (unit === 'month' || unit === 'quarter' || unit === 'year') return undefined
  return Math.min(count * minutes[unit], yearsMax * 366 * minutes.day)
}

export function monthsIn({ count, unit }: Duration): number | undefined {
  const months = { month: 1, quarter: 3, year: 12 }
  if (unit !== 'month' && unit !== 'quarter' && unit !== 'year') return undefined
  return Math.min(count * months[unit], yearsMax * 12)
}

/** Moves a date by whole days or by calendar months, which end on the last day of a shorter month. */
export function shiftDate(
  date: Temporal.PlainDate,
  duration: Duration,
  direction: 1 | -1,
): Temporal.PlainDate {
  const months = monthsIn(duration)
  if (months !== undefined) return date.add({ months: direction * months })
  return date.add({ days: (direction * (minutesIn(duration) ?? 0)) / 1_440 })
}

/** Where the unit that holds the date begins; a week begins on Monday. */
export function firstDayOf(date: Temporal.PlainDate, unit: Unit): Temporal.PlainDate {
  switch (unit) {
    case 'minute':
    case 'hour':
    case 'day':
      return date
    case 'week':
      return date.add({ days: 1 - date.dayOfWeek })
    case 'month':
      return date.with({ day: 1 })
    case 'quarter':
      return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 })
    case 'year':
      return date.with({ month: 1, day: 1 })
  }
}

/** The beginning of the clock hour or minute that holds the moment. */
export function clockFloor(
  moment: Temporal.Instant,
  unit: ClockUnit,
  timeZone: string,
): Temporal.Instant {
  const local = moment.toZonedDateTimeISO(timeZone)
  const below = { second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 }
  return local.with(unit === 'hour' ? { minute: 0, ...below } : below).toInstant()
}

export const shiftMoment = (
  moment: Temporal.Instant,
  duration: Duration,
  direction: 1 | -1,
): Temporal.Instant => moment.add({ minutes: direction * (minutesIn(duration) ?? 0) })
