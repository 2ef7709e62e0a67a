import { expect, test } from 'vitest'
import type { Window } from '../../grammar/check/checked-rule.ts'
import { calendarOf, formatInstant, formatLocal } from '../../grammar/evaluate/calendar.ts'
import { resolveWindow } from '../../grammar/evaluate/window.ts'
import type { Run } from '../../grammar/evaluate/index.ts'
import {
  attribute,
  customer,
  did,
  members,
  onePerMoment,
  ruleOf,
  shanghai,
} from '../support/cases.ts'
import { evaluate } from '../../grammar/evaluate/index.ts'

/** The window in local times, "start → end". */
function local(window: Window, run: Run = shanghai): string {
  const calendar = calendarOf({ channels: [] }, run)
  const { start, end } = resolveWindow(window, calendar)
  const text = (at: bigint) => formatLocal(at, run.timeZone)
  return `${start === undefined ? '…' : text(start)} → ${text(end)}`
}

const newYork = (asOf: string): Run => ({ asOf, timeZone: 'America/New_York' })

test.each<[Window, string]>([
  [{ kind: 'last', count: 90, unit: 'day' }, '2026-05-25 00:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 2, unit: 'week' }, '2026-08-09 00:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 1, unit: 'month' }, '2026-07-23 00:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 1, unit: 'quarter' }, '2026-05-23 00:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 1, unit: 'year' }, '2025-08-23 00:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 24, unit: 'hour' }, '2026-08-22 09:00 → 2026-08-23 09:00'],
  [{ kind: 'last', count: 90, unit: 'minute' }, '2026-08-23 07:30 → 2026-08-23 09:00'],
  [{ kind: 'last-full', count: 3, unit: 'day' }, '2026-08-20 00:00 → 2026-08-23 00:00'],
  [{ kind: 'last-full', count: 2, unit: 'week' }, '2026-08-03 00:00 → 2026-08-17 00:00'],
  [{ kind: 'last-full', count: 3, unit: 'month' }, '2026-05-01 00:00 → 2026-08-01 00:00'],
  [{ kind: 'last-full', count: 1, unit: 'quarter' }, '2026-04-01 00:00 → 2026-07-01 00:00'],
  [{ kind: 'last-full', count: 1, unit: 'year' }, '2025-01-01 00:00 → 2026-01-01 00:00'],
  [{ kind: 'last-full', count: 2, unit: 'hour' }, '2026-08-23 07:00 → 2026-08-23 09:00'],
  [{ kind: 'this', unit: 'week' }, '2026-08-17 00:00 → 2026-08-23 09:00'],
  [{ kind: 'this', unit: 'month' }, '2026-08-01 00:00 → 2026-08-23 09:00'],
  [{ kind: 'this', unit: 'quarter' }, '2026-07-01 00:00 → 2026-08-23 09:00'],
  [{ kind: 'this', unit: 'year' }, '2026-01-01 00:00 → 2026-08-23 09:00'],
  [{ kind: 'previous', unit: 'week' }, '2026-08-10 00:00 → 2026-08-17 00:00'],
  [{ kind: 'previous', unit: 'month' }, '2026-07-01 00:00 → 2026-08-01 00:00'],
  [{ kind: 'previous', unit: 'quarter' }, '2026-04-01 00:00 → 2026-07-01 00:00'],
  [{ kind: 'previous', unit: 'year' }, '2025-01-01 00:00 → 2026-01-01 00:00'],
  [{ kind: 'today' }, '2026-08-23 00:00 → 2026-08-23 09:00'],
  [{ kind: 'yesterday' }, '2026-08-22 00:00 → 2026-08-23 00:00'],
  [{ kind: 'ever' }, '… → 2026-08-23 09:00'],
  [{ kind: 'next', count: 7, unit: 'day' }, '2026-08-23 00:00 → 2026-08-31 00:00'],
  [{ kind: 'next', count: 1, unit: 'month' }, '2026-08-23 00:00 → 2026-09-24 00:00'],
  [{ kind: 'next', count: 2, unit: 'hour' }, '2026-08-23 09:00 → 2026-08-23 11:00'],
  [
    { kind: 'since', from: { kind: 'date', value: '2026-01-01' } },
    '2026-01-01 00:00 → 2026-08-23 09:00',
  ],
])('%j is a half-open interval of local time', (window, expected) => {
  expect(local(window)).toBe(expected)
})

test('from and to dates are both whole days, a date-time is exactly that moment', () => {
  const from = { kind: 'date', value: '2026-06-01' } as const
  expect(local({ kind: 'from-to', from, to: { kind: 'date', value: '2026-06-18' } })).toBe(
    '2026-06-01 00:00 → 2026-06-19 00:00',
  )
  expect(
    local({ kind: 'from-to', from, to: { kind: 'timestamp', value: '2026-06-18T20:00' } }),
  ).toBe('2026-06-01 00:00 → 2026-06-18 20:00')
  expect(local({ kind: 'from-to', from, to: { kind: 'today' } })).toBe(
    '2026-06-01 00:00 → 2026-08-24 00:00',
  )
})

test('an event at the very date-time that ends a window is outside it', () => {
  const moments = ['2026-06-18T11:59:59.999999Z', '2026-06-18T12:00:00Z']
  const window: Window = {
    kind: 'from-to',
    from: { kind: 'date', value: '2026-06-01' },
    to: { kind: 'timestamp', value: '2026-06-18T20:00' },
  }
  expect(members(did(window), onePerMoment(moments))).toEqual(moments.slice(0, 1))
})

