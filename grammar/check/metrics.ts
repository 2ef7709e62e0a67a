/** Aggregates over events, ratios of them, and what is compared with them. */
import type { AggregateNode, MetricNode, OperandNode, ValueTestNode } from '../ast/nodes.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import { cover } from '../source/span.ts'
import { spell } from '../syntax/keywords.ts'
import type { CatalogEvent, CatalogProperty, ValueType } from './catalog.ts'
import type { Aggregate, Metric } from './checked-rule.ts'
import { report } from './context.ts'
import type { Context } from './context.ts'
import { eventWindow } from './durations.ts'
import { selectionOf } from './events.ts'
import { resolveProperty } from './fields.ts'
import { literalsOf } from './parameters.ts'

export interface TypedAggregate {
  readonly aggregate: Aggregate
  readonly type: ValueType
}

const concepts = {
  count: 'Count',
  sum: 'Sum',
  average: 'Average',
  min: 'Min',
  max: 'Max',
  distinct: 'Distinct',
} as const

const summable: ReadonlySet<string> = new Set(['integer', 'decimal', 'money', 'percent', 'score'])
const orderable: ReadonlySet<string> = new Set([...summable, 'date', 'timestamp'])

export function aggregateOf(context: Context, node: AggregateNode): TypedAggregate | undefined {
  const selected = selectionOf(context, node.event)
  const window = eventWindow(context, node.windows, selected?.event, node.event)
  const property = propertyOf(context, node, selected?.event)
  const type = property && resultType(context, node, property)
  if (selected === undefined || window === undefined) return undefined
  if (property === undefined || type === undefined) return undefined
  const of = property === 'none' ? {} : { property: { id: property.id, type: property.type } }
  const { fn } = node
  return { aggregate: { kind: 'aggregate', fn, event: selected.selection, ...of, window }, type }
}

/** `none` where the aggregate takes none; undefined where something is wrong. */
function propertyOf(
  context: Context,
  node: AggregateNode,
  event: CatalogEvent | undefined,
): CatalogProperty | 'none' | undefined {
  const aggregate = spell(concepts[node.fn], context.surface)
  if (node.property === undefined) {
    if (node.fn === 'count') return 'none'
    return report(context, diagnostic('E412', node.span, { aggregate, wanted: true }))
  }
  if (node.fn === 'count') {
    return report(context, diagnostic('E412', node.property.span, { aggregate, wanted: false }))
  }
  return event && resolveProperty(context, node.property, event)
}

function resultType(
  context: Context,
  node: AggregateNode,
  property: CatalogProperty | 'none',
): ValueType | undefined {
  if (property === 'none' || node.fn === 'count' || node.fn === 'distinct')
    return { kind: 'integer' }
  const { type } = property
  const takes = node.fn === 'min' || node.fn === 'max' ? orderable : summable
  if (!takes.has(type.kind)) {
    const aggregate = spell(concepts[node.fn], context.surface)
    const field = property.label[context.surface]
    const span = node.property?.span ?? node.span
    return report(context, diagnostic('E413', span, { aggregate, field, type: type.kind }))
  }
  if (node.fn === 'min' || node.fn === 'max') return type
  // Sums leave the range of a score, and averages are rarely whole.
  if (type.kind === 'score' || node.fn === 'average') {
    return type.kind === 'integer' || type.kind === 'score' ? { kind: 'decimal' } : type
  }
  return type
}

export function metricOf(
  context: Context,
  node: MetricNode,
): { readonly metric: Metric; readonly type: ValueType } | undefined {
  const over = aggregateOf(context, node.over)
  if (node.under === undefined) return over && { metric: over.aggregate, type: over.type }
  const under = aggregateOf(context, node.under)
  if (over === undefined || under === undefined) return undefined
  const type = ratioType(context, node, over.type, under.type)
  return type && { metric: { kind: 'ratio', over: over.aggregate, under: under.aggregate }, type }
}

/** Money by money and number by number are plain; money by number stays money. */
function ratioType(
  context: Context,
  node: MetricNode,
  over: ValueType,
  under: ValueType,
): ValueType | undefined {
  const span = cover(node.over.span, node.under?.span ?? node.over.span)
  if (!summable.has(over.kind) || !summable.has(under.kind)) {
    return report(context, diagnostic('E416', span, {}))
  }
  if (over.kind === 'money' && under.kind !== 'money') return over
  if (over.kind === 'money' && under.kind === 'money') {
    if (over.currency !== under.currency) {
      const args = { found: under.currency, currency: over.currency }
      return report(context, diagnostic('E403', span, args))
    }
  } else if (under.kind === 'money') return report(context, diagnostic('E416', span, {}))
  return comparesPercent(context, node.test) ? { kind: 'percent' } : { kind: 'decimal' }
}

/** A ratio is what its author compares it with: 20% or 0.2. */
function comparesPercent(context: Context, test: ValueTestNode): boolean {
  const isPercent = (node: OperandNode): boolean => {
    if (node.kind !== 'variable') return node.kind === 'percent'
    // Asked only for the kind, so what is wrong with it is reported where it is used.
    return (literalsOf({ ...context, found: [] }, node, false) ?? []).some(isPercent)
  }
  if (test.kind === 'compare') return isPercent(test.operand)
  if (test.kind === 'between') return isPercent(test.low)
  return test.kind === 'in' && test.operands.some(isPercent)
}
