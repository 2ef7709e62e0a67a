/** Random trees of rules over the shop's catalogue: anything that the grammar can say, well typed or not. */
import * as fc from 'fast-check'
import { spanOf } from '#grammar'
import type {
  AggregateNode,
  ConditionNode,
  CountNode,
  CountTestNode,
  EventNode,
  LengthNode,
  LiteralNode,
  NameNode,
  OperandNode,
  PointNode,
  RuleAst,
  StepNode,
  TextNode,
  TimeTestNode,
  ValueTestNode,
  VariableNode,
  WindowNode,
} from '#grammar'
import { shopCatalog } from './shop-catalog.ts'

const span = spanOf(0, 0)
const units = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
const calendarUnits = ['week', 'month', 'quarter', 'year'] as const
const signs = ['=', '!=', '<', '<=', '>', '>='] as const
const countSigns = ['=', '<', '<=', '>', '>='] as const

const labels = (entries: readonly { readonly label: { en: string; zh: string } }[]): string[] =>
  entries.flatMap(({ label }) => [label.en, label.zh])

const name = (entries: readonly { readonly label: { en: string; zh: string } }[]) =>
  fc
    .oneof(
      { weight: 12, arbitrary: fc.constantFrom(...labels(entries)) },
      { weight: 1, arbitrary: fc.constantFrom('nobody knows', '没有的名称', '的', 'and', 'A.b-1') },
    )
    .map((text): NameNode => ({ kind: 'name', text, span }))

const text = fc
  .oneof(
    fc.constantFrom('Shanghai', '上海', 'Gold', '护肤', '浙江省', '06-18', 'and', '且', '// x'),
    fc.string({ maxLength: 8 }).map((raw) => raw.replace(/[\r\u2028\u2029]/g, '')),
  )
  .map((value): TextNode => ({ kind: 'text', value, span }))

const variable = fc
  .constantFrom('min', 'n_1', '最低次数', '最少按')
  .map((written): VariableNode => ({ kind: 'variable', name: written, span }))

const whole = fc
  .integer({ min: 0, max: 400 })
  .map((value) => ({ kind: 'number' as const, value: String(value), span }))
const count: fc.Arbitrary<CountNode> = fc.oneof(whole, variable)

const length: fc.Arbitrary<LengthNode> = fc.oneof(
  fc
    .record({ count, unit: fc.constantFrom(...units) })
    .map((parts) => ({ kind: 'length' as const, ...parts, span })),
  variable.map((held) => ({ kind: 'length' as const, count: held, span })),
)
const measured = length.filter((node) => node.unit !== undefined)

const date = fc
  .constantFrom('2026-01-31', '2026-02-28', '2026-06-18T09:00', '2024-02-29T23:59:59')
  .map((value) => ({ kind: 'date' as const, value, span }))
const today = fc.constant({ kind: 'today' as const, span })
const decimal = fc.constantFrom('0', '1', '3', '-5', '12.5', '0.005', '10000', '120000000')

const literal: fc.Arbitrary<LiteralNode> = fc.oneof(
  text,
  decimal.map((value) => ({ kind: 'number' as const, value, span })),
  fc
    .record({ value: decimal, currency: fc.constantFrom('CNY', 'USD', 'GBP', 'KWD') })
    .map((parts) => ({ kind: 'money' as const, ...parts, span })),
  decimal.map((value) => ({ kind: 'percent' as const, value, span })),
  date,
  today,
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value, span })),
  measured,
)

const point: fc.Arbitrary<PointNode> = fc.oneof(date, today, variable)

const window: fc.Arbitrary<WindowNode> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('last' as const, 'last-full' as const, 'next' as const),
      length,
    })
    .map((parts) => ({ ...parts, span })),
  fc
    .record({
      kind: fc.constantFrom('this' as const, 'previous' as const),
      unit: fc.constantFrom(...calendarUnits),
    })
    .map((parts) => ({ ...parts, span })),
  fc
    .constantFrom('today' as const, 'yesterday' as const, 'ever' as const)
    .map((kind) => ({ kind, span })),
  fc
    .record({ from: point, to: point })
    .map((ends) => ({ kind: 'from-to' as const, ...ends, span })),
  point.map((from) => ({ kind: 'since' as const, from, span })),
)

