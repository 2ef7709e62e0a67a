/**
 * Random checked rules over the test catalogue, in a weighted form: the common clauses are common.
 *
 * `constructs` restricts what may occur, so that whoever supports less than the whole language can still be tested.
 */
import * as fc from 'fast-check'
import type { CatalogEvent, ValueType } from '../../grammar/check/catalog.ts'
import type {
  Aggregate,
  CheckedRule,
  CountTest,
  EventSelection,
  Metric,
  PropertyTest,
  SequenceStep,
  SequenceTest,
  Test,
  ValueTest,
  Window,
} from '../../grammar/check/checked-rule.ts'
import {
  duration,
  isNumeric,
  pastWindow,
  scalarOf,
  timeTest,
  valueTest,
} from './arbitrary-values.ts'
import { testCatalog } from './test-catalog.ts'

export type Construct = Test['kind'] | 'where' | 'exclude' | 'sample'

/** What the first compiler must know. */
export const firstCut: readonly Construct[] = [
  'everyone',
  'attribute',
  'tags',
  'and',
  'or',
  'not',
  'at-least',
  'did',
  'metric',
  'occurrence',
  'sequence',
  'where',
  'exclude',
]

export const wholeLanguage: readonly Construct[] = [...firstCut, 'rank', 'audience', 'sample']

export interface RuleOptions {
  readonly constructs?: readonly Construct[]
  /** How deep and, or, not and at-least may nest. */
  readonly depth?: number
}

export function checkedRule(options: RuleOptions = {}): fc.Arbitrary<CheckedRule> {
  const constructs = new Set(options.constructs ?? firstCut)
  const depth = options.depth ?? 2
  const exclude = constructs.has('exclude')
    ? fc.oneof(
        { weight: 3, arbitrary: fc.constant<Test[]>([]) },
        { weight: 1, arbitrary: fc.array(testOf(constructs, 1), { minLength: 1, maxLength: 2 }) },
      )
    : fc.constant<Test[]>([])
  const sample = fc.record({
    percent: fc.constantFrom('0.5', '10', '50', '99.99', '100'),
    seed: fc.constantFrom('a', 'winback-2026-06', '种子'),
  })
  return fc
    .tuple(
      testOf(constructs, depth),
      exclude,
      constructs.has('sample') ? sometimes(sample) : fc.constant(null),
    )
    .map(([include, excluded, sampled]) => ({
      version: 1,
      header: { channels: [] },
      include,
      exclude: excluded,
      ...(sampled && { sample: sampled }),
    }))
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

/** One condition; a leaf at depth 0. */
export function testOf(constructs: ReadonlySet<Construct>, depth: number): fc.Arbitrary<Test> {
  const leaves = leafChoices(constructs)
  if (depth === 0) return fc.oneof(...leaves)
  const inner = testOf(constructs, depth - 1)
  const several = fc.array(inner, { minLength: 1, maxLength: 3 })
  const choices = [
    { weight: 6, arbitrary: fc.oneof(...leaves) },
    {
      kind: 'and' as const,
      weight: 3,
      arbitrary: several.map((tests): Test => ({ kind: 'and', tests })),
    },
    {
      kind: 'or' as const,
      weight: 2,
      arbitrary: several.map((tests): Test => ({ kind: 'or', tests })),
    },
    {
      kind: 'not' as const,
      weight: 2,
      arbitrary: inner.map((test): Test => ({ kind: 'not', test })),
    },
    {
      kind: 'at-least' as const,
      weight: 1,
      arbitrary: fc
        .tuple(several, fc.integer({ min: 1, max: 3 }))
        .map(([tests, count]): Test => ({ kind: 'at-least', count, tests })),
    },
  ]
  return fc.oneof(
    ...choices.filter((choice) => choice.kind === undefined || constructs.has(choice.kind)),
  )
}

function leafChoices(constructs: ReadonlySet<Construct>): fc.WeightedArbitrary<Test>[] {
  const event = (chosen: CatalogEvent) => selectionOf(chosen, constructs.has('where'))
  const choices: readonly { kind: Construct; weight: number; arbitrary: fc.Arbitrary<Test> }[] = [
    { kind: 'everyone', weight: 1, arbitrary: fc.constant({ kind: 'everyone' }) },
    { kind: 'attribute', weight: 8, arbitrary: attributeTest },
    { kind: 'tags', weight: 2, arbitrary: tagTest },
    { kind: 'did', weight: 8, arbitrary: anyEvent.chain((chosen) => didTest(chosen, event)) },
    { kind: 'metric', weight: 6, arbitrary: metricTest(event) },
    {
      kind: 'occurrence',
      weight: 3,
      arbitrary: anyEvent.chain((chosen) => occurrence(chosen, event)),
    },
    { kind: 'sequence', weight: 3, arbitrary: sequence(anyEvent.chain(event)) },
    { kind: 'rank', weight: 2, arbitrary: rank(event, constructs.has('audience')) },
    {
      kind: 'audience',
      weight: 1,
      arbitrary: fc
        .constantFrom(...testCatalog.audiences)
        .map(({ id }): Test => ({ kind: 'audience', audience: id })),
    },
  ]
  return choices.filter(({ kind }) => constructs.has(kind))
}

type EventArbitrary = (event: CatalogEvent) => fc.Arbitrary<EventSelection>

const anyEvent = fc.constantFrom(...testCatalog.events)

function selectionOf(event: CatalogEvent, mayFilter: boolean): fc.Arbitrary<EventSelection> {
  const plain = fc.constant<EventSelection>({ event: event.id })
  if (!mayFilter) return plain
  const filtered = propertyTest(event, 1).map((where) => ({ event: event.id, where }))
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 2, arbitrary: filtered })
}

