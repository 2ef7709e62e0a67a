/**
 * What a window, a point and "ago" mean at one `as of` in one time zone.
 *
 * Days and longer are local calendar days; hours and minutes are exact. D is the start of the local day of `as of`.
 * Events at or after `as of` never count (event.ts); the windows of attributes that name both of their ends
 * ("from … to", "next …") may lie in the future.
 */
import type { Duration, Point, TimeTest, Window } from '../check/checked-rule.ts'
import {
  clockSpan,
  clockStart,
  isClockUnit,
  moveDays,
  parseDate,
  unitStart,
  type Calendar,
  type Instant,
} from './calendar.ts'

/** Half-open `[start, end)`; without a start it reaches back for ever. */
export interface Interval {
  readonly start?: Instant
  readonly end: Instant
}

/** A day from its first to its last nanosecond, or one moment (`first` = `last`). */
export interface Moments {
  readonly first: Instant
  readonly last: Instant
}

export const isInside = (at: Instant, interval: Interval): boolean =>
  (interval.start === undefined || at >= interval.start) && at < interval.end

export function resolveWindow(window: Window, calendar: Calendar): Interval {
  const { asOf, today } = calendar
  const start = (date: typeof today) => calendar.dayStart(date)
  switch (window.kind) {
    case 'last':
      return isClockUnit(window.unit)
        ? { start: asOf - clockSpan(window.count, window.unit), end: asOf }
        : { start: start(moveDays(today, window, -1)), end: asOf }
    case 'last-full':
      return fullUnits(window, calendar)
    case 'previous':
      return fullUnits({ count: 1, unit: window.unit }, calendar)
    case 'this':
      return isClockUnit(window.unit)
        ? { start: clockStart(asOf, window.unit, calendar.timeZone), end: asOf }
        : { start: start(unitStart(today, window.unit)), end: asOf }
    case 'next':
      return isClockUnit(window.unit)
        ? { start: asOf, end: asOf + clockSpan(window.count, window.unit) }
        : { start: start(today), end: start(moveDays(today, window, 1).add({ days: 1 })) }
    case 'ever':
      return { end: asOf }
    case 'from-to':
      return { start: momentsOf(window.from, calendar).first, end: endOf(window.to, calendar) }
    case 'since':
      return { start: momentsOf(window.from, calendar).first, end: asOf }
    case 'today':
      return { start: start(today), end: asOf }
    case 'yesterday':
      return { start: start(today.subtract({ days: 1 })), end: start(today) }
  }
}

/** Complete units only: they end where the unit of `as of` begins. */
function fullUnits(duration: Duration, calendar: Calendar): Interval {
  const { count, unit } = duration
  if (isClockUnit(unit)) {
    const end = clockStart(calendar.asOf, unit, calendar.timeZone)
    return { start: end - clockSpan(count, unit), end }
  }
  const end = unitStart(calendar.today, unit)
  return {
    start: calendar.dayStart(moveDays(end, duration, -1)),
    end: calendar.dayStart(end),
  }
}

/** "to" a date includes that whole day; "to" a date-time excludes that moment, as half-open intervals do. */
function endOf(point: Point, calendar: Calendar): Instant {
  const { first, last } = momentsOf(point, calendar)
  return point.kind === 'timestamp' ? first : last + 1n
}

export function momentsOf(point: Point, calendar: Calendar): Moments {
  switch (point.kind) {
    case 'date':
      return dayMoments(parseDate(point.value), calendar)
    case 'today':
      return dayMoments(calendar.today, calendar)
    case 'timestamp': {
      const at = calendar.localTime(point.value)
      return { first: at, last: at }
    }
  }
}

export const dayMoments = (date: Calendar['today'], calendar: Calendar): Moments => ({
  first: calendar.dayStart(date),
  last: calendar.dayStart(date.add({ days: 1 })) - 1n,
})

export function isTrueOfTime(at: Instant, test: TimeTest, calendar: Calendar): boolean {
  switch (test.kind) {
    case 'in':
      return isInside(at, resolveWindow(test.window, calendar))
    case 'before':
      return at < momentsOf(test.point, calendar).first
    case 'after':
      return at > momentsOf(test.point, calendar).last
    case 'on': {
      const { first, last } = momentsOf(test.point, calendar)
      return first <= at && at <= last
    }
    case 'ago':
      return at < calendar.asOf && isAgo(at, test.op, test.duration, calendar)
  }
}

/**
 * Age in whole local days against the day that lies the duration back (in hours and minutes: exact age).
 * "more than 30 days ago" is before the start of "in last 30 days"; "at most 30 days ago" is inside it.
 */
function isAgo(
  at: Instant,
  op: '>' | '>=' | '<' | '<=',
  duration: Duration,
  calendar: Calendar,
): boolean {
  const edge = agoEdge(duration, calendar)
  switch (op) {
    case '>':
      return at < edge.first
    case '>=':
      return at <= edge.last
    case '<':
      return at > edge.last
    case '<=':
      return at >= edge.first
  }
}

/** The local day (or the exact moment) that lies the duration before `as of`. */
export function agoEdge(duration: Duration, calendar: Calendar): Moments {
  if (isClockUnit(duration.unit)) {
    const at = calendar.asOf - clockSpan(duration.count, duration.unit)
    return { first: at, last: at }
  }
  return dayMoments(moveDays(calendar.today, duration, -1), calendar)
}
