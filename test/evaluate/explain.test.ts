import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  evaluateCustomer,
  explainCustomer,
  type Explanation,
} from '../../grammar/evaluate/index.ts'
import { sequenceTest, wholeLanguage } from '../support/arbitraries.ts'
import {
  and,
  attribute,
  attributeType,
  compare,
  customer,
  did,
  event,
  not,
  number,
  propertyType,
  ruleOf,
  shanghai,
} from '../support/cases.ts'
import { scenario } from '../support/worlds.ts'

test('an explanation agrees with the evaluation, and every part with its whole', () => {
  fc.assert(
    fc.property(scenario({ constructs: wholeLanguage, customers: 4 }), ({ rule, run, world }) => {
      for (const { id } of world.customers) {
        const { member, include, exclude, sampled } = explainCustomer(rule, id, world, run)
        expect(member).toBe(evaluateCustomer(rule, id, world, run))
        expect(member).toBe(
          include.truth && exclude.every(({ truth }) => !truth) && sampled !== false,
        )
        for (const one of [include, ...exclude]) expectConsistent(one)
      }
    }),
    { numRuns: 100 },
  )
})

function expectConsistent({ test: one, truth, parts }: Explanation): void {
  for (const part of parts) expectConsistent(part)
  const held = parts.filter((part) => part.truth).length
  if (one.kind === 'and') expect(truth).toBe(held === parts.length)
  if (one.kind === 'or') expect(truth).toBe(held > 0)
  if (one.kind === 'not') expect(truth).toBe(held === 0)
  if (one.kind === 'at-least') expect(truth).toBe(held >= one.count)
}

test('an explanation says what was measured, exactly, and where the clause stands', () => {
  const world = {
    customers: [
      customer(
        'a',
        { age: '31' },
        {
          tags: ['coffee'],
          events: [
            event('e1', '2026-08-20T00:00:00Z', { amount: '1' }),
            event('e2', '2026-08-21T00:00:00Z', { amount: '1' }),
            event('e3', '2026-08-22T00:00:00Z', { amount: '2' }),
          ],
        },
      ),
      customer('b', { age: '40' }),
    ],
  }
  const amount = propertyType('order_paid', 'amount')
  const window = { kind: 'ever' } as const
  const selection = { event: 'order_paid' }
  const rule = ruleOf(
    and(
      { ...attribute('age', compare('>', number('30'))), span: { start: 14, end: 24 } },
      not(attribute('height', { kind: 'known' })),
      { kind: 'tags', quantifier: 'any', tags: ['camping', 'coffee'] },
      did(window),
      {
        kind: 'metric',
        metric: {
          kind: 'aggregate',
          fn: 'average',
          event: selection,
          window,
          property: { id: 'amount', type: amount },
        },
        type: amount,
        test: { kind: 'known' },
      },
      {
        kind: 'occurrence',
        which: 'last',
        event: selection,
        test: { kind: 'happened', when: { kind: 'in', window } },
      },
      sequenceTest(selection, [{ event: selection, absent: false }], window),
      {
        kind: 'rank',
        side: 'top',
        limit: { kind: 'count', count: 1 },
        by: { kind: 'attribute', attribute: 'age', type: attributeType('age') },
      },
    ),
  )
  const { member, include } = explainCustomer(rule, 'a', world, shanghai)
  expect(member).toBe(false)
  expect(include.parts.map(({ truth }) => truth)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    false,
  ])
  expect(include.parts[0]?.span).toEqual({ start: 14, end: 24 })
  expect(include.parts[1]?.parts[0]?.measured).toEqual({ kind: 'value', value: null })
  expect(include.parts.map(({ measured }) => measured)).toEqual([
    { kind: 'value', value: '31' },
    undefined,
    { kind: 'tags', tags: ['coffee'] },
    { kind: 'count', count: 3 },
    { kind: 'value', value: '4/3' },
    { kind: 'event', at: '2026-08-22T00:00:00Z' },
    { kind: 'steps', at: ['2026-08-20T00:00:00Z', '2026-08-21T00:00:00Z'] },
    { kind: 'rank', value: '31', better: 1, of: 2 },
  ])
})

test('a customer who is not in the world is refused', () => {
  const everyone = ruleOf({ kind: 'everyone' })
  expect(() => explainCustomer(everyone, 'nobody', { customers: [] }, shanghai)).toThrow(
    'no such customer',
  )
})
