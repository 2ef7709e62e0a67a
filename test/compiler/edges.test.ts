import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  CheckedRule,
  Operand,
  Run,
  Test,
  ValueTest,
  ValueType,
  WorldCustomer,
  WorldEvent,
  WorldValues,
} from '../../grammar/index.ts'
import { evaluate } from '../../grammar/index.ts'
import { membersQuery } from '../../src/compiler/index.ts'
import { openRun } from '../../src/consent/index.ts'
import { sequenceTest } from '../support/arbitraries.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { categories, compareRules, loadWorld, openBench, use } from '../support/members-bench.ts'
import type { Bench } from '../support/members-bench.ts'

let database: TestDatabase
let bench: Bench
beforeAll(async () => {
  database = await testDatabase()
  bench = await openBench(database.db, [
    { id: 'credit', label: { en: 'Credit', zh: '信用' }, type: yuan(3) },
    { id: 'wallet', label: { en: 'Wallet', zh: '钱包' }, type: yuan(0) },
  ])
})
afterAll(async () => {
  await database.close()
})

const ruleOf = (include: Test, header: Partial<CheckedRule['header']> = {}): CheckedRule => ({
  version: 1,
  header: { channels: [], ...header },
  include,
  exclude: [],
})

const yuan = (scale: number): ValueType => ({ kind: 'money', currency: 'CNY', scale })

const shanghai: Run = { timeZone: 'Asia/Shanghai', asOf: '2026-08-23T01:00:00Z' }
const newYork: Run = { timeZone: 'America/New_York', asOf: '2026-12-01T00:00:00Z' }

/** Event name and moment, with properties if any. */
type Row = readonly [event: string, at: string, properties?: WorldValues]

const customer = (
  id: string,
  rows: readonly Row[],
  attributes: WorldValues = {},
): WorldCustomer => ({
  id,
  attributes,
  tags: [],
  events: rows.map(([event, at, properties = {}], place): WorldEvent => ({
    id: `${id}-${place}`,
    event,
    at,
    properties,
  })),
})

/** Checks evaluator and SQL against the members expected. */
async function expectMembers(
  rule: CheckedRule,
  customers: readonly WorldCustomer[],
  run: Run,
  members: readonly string[],
): Promise<void> {
  const world = { customers }
  expect(evaluate(rule, world, run)).toEqual(members)
  expect(await compareRules(bench, [rule], await loadWorld(bench, world, run))).toEqual([])
}

test('an event on the last moment of an absence ends it, one a microsecond later does not', async () => {
  const rule = ruleOf(
    sequenceTest(
      { event: 'coupon_received' },
      [{ event: { event: 'order_paid' }, within: { count: 24, unit: 'hour' }, absent: true }],
      { kind: 'last', count: 7, unit: 'day' },
    ),
  )
  await expectMembers(
    rule,
    [
      customer('at', [
        ['coupon_received', '2026-08-20T08:00:00Z'],
        ['order_paid', '2026-08-21T08:00:00Z'],
      ]),
      customer('after', [
        ['coupon_received', '2026-08-20T08:00:00Z'],
        ['order_paid', '2026-08-21T08:00:00.000001Z'],
      ]),
      customer('young', [['coupon_received', '2026-08-22T01:00:00.000001Z']]),
      customer('old', [['coupon_received', '2026-08-22T01:00:00Z']]),
    ],
    shanghai,
    ['after', 'old'],
  )
})

test('a month later at an hour that occurs twice is the earlier one', async () => {
  const rule = ruleOf(
    sequenceTest(
      { event: 'coupon_received' },
      [{ event: { event: 'order_paid' }, within: { count: 1, unit: 'month' }, absent: false }],
      { kind: 'ever' },
    ),
  )
  const received: Row = ['coupon_received', '2026-10-01T05:30:00Z']
  await expectMembers(
    rule,
    [
      customer('earlier', [received, ['order_paid', '2026-11-01T05:30:00Z']]),
      customer('later', [received, ['order_paid', '2026-11-01T06:30:00Z']]),
    ],
    newYork,
    ['earlier'],
  )
})

