import { describe, expect, test } from 'vitest'
import type { Duration, SequenceStep, Test, Window } from '../../grammar/check/checked-rule.ts'
import type { Run, WorldCustomer } from '../../grammar/evaluate/index.ts'
import { sequenceTest } from '../support/arbitraries.ts'
import { customer, event, members, shanghai } from '../support/cases.ts'

const ever: Window = { kind: 'ever' }
const hours = (count: number): Duration => ({ count, unit: 'hour' })

const step = (name: string, within?: Duration): SequenceStep => ({
  event: { event: name },
  absent: false,
  ...(within && { within }),
})
const no = (name: string, within?: Duration): SequenceStep => ({
  ...step(name, within),
  absent: true,
})

const sequence = (steps: readonly SequenceStep[], window: Window = ever): Test =>
  sequenceTest({ event: 'coupon_received' }, steps, window)

/** Events as "A 2026-08-20T00:00:00Z": A is the coupon, B the order, C the app. */
function someone(id: string, ...rows: string[]): WorldCustomer {
  const names: Record<string, string> = { A: 'coupon_received', B: 'order_paid', C: 'app_opened' }
  const events = rows.map((row, index) => {
    const [name = '', at = ''] = row.split(' ')
    return event(`${id}-${index}`, at, {}, names[name] ?? name)
  })
  return customer(id, {}, { events })
}

describe('steps that happen', () => {
  test('come at strictly increasing times', () => {
    const customers = [
      someone('after', 'A 2026-08-20T00:00:00Z', 'B 2026-08-20T00:00:00.000001Z'),
      someone('before', 'B 2026-08-19T00:00:00Z', 'A 2026-08-20T00:00:00Z'),
      someone('same', 'A 2026-08-20T00:00:00Z', 'B 2026-08-20T00:00:00Z'),
    ]
    expect(members(sequence([step('order_paid')]), customers)).toEqual(['after'])
  })

  test('are at most the duration apart, the limit included', () => {
    const customers = [
      someone('exact', 'A 2026-08-20T00:00:00Z', 'B 2026-08-20T02:00:00Z'),
      someone('late', 'A 2026-08-20T00:00:00Z', 'B 2026-08-20T02:00:00.001Z'),
    ]
    expect(members(sequence([step('order_paid', hours(2))]), customers)).toEqual(['exact'])
  })

  test('lie all in the window', () => {
    const window: Window = { kind: 'last', count: 3, unit: 'day' }
    const customers = [
      someone('first-too-early', 'A 2026-08-19T15:59:59Z', 'B 2026-08-20T00:00:00Z'),
      someone('inside', 'A 2026-08-19T16:00:00Z', 'B 2026-08-20T00:00:00Z'),
      someone('second-too-late', 'A 2026-08-22T00:00:00Z', 'B 2026-08-23T01:00:00Z'),
    ]
    expect(members(sequence([step('order_paid')], window), customers)).toEqual(['inside'])
  })

  test('lie all before the end of a window that is over', () => {
    const window: Window = {
      kind: 'from-to',
      from: { kind: 'date', value: '2026-08-01' },
      to: { kind: 'date', value: '2026-08-10' },
    }
    const customers = [
      someone('a-day-late', 'A 2026-08-10T00:00:00Z', 'B 2026-08-10T16:00:00Z'),
      someone('in-time', 'A 2026-08-10T00:00:00Z', 'B 2026-08-10T15:59:59Z'),
    ]
    expect(members(sequence([step('order_paid')], window), customers)).toEqual(['in-time'])
  })

  test('are found in any combination, not only from the first events on', () => {
    const rows = [
      'A 2026-08-10T00:00:00Z',
      'A 2026-08-20T00:00:00Z',
      'B 2026-08-20T01:00:00Z',
      'B 2026-08-20T01:30:00Z',
      'C 2026-08-20T02:15:00Z',
    ]
    const steps = [step('order_paid', hours(2)), step('app_opened', hours(1))]
    expect(members(sequence(steps), [someone('a', ...rows)])).toEqual(['a'])
  })

  test('may repeat one event, but each step is a later one', () => {
    const again = sequence([step('coupon_received')])
    expect(members(again, [someone('once', 'A 2026-08-20T00:00:00Z')])).toEqual([])
    const twice = someone('twice', 'A 2026-08-20T00:00:00Z', 'A 2026-08-21T00:00:00Z')
    expect(members(again, [twice])).toEqual(['twice'])
  })

  test('have days of 24 hours where clocks change, and calendar months', () => {
    const run: Run = { asOf: '2026-06-01T00:00:00Z', timeZone: 'America/New_York' }
    const day = sequence([step('order_paid', { count: 1, unit: 'day' })])
    // Noon to noon over the change of clocks is 23 hours; one more is still within a day.
    const spring = [
      someone('a-day', 'A 2026-03-07T17:00:00Z', 'B 2026-03-08T17:00:00Z'),
      someone('longer', 'A 2026-03-07T17:00:00Z', 'B 2026-03-08T17:00:01Z'),
    ]
    expect(members(day, spring, run)).toEqual(['a-day'])
    const month = sequence([step('order_paid', { count: 1, unit: 'month' })])
    const clamped = [
      someone('last-of-february', 'A 2026-01-31T17:00:00Z', 'B 2026-02-28T17:00:00Z'),
      someone('march', 'A 2026-01-31T17:00:00Z', 'B 2026-02-28T17:00:01Z'),
    ]
    expect(members(month, clamped, run)).toEqual(['last-of-february'])
  })
})

