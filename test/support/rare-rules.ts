/** Random rules of kinds that the common generator seldom or never makes. */
import * as fc from 'fast-check'
import type {
  Aggregate,
  CheckedRule,
  EventSelection,
  Operand,
  SequenceStep,
  Test,
  ValueTest,
  ValueType,
} from '../../grammar/index.ts'
import { firstCut, sequenceTest, testOf } from './arbitraries.ts'
import {
  anyWindow,
  duration,
  numbersOf,
  pastWindow,
  scalarOf,
  specialDates,
  valueTest,
} from './arbitrary-values.ts'
import { testCatalog } from './test-catalog.ts'

const ruleOf = (include: Test): CheckedRule => ({
  version: 1,
  header: { channels: [] },
  include,
  exclude: [],
})

const selection: fc.Arbitrary<EventSelection> = fc
  .constantFrom(...testCatalog.events)
  .map(({ id }) => ({ event: id }))

/** Absences with and without a duration, several in a row, between steps that happen. */
const step: fc.Arbitrary<SequenceStep> = fc
  .tuple(selection, fc.boolean(), fc.option(duration, { freq: 2 }))
  .map(([event, absent, within]) => ({ event, absent, ...(within && { within }) }))

const longSequence = fc
  .tuple(selection, fc.array(step, { minLength: 1, maxLength: 4 }), pastWindow)
  .map(([first, steps, window]) => ruleOf(sequenceTest(first, steps, window)))

/** One absence and nothing else, so that its edge decides. */
const absence = fc
  .tuple(selection, selection, duration, pastWindow)
  .map(([first, event, within, window]) =>
    ruleOf(sequenceTest(first, [{ event, within, absent: true }], window)),
  )

/** Which of two events at one moment is the last. */
const lastHad = fc.constantFrom(...testCatalog.events).chain(({ id, properties }) =>
  fc
    .tuple(fc.constantFrom('first', 'last'), fc.constantFrom(...properties))
    .chain(([which, property]) =>
      valueTest(property.type, properties).map((test) =>
        ruleOf({
          kind: 'occurrence',
          which,
          event: { event: id },
          test: {
            kind: 'had',
            where: { kind: 'property', property: property.id, type: property.type, test },
          },
        }),
      ),
    ),
)

/** Divisors that are zero or negative. */
const ratio = fc
  .tuple(
    fc.constantFrom('amount', 'weight', 'quantity'),
    fc.constantFrom('amount', 'weight', 'quantity'),
    fc.constantFrom('sum', 'average', 'min'),
    fc.constantFrom('sum', 'average', 'max'),
    fc.constantFrom('<', '<=', '>', '>=', '='),
    fc.constantFrom('-1', '-0.5', '0', '0.5', '1'),
  )
  .map(([over, under, overFn, underFn, op, value]) => {
    const aggregate = (id: string, fn: 'sum' | 'average' | 'min' | 'max'): Aggregate => {
      const property = testCatalog.events[0]?.properties.find((each) => each.id === id)
      if (!property) throw new Error('a property of the orders')
      const window = { kind: 'ever' } as const
      return { kind: 'aggregate', fn, event: { event: 'order_paid' }, property, window }
    }
    return ruleOf({
      kind: 'metric',
      metric: { kind: 'ratio', over: aggregate(over, overFn), under: aggregate(under, underFn) },
      type: { kind: 'percent' },
      test: {
        kind: 'compare',
        op,
        operand: { kind: 'literal', value: { kind: 'percent', value } },
      },
    })
  })

const anniversary = fc
  .tuple(
    fc.constantFrom(
      ...testCatalog.attributes.filter(({ type }) =>
        ['month-day', 'date', 'timestamp'].includes(type.kind),
      ),
    ),
    anyWindow,
  )
  .map(([{ id, type }, window]) =>
    ruleOf({ kind: 'attribute', attribute: id, type, test: { kind: 'anniversary', window } }),
  )

/** Fields of kinds that may stand beside each other: plain numbers, and days with moments. */
const alike = (a: ValueType, b: ValueType): boolean => familyOf(a) === familyOf(b)

const familyOf = ({ kind }: ValueType): string => {
  if (kind === 'integer' || kind === 'decimal' || kind === 'score') return 'number'
  return kind === 'date' || kind === 'timestamp' ? 'time' : kind
}

