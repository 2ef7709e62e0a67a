/** From a checked rule to a formula and its leaves. */
import { sql } from 'kysely'
import type {
  AttributeTest,
  AudienceTest,
  CheckedRule,
  CountTest,
  DidTest,
  MetricTest,
  OccurrenceTest,
  TagTest,
  Test,
  ValueTest,
} from '#grammar'
import { assert, unreachable } from '../kernel/assert.ts'
import { customerColumn } from './customer-rows.ts'
import type { Setting } from './event-rows.ts'
import type { Formula } from './formula.ts'
import { joinedColumns } from './joined.ts'
import { addEventLeaf, addSetLeaf } from './leaves.ts'
import type { Leaves } from './leaves.ts'
import {
  aggregateMeasures,
  columnAt,
  countMeasure,
  occurrencePasses,
  occurrenceTime,
  ratioMeasures,
} from './measure.ts'
import { countOfNothing, valueOfMissing, valueOfZero } from './nothing.ts'
import { rankQuery } from './rank.ts'
import { settleRun } from './run-time.ts'
import type { MembersRun } from './run-time.ts'
import { isSampled } from './sample.ts'
import { sequenceQuery } from './sequence.ts'
import { int8, notTrue, numeric, textArray } from './sql.ts'
import type { Sql } from './sql.ts'
import { timeTest } from './time-value.ts'
import { storedSubject, valueTest } from './value.ts'
import type { Scope, Subject } from './value.ts'

export interface Build extends Setting {
  readonly leaves: Leaves
  readonly run: MembersRun
  readonly audiences: ReadonlyMap<string, CheckedRule>
  /** Audiences around this one. */
  readonly trail: readonly string[]
  /** A query of the customers in an audience, with leaves of its own. */
  readonly memberQuery: (rule: CheckedRule, build: Build) => Sql
}

export function ruleFormula(rule: CheckedRule, build: Build): Formula {
  const parts: Formula[] = [testFormula(rule.include, build)]
  if (rule.exclude.length > 0) {
    const excluded = rule.exclude.map((test) => testFormula(test, build))
    parts.push({ kind: 'not', part: { kind: 'or', parts: excluded } })
  }
  const { sample } = rule
  if (sample) parts.push({ kind: 'id', predicate: (id) => isSampled(sample, id) })
  return { kind: 'and', parts }
}

function testFormula(test: Test, build: Build): Formula {
  const each = (tests: readonly Test[]) => tests.map((part) => testFormula(part, build))
  switch (test.kind) {
    case 'everyone':
      return { kind: 'always' }
    case 'and':
    case 'or':
      return { kind: test.kind, parts: each(test.tests) }
    case 'not':
      return { kind: 'not', part: testFormula(test.test, build) }
    case 'at-least':
      return { kind: 'at-least', count: test.count, parts: each(test.tests) }
    case 'attribute':
      return attributeFormula(test, build)
    case 'tags':
      return tagFormula(test, build)
    case 'did':
      return didFormula(test, build)
    case 'metric':
      return metricFormula(test, build)
    case 'occurrence':
      return occurrenceFormula(test, build)
    case 'sequence':
      return addSetLeaf(build.leaves, sequenceQuery(test, build))
    case 'rank': {
      const among = test.among === undefined ? undefined : audienceQuery(test.among, build)
      return addSetLeaf(build.leaves, rankQuery(test, among, build))
    }
    case 'audience':
      return audienceFormula(test, build)
    default:
      return unreachable(test)
  }
}

/** The customer's attribute, as a column of `c`. */
function attributeSubject(id: string, build: Build): Subject {
  const place = build.catalog.attribute(id)
  build.leaves.columns.add(place.column)
  return storedSubject(place.type, customerColumn('c', place.column))
}

const customerScope = (build: Build): Scope => ({
  time: build.time,
  field: (id) => attributeSubject(id, build),
})

function attributeFormula(test: AttributeTest, build: Build): Formula {
  const { kind } = build.catalog.attribute(test.attribute).type
  assert(kind === test.type.kind, 'a rule that was checked against this catalogue')
  const subject = attributeSubject(test.attribute, build)
  return { kind: 'customer', predicate: valueTest(subject, test.test, customerScope(build)) }
}