describe('a step that must not happen', () => {
  const abandoned = sequence([no('order_paid', hours(24))])

  test('is only known when its time is over', () => {
    const customers = [
      someone('just-over', 'A 2026-08-22T01:00:00Z'),
      someone('still-running', 'A 2026-08-22T01:00:00.000001Z'),
    ]
    expect(members(abandoned, customers)).toEqual(['just-over'])
  })

  test('excludes an event up to and including the limit, and none at the start', () => {
    const customers = [
      someone('at-limit', 'A 2026-08-20T00:00:00Z', 'B 2026-08-21T00:00:00Z'),
      someone('at-start', 'A 2026-08-20T00:00:00Z', 'B 2026-08-20T00:00:00Z'),
      someone('too-late', 'A 2026-08-20T00:00:00Z', 'B 2026-08-21T00:00:00.001Z'),
    ]
    expect(members(abandoned, customers)).toEqual(['at-start', 'too-late'])
  })

  test('looks beyond the window: who bought after it has not abandoned', () => {
    const window: Window = {
      kind: 'from-to',
      from: { kind: 'date', value: '2026-08-01' },
      to: { kind: 'date', value: '2026-08-10' },
    }
    const bought = someone('bought', 'A 2026-08-10T15:00:00Z', 'B 2026-08-10T17:00:00Z')
    expect(members(sequence([no('order_paid', hours(24))], window), [bought])).toEqual([])
  })

  test('does not see events from "as of" on', () => {
    const atAsOf = someone('a', 'A 2026-08-22T01:00:00Z', `B ${shanghai.asOf}`)
    expect(members(abandoned, [atAsOf])).toEqual(['a'])
  })

  test('in the middle is measured from the last step that happened', () => {
    const steps = [no('order_paid', hours(1)), step('app_opened', hours(3))]
    const customers = [
      someone(
        'bought',
        'A 2026-08-20T00:00:00Z',
        'B 2026-08-20T01:00:00Z',
        'C 2026-08-20T02:00:00Z',
      ),
      someone(
        'bought-later',
        'A 2026-08-20T00:00:00Z',
        'B 2026-08-20T01:00:01Z',
        'C 2026-08-20T02:00:00Z',
      ),
      someone('opened-late', 'A 2026-08-20T00:00:00Z', 'C 2026-08-20T03:00:01Z'),
    ]
    expect(members(sequence(steps), customers)).toEqual(['bought-later'])
  })

  test('without a limit lasts to the next step, or to "as of"', () => {
    const between = [
      someone(
        'between',
        'A 2026-08-20T00:00:00Z',
        'B 2026-08-20T01:00:00Z',
        'C 2026-08-20T02:00:00Z',
      ),
      someone(
        'behind',
        'A 2026-08-20T00:00:00Z',
        'C 2026-08-20T02:00:00Z',
        'B 2026-08-20T03:00:00Z',
      ),
    ]
    expect(members(sequence([no('order_paid'), step('app_opened')]), between)).toEqual(['behind'])
    const together = someone(
      'together',
      'A 2026-08-20T00:00:00Z',
      'B 2026-08-20T02:00:00Z',
      'C 2026-08-20T02:00:00Z',
    )
    expect(members(sequence([no('order_paid'), step('app_opened')]), [together])).toEqual([
      'together',
    ])
    expect(members(sequence([step('app_opened'), no('order_paid')]), between)).toEqual(['between'])
  })
})
