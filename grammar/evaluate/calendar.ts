/** Local days of one run: instants are nanoseconds since 1970 in UTC, days are dates of the rule's time zone. */
import { Temporal } from 'temporal-polyfill'
import type { CheckedHeader, Duration, Unit } from '../check/checked-rule.ts'

export type Instant = bigint
export type LocalDate = Temporal.PlainDate

export interface Calendar {
  readonly asOf: Instant
  readonly timeZone: string
  /** The local day of `as of`. */
  readonly today: LocalDate
  /** Midnight, or the first moment after a clock change that skipped midnight. */
  dayStart(date: LocalDate): Instant
  dateOf(at: Instant): LocalDate
  /** `YYYY-MM-DDTHH:MM[:SS]`. A time that occurs twice is the earlier one, a skipped one moves forward by the gap. */
  localTime(text: string): Instant
}

/** The header's own time zone and `as of` win; a date there is the start of that day. */
export function calendarOf(
  header: CheckedHeader,
  run: { readonly asOf: string; readonly timeZone: string },
): Calendar {
  const timeZone = header.timeZone ?? run.timeZone
  const asOf =
    header.asOf === undefined ? parseInstant(run.asOf) : parseLocal(header.asOf, timeZone)
  // Only to save time: the same few days are asked for once per customer.
  const dayStarts = new Map<string, Instant>()
  const dateOf = (at: Instant): LocalDate => zoned(at, timeZone).toPlainDate()
  return {
    asOf,
    timeZone,
    today: dateOf(asOf),
    dateOf,
    localTime: (text) => parseLocal(text, timeZone),
    dayStart: (date) => {
      const key = date.toString()
      const known = dayStarts.get(key)
      if (known !== undefined) return known
      const start = date.toZonedDateTime(timeZone).epochNanoseconds
      dayStarts.set(key, start)
      return start
    },
  }
}

export const parseInstant = (text: string): Instant => Temporal.Instant.from(text).epochNanoseconds

export const parseDate = (text: string): LocalDate => Temporal.PlainDate.from(text)

export const formatInstant = (at: Instant): string =>
  Temporal.Instant.fromEpochNanoseconds(at).toString()

/** The local date and time of a moment, for people: "2026-08-23 09:00". */
export function formatLocal(at: Instant, timeZone: string): string {
  const local = zoned(at, timeZone).toPlainDateTime()
  const wholeMinute = local.second === 0 && local.millisecond === 0 && local.microsecond === 0
  return local.toString({ smallestUnit: wholeMinute ? 'minute' : 'second' }).replace('T', ' ')
}

/** Moves a date by calendar units; months, quarters and years end on the last day of a shorter month. */
export function moveDays(date: LocalDate, duration: Duration, direction: 1 | -1): LocalDate {
  const count = direction * countOf(duration)
  switch (duration.unit) {
    case 'day':
      return date.add({ days: count })
    case 'week':
      return date.add({ days: 7 * count })
    case 'month':
      return date.add({ months: count })
    case 'quarter':
      return date.add({ months: 3 * count })
    case 'year':
      return date.add({ months: 12 * count })
    case 'hour':
    case 'minute':
      throw new Error(`${duration.unit}s do not move a date`)
  }
}

/** Where the unit that holds the date begins; weeks begin on Monday. */
export function unitStart(date: LocalDate, unit: Unit): LocalDate {
  switch (unit) {
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 })
    case 'month':
      return date.with({ day: 1 })
    case 'quarter':
      return date.with({ day: 1, month: date.month - ((date.month - 1) % 3) })
    case 'year':
      return date.with({ day: 1, month: 1 })
    case 'day':
    case 'hour':
    case 'minute':
      return date
  }
}

/** The beginning of the clock hour or minute that holds the moment. */
export const clockStart = (at: Instant, unit: 'hour' | 'minute', timeZone: string): Instant =>
  zoned(at, timeZone).round({ smallestUnit: unit, roundingMode: 'floor' }).epochNanoseconds

const nanosecondsPerMinute = 60_000_000_000n

export const isClockUnit = (unit: Unit): unit is 'hour' | 'minute' =>
  unit === 'hour' || unit === 'minute'

export const clockSpan = (count: number, unit: 'hour' | 'minute'): bigint =>
  BigInt(countOf({ count, unit })) * (unit === 'hour' ? 60n : 1n) * nanosecondsPerMinute

const mostPerYear: Readonly<Record<Unit, number>> = {
  minute: 527_040,
  hour: 8_784,
  day: 366,
  week: 53,
  month: 12,
  quarter: 4,
  year: 1,
}

/** At most 20,000 years: before and after everything on record, and inside what a calendar can say. */
const countOf = ({ count, unit }: Duration): number => Math.min(count, 20_000 * mostPerYear[unit])

/**
 * The moment one step of a sequence later: an exact span up to weeks (a day is 24 hours, whatever the clocks do),
 * calendar months, quarters and years at the same local time.
 */
export function addExact(at: Instant, duration: Duration, timeZone: string): Instant {
  const { unit } = duration
  const count = countOf(duration)
  switch (unit) {
    case 'minute':
    case 'hour':
      return at + clockSpan(count, unit)
    case 'day':
      return at + clockSpan(24 * count, 'hour')
    case 'week':
      return at + clockSpan(168 * count, 'hour')
    case 'month':
    case 'quarter':
    case 'year': {
      const months = count * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12)
      return zoned(at, timeZone).add({ months }).epochNanoseconds
    }
  }
}

const zoned = (at: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochNanoseconds(at).toZonedDateTimeISO(timeZone)

const parseLocal = (text: string, timeZone: string): Instant =>
  (text.includes('T')
    ? Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone)
    : Temporal.PlainDate.from(text).toZonedDateTime(timeZone)
  ).epochNanoseconds