test('a year without 28 February of a common year has no anniversary of 29 February', async () => {
  const within = (from: string, to: string): CheckedRule =>
    ruleOf({
      kind: 'attribute',
      attribute: 'birthday',
      type: { kind: 'month-day' },
      test: {
        kind: 'anniversary',
        window: {
          kind: 'from-to',
          from: { kind: 'date', value: from },
          to: { kind: 'date', value: to },
        },
      },
    })
  const people = [customer('leap', [], { birthday: '02-29' })]
  await expectMembers(within('2027-03-01', '2028-02-28'), people, shanghai, [])
  await expectMembers(within('2027-03-01', '2028-02-29'), people, shanghai, ['leap'])
  await expectMembers(within('2026-03-01', '2027-02-28'), people, shanghai, ['leap'])
})

test('equal averages share a place, however they came about', async () => {
  const rule = ruleOf({
    kind: 'rank',
    side: 'top',
    limit: { kind: 'count', count: 1 },
    by: {
      kind: 'aggregate',
      fn: 'average',
      event: { event: 'order_paid' },
      property: { id: 'weight', type: { kind: 'decimal' } },
      window: { kind: 'ever' },
    },
  })
  const paid = (weight: string, minute: number): Row => [
    'order_paid',
    `2026-08-01T00:0${minute}:00Z`,
    { weight },
  ]
  await expectMembers(
    rule,
    [
      customer('thirds', [paid('100000000000', 1), paid('0', 2), paid('0', 3)]),
      customer('sixths', [
        paid('200000000000', 1),
        ...[2, 3, 4, 5, 6].map((minute) => paid('0', minute)),
      ]),
      customer('less', [paid('33333333333.33333333333333333333', 1)]),
    ],
    shanghai,
    ['sixths', 'thirds'],
  )
})

test('a number beyond every integer is compared, not refused', async () => {
  const over = (value: string): CheckedRule =>
    ruleOf({
      kind: 'attribute',
      attribute: 'age',
      type: { kind: 'integer' },
      test: {
        kind: 'compare',
        op: '<',
        operand: { kind: 'literal', value: { kind: 'number', value } },
      },
    })
  const people = [customer('a', [], { age: '9223372036854775807' }), customer('b', [])]
  await expectMembers(over('99999999999999999999'), people, shanghai, ['a'])
  await expectMembers(over('-99999999999999999999.5'), people, shanghai, [])
})

test('amounts with different decimals are compared as amounts', async () => {
  const credit: Operand = { kind: 'field', field: 'credit', type: yuan(3) }
  const wallet: Operand = { kind: 'field', field: 'wallet', type: yuan(0) }
  const compare = (op: '<' | '=' | '>', operand: Operand): ValueTest => ({
    kind: 'compare',
    op,
    operand,
  })
  const people = [
    customer('equal', [['order_paid', '2026-08-01T00:00:00Z', { amount: '12' }]], {
      credit: '12.000',
      wallet: '12',
    }),
    customer(
      'more',
      [
        ['order_paid', '2026-08-01T00:00:00Z', { amount: '12.01' }],
        ['order_paid', '2026-08-02T00:00:00Z', { amount: '12.00' }],
      ],
      { credit: '12.005', wallet: '12' },
    ),
    customer('without', [], { credit: '0.001', wallet: '0' }),
  ]
  const attribute = (test: ValueTest): CheckedRule =>
    ruleOf({ kind: 'attribute', attribute: 'credit', type: yuan(3), test })
  await expectMembers(attribute(compare('=', wallet)), people, shanghai, ['equal'])
  await expectMembers(attribute(compare('>', wallet)), people, shanghai, ['more', 'without'])
  const paid = (fn: 'sum' | 'average', test: ValueTest): CheckedRule =>
    ruleOf({
      kind: 'metric',
      metric: {
        kind: 'aggregate',
        fn,
        event: { event: 'order_paid' },
        property: { id: 'amount', type: yuan(2) },
        window: { kind: 'ever' },
      },
      type: yuan(2),
      test,
    })
  await expectMembers(paid('average', compare('=', credit)), people, shanghai, ['equal', 'more'])
  // The sum of nothing is zero, which lies below the thousandth.
  await expectMembers(paid('sum', compare('<', credit)), people, shanghai, ['without'])
  await expectMembers(paid('sum', compare('=', wallet)), people, shanghai, ['equal', 'without'])
})