function tagFormula({ quantifier, tags }: TagTest, build: Build): Formula {
  build.leaves.columns.add('tags')
  const own = customerColumn('c', 'tags')
  const any = sql`${own} && ${textArray(tags)}`
  switch (quantifier) {
    case 'any':
      return { kind: 'customer', predicate: any }
    case 'all':
      return { kind: 'customer', predicate: sql`${own} @> ${textArray(tags)}` }
    case 'none':
      return { kind: 'customer', predicate: notTrue(any) }
    default:
      return unreachable(quantifier)
  }
}

const didFormula = (test: DidTest, build: Build): Formula =>
  addEventLeaf(build.leaves, {
    measures: [countMeasure(test, build)],
    holds: (columns) => countHolds(columnAt(columns, 0), test.count),
    ofNothing: countOfNothing(test.count),
  })

function countHolds(count: Sql, test: CountTest): Sql {
  if (test.kind === 'between') {
    return sql`${count} between ${whole(test.low)} and ${whole(test.high)}`
  }
  switch (test.op) {
    case '=':
      return sql`${count} = ${whole(test.value)}`
    case '!=':
      return sql`${count} <> ${whole(test.value)}`
    case '<':
      return sql`${count} < ${whole(test.value)}`
    case '<=':
      return sql`${count} <= ${whole(test.value)}`
    case '>':
      return sql`${count} > ${whole(test.value)}`
    case '>=':
      return sql`${count} >= ${whole(test.value)}`
    default:
      return unreachable(test.op)
  }
}

const whole = (count: number): Sql =>
  Number.isSafeInteger(count) ? int8(count) : numeric(String(count))

function metricFormula({ metric, test }: MetricTest, build: Build): Formula {
  const { measures, subject } =
    metric.kind === 'ratio'
      ? ratioMeasures(metric.over, metric.under, build)
      : aggregateMeasures(metric, build)
  const scope = customerScope(build)
  if (comparesFields(test)) {
    const joined = { alias: `j${build.leaves.joined.length}`, measures }
    build.leaves.joined.push(joined)
    const value = subject(joinedColumns(joined))
    return { kind: 'customer', predicate: valueTest(value, test, scope) }
  }
  const isZero =
    metric.kind === 'aggregate' && measures.every(({ ofNothing }) => ofNothing === 'zero')
  return addEventLeaf(build.leaves, {
    measures,
    holds: (columns) => valueTest(subject(columns), test, scope),
    ofNothing: isZero ? valueOfZero(test) : valueOfMissing(test),
  })
}

function comparesFields(test: ValueTest): boolean {
  switch (test.kind) {
    case 'compare':
      return test.operand.kind === 'field'
    case 'between':
      return test.low.kind === 'field' || test.high.kind === 'field'
    case 'in':
      return test.operands.some(({ kind }) => kind === 'field')
    case 'contains':
    case 'starts-with':
    case 'known':
    case 'unknown':
    case 'when':
    case 'anniversary':
      return false
    default:
      return unreachable(test)
  }
}

function occurrenceFormula(test: OccurrenceTest, build: Build): Formula {
  const wanted = test.test
  if (wanted.kind === 'had') {
    return addEventLeaf(build.leaves, {
      measures: [occurrencePasses(test, wanted.where, build)],
      holds: (columns) => columnAt(columns, 0),
      ofNothing: false,
    })
  }
  return addEventLeaf(build.leaves, {
    measures: [occurrenceTime(test, build)],
    holds: (columns) =>
      timeTest({ kind: 'timestamp', sql: columnAt(columns, 0) }, wanted.when, build.time),
    ofNothing: false,
  })
}

/** The saved rule in place of its name; who may be used is decided outside, once for all. */
function audienceFormula({ audience }: AudienceTest, build: Build): Formula {
  const { rule, inner } = enter(audience, build)
  return ruleFormula(rule, inner)
}

function audienceQuery(audience: string, build: Build): Sql {
  const { rule, inner } = enter(audience, build)
  return build.memberQuery(rule, inner)
}

function enter(
  audience: string,
  build: Build,
): { readonly rule: CheckedRule; readonly inner: Build } {
  const rule = build.audiences.get(audience)
  assert(rule !== undefined, 'the rule of every audience that the rule names')
  assert(!build.trail.includes(audience), 'audiences that do not contain each other in a circle')
  const time = settleRun(rule.header, build.run)
  return { rule, inner: { ...build, time, trail: [...build.trail, audience] } }
}
