/** Conditions on customers → tests. */
import type {
  AudienceNode,
  ConditionNode,
  CountTestNode,
  DidNode,
  MetricNode,
  OccurrenceNode,
  RankNode,
  SequenceNode,
  StepNode,
  TagsNode,
} from '../ast/nodes.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import { compareDecimals } from '../syntax/decimals.ts'
import { maxSteps } from '../syntax/limits.ts'
import type { CatalogEvent } from './catalog.ts'
import type { CountTest, DidTest, RankTest, SequenceStep, Test } from './checked-rule.ts'
import { mayRead, report, resolve } from './context.ts'
import type { Context } from './context.ts'
import { countOf, durationOf, eventWindow } from './durations.ts'
import { propertyTestOf, selectionOf } from './events.ts'
import { customerScope, resolveField, resolveProperty } from './fields.ts'
import { aggregateOf, metricOf } from './metrics.ts'
import { timeTestOf, valueTestOf } from './value-tests.ts'

export function testOf(context: Context, node: ConditionNode): Test | undefined {
  switch (node.kind) {
    case 'everyone':
      return { kind: 'everyone' }
    case 'and':
    case 'or': {
      const tests = allOf(context, node.items)
      return tests && { kind: node.kind, tests }
    }
    case 'not':
      return negate(testOf(context, node.item), true)
    case 'group':
      return testOf(context, node.item)
    case 'at-least': {
      const count = countOf(context, node.count, 1)
      const tests = allOf(context, node.items)
      return tests && count !== undefined ? { kind: 'at-least', count, tests } : undefined
    }
    case 'did':
      return didOf(context, node)
    case 'sequence':
      return sequenceOf(context, node)
    case 'occurrence':
      return occurrenceOf(context, node)
    case 'metric':
      return metricTestOf(context, node)
    case 'rank':
      return rankOf(context, node)
    case 'audience':
      return audienceOf(context, node)
    case 'tags':
      return tagsOf(context, node)
    case 'attribute': {
      const scope = customerScope(context)
      const field = resolveField(context, node.name, scope)
      if (field === undefined) return undefined
      const { id, type } = field
      const test = valueTestOf(context, node.test, { name: node.name.text, type, scope })
      return test && { kind: 'attribute', attribute: id, type, test, span: node.span }
    }
    case 'hole':
      return undefined
  }
}

function allOf(context: Context, nodes: readonly ConditionNode[]): readonly Test[] | undefined {
  // Every condition is looked at, so that all mistakes are reported at once.
  const tests = nodes.map((node) => testOf(context, node))
  return tests.every((test) => test !== undefined) ? tests : undefined
}

const negate = (test: Test | undefined, negated: boolean): Test | undefined =>
  test !== undefined && negated ? { kind: 'not', test } : test

function didOf(context: Context, node: DidNode): Test | undefined {
  const selected = selectionOf(context, node.event)
  const window = eventWindow(context, node.windows, selected?.event, node.event)
  const [countNode] = node.counts
  const counted =
    countNode === undefined ? atLeastOnce : countedOf(context, countNode, selected?.event)
  if (selected === undefined || window === undefined || counted === undefined) return undefined
  const { selection } = selected
  const test: Test = { kind: 'did', event: selection, window, ...counted, span: node.span }
  return negate(test, node.negated)
}

type Counted = Pick<DidTest, 'measure' | 'count'>

const atLeastOnce: Counted = {
  measure: { kind: 'times' },
  count: { kind: 'compare', op: '>=', value: 1 },
}

function countedOf(
  context: Context,
  node: CountTestNode,
  event: CatalogEvent | undefined,
): Counted | undefined {
  const count = countTestOf(context, node)
  if (node.measure.kind !== 'different') return count && { measure: node.measure, count }
  const property = event && resolveProperty(context, node.measure.property, event)
  if (property === undefined || count === undefined) return undefined
  return { measure: { kind: 'different', property: property.id, type: property.type }, count }
}

function countTestOf(context: Context, { test, span }: CountTestNode): CountTest | undefined {
  if (test.kind === 'compare') {
    const value = countOf(context, test.value, 0)
    return value === undefined ? undefined : { kind: 'compare', op: test.op, value }
  }
  const low = countOf(context, test.low, 0)
  const high = countOf(context, test.high, 0)
  if (low === undefined || high === undefined) return undefined
  return low > high ? report(context, diagnostic('E409', span, {})) : { kind: 'between', low, high }
}

