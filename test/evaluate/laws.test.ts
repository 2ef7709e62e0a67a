/** Laws that hold for every rule on every world, by name: what a buyer can check of any vendor. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckedRule, DidTest, Test, Window } from '../../grammar/check/checked-rule.ts'
import {
  evaluate,
  evaluateCustomer,
  type Run,
  type World,
  type WorldCustomer,
  type WorldValues,
} from '../../grammar/evaluate/index.ts'
import { checkedRule, testOf, wholeLanguage } from '../support/arbitraries.ts'
import { and, or, not, ruleOf } from '../support/cases.ts'
import { anyRun, scenario, worldFor } from '../support/worlds.ts'
import { testCatalog } from '../support/test-catalog.ts'

const anyTest = testOf(new Set(wholeLanguage), 1)

interface Setting {
  readonly tests: readonly Test[]
  readonly run: Run
  readonly world: World
}

/** Several tests and a world that lies on the edges of all of them. */
const settingOf = (count: number): fc.Arbitrary<Setting> =>
  fc
    .tuple(fc.array(anyTest, { minLength: count, maxLength: count }), anyRun)
    .chain(([tests, run]) =>
      worldFor(
        tests.map((one) => ruleOf(one)),
        run,
        { customers: 8 },
      ).map((world) => ({
        tests,
        run,
        world,
      })),
    )

const members = (test: Test, { world, run }: Setting) => evaluate(ruleOf(test), world, run)

function check(count: number, law: (setting: Setting, tests: readonly [Test, Test, Test]) => void) {
  fc.assert(
    fc.property(settingOf(count), (setting) => {
      const [a, b = a, c = a] = setting.tests
      if (a && b && c) law(setting, [a, b, c])
    }),
    { numRuns: 150 },
  )
}

const everyone: Test = { kind: 'everyone' }
const sameMembers = (left: Test, right: Test, setting: Setting) =>
  expect(members(left, setting)).toEqual(members(right, setting))

describe('conditions', () => {
  test('the order of conditions never matters', () => {
    check(3, (setting, [a, b, c]) => {
      sameMembers(and(a, b, c), and(c, a, b), setting)
      sameMembers(or(a, b, c), or(b, c, a), setting)
      const atLeast = (...tests: Test[]): Test => ({ kind: 'at-least', count: 2, tests })
      sameMembers(atLeast(a, b, c), atLeast(c, b, a), setting)
    })
  })

  test('grouping never matters', () => {
    check(3, (setting, [a, b, c]) => {
      sameMembers(and(a, and(b, c)), and(a, b, c), setting)
      sameMembers(or(or(a, b), c), or(a, b, c), setting)
      sameMembers(and(a, or(b, c)), or(and(a, b), and(a, c)), setting)
    })
  })

  test('De Morgan', () => {
    check(2, (setting, [a, b]) => {
      sameMembers(not(and(a, b)), or(not(a), not(b)), setting)
      sameMembers(not(or(a, b)), and(not(a), not(b)), setting)
      sameMembers(not(not(a)), a, setting)
    })
  })

  test('partition: everyone is in a rule or in its opposite, and nobody in both', () => {
    check(1, (setting, [a]) => {
      const inside = members(a, setting)
      const outside = members(not(a), setting)
      expect([...inside, ...outside].toSorted()).toEqual(members(everyone, setting))
    })
  })

  test('"and X" never adds anybody, "or X" never loses anybody', () => {
    check(2, (setting, [a, b]) => {
      const found = members(a, setting)
      expect(found).toEqual(expect.arrayContaining(members(and(a, b), setting)))
      expect(members(or(a, b), setting)).toEqual(expect.arrayContaining(found))
    })
  })

  test('"at least 1 of" is or, "at least all of" is and, more is nobody', () => {
    check(3, (setting, [a, b, c]) => {
      const atLeast = (count: number): Test => ({ kind: 'at-least', count, tests: [a, b, c] })
      sameMembers(atLeast(1), or(a, b, c), setting)
      sameMembers(atLeast(3), and(a, b, c), setting)
      expect(members(atLeast(4), setting)).toEqual([])
    })
  })

  test('excluding is "and not"', () => {
    check(3, (setting, [a, b, c]) => {
      const excluding = evaluate(ruleOf(a, { exclude: [b, c] }), setting.world, setting.run)
      expect(excluding).toEqual(members(and(a, not(b), not(c)), setting))
    })
  })
})

describe('windows', () => {
  const wider: fc.Arbitrary<readonly [Window, Window]> = fc
    .tuple(
      fc.constantFrom('minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'),
      fc.nat(60),
      fc.nat(60),
    )
    .map(([unit, count, more]) => [
      { kind: 'last', count: count + 1, unit },
      { kind: 'last', count: count + 1 + more, unit },
    ])

  test('a longer window never loses anybody who did it at least N times', () => {
    const law = fc
      .tuple(wider, fc.constantFrom('times', 'days'), fc.integer({ min: 1, max: 3 }), anyRun)
      .chain(([windows, measure, value, run]) => {
        const [short, long] = windows.map((window): DidTest => ({
          kind: 'did',
          event: { event: 'order_paid' },
          window,
          measure: { kind: measure },
          count: { kind: 'compare', op: '>=', value },
        }))
        if (!short || !long) throw new Error('two windows make two tests')
        return worldFor([ruleOf(short), ruleOf(long)], run, { customers: 8 }).map((world) => ({
          tests: [short, long] as const,
          run,
          world,
        }))
      })
    fc.assert(
      fc.property(law, ({ tests, run, world }) => {
        const [short, long] = tests.map((one) => evaluate(ruleOf(one), world, run))
        expect(long).toEqual(expect.arrayContaining(short ?? []))
      }),
      { numRuns: 200 },
    )
  })

  test('every past window is inside "ever"', () => {
    fc.assert(
      fc.property(scenario({ constructs: ['did'], depth: 0, customers: 8 }), (one) => {
        const { include } = one.rule
        if (include.kind !== 'did') throw new Error('only did was asked for')
        const some: DidTest = { ...include, count: { kind: 'compare', op: '>=', value: 1 } }
        const inWindow = evaluate(ruleOf(some), one.world, one.run)
        const ever = evaluate(ruleOf({ ...some, window: { kind: 'ever' } }), one.world, one.run)
        expect(ever).toEqual(expect.arrayContaining(inWindow))
      }),
      { numRuns: 200 },
    )
  })
})

