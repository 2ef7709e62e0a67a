/** Short words for hand-written cases of the evaluator. */
import type { ValueType } from '../../grammar/check/catalog.ts'
import type {
  AttributeTest,
  CheckedRule,
  Comparison,
  DidTest,
  EventSelection,
  Scalar,
  Test,
  ValueTest,
  Window,
} from '../../grammar/check/checked-rule.ts'
import {
  evaluate,
  type Run,
  type WorldCustomer,
  type WorldEvent,
} from '../../grammar/evaluate/index.ts'
import { testCatalog } from './test-catalog.ts'

/** Sunday 09:00 in Shanghai, where clocks never change. */
export const shanghai: Run = { asOf: '2026-08-23T01:00:00Z', timeZone: 'Asia/Shanghai' }

export const ruleOf = (include: Test, rest: Partial<CheckedRule> = {}): CheckedRule => ({
  version: 1,
  header: { channels: [] },
  include,
  exclude: [],
  ...rest,
})

export const customer = (
  id: string,
  attributes: WorldCustomer['attributes'] = {},
  rest: Partial<WorldCustomer> = {},
): WorldCustomer => ({ id, attributes, tags: [], events: [], ...rest })

export const event = (
  id: string,
  at: string,
  properties: WorldEvent['properties'] = {},
  name = 'order_paid',
): WorldEvent => ({ id, event: name, at, properties })

/** A customer of the same id for each moment, who did the one event then. */
export const onePerMoment = (moments: readonly string[], name = 'order_paid'): WorldCustomer[] =>
  moments.map((at, index) => customer(at, {}, { events: [event(`e${index}`, at, {}, name)] }))

export const members = (
  test: Test,
  customers: readonly WorldCustomer[],
  run: Run = shanghai,
): string[] => evaluate(ruleOf(test), { customers }, run)

export const did = (
  window: Window,
  selection: EventSelection = { event: 'order_paid' },
  count: DidTest['count'] = { kind: 'compare', op: '>=', value: 1 },
): DidTest => ({ kind: 'did', event: selection, window, measure: { kind: 'times' }, count })

export const not = (test: Test): Test => ({ kind: 'not', test })
export const and = (...tests: Test[]): Test => ({ kind: 'and', tests })
export const or = (...tests: Test[]): Test => ({ kind: 'or', tests })

export const attribute = (id: string, test: ValueTest): AttributeTest => ({
  kind: 'attribute',
  attribute: id,
  type: attributeType(id),
  test,
})

export const compare = (op: Comparison, value: Scalar): ValueTest => ({
  kind: 'compare',
  op,
  operand: { kind: 'literal', value },
})

export const number = (value: string): Scalar => ({ kind: 'number', value })
export const money = (value: string): Scalar => ({ kind: 'money', value, currency: 'CNY' })

export function attributeType(id: string): ValueType {
  const found = testCatalog.attributes.find((one) => one.id === id)
  if (!found) throw new Error(`no attribute ${id}`)
  return found.type
}

export function propertyType(eventId: string, id: string): ValueType {
  const found = testCatalog.events
    .find((one) => one.id === eventId)
    ?.properties.find((one) => one.id === id)
  if (!found) throw new Error(`no property ${eventId}.${id}`)
  return found.type
}