function sequenceOf(context: Context, node: SequenceNode): Test | undefined {
  const size = node.steps.length + 1
  if (size > maxSteps) {
    report(context, diagnostic('E608', node.span, { limit: maxSteps, found: size }))
  }
  const last = node.steps.at(-1)
  if (last?.absent === true && last.within === undefined) {
    report(context, diagnostic('E417', last.span, {}))
  }
  const first = selectionOf(context, node.first)
  const window = eventWindow(context, node.windows, first?.event, node.first)
  const steps = node.steps.map((step) => stepOf(context, step))
  if (first === undefined || window === undefined) return undefined
  if (!steps.every((step) => step !== undefined)) return undefined
  const { selection } = first
  // oxlint-disable-next-line unicorn/no-thenable -- the steps that follow; a list is never awaited
  const test: Test = { kind: 'sequence', first: selection, then: steps, window, span: node.span }
  return negate(test, node.negated)
}

function stepOf(context: Context, node: StepNode): SequenceStep | undefined {
  const selected = selectionOf(context, node.event)
  const within = node.within && durationOf(context, node.within)
  if (selected === undefined || (node.within !== undefined && within === undefined)) {
    return undefined
  }
  const limit = within === undefined ? {} : { within }
  return { event: selected.selection, ...limit, absent: node.absent }
}

function occurrenceOf(context: Context, node: OccurrenceNode): Test | undefined {
  const selected = selectionOf(context, node.event)
  const test =
    node.test.kind === 'happened'
      ? happenedOf(context, node.test.when)
      : selected && hadOf(context, node.test.where, selected.event)
  if (selected === undefined || test === undefined) return undefined
  const { which, span } = node
  return { kind: 'occurrence', which, event: selected.selection, test, span }
}

function happenedOf(context: Context, node: Parameters<typeof timeTestOf>[1]) {
  const when = timeTestOf(context, node)
  if (when?.kind === 'in' && when.window.kind === 'next') {
    return report(context, diagnostic('E410', node.span, {}))
  }
  return when && ({ kind: 'happened', when } as const)
}

function hadOf(context: Context, node: ConditionNode, event: CatalogEvent) {
  const where = propertyTestOf(context, node, event)
  return where && ({ kind: 'had', where } as const)
}

function metricTestOf(context: Context, node: MetricNode): Test | undefined {
  const found = metricOf(context, node)
  if (found === undefined) return undefined
  const { metric, type } = found
  // Nothing but literals can stand beside a metric: attributes are another relation.
  const name = node.over.event.name.text
  const scope = { kind: 'customer', fields: [] } as const
  const test = valueTestOf(context, node.test, { name, type, scope })
  return test && { kind: 'metric', metric, type, test, span: node.span }
}

const rankable: ReadonlySet<string> = new Set([
  'integer',
  'decimal',
  'money',
  'percent',
  'score',
  'date',
  'timestamp',
])

function rankOf(context: Context, node: RankNode): Test | undefined {
  const limit = limitOf(context, node.limit)
  const by = rankedBy(context, node)
  const among = node.among && resolve(context, node.among, context.catalog.audiences, 'E306')
  if (limit === undefined || by === undefined) return undefined
  if (node.among !== undefined && among === undefined) return undefined
  const population = among === undefined ? {} : { among: among.id }
  return { kind: 'rank', side: node.side, limit, by, ...population, span: node.span }
}

function limitOf(context: Context, node: RankNode['limit']): RankTest['limit'] | undefined {
  if (node.kind === 'percent') {
    const percent = percentOf(context, node)
    return percent === undefined ? undefined : { kind: 'percent', percent }
  }
  const count = countOf(context, node, 1)
  return count === undefined ? undefined : { kind: 'count', count }
}

/** A share of a whole: above 0%, at most 100%; "10" for 10%. */
export function percentOf(
  context: Context,
  { value, span }: RankNode['limit'] & { readonly kind: 'percent' },
): string | undefined {
  if (compareDecimals(value, '0') > 0 && compareDecimals(value, '100') <= 0) return value
  return report(context, diagnostic('E414', span, { found: `${value}%` }))
}

function rankedBy(context: Context, { by }: RankNode): RankTest['by'] | undefined {
  if (by.kind === 'aggregate') return aggregateOf(context, by)?.aggregate
  const field = resolveField(context, by, customerScope(context))
  if (field === undefined) return undefined
  if (rankable.has(field.type.kind)) {
    return { kind: 'attribute', attribute: field.id, type: field.type }
  }
  const args = { field: by.text, type: field.type.kind }
  return report(context, diagnostic('E415', by.span, args))
}

function audienceOf(context: Context, node: AudienceNode): Test | undefined {
  const audience = resolve(context, node.name, context.catalog.audiences, 'E306')
  if (audience === undefined) return undefined
  return negate({ kind: 'audience', audience: audience.id, span: node.span }, node.negated)
}

function tagsOf(context: Context, node: TagsNode): Test | undefined {
  const tags = node.names.map((name) => {
    const tag = resolve(context, name, context.catalog.tags, 'E304')
    return tag !== undefined && mayRead(context, name, tag) ? tag.id : undefined
  })
  if (!tags.every((tag) => tag !== undefined)) return undefined
  return { kind: 'tags', quantifier: node.quantifier, tags, span: node.span }
}