describe('data', () => {
  const everything = scenario({ constructs: wholeLanguage, customers: 8 })

  const changed = (change: (world: World) => World) =>
    fc.assert(
      fc.property(everything, ({ rule, run, world }) => {
        expect(evaluate(rule, change(world), run)).toEqual(evaluate(rule, world, run))
      }),
      { numRuns: 200 },
    )

  const perCustomer = (change: (customer: WorldCustomer) => WorldCustomer) =>
    changed((world) => ({ ...world, customers: world.customers.map(change) }))

  test('repeating events changes nothing', () => {
    perCustomer((customer) => ({
      ...customer,
      events: customer.events.flatMap((event) => [event, event]),
    }))
  })

  test('the order of rows changes nothing', () => {
    perCustomer((customer) => ({
      ...customer,
      events: customer.events.toReversed(),
      tags: customer.tags.toReversed(),
    }))
    changed((world) => ({ ...world, customers: world.customers.toReversed() }))
  })

  test('what happens from "as of" on changes nothing', () => {
    fc.assert(
      fc.property(everything, ({ rule, run, world }) => {
        const later = (customer: WorldCustomer): WorldCustomer => ({
          ...customer,
          events: [
            ...customer.events,
            ...testCatalog.events.map(({ id }) => ({
              id: `${customer.id}-later-${id}`,
              event: id,
              at: run.asOf,
              properties: {},
            })),
          ],
        })
        const grown = { ...world, customers: world.customers.map(later) }
        expect(evaluate(rule, grown, run)).toEqual(evaluate(rule, world, run))
      }),
      { numRuns: 200 },
    )
  })

  test('each customer is decided as the whole world is', () => {
    fc.assert(
      fc.property(everything, ({ rule, run, world }) => {
        const alone = world.customers.filter(({ id }) => evaluateCustomer(rule, id, world, run))
        expect(alone.map(({ id }) => id)).toEqual(evaluate(rule, world, run))
      }),
      { numRuns: 100 },
    )
  })

  test('without ranks, other customers never matter', () => {
    fc.assert(
      fc.property(scenario({ customers: 6 }), ({ rule, run, world }) => {
        const found = evaluate(rule, world, run)
        for (const customer of world.customers) {
          const alone = evaluate(rule, { ...world, customers: [customer] }, run)
          expect(alone).toEqual(found.filter((id) => id === customer.id))
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('time', () => {
  const dayMs = 86_400_000

  /** Whole days later; microseconds stay as they are. */
  const shiftText = (text: string, days: number): string => {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) {
      return new Date(Date.parse(`${text}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
    }
    const [, rest = ''] = text.split('T')
    return `${shiftText(text.slice(0, 10), days)}T${rest}`
  }
  const isTime = (value: string) => /^\d{4}-\d\d-\d\d(T|$)/.test(value)
  const shiftValues = (values: WorldValues, days: number): WorldValues =>
    Object.fromEntries(
      Object.entries(values).map(([id, value]) => [
        id,
        typeof value === 'string' && isTime(value) ? shiftText(value, days) : value,
      ]),
    )
  const shiftWorld = (world: World, days: number): World => ({
    ...world,
    customers: world.customers.map((customer) => ({
      ...customer,
      attributes: shiftValues(customer.attributes, days),
      events: customer.events.map((event) => ({
        ...event,
        at: shiftText(event.at, days),
        properties: shiftValues(event.properties, days),
      })),
    })),
  })

  /** Calendar units and written dates do not move with the data. */
  const isShiftable = (rule: CheckedRule): boolean =>
    !/"(month|quarter|year|week|date|timestamp|anniversary|month-day)"/.test(
      JSON.stringify(rule).replaceAll(/"type":\{"kind":"(date|timestamp)"\}/g, ''),
    )

  test('shifting data and "as of" together by whole days changes nothing', () => {
    const shanghaiRun: Run = { asOf: '2026-08-23T01:00:00Z', timeZone: 'Asia/Shanghai' }
    const setting = checkedRule({ constructs: wholeLanguage })
      .filter(isShiftable)
      .chain((rule) =>
        worldFor(rule, shanghaiRun, { customers: 8 }).map((world) => ({ rule, world })),
      )
    fc.assert(
      fc.property(setting, fc.integer({ min: -400, max: 400 }), ({ rule, world }, days) => {
        const later = { ...shanghaiRun, asOf: shiftText(shanghaiRun.asOf, days) }
        expect(evaluate(rule, shiftWorld(world, days), later)).toEqual(
          evaluate(rule, world, shanghaiRun),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('the same rule, world, as of and time zone always give the same members', () => {
    fc.assert(
      fc.property(scenario({ constructs: wholeLanguage, customers: 8 }), ({ rule, run, world }) => {
        const copy: World = structuredClone(world)
        expect(evaluate(structuredClone(rule), copy, run)).toEqual(evaluate(rule, world, run))
      }),
      { numRuns: 50 },
    )
  })
})
