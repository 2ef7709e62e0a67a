/** When the fictional customers do something: growing years, busy weekends, 6.18 and Double 11, lunch and late evening. */
import { placeOf } from './random.ts'
import type { Seeded } from './random.ts'

export const dayMs = 86_400_000
export const minuteMs = 60_000

/** How far back events go. */
export const historyDays = 730

/** China Standard Time has no summer time. */
const zoneMs = 8 * 3_600_000

export interface Calendar {
  /** Instant up to which the world is told, in milliseconds. */
  readonly asOfMs: number
  /** Local calendar day of an instant, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string
  /** A likely instant between two, neither before the history nor after `asOf`. */
  readonly instant: (random: Seeded, fromMs: number, toMs: number) => number
}

export function calendarUpTo(asOf: Date): Calendar {
  const asOfMs = asOf.getTime()
  const lastDay = Math.floor((asOfMs + zoneMs) / dayMs)
  const firstDay = lastDay - historyDays
  const sums = new Float64Array(historyDays + 1)
  let sum = 0
  for (let place = 0; place <= historyDays; place += 1)
    sums[place] = sum += busyness(firstDay + place, place / historyDays)
  const before = (day: number): number => (day <= firstDay ? 0 : (sums[day - firstDay - 1] ?? 0))
  return {
    asOfMs,
    dayOf: localDay,
    instant: (random, fromMs, toMs) => {
      const from = Math.max(Math.floor((fromMs + zoneMs) / dayMs), firstDay)
      const to = Math.min(Math.floor((toMs + zoneMs) / dayMs), lastDay)
      const low = before(from)
      const high = sums[to - firstDay] ?? sum
      const day = firstDay + placeOf(sums, low + random.unit() * Math.max(high - low, 0))
      const seconds = random.whole(0, 3_599)
      const at = day * dayMs - zoneMs + hourOf(random) * 3_600_000 + seconds * 1_000
      return Math.min(Math.max(at, fromMs), toMs)
    },
  }
}

export const localDay = (atMs: number): string => new Date(atMs + zoneMs).toISOString().slice(0, 10)

/** How busy a day is; `age` grows from 0 to 1 over the history. */
function busyness(day: number, age: number): number {
  const date = new Date(day * dayMs)
  const monthDay = (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6
  return (0.7 + 0.6 * age) * (isWeekend ? 1.25 : 1) * festival(monthDay)
}

function festival(monthDay: number): number {
  if (monthDay === 1111) return 5
  if (monthDay >= 1101 && monthDay <= 1112) return 2.4
  if (monthDay === 618) return 4
  if (monthDay >= 601 && monthDay <= 620) return 1.9
  if (monthDay === 1212) return 2
  if (monthDay >= 305 && monthDay <= 308) return 1.6
  if (monthDay >= 210 && monthDay <= 220) return 0.6
  return 1
}

const hourSums = (() => {
  const weights = [3, 1, 1, 1, 1, 1, 2, 4, 6, 7, 8, 9, 12, 10, 8, 8, 8, 9, 10, 13, 17, 19, 15, 8]
  let sum = 0
  return weights.map((weight) => (sum += weight))
})()

const hourOf = (random: Seeded): number =>
  placeOf(hourSums, random.unit() * (hourSums[hourSums.length - 1] ?? 1))
