/** Windows and points of a rule as half-open spans of moments. */
import { Temporal } from 'temporal-polyfill'
import type { Duration, Point, Window } from '#grammar'
import {
  clockFloor,
  dayStart,
  firstDayOf,
  isClock,
  localMoment,
  nextDay,
  shiftDate,
  shiftMoment,
} from './run-time.ts'
import type { RunTime } from './run-time.ts'

/** `[start, end)`; without a start it reaches back for ever. */
export interface Span {
  readonly start?: Temporal.Instant
  readonly end: Temporal.Instant
}

export const isEmptySpan = ({ start, end }: Span): boolean =>
  start !== undefined && Temporal.Instant.compare(start, end) >= 0

export const earlier = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) <= 0 ? a : b

export const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) >= 0 ? a : b

export function windowSpan(window: Window, time: RunTime): Span {
  const { asOf, today, timeZone } = time
  const start = (date: Temporal.PlainDate) => dayStart(date, timeZone)
  switch (window.kind) {
    case 'ever':
      return { end: asOf }
    case 'today':
      return { start: start(today), end: asOf }
    case 'yesterday':
      return { start: start(today.subtract({ days: 1 })), end: start(today) }
    case 'last':
      return {
        start: isClock(window.unit)
          ? shiftMoment(asOf, window, -1)
          : start(shiftDate(today, window, -1)),
        end: asOf,
      }
    case 'next':
      return isClock(window.unit)
        ? { start: asOf, end: shiftMoment(asOf, window, 1) }
        : { start: start(today), end: start(nextDay(shiftDate(today, window, 1))) }
    case 'this':
      return {
        start: isClock(window.unit)
          ? clockFloor(asOf, window.unit, timeZone)
          : start(firstDayOf(today, window.unit)),
        end: asOf,
      }
    case 'previous':
      return wholeUnits({ count: 1, unit: window.unit }, time)
    case 'last-full':
      return wholeUnits(window, time)
    case 'since':
      return { start: pointSpan(window.from, time).start, end: asOf }
    case 'from-to': {
      const to = pointSpan(window.to, time)
      return {
        start: pointSpan(window.from, time).start,
        // Up to a day includes the day, up to a moment ends before it.
        end: window.to.kind === 'timestamp' ? to.start : to.end,
      }
    }
  }
}

/** Complete units that end where the unit of `as of` begins. */
function wholeUnits(duration: Duration, { asOf, today, timeZone }: RunTime): Span {
  if (isClock(duration.unit)) {
    const end = clockFloor(asOf, duration.unit, timeZone)
    return { start: shiftMoment(end, duration, -1), end }
  }
  const end = firstDayOf(today, duration.unit)
  return {
    start: dayStart(shiftDate(end, duration, -1), timeZone),
    end: dayStart(end, timeZone),
  }
}

export interface PointSpan {
  readonly start: Temporal.Instant
  readonly end: Temporal.Instant
}

/** A whole local day, or one moment: the microsecond that PostgreSQL keeps of it. */
export function pointSpan(point: Point, { today, timeZone }: RunTime): PointSpan {
  switch (point.kind) {
    case 'today':
      return daySpan(today, timeZone)
    case 'date':
      return daySpan(Temporal.PlainDate.from(point.value), timeZone)
    case 'timestamp': {
      const start = localMoment(point.value, timeZone)
      return { start, end: start.add({ microseconds: 1 }) }
    }
  }
}

const daySpan = (date: Temporal.PlainDate, timeZone: string): PointSpan => ({
  start: dayStart(date, timeZone),
  end: dayStart(nextDay(date), timeZone),
})

/** What lies a duration before `as of`: that local day, or that moment. */
export function agoSpan(duration: Duration, time: RunTime): PointSpan {
  if (!isClock(duration.unit)) return daySpan(shiftDate(time.today, duration, -1), time.timeZone)
  const start = shiftMoment(time.asOf, duration, -1)
  return { start, end: start.add({ microseconds: 1 }) }
}