test('months back end on the last day of a shorter month', () => {
  const run: Run = { asOf: '2026-03-31T04:00:00Z', timeZone: 'Asia/Shanghai' }
  expect(local({ kind: 'last', count: 1, unit: 'month' }, run)).toMatch(/^2026-02-28 00:00/)
  expect(local({ kind: 'last', count: 4, unit: 'month' }, run)).toMatch(/^2025-11-30 00:00/)
  const leapDay: Run = { asOf: '2028-02-29T04:00:00Z', timeZone: 'Asia/Shanghai' }
  expect(local({ kind: 'last', count: 1, unit: 'year' }, leapDay)).toMatch(/^2027-02-28 00:00/)
  expect(local({ kind: 'last', count: 4, unit: 'year' }, leapDay)).toMatch(/^2024-02-29 00:00/)
})

test('a length beyond every calendar is as good as ever', () => {
  const moments = ['1970-01-01T00:00:00Z', '2026-08-22T00:00:00Z']
  for (const unit of ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const) {
    const window: Window = { kind: 'last', count: Number.MAX_SAFE_INTEGER, unit }
    expect(members(did(window), onePerMoment(moments))).toEqual(moments)
    const ahead: Window = { ...window, kind: 'next' }
    const expires = attribute('expires_on', { kind: 'when', when: { kind: 'in', window: ahead } })
    expect(members(expires, [customer('a', { expires_on: '9999-12-31' })])).toEqual(['a'])
    const birthday = attribute('birthday', { kind: 'anniversary', window })
    expect(members(birthday, [customer('a', { birthday: '02-29' })])).toEqual(['a'])
  }
})

test('days are local days where clocks change, and hours stay exact', () => {
  const afterSpring = newYork('2026-03-09T14:00:00Z')
  const start = (window: Window, run: Run) => {
    const at = resolveWindow(window, calendarOf({ channels: [] }, run)).start
    return at === undefined ? undefined : formatInstant(at)
  }
  expect(start({ kind: 'last', count: 1, unit: 'day' }, afterSpring)).toBe('2026-03-08T05:00:00Z')
  expect(start({ kind: 'last', count: 2, unit: 'day' }, afterSpring)).toBe('2026-03-07T05:00:00Z')
  expect(start({ kind: 'today' }, afterSpring)).toBe('2026-03-09T04:00:00Z')
  expect(start({ kind: 'last', count: 48, unit: 'hour' }, afterSpring)).toBe('2026-03-07T14:00:00Z')
  const afterAutumn = newYork('2026-11-02T14:00:00Z')
  expect(start({ kind: 'yesterday' }, afterAutumn)).toBe('2026-11-01T04:00:00Z')
  expect(start({ kind: 'today' }, afterAutumn)).toBe('2026-11-02T05:00:00Z')
})

test('a local time that clocks skip moves forward, one that comes twice is the earlier', () => {
  const since = (value: string, run: Run) =>
    formatInstant(calendarOf({ channels: [] }, run).localTime(value))
  const run = newYork('2026-12-01T00:00:00Z')
  expect(since('2026-03-08T02:30', run)).toBe('2026-03-08T07:30:00Z')
  expect(since('2026-11-01T01:30', run)).toBe('2026-11-01T05:30:00Z')
})

test('the start of a window is inside it and its end is not', () => {
  const moments = [
    '2026-05-24T15:59:59.999999Z',
    '2026-05-24T16:00:00Z',
    '2026-08-23T00:59:59.999999Z',
    '2026-08-23T01:00:00Z',
  ]
  const window: Window = { kind: 'last', count: 90, unit: 'day' }
  expect(members(did(window), onePerMoment(moments))).toEqual(moments.slice(1, 3))
})

test('events from "as of" on never count, whatever the window says', () => {
  const moments = ['2026-08-23T00:59:59Z', '2026-08-23T01:00:00Z', '2026-08-24T01:00:00Z']
  const windows: Window[] = [
    { kind: 'ever' },
    { kind: 'today' },
    { kind: 'next', count: 7, unit: 'day' },
    {
      kind: 'from-to',
      from: { kind: 'date', value: '2026-08-01' },
      to: { kind: 'date', value: '2026-12-31' },
    },
  ]
  for (const window of windows) {
    expect(members(did(window), onePerMoment(moments))).toEqual(moments.slice(0, 1))
  }
})

test("the rule's own time zone and as of win over those of the run", () => {
  const customers = onePerMoment(['2026-06-17T16:00:00Z', '2026-06-18T04:00:00Z'])
  const rule = ruleOf(did({ kind: 'today' }), {
    header: { channels: [], timeZone: 'America/New_York', asOf: '2026-06-18T06:00' },
  })
  expect(evaluate(rule, { customers }, shanghai)).toEqual(['2026-06-18T04:00:00Z'])
})

test('an "as of" without a time is the start of that day', () => {
  const moments = ['2026-06-17T15:59:59Z', '2026-06-17T16:00:00Z']
  const rule = ruleOf(did({ kind: 'ever' }), { header: { channels: [], asOf: '2026-06-18' } })
  expect(evaluate(rule, { customers: onePerMoment(moments) }, shanghai)).toEqual([moments[0]])
})
