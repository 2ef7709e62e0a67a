/** Random constants, windows and tests of one value, all well typed. */
import * as fc from 'fast-check'
import type { ValueType } from '../../grammar/check/catalog.ts'
import type {
  Comparison,
  Duration,
  Operand,
  Point,
  Scalar,
  TimeTest,
  Unit,
  ValueTest,
  Window,
} from '../../grammar/check/checked-rule.ts'

/** A field that a value may be compared with: another attribute, or another property of the same event. */
export interface FieldName {
  readonly id: string
  readonly type: ValueType
}

const comparisons: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=']

/** Days on which something is special: clock changes, month ends, a 29 February, plain ones. */
export const specialDates = [
  '2025-12-31',
  '2026-01-01',
  '2026-02-28',
  '2026-03-08',
  '2026-03-29',
  '2026-05-31',
  '2026-06-18',
  '2026-08-20',
  '2026-08-23',
  '2026-10-25',
  '2026-11-01',
  '2027-02-28',
  '2028-02-29',
] as const

const specialTimes = ['00:00', '01:30', '02:30', '09:00', '23:59:59'] as const

export const specialTexts = ['Ab', 'tea', '茶', 'a%b_c', "O'Neil", '\\', '𠮷野', 'É'] as const

export const numbersOf = (type: ValueType): readonly string[] => {
  switch (type.kind) {
    case 'integer':
      return ['0', '1', '2', '18', '30']
    case 'decimal':
      return ['0', '1.5', '-2.25', '170']
    case 'money':
      return type.scale === 2 ? ['0', '12.50', '99.99', '100', '500'] : ['0', '0.005', '5', '5.125']
    case 'percent':
      return ['0', '0.1', '0.7', '1', '1.5']
    case 'score':
      return ['1', '3', '5']
    case 'text':
    case 'enum':
    case 'boolean':
    case 'region':
    case 'date':
    case 'timestamp':
    case 'month-day':
      return []
  }
}

export const isNumeric = (type: ValueType): boolean => numbersOf(type).length > 0

const someDate = fc.constantFrom(...specialDates)
const someTime = fc
  .tuple(someDate, fc.constantFrom(...specialTimes))
  .map(([date, time]) => `${date}T${time}`)

export function scalarOf(type: ValueType): fc.Arbitrary<Scalar> {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
    case 'score':
      return fc.constantFrom(...numbersOf(type)).map((value) => ({ kind: 'number', value }))
    case 'percent':
      return fc.constantFrom(...numbersOf(type)).map((value) => ({ kind: 'percent', value }))
    case 'money':
      return fc
        .constantFrom(...numbersOf(type))
        .map((value) => ({ kind: 'money', value, currency: type.currency }))
    case 'text':
      return fc.constantFrom(...specialTexts).map((value) => ({ kind: 'text', value }))
    case 'enum':
      return fc.constantFrom(...type.values).map(({ id }) => ({ kind: 'enum', value: id }))
    case 'region':
      return fc
        .constantFrom(...type.values)
        .map(({ id }) => ({ kind: 'region', value: id, codes: codesBelow(id, type) }))
    case 'boolean':
      return fc.boolean().map((value) => ({ kind: 'boolean', value }))
    case 'date':
      return someDate.map((value) => ({ kind: 'date', value }))
    case 'timestamp':
      return fc.oneof(
        someDate.map((value): Scalar => ({ kind: 'date', value })),
        someTime.map((value): Scalar => ({ kind: 'timestamp', value })),
      )
    case 'month-day':
      return fc
        .constantFrom('01-01', '02-28', '02-29', '03-01', '08-23', '12-31')
        .map((value) => ({ kind: 'month-day', value }))
  }
}

function codesBelow(id: string, type: Extract<ValueType, { readonly kind: 'region' }>): string[] {
  const children = type.values.filter(({ parent }) => parent === id)
  return [id, ...children.flatMap((child) => codesBelow(child.id, type))]
}

const days: readonly Unit[] = ['day', 'week', 'month', 'quarter', 'year']
const clock: readonly Unit[] = ['minute', 'hour']

export const duration: fc.Arbitrary<Duration> = fc.oneof(
  { weight: 4, arbitrary: counted([1, 2, 7, 30, 90], ['day']) },
  { weight: 2, arbitrary: counted([1, 2, 24, 48], ['hour']) },
  { weight: 1, arbitrary: counted([1, 90], ['minute']) },
  { weight: 3, arbitrary: counted([1, 2, 6], ['week', 'month', 'quarter', 'year']) },
)

function counted(counts: readonly number[], units: readonly Unit[]): fc.Arbitrary<Duration> {
  return fc.record({ count: fc.constantFrom(...counts), unit: fc.constantFrom(...units) })
}