const twoFields = fc
  .tuple(
    fc.constantFrom(...testCatalog.attributes),
    fc.constantFrom(...testCatalog.attributes),
    fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
  )
  .filter(([a, b]) => alike(a.type, b.type))
  .map(([a, b, op]) =>
    ruleOf({
      kind: 'attribute',
      attribute: a.id,
      type: a.type,
      test: { kind: 'compare', op, operand: { kind: 'field', field: b.id, type: b.type } },
    }),
  )

/** Lists of days, moments and month-days, which are compared one by one. */
const lists = fc
  .constantFrom(...testCatalog.attributes)
  .filter(({ type }) => ['date', 'timestamp', 'month-day', 'boolean'].includes(type.kind))
  .chain(({ id, type }) =>
    fc
      .tuple(fc.array(scalarOf(type), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([scalars, negated]) =>
        ruleOf({
          kind: 'attribute',
          attribute: id,
          type,
          test: {
            kind: 'in',
            negated,
            operands: scalars.map((value) => ({ kind: 'literal', value })),
          },
        }),
      ),
  )

/** More event leaves than one word of votes has bits. */
const manyLeaves = fc
  .array(testOf(new Set(['did', 'metric', 'occurrence', 'where']), 0), {
    minLength: 58,
    maxLength: 70,
  })
  .chain((tests) =>
    fc
      .integer({ min: 1, max: tests.length })
      .map((count) => ruleOf({ kind: 'at-least', count, tests })),
  )

/** Literals with more decimals than the type keeps, and as large as it holds. */
const oddNumbers = (type: ValueType): readonly string[] => [
  ...numbersOf(type).flatMap((digits) => [
    digits.includes('.') ? `${digits}04` : `${digits}.004`,
    digits === '0' ? '-0.5' : digits,
  ]),
  ...(type.kind === 'integer' ? ['9223372036854775806'] : []),
  ...(type.kind === 'decimal' ? ['99999999999999999999', '-99999999999999999999.5'] : []),
]

const oddOperand = (type: ValueType): fc.Arbitrary<Operand> =>
  fc.constantFrom(...oddNumbers(type)).map((value) => ({
    kind: 'literal',
    value:
      type.kind === 'money'
        ? { kind: 'money', value, currency: type.currency }
        : { kind: 'number', value },
  }))

const oddTest = (type: ValueType): fc.Arbitrary<ValueTest> => {
  const operand = oddOperand(type)
  return fc.oneof(
    fc.record({
      kind: fc.constant('compare'),
      op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      operand,
    }),
    fc.record({ kind: fc.constant('between'), low: operand, high: operand }),
    fc.record({
      kind: fc.constant('in'),
      operands: fc.array(operand, { minLength: 1, maxLength: 3 }),
      negated: fc.boolean(),
    }),
  )
}

const oddLiterals = fc.oneof(
  fc
    .constantFrom(...testCatalog.attributes.filter(({ type }) => numbersOf(type).length > 0))
    .chain(({ id, type }) =>
      oddTest(type).map((test) => ruleOf({ kind: 'attribute', attribute: id, type, test })),
    ),
  fc
    .constantFrom(...(testCatalog.events[0]?.properties ?? []))
    .filter(({ type }) => numbersOf(type).length > 0)
    .chain(({ id, type }) =>
      fc
        .tuple(fc.constantFrom('sum', 'average', 'min', 'max'), oddTest(type), pastWindow)
        .map(([fn, test, window]) =>
          ruleOf({
            kind: 'metric',
            metric: {
              kind: 'aggregate',
              fn,
              event: { event: 'order_paid' },
              property: { id, type },
              window,
            },
            type,
            test,
          }),
        ),
    ),
)

/** A header with a time zone or an `as of` of its own, which win over the run's. */
const ownHeader = fc
  .tuple(
    testOf(new Set(firstCut), 1),
    fc.option(fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London')),
    fc.option(fc.constantFrom(...specialDates, '2026-08-23T09:30')),
  )
  .map(([include, timeZone, asOf]) => ({
    ...ruleOf(include),
    header: { channels: [], ...(timeZone && { timeZone }), ...(asOf && { asOf }) },
  }))

export const rareRule: fc.Arbitrary<CheckedRule> = fc.oneof(
  { weight: 5, arbitrary: longSequence },
  { weight: 1, arbitrary: manyLeaves },
  { weight: 4, arbitrary: absence },
  { weight: 4, arbitrary: lastHad },
  { weight: 4, arbitrary: ratio },
  { weight: 4, arbitrary: anniversary },
  { weight: 3, arbitrary: twoFields },
  { weight: 2, arbitrary: lists },
  { weight: 4, arbitrary: oddLiterals },
  { weight: 3, arbitrary: ownHeader },
)
