/** Durations, points and windows in words, windows with the dates that they come to. */
import type { Duration, Point, TimeTest, Unit, Window } from '../check/checked-rule.ts'
import { formatLocal, isClockUnit } from '../evaluate/calendar.ts'
import { agoEdge, resolveWindow } from '../evaluate/window.ts'
import { spaceBefore, type Speaker } from './speaker.ts'

const unitZh: Readonly<Record<Unit, string>> = {
  minute: '分钟',
  hour: '小时',
  day: '天',
  week: '周',
  month: '个月',
  quarter: '个季度',
  year: '年',
}

const fullUnitZh: Readonly<Record<Unit, string>> = {
  minute: '个整分钟',
  hour: '个整小时',
  day: '个整天',
  week: '个完整自然周',
  month: '个完整自然月',
  quarter: '个完整自然季度',
  year: '个完整自然年',
}

const thisZh: Readonly<Record<Unit, string>> = {
  minute: '这一分钟',
  hour: '这一小时',
  day: '今天',
  week: '本周',
  month: '本月',
  quarter: '本季度',
  year: '今年',
}

const previousZh: Readonly<Record<Unit, string>> = {
  minute: '上一分钟',
  hour: '上一小时',
  day: '昨天',
  week: '上周',
  month: '上月',
  quarter: '上季度',
  year: '去年',
}

export const durationInWords = ({ count, unit }: Duration, { say }: Speaker): string =>
  say(`${count} ${unit}${count === 1 ? '' : 's'}`, `${count} ${unitZh[unit]}`)

/** Events never count from `as of` on; a value may lie in the future. */
export type WindowOf = 'events' | 'value'

/** "in the last 90 days (2026-05-25 00:00 → 2026-08-23 09:00 Asia/Shanghai)". */
export function windowInWords(window: Window, speaker: Speaker, of: WindowOf = 'value'): string {
  const name = windowName(window, speaker)
  const dates = resolvedWindow(window, speaker, of)
  return speaker.say(`${name} (${dates})`, `${name}（${dates}）`)
}

function windowName(window: Window, speaker: Speaker): string {
  const { say } = speaker
  switch (window.kind) {
    case 'last':
      return say(
        window.count === 1
          ? `in the last ${window.unit}`
          : `in the last ${durationInWords(window, speaker)}`,
        `近 ${durationInWords(window, speaker)}内`,
      )
    case 'last-full':
      return say(
        window.count === 1
          ? `in the last full ${window.unit}`
          : `in the last ${window.count} full ${window.unit}s`,
        `最近 ${window.count} ${fullUnitZh[window.unit]}`,
      )
    case 'next':
      return say(
        window.count === 1
          ? `in the next ${window.unit}`
          : `in the next ${durationInWords(window, speaker)}`,
        `未来 ${durationInWords(window, speaker)}内`,
      )
    case 'this':
      return window.unit === 'day'
        ? say('today', '今天')
        : say(`this ${window.unit}`, thisZh[window.unit])
    case 'previous':
      return window.unit === 'day'
        ? say('yesterday', '昨天')
        : say(`in the previous ${window.unit}`, previousZh[window.unit])
    case 'ever':
      return say('ever', '历史上')
    case 'from-to': {
      const [from, to] = [pointInWords(window.from, speaker), pointInWords(window.to, speaker)]
      return say(`from ${from} to ${to}`, `${from} 至 ${to} 期间`)
    }
    case 'since':
      return say(
        `since ${pointInWords(window.from, speaker)}`,
        `自 ${pointInWords(window.from, speaker)} 以来`,
      )
    case 'today':
      return say('today', '今天')
    case 'yesterday':
      return say('yesterday', '昨天')
  }
}

function resolvedWindow(window: Window, speaker: Speaker, of: WindowOf): string {
  const { calendar, say } = speaker
  const { start, end } = resolveWindow(window, calendar)
  const last = of === 'events' && end > calendar.asOf ? calendar.asOf : end
  const until = `${formatLocal(last, calendar.timeZone)} ${calendar.timeZone}`
  if (start === undefined) return say(`up to ${until}`, `截至 ${until}`)
  if (start >= last) return say('which is no time at all', '不含任何时间')
  return `${formatLocal(start, calendar.timeZone)} → ${until}`
}

export function pointInWords(point: Point, { calendar, say }: Speaker): string {
  switch (point.kind) {
    case 'date':
      return point.value
    case 'timestamp':
      return point.value.replace('T', ' ')
    case 'today':
      return say(`today (${calendar.today.toString()})`, `今天（${calendar.today.toString()}）`)
  }
}

/** What a time does: "was more than 90 days ago (before …)"; 「距今超过 90 天（早于 …）」. */
export function timeInWords(test: TimeTest, of: WindowOf, speaker: Speaker): string {
  const { say } = speaker
  const verb = of === 'events' ? 'was' : 'is'
  switch (test.kind) {
    case 'ago':
      return agoInWords(test, verb, speaker)
    case 'before':
      return say(
        `${verb} before ${pointInWords(test.point, speaker)}`,
        `早于 ${pointInWords(test.point, speaker)}`,
      )
    case 'after':
      return say(
        `${verb} after ${pointInWords(test.point, speaker)}`,
        `晚于 ${pointInWords(test.point, speaker)}`,
      )
    case 'on':
      return test.point.kind === 'timestamp'
        ? say(
            `${verb} at ${pointInWords(test.point, speaker)}`,
            `在 ${pointInWords(test.point, speaker)}`,
          )
        : say(
            `${verb} on ${pointInWords(test.point, speaker)}`,
            `在 ${pointInWords(test.point, speaker)} 当天`,
          )
    case 'in': {
      const window = windowInWords(test.window, speaker, of)
      return test.window.kind === 'ever'
        ? say(`${verb} at any time (${resolvedWindow(test.window, speaker, of)})`, `在${window}`)
        : say(`${verb} ${window}`, `在${spaceBefore(window)}`)
    }
  }
}

function agoInWords(
  { op, duration }: Extract<TimeTest, { readonly kind: 'ago' }>,
  verb: string,
  speaker: Speaker,
): string {
  const { say, calendar } = speaker
  const length = durationInWords(duration, speaker)
  const edge = agoEdge(duration, calendar)
  const local = (at: bigint) => `${formatLocal(at, calendar.timeZone)} ${calendar.timeZone}`
  const first = local(edge.first)
  const next = isClockUnit(duration.unit) ? first : local(edge.last + 1n)
  switch (op) {
    case '>':
      return say(
        `${verb} more than ${length} ago (before ${first})`,
        `距今超过 ${length}（早于 ${first}）`,
      )
    case '>=':
      return say(
        `${verb} at least ${length} ago (${isClockUnit(duration.unit) ? 'not after' : 'before'} ${next})`,
        `距今至少 ${length}（${isClockUnit(duration.unit) ? '不晚于' : '早于'} ${next}）`,
      )
    case '<':
      return say(
        `${verb} less than ${length} ago (${isClockUnit(duration.unit) ? 'after' : 'from'} ${next}${isClockUnit(duration.unit) ? '' : ' on'})`,
        `距今不到 ${length}（${isClockUnit(duration.unit) ? '晚于' : '不早于'} ${next}）`,
      )
    case '<=':
      return say(
        `${verb} at most ${length} ago (from ${first} on)`,
        `距今不超过 ${length}（不早于 ${first}）`,
      )
  }
}