function propertyTest(event: CatalogEvent, depth: number): fc.Arbitrary<PropertyTest> {
  const leaf = fc.constantFrom(...event.properties).chain(({ id, type }) =>
    valueTest(type, event.properties).map((test): PropertyTest => ({
      kind: 'property',
      property: id,
      type,
      test,
    })),
  )
  if (depth === 0) return leaf
  const inner = propertyTest(event, depth - 1)
  const tests = fc.array(inner, { minLength: 1, maxLength: 2 })
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('and', 'or'), tests }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not'), test: inner }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('at-least'),
        count: fc.integer({ min: 1, max: 2 }),
        tests,
      }),
    },
  )
}

const attributeTest: fc.Arbitrary<Test> = fc
  .constantFrom(...testCatalog.attributes)
  .chain(({ id, type }) =>
    valueTest(type, testCatalog.attributes).map((test): Test => ({
      kind: 'attribute',
      attribute: id,
      type,
      test,
    })),
  )

const tagTest: fc.Arbitrary<Test> = fc.record({
  kind: fc.constant('tags'),
  quantifier: fc.constantFrom('any', 'all', 'none'),
  tags: fc.subarray(
    testCatalog.tags.map(({ id }) => id),
    { minLength: 1 },
  ),
})

const countTest: fc.Arbitrary<CountTest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('compare'),
      op: fc.constantFrom('>=', '>=', '<=', '=', '!=', '<', '>'),
      value: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
      .map(([low, more]): CountTest => ({ kind: 'between', low, high: low + more })),
  },
)

const didTest = (chosen: CatalogEvent, event: EventArbitrary): fc.Arbitrary<Test> =>
  fc.record({
    kind: fc.constant('did'),
    event: event(chosen),
    window: pastWindow,
    measure: fc.oneof(
      { weight: 4, arbitrary: fc.constant({ kind: 'times' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'days' as const }) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...chosen.properties)
          .map(({ id, type }) => ({ kind: 'different' as const, property: id, type })),
      },
    ),
    count: countTest,
  })

/** An aggregate with the type of its value. */
interface TypedMetric<M extends Metric> {
  readonly metric: M
  readonly type: ValueType
}

const aggregateOf = (event: EventArbitrary): fc.Arbitrary<TypedMetric<Aggregate>> =>
  anyEvent.chain((chosen) =>
    fc
      .tuple(
        fc.constantFrom('count', 'sum', 'average', 'min', 'max', 'distinct'),
        event(chosen),
        pastWindow,
      )
      .chain(([fn, selection, window]) => {
        const properties = chosen.properties.filter(
          ({ type }) => fn === 'distinct' || isNumeric(type) || (isOrdered(type) && isExtreme(fn)),
        )
        if (fn === 'count' || properties.length === 0) {
          return fc.constant<TypedMetric<Aggregate>>({
            metric: { kind: 'aggregate', fn: 'count', event: selection, window },
            type: { kind: 'integer' },
          })
        }
        return fc.constantFrom(...properties).map(({ id, type }): TypedMetric<Aggregate> => ({
          metric: { kind: 'aggregate', fn, event: selection, window, property: { id, type } },
          type: metricType(fn, type),
        }))
      }),
  )