const pointTest = fc
  .record({ kind: fc.constantFrom('before' as const, 'after' as const, 'on' as const), point })
  .map((parts): TimeTestNode => ({ ...parts, span }))
const windowTest = window.map((inside): TimeTestNode => ({ kind: 'window', window: inside, span }))
const happened: fc.Arbitrary<TimeTestNode> = fc.oneof(
  fc
    .record({ op: fc.constantFrom(...countSigns), length })
    .map((parts) => ({ kind: 'ago' as const, ...parts, span })),
  pointTest,
  windowTest,
)

function valueTest(fields: fc.Arbitrary<NameNode>): fc.Arbitrary<ValueTestNode> {
  const operand: fc.Arbitrary<OperandNode> = fc.oneof(
    { weight: 6, arbitrary: literal },
    { weight: 1, arbitrary: fields },
    { weight: 1, arbitrary: variable },
  )
  const op = fc.constantFrom(...signs)
  const textual = fc.record({
    kind: fc.constantFrom('contains' as const, 'starts-with' as const),
    negated: fc.boolean(),
    ignoreCase: fc.boolean(),
    text: fc.oneof(text, variable),
  })
  return fc.oneof(
    fc.record({ op, operand }).map((parts) => ({ kind: 'compare' as const, ...parts, span })),
    fc
      .record({ low: operand, high: operand })
      .map((parts) => ({ kind: 'between' as const, ...parts, span })),
    fc
      .record({
        negated: fc.boolean(),
        operands: fc.array(operand, { minLength: 1, maxLength: 3 }),
      })
      .map((parts) => ({ kind: 'in' as const, ...parts, span })),
    textual.map((parts) => ({ ...parts, span })),
    fc.constantFrom('known' as const, 'unknown' as const).map((kind) => ({ kind, span })),
    window.map((inside) => ({ kind: 'anniversary' as const, window: inside, span })),
    fc.record({ op, length: operand }).map((parts) => ({ kind: 'ago' as const, ...parts, span })),
    pointTest,
    windowTest,
  )
}

/** Clauses joined by and, or, not, groups and m of n, at most `depth` deep. */
function joined(clause: fc.Arbitrary<ConditionNode>, depth: number): fc.Arbitrary<ConditionNode> {
  if (depth === 0) return clause
  const inner = joined(clause, depth - 1)
  const items = fc.array(inner, { minLength: 2, maxLength: 3 })
  return fc.oneof(
    { weight: 3, arbitrary: clause },
    {
      weight: 2,
      arbitrary: fc
        .record({ kind: fc.constantFrom('and' as const, 'or' as const), items })
        .map((parts) => ({ ...parts, operators: [], span })),
    },
    { weight: 1, arbitrary: inner.map((item) => ({ kind: 'group' as const, item, span })) },
    {
      weight: 1,
      arbitrary: inner
        .filter((item) => item.kind !== 'group')
        .map((item) => ({ kind: 'not' as const, item, span })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ count, items })
        .map((parts) => ({ kind: 'at-least' as const, ...parts, span })),
    },
  )
}

const attributeOf = (fields: fc.Arbitrary<NameNode>): fc.Arbitrary<ConditionNode> =>
  fc
    .record({ name: fields, test: valueTest(fields) })
    .map((parts) => ({ kind: 'attribute' as const, ...parts, span }))

const properties = name(shopCatalog.events[0]?.properties ?? [])
const where = joined(attributeOf(properties), 1)

const event: fc.Arbitrary<EventNode> = fc
  .record({
    name: name(shopCatalog.events),
    where: fc.option(where, { nil: undefined, freq: 3 }),
  })
  .map((parts) => {
    const filter = parts.where === undefined ? {} : { where: parts.where }
    return { kind: 'event' as const, name: parts.name, ...filter, span }
  })

const countTest: fc.Arbitrary<CountTestNode> = fc
  .record({
    test: fc.oneof(
      fc
        .record({ op: fc.constantFrom(...countSigns), value: count })
        .map((parts) => ({ kind: 'compare' as const, ...parts })),
      fc
        .record({ low: count, high: count })
        .map((parts) => ({ kind: 'between' as const, ...parts })),
    ),
    measure: fc.oneof(
      fc.constant({ kind: 'times' as const }),
      fc.constant({ kind: 'days' as const }),
      properties.map((property) => ({ kind: 'different' as const, property })),
    ),
  })
  .map((parts) => ({ kind: 'count' as const, ...parts, span }))