const point: fc.Arbitrary<Point> = fc.oneof(
  { weight: 3, arbitrary: someDate.map((value): Point => ({ kind: 'date', value })) },
  { weight: 2, arbitrary: someTime.map((value): Point => ({ kind: 'timestamp', value })) },
  { weight: 1, arbitrary: fc.constant<Point>({ kind: 'today' }) },
)

const unitWindow = (kind: 'this' | 'previous'): fc.Arbitrary<Window> =>
  fc.constantFrom(...days).map((unit) => ({ kind, unit }))

/** Windows that reach back, as events have them. */
export const pastWindow: fc.Arbitrary<Window> = fc.oneof(
  { weight: 6, arbitrary: duration.map((length): Window => ({ kind: 'last', ...length })) },
  { weight: 2, arbitrary: duration.map((length): Window => ({ kind: 'last-full', ...length })) },
  { weight: 1, arbitrary: unitWindow('this') },
  { weight: 1, arbitrary: unitWindow('previous') },
  { weight: 2, arbitrary: fc.constant<Window>({ kind: 'ever' }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('from-to'), from: point, to: point }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('since'), from: point }) },
  { weight: 1, arbitrary: fc.constantFrom<Window>({ kind: 'today' }, { kind: 'yesterday' }) },
)

export const anyWindow: fc.Arbitrary<Window> = fc.oneof(
  { weight: 3, arbitrary: pastWindow },
  {
    weight: 1,
    arbitrary: fc
      .oneof(counted([1, 7, 30], days), counted([1, 24], clock))
      .map((length): Window => ({ kind: 'next', ...length })),
  },
)

export const timeTest = (window: fc.Arbitrary<Window>): fc.Arbitrary<TimeTest> =>
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('ago'),
        op: fc.constantFrom('>', '>=', '<', '<='),
        duration,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('before', 'after', 'on'), point }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('in'), window }) },
  )

/** `fields` are all that stand beside the value; those of the same type may be compared with it. */
export function valueTest(type: ValueType, fields: readonly FieldName[]): fc.Arbitrary<ValueTest> {
  const operand = operandOf(type, fields)
  const known = fc.constantFrom<ValueTest>({ kind: 'known' }, { kind: 'unknown' })
  const list = fc.record({
    kind: fc.constant('in'),
    operands: fc.array(scalarOf(type).map(literal), { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  })
  const compare = (ops: readonly Comparison[]) =>
    fc.record({ kind: fc.constant('compare'), op: fc.constantFrom(...ops), operand })
  const between = fc.record({ kind: fc.constant('between'), low: operand, high: operand })
  switch (type.kind) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'percent':
    case 'score':
      return fc.oneof(compare(comparisons), compare(comparisons), between, list, known)
    case 'text':
      return fc.oneof(compare(comparisons), list, textTest, textTest, known)
    case 'enum':
    case 'region':
      return fc.oneof(compare(['=', '!=']), list, known)
    case 'boolean':
      return fc.oneof(compare(['=', '!=']), known)
    case 'date':
    case 'timestamp':
      return fc.oneof(
        compare(comparisons),
        between,
        known,
        timeTest(anyWindow).map((when): ValueTest => ({ kind: 'when', when })),
        timeTest(anyWindow).map((when): ValueTest => ({ kind: 'when', when })),
        anniversary,
      )
    case 'month-day':
      return fc.oneof(compare(['=', '!=']), known, anniversary, anniversary)
  }
}

const literal = (value: Scalar): Operand => ({ kind: 'literal', value })

const anniversary: fc.Arbitrary<ValueTest> = fc.record({
  kind: fc.constant('anniversary'),
  window: anyWindow,
})

const textTest: fc.Arbitrary<ValueTest> = fc.record({
  kind: fc.constantFrom('contains', 'starts-with'),
  text: fc.constantFrom(...specialTexts, 'b', '%', '_'),
  ignoreCase: fc.boolean(),
  negated: fc.boolean(),
})

function operandOf(type: ValueType, fields: readonly FieldName[]): fc.Arbitrary<Operand> {
  const others = fields
    .filter((field) => JSON.stringify(field.type) === JSON.stringify(type))
    .map((field): Operand => ({ kind: 'field', field: field.id, type: field.type }))
  const constant = scalarOf(type).map(literal)
  return fc.oneof(
    { weight: 6, arbitrary: constant },
    { weight: 1, arbitrary: others.length > 0 ? fc.constantFrom(...others) : constant },
    {
      weight: 1,
      arbitrary:
        type.kind === 'date' || type.kind === 'timestamp'
          ? fc.constant<Operand>({ kind: 'today' })
          : constant,
    },
  )
}