test('leaves beyond one word of votes keep their places', async () => {
  const leaf = (value: number): Test => ({
    kind: 'did',
    event: { event: value % 2 === 0 ? 'order_paid' : 'app_opened' },
    window: { kind: 'ever' },
    measure: { kind: 'times' },
    count: { kind: 'compare', op: '=', value },
  })
  const tests = Array.from({ length: 130 }, (_, value) => leaf(value))
  const times = (id: string, paid: number, opened: number) =>
    customer(id, [
      ...Array.from({ length: paid }, (): Row => ['order_paid', '2026-08-01T00:00:00Z']),
      ...Array.from({ length: opened }, (): Row => ['app_opened', '2026-08-01T00:00:00Z']),
    ])
  const people = [times('both', 120, 121), times('one', 60, 2), times('none', 3, 2)]
  await expectMembers(ruleOf({ kind: 'at-least', count: 2, tests }), people, shanghai, ['both'])
  await expectMembers(ruleOf({ kind: 'or', tests }), people, shanghai, ['both', 'one'])
})

test('an audience inside a rule keeps its own time zone, and the run is that of the rule', async () => {
  const today: Test = {
    kind: 'did',
    event: { event: 'app_opened' },
    window: { kind: 'today' },
    measure: { kind: 'times' },
    count: { kind: 'compare', op: '>=', value: 1 },
  }
  const world = {
    customers: [
      // 00:30 in Shanghai on the 23rd, noon of the 22nd in New York.
      customer('night', [['app_opened', '2026-08-22T16:30:00Z']]),
      customer('noon', [['app_opened', '2026-08-22T05:00:00Z']]),
    ],
  }
  const { idByCustomer } = await loadWorld(bench, world, shanghai)
  const inner = ruleOf(today, { timeZone: 'America/New_York' })
  const ask = async (rule: CheckedRule) =>
    await database.asRole('yq_builder', { actor: 'test' }, async (tx) => {
      await openRun(tx, use, { categories, personalised: false, at: new Date(shanghai.asOf) })
      const audiences = new Map([
        ['inner', inner],
        ['middle', ruleOf({ kind: 'audience', audience: 'inner' })],
      ])
      const query = membersQuery(rule, bench.catalog, { ...shanghai, audiences })
      const { rows } = await tx.executeQuery<{ customer_id: string }>(query.compile())
      return world.customers
        .filter(({ id }) => rows.some((row) => row.customer_id === idByCustomer.get(id)))
        .map(({ id }) => id)
    })
  expect(await ask(ruleOf(today))).toEqual(['night'])
  expect(await ask(ruleOf({ kind: 'audience', audience: 'middle' }))).toEqual(['night', 'noon'])
  const both: Test = { kind: 'and', tests: [today, { kind: 'audience', audience: 'inner' }] }
  expect(await ask(ruleOf(both))).toEqual(['night'])
  const ranked: Test = {
    kind: 'rank',
    side: 'bottom',
    limit: { kind: 'percent', percent: '100' },
    by: {
      kind: 'aggregate',
      fn: 'count',
      event: { event: 'app_opened' },
      window: { kind: 'today' },
    },
    among: 'middle',
  }
  expect(await ask(ruleOf(ranked))).toEqual(['night', 'noon'])
})

test('audiences in a circle, and rules of another catalogue, stop the work', () => {
  const circle = ruleOf({ kind: 'audience', audience: 'a' })
  const options = { ...shanghai, audiences: new Map([['a', circle]]) }
  expect(() => membersQuery(circle, bench.catalog, options)).toThrow(/in a circle/)
  expect(() => membersQuery(circle, bench.catalog, shanghai)).toThrow(/every audience/)
  const unknown = ruleOf({
    kind: 'attribute',
    attribute: 'age',
    type: { kind: 'text' },
    test: { kind: 'known' },
  })
  expect(() => membersQuery(unknown, bench.catalog, shanghai)).toThrow(/this catalogue/)
})