const isOrdered = (type: ValueType): boolean => type.kind === 'date' || type.kind === 'timestamp'
const isExtreme = (fn: Aggregate['fn']): boolean => fn === 'min' || fn === 'max'

function metricType(fn: Aggregate['fn'], type: ValueType): ValueType {
  if (fn === 'count' || fn === 'distinct') return { kind: 'integer' }
  return fn === 'average' && type.kind === 'integer' ? { kind: 'decimal' } : type
}

function metricTest(event: EventArbitrary): fc.Arbitrary<Test> {
  const aggregate = aggregateOf(event)
  const ratio: fc.Arbitrary<TypedMetric<Metric>> = fc
    .tuple(aggregate, aggregate)
    .filter(([over, under]) => isNumeric(over.type) && isNumeric(under.type))
    .map(([over, under]) => ({
      metric: { kind: 'ratio', over: over.metric, under: under.metric },
      type: { kind: 'percent' },
    }))
  return fc
    .oneof({ weight: 5, arbitrary: aggregate }, { weight: 1, arbitrary: ratio })
    .chain(({ metric, type }) =>
      metricValueTest(type).map((test): Test => ({ kind: 'metric', metric, type, test })),
    )
}

/** A metric is compared with constants mostly; thresholds of zero are worth their own weight. */
const metricValueTest = (type: ValueType): fc.Arbitrary<ValueTest> =>
  fc.oneof(
    { weight: 3, arbitrary: valueTest(type, testCatalog.attributes) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('compare'),
        op: fc.constantFrom('>', '>=', '<', '<='),
        operand: scalarOf(type).map((value) => ({ kind: 'literal' as const, value })),
      }),
    },
  )

const occurrence = (chosen: CatalogEvent, event: EventArbitrary): fc.Arbitrary<Test> =>
  fc.record({
    kind: fc.constant('occurrence'),
    which: fc.constantFrom('first', 'last'),
    event: event(chosen),
    test: fc.oneof(
      timeTest(pastWindow).map((when) => ({ kind: 'happened' as const, when })),
      propertyTest(chosen, 1).map((where) => ({ kind: 'had' as const, where })),
    ),
  })

function sequence(event: fc.Arbitrary<EventSelection>): fc.Arbitrary<Test> {
  const present: fc.Arbitrary<SequenceStep> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ event, within: duration, absent: fc.constant(false) }) },
    { weight: 1, arbitrary: fc.record({ event, absent: fc.constant(false) }) },
  )
  const absent = fc.record({ event, within: duration, absent: fc.constant(true) })
  const steps = fc.oneof(
    { weight: 3, arbitrary: fc.array(present, { minLength: 1, maxLength: 2 }) },
    { weight: 2, arbitrary: absent.map((step): SequenceStep[] => [step]) },
    { weight: 1, arbitrary: fc.tuple(present, absent).map((pair): SequenceStep[] => pair) },
    { weight: 1, arbitrary: fc.tuple(absent, present).map((pair): SequenceStep[] => pair) },
  )
  return fc
    .tuple(event, steps, pastWindow)
    .map(([first, following, window]): Test => sequenceTest(first, following, window))
}

export const sequenceTest = (
  first: EventSelection,
  following: readonly SequenceStep[],
  window: Window,
): SequenceTest =>
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the checked tree, and never a function
  ({ kind: 'sequence', first, then: following, window })

function rank(event: EventArbitrary, mayBeAmong: boolean): fc.Arbitrary<Test> {
  const ordered = testCatalog.attributes.filter(({ type }) => isNumeric(type) || isOrdered(type))
  return fc
    .tuple(
      fc.constantFrom('top', 'bottom'),
      fc.oneof(
        fc
          .constantFrom('0.5', '10', '33.3', '50', '100')
          .map((percent) => ({ kind: 'percent' as const, percent })),
        fc.constantFrom(1, 2, 5).map((count) => ({ kind: 'count' as const, count })),
      ),
      fc.oneof(
        aggregateOf(event).map(({ metric }) => metric),
        fc
          .constantFrom(...ordered)
          .map(({ id, type }) => ({ kind: 'attribute' as const, attribute: id, type })),
      ),
      mayBeAmong
        ? fc.option(fc.constantFrom(...testCatalog.audiences.map(({ id }) => id)), { freq: 3 })
        : fc.constant(null),
    )
    .map(([side, limit, by, among]): Test => ({
      kind: 'rank',
      side,
      limit,
      by,
      ...(among !== null && { among }),
    }))
}