const step: fc.Arbitrary<StepNode> = fc
  .record({ within: fc.option(length, { nil: undefined }), absent: fc.boolean(), event })
  .map(({ within, absent, event: done }) => {
    const limit = within === undefined ? {} : { within }
    return { kind: 'step' as const, ...limit, absent, event: done, span }
  })

const aggregate: fc.Arbitrary<AggregateNode> = fc
  .record({
    fn: fc.constantFrom('count', 'sum', 'average', 'min', 'max', 'distinct'),
    event,
    property: fc.option(properties, { nil: undefined }),
    windows: window.map((only) => [only]),
  })
  .map(({ property, ...parts }) => {
    const of = property === undefined ? {} : { property }
    return { kind: 'aggregate' as const, ...parts, ...of, span }
  })

const attributes = name(shopCatalog.attributes)

const clause: fc.Arbitrary<ConditionNode> = fc.oneof(
  attributeOf(attributes),
  fc
    .record({
      negated: fc.boolean(),
      event,
      counts: fc.array(countTest, { maxLength: 1 }),
      windows: window.map((only) => [only]),
    })
    .map((parts) => ({ kind: 'did' as const, ...parts, span })),
  fc
    .record({
      negated: fc.boolean(),
      first: event,
      steps: fc.array(step, { minLength: 1, maxLength: 3 }),
      windows: window.map((only) => [only]),
    })
    .map((parts) => ({ kind: 'sequence' as const, ...parts, span })),
  fc
    .record({
      which: fc.constantFrom('first' as const, 'last' as const),
      event,
      test: fc.oneof(
        happened.map((when) => ({ kind: 'happened' as const, when })),
        where.map((condition) => ({ kind: 'had' as const, where: condition })),
      ),
    })
    .map((parts) => ({ kind: 'occurrence' as const, ...parts, span })),
  fc
    .record({
      over: aggregate,
      under: fc.option(aggregate, { nil: undefined }),
      test: valueTest(attributes),
    })
    .map(({ under, ...parts }) => {
      const ratio = under === undefined ? {} : { under }
      return { kind: 'metric' as const, ...parts, ...ratio, span }
    }),
  fc
    .record({
      side: fc.constantFrom('top' as const, 'bottom' as const),
      limit: fc.oneof(
        count,
        fc.constantFrom('10', '0.5').map((value) => ({ kind: 'percent' as const, value, span })),
      ),
      by: fc.oneof(aggregate, attributes),
      among: fc.option(name(shopCatalog.audiences), { nil: undefined }),
    })
    .map(({ among, ...parts }) => {
      const population = among === undefined ? {} : { among }
      return { kind: 'rank' as const, ...parts, ...population, span }
    }),
  fc
    .record({ negated: fc.boolean(), name: name(shopCatalog.audiences) })
    .map((parts) => ({ kind: 'audience' as const, ...parts, span })),
  fc
    .record({
      quantifier: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
      names: fc.array(name(shopCatalog.tags), { minLength: 1, maxLength: 3 }),
    })
    .map((parts) => ({ kind: 'tags' as const, ...parts, span })),
)

const condition = joined(clause, 2)

/** Without header: what the grammar can say about people. */
export const ruleTree: fc.Arbitrary<RuleAst> = fc
  .record({
    include: fc.oneof(
      { weight: 12, arbitrary: condition },
      { weight: 1, arbitrary: fc.constant({ kind: 'everyone' as const, span }) },
    ),
    exclude: fc.array(condition, { maxLength: 2 }),
    sample: fc.option(text, { nil: undefined, freq: 3 }),
  })
  .map(({ include, exclude, sample }) => ({
    kind: 'rule' as const,
    fields: [],
    parameters: [],
    head: span,
    include,
    exclude: exclude.map((item) => ({ kind: 'exclusion' as const, condition: item, span })),
    ...(sample === undefined
      ? {}
      : {
          sample: {
            kind: 'sample' as const,
            percent: { kind: 'percent' as const, value: '12.5', span },
            seed: sample,
            span,
          },
        }),
    comments: [],
    span,
  }))
