import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckedRule } from '../../grammar/index.ts'
import { membersQuery } from '../../src/compiler/index.ts'
import { checkedRule, wholeLanguage } from '../support/arbitraries.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { audienceRules, openBench } from '../support/members-bench.ts'
import type { Bench } from '../support/members-bench.ts'
import { rareRule } from '../support/rare-rules.ts'

let database: TestDatabase
let bench: Bench
beforeAll(async () => {
  database = await testDatabase()
  bench = await openBench(database.db)
})
afterAll(async () => {
  await database.close()
})

const compile = (rule: CheckedRule, watermark?: Date) =>
  membersQuery(rule, bench.catalog, {
    asOf: '2026-08-23T01:00:00Z',
    timeZone: 'Asia/Shanghai',
    audiences: audienceRules,
    ...(watermark === undefined ? {} : { watermark }),
  }).compile()

const anyRule = fc.oneof(checkedRule({ constructs: wholeLanguage }), rareRule)
const anyWatermark = fc.option(fc.constant(new Date('2026-08-23T00:00:00Z')), { nil: undefined })

/** Every name and constant that may stand in the text: the program's own, whatever people wrote. */
const relations = ['profile.customer', 'profile.customer_history', 'profile.event']
const texts = [
  "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'",
  "'abcdefghijklmnopqrstuvwxyz'",
  "'UTF8'",
  "'x'",
  "'hex'",
  "'30 minutes'",
  "'1 hour'",
  "'2 hours'",
]
const numbers = ['0', '1', '4', '32', '100', '967296', '1000000']
const names = `
  abs all and any array_agg as asc at between bigint bit bit_or boolean branch by c case ceil coalesce convert_to
  count customer customer_history customer_id date day desc distinct div e else encode end event event_key
  event_number exists extract false field filter for found from group hex history in ingested_at integer interval is
  join lateral left make_interval max mins min member month months near not now null nullif numeric occurred_at on or
  order over p past place profile r rank recorded_from recorded_to s select sha256 sign smallint starts_with strpos
  substring sum tags target text then time timestamp timestamptz translate true union v value values wall when where zone
  m j`
  .trim()
  .split(/\s+/)
const generated = /^(?:a_\d+|[intbdz]\d+|bits\d+|m\d+|j\d+|step\d+)$/

/** Words, texts and numbers of a statement that nobody of the program wrote. */
function strangersIn(statement: string): readonly string[] {
  const foundTexts = statement.match(/'[^']*'/g) ?? []
  const rest = statement.replaceAll(/'[^']*'/g, ' ').replaceAll(/\$\d+/g, ' ')
  const words = rest.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []
  const foundNumbers = rest.match(/(?<![A-Za-z0-9_])\d+/g) ?? []
  return [
    ...foundTexts.filter((text) => !texts.includes(text)),
    ...words.filter((word) => !names.includes(word) && !generated.test(word)),
    ...foundNumbers.filter((number) => !numbers.includes(number)),
    ...(rest.match(/[^\s\w"().,:=<>*+\-&|%@[\]]/g) ?? []),
  ]
}

test('no word of a rule, and no name of the catalogue, stands in the SQL', () => {
  fc.assert(
    fc.property(anyRule, anyWatermark, (rule, watermark) => {
      expect(strangersIn(compile(rule, watermark).sql)).toEqual([])
    }),
    { numRuns: 1_500 },
  )
})

test('the constants of a rule are bound', () => {
  const rule: CheckedRule = {
    version: 1,
    header: { channels: [] },
    include: {
      kind: 'attribute',
      attribute: 'nickname',
      type: { kind: 'text' },
      test: {
        kind: 'in',
        negated: false,
        operands: [
          { kind: 'literal', value: { kind: 'text', value: "'; drop table profile.event; --" } },
        ],
      },
    },
    exclude: [{ kind: 'tags', quantifier: 'any', tags: ['coffee'] }],
    sample: { percent: '10', seed: "o'clock" },
  }
  const { sql, parameters } = compile(rule)
  expect(sql).not.toContain('drop')
  expect(parameters).toEqual([
    ["'; drop table profile.event; --"],
    ['coffee'],
    // Each half of the sample's hash, from its first and from its fifth byte.
    "o'clock:",
    1,
    "o'clock:",
    5,
    '100000',
  ])
})

test('the SQL reads customers, their history and events, and nothing else', () => {
  fc.assert(
    fc.property(anyRule, anyWatermark, (rule, watermark) => {
      const { sql } = compile(rule, watermark)
      const read = sql.match(/\b(?:from|join)\s+[a-z_]+\.[a-z_]+/g) ?? []
      const tables = read.map((item) => item.replace(/^(?:from|join)\s+/, ''))
      expect(tables.filter((table) => !relations.includes(table))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('the SQL keeps to what a distributed PostgreSQL runs where the rows lie', () => {
  const refused =
    /\b(?:intersect|except|not in|materialized|merge|recursive|grouping sets|ntile|random|now\(\))\b/i
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(compile(rule).sql).not.toMatch(refused)
    }),
    { numRuns: 500 },
  )
})

test('a rule of events alone does not read customers', () => {
  const did = (value: number): CheckedRule => ({
    version: 1,
    header: { channels: [] },
    include: {
      kind: 'did',
      event: { event: 'order_paid' },
      window: { kind: 'last', count: 30, unit: 'day' },
      measure: { kind: 'times' },
      count: { kind: 'compare', op: '<=', value },
    },
    exclude: [],
  })
  const { include } = did(2)
  expect(compile({ ...did(2), include: { kind: 'not', test: include } }).sql).not.toMatch(
    /profile\.customer/,
  )
  // Whoever never paid is a member, so everybody must be looked at.
  expect(compile(did(2)).sql).toMatch(/from profile\.customer as "c" left join/)
})

test('the same rule, time and place give the same statement', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(compile(rule)).toEqual(compile(structuredClone(rule)))
    }),
    { numRuns: 100 },
  )
})
