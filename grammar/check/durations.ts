/** Counts, lengths, points and windows as the evaluator wants them. */
import type {
  CountNode,
  EventNode,
  LengthNode,
  LiteralNode,
  OperandNode,
  PointNode,
  UnitName,
  VariableNode,
  WindowNode,
} from '../ast/nodes.ts'
import { printOperand } from '../ast/print-values.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import { cover } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { maxCount, maxLengthYears } from '../syntax/limits.ts'
import type { CatalogEvent } from './catalog.ts'
import type { Duration, Point, Window } from './checked-rule.ts'
import { report } from './context.ts'
import type { Context } from './context.ts'
import { literalsOf } from './parameters.ts'

/** The only value of a parameter, or the literal itself. */
export function oneLiteral(
  context: Context,
  node: LiteralNode | VariableNode,
  wantsText = false,
): LiteralNode | undefined {
  if (node.kind !== 'variable') return node
  const literals = literalsOf(context, node, wantsText)
  if (literals === undefined) return undefined
  const [only, ...others] = literals
  if (only !== undefined && others.length === 0) return only
  return report(context, diagnostic('E418', node.span, { name: node.name, found: literals.length }))
}

/** A whole number from `least` up. */
export function countOf(context: Context, node: CountNode, least: number): number | undefined {
  const literal = oneLiteral(context, node)
  if (literal === undefined) return undefined
  const found = printOperand(literal, context.surface)
  const count = literal.kind === 'number' ? Number(literal.value) : Number.NaN
  if (Number.isInteger(count) && count >= least && count <= maxCount) return count
  return report(context, diagnostic('E408', node.span, { found, least, most: maxCount }))
}

const daysByUnit = {
  minute: 1 / 1440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  quarter: 91,
  year: 365,
} as const satisfies Record<UnitName, number>

export function durationOf(context: Context, node: LengthNode): Duration | undefined {
  const { unit } = node
  if (unit !== undefined) {
    const count = countOf(context, node.count, 1)
    if (count === undefined) return undefined
    const isLong = count * daysByUnit[unit] > maxLengthYears * daysByUnit.year
    if (!isLong) return { count, unit }
    return report(context, diagnostic('E610', node.span, { years: maxLengthYears }))
  }
  const literal = oneLiteral(context, node.count)
  if (literal === undefined) return undefined
  if (literal.kind === 'length' && literal.unit !== undefined) return durationOf(context, literal)
  return reportNoDuration(context, literal, node.span)
}

/** The length in "more than … ago". */
export function operandDuration(context: Context, node: OperandNode): Duration | undefined {
  if (node.kind === 'length') return durationOf(context, node)
  if (node.kind === 'variable') {
    return durationOf(context, { kind: 'length', count: node, span: node.span })
  }
  return reportNoDuration(context, node, node.span)
}

const reportNoDuration = (context: Context, node: OperandNode, span: Span): undefined =>
  report(context, diagnostic('E419', span, { found: printOperand(node, context.surface) }))

export function pointOf(context: Context, node: PointNode): Point | undefined {
  if (node.kind === 'today') return { kind: 'today' }
  const literal = oneLiteral(context, node)
  if (literal === undefined) return undefined
  if (literal.kind === 'today') return { kind: 'today' }
  if (literal.kind === 'date') {
    return { kind: literal.value.includes('T') ? 'timestamp' : 'date', value: literal.value }
  }
  const found = printOperand(literal, context.surface)
  return report(context, diagnostic('E420', node.span, { found }))
}

export function windowOf(context: Context, node: WindowNode): Window | undefined {
  switch (node.kind) {
    case 'last':
    case 'last-full':
    case 'next': {
      const duration = durationOf(context, node.length)
      return duration && { kind: node.kind, ...duration }
    }
    case 'this':
    case 'previous':
      return { kind: node.kind, unit: node.unit }
    case 'today':
    case 'yesterday':
    case 'ever':
      return { kind: node.kind }
    case 'since': {
      const from = pointOf(context, node.from)
      return from && { kind: 'since', from }
    }
    case 'from-to': {
      const from = pointOf(context, node.from)
      const to = pointOf(context, node.to)
      if (from === undefined || to === undefined) return undefined
      if (isLater(from, to)) {
        return report(context, diagnostic('E409', cover(node.from.span, node.to.span), {}))
      }
      return { kind: 'from-to', from, to }
    }
  }
}

/** Only days can be compared without knowing the run; text order is the order of dates. */
const isLater = (from: Point, to: Point): boolean =>
  from.kind !== 'today' && to.kind !== 'today' && from.value.slice(0, 10) > to.value.slice(0, 10)

/** A window that events can lie in: not ahead, and not beyond the time that the event is kept. */
export function eventWindow(
  context: Context,
  nodes: readonly WindowNode[],
  event: CatalogEvent | undefined,
  name: EventNode,
): Window | undefined {
  // None or several is a mistake of syntax, reported where the text was read.
  const [node] = nodes
  const window = node && windowOf(context, node)
  if (node === undefined || window === undefined) return undefined
  if (window.kind === 'next') return report(context, diagnostic('E410', node.span, {}))
  const days = event?.retentionDays
  if (days === undefined || (window.kind !== 'last' && window.kind !== 'last-full')) return window
  if (window.count * daysByUnit[window.unit] <= days) return window
  return report(context, diagnostic('E604', node.span, { event: name.name.text, days }))
}
