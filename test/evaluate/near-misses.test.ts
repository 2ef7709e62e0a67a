/**
 * The worlds made for a rule tell it from rules that are almost the same.
 *
 * This measures the data, not the evaluator: random data that nobody aimed leaves most of these slips unseen.
 */
import { expect, test } from 'vitest'
import type { CheckedRule } from '../../grammar/check/checked-rule.ts'
import { evaluate } from '../../grammar/evaluate/index.ts'
import { wholeLanguage } from '../support/arbitraries.ts'
import { sampleOf, scenario } from '../support/worlds.ts'

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes every node for which `slip` has an answer. */
function slipEverywhere(value: unknown, slip: (node: Node) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => slipEverywhere(item, slip))
  if (!isNode(value)) return value
  const inner: Node = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, slipEverywhere(item, slip)]),
  )
  return slip(inner) ?? inner
}

const swap =
  (key: string, pairs: Readonly<Record<string, unknown>>, kind?: string) =>
  (node: Node): unknown => {
    const value = node[key]
    return typeof value === 'string' &&
      value in pairs &&
      (kind === undefined || node['kind'] === kind)
      ? { ...node, [key]: pairs[value] }
      : undefined
  }

const isWindow = (node: Node, kind: string) => node['kind'] === kind && 'unit' in node
const isStep = (node: Node) => 'absent' in node && isNode(node['within'])

const slips: Readonly<Record<string, (node: Node) => unknown>> = {
  '> for >=': swap('op', { '>=': '>', '>': '>=' }, 'compare'),
  '< for <=': swap('op', { '<=': '<', '<': '<=' }, 'compare'),
  '= for !=': swap('op', { '=': '!=', '!=': '=' }, 'compare'),
  'ago, one edge off': swap('op', { '>': '>=', '>=': '>', '<': '<=', '<=': '<' }, 'ago'),
  'and for or': swap('kind', { and: 'or', or: 'and' }),
  'not dropped': (node) => (node['kind'] === 'not' ? node['test'] : undefined),
  'negation of a list or text dropped': (node) =>
    node['negated'] === true ? { ...node, negated: false } : undefined,
  'known for "not missing false"': (node) =>
    node['kind'] === 'compare' && node['op'] === '!=' && isNode(node['operand'])
      ? { kind: 'known' }
      : undefined,
  'one more of "at least"': (node) =>
    node['kind'] === 'at-least' ? { ...node, count: Number(node['count']) + 1 } : undefined,
  'last, a unit more': (node) =>
    isWindow(node, 'last') ? { ...node, count: Number(node['count']) + 1 } : undefined,
  'last for last full': (node) =>
    isWindow(node, 'last-full') ? { ...node, kind: 'last' } : undefined,
  'rolling hours for days': (node) =>
    isWindow(node, 'last') && node['unit'] === 'day'
      ? { ...node, unit: 'hour', count: Number(node['count']) * 24 }
      : undefined,
  'previous for this': swap('kind', { this: 'previous', previous: 'this' }),
  'first for last': swap('which', { first: 'last', last: 'first' }),
  'min for max': swap('fn', { min: 'max', max: 'min' }),
  'average for sum': swap('fn', { sum: 'average', average: 'sum' }),
  'count for distinct': (node) =>
    node['fn'] === 'distinct' ? { ...node, fn: 'count' } : undefined,
  'times for days': (node) => (node['kind'] === 'days' ? { kind: 'times' } : undefined),
  'any for all tags': swap('quantifier', { all: 'any', any: 'all' }),
  'where dropped': (node) => {
    if (!('where' in node) || !('event' in node)) return undefined
    const { where: _, ...rest } = node
    return rest
  },
  'a step without its limit': (node) => {
    if (!isStep(node)) return undefined
    const { within: _, ...rest } = node
    return rest
  },
  'a step with a limit of an hour': (node) =>
    isStep(node) ? { ...node, within: { count: 1, unit: 'hour' } } : undefined,
  'present for absent': (node) =>
    node['absent'] === true ? { ...node, absent: false } : undefined,
  'top for bottom': swap('side', { top: 'bottom', bottom: 'top' }),
  'case forgotten': (node) =>
    node['ignoreCase'] === true ? { ...node, ignoreCase: false } : undefined,
  'starts with for contains': swap('kind', { contains: 'starts-with', 'starts-with': 'contains' }),
  'everything below a region forgotten': (node) =>
    Array.isArray(node['codes']) ? { ...node, codes: node['codes'].slice(0, 1) } : undefined,
}

const scenarios = sampleOf(
  scenario({ constructs: wholeLanguage, customers: 20 }),
  20_260_823,
  1_500,
).map((one) => ({ ...one, members: evaluate(one.rule, one.world, one.run).join() }))

const enough = 3

test.each(Object.entries(slips))('%s is told apart', (_, slip) => {
  let told = 0
  for (const { rule, run, world, members } of scenarios) {
    if (told === enough) break
    const slipped = slipEverywhere(rule, slip)
    if (JSON.stringify(slipped) === JSON.stringify(rule)) continue
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a slip keeps the shape of the node it changes
    if (evaluate(slipped as CheckedRule, world, run).join() !== members) told += 1
  }
  expect(told).toBe(enough)
})

const zones = [
  ['the day of UTC for the local day', 'UTC'],
  ['a fixed offset for a zone with clock changes', 'Etc/GMT+5'],
] as const

test.each(zones)('%s is told apart', (_, timeZone) => {
  const told = scenarios.filter(
    ({ rule, run, world, members }) =>
      run.timeZone === 'America/New_York' &&
      evaluate(rule, world, { ...run, timeZone }).join() !== members,
  )
  expect(told.length).toBeGreaterThanOrEqual(enough)
})
