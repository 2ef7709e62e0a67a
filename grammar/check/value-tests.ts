/** Tests of one value, by the type of the value. */
import type { ComparisonSign, TimeTestNode, ValueTestNode } from '../ast/nodes.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import { spell } from '../syntax/keywords.ts'
import type { Concept } from '../syntax/keywords.ts'
import { compareDecimals } from '../syntax/decimals.ts'
import { maxListValues } from '../syntax/limits.ts'
import type { ValueType } from './catalog.ts'
import type { Operand, Scalar, TimeTest, ValueTest } from './checked-rule.ts'
import { report } from './context.ts'
import type { Context } from './context.ts'
import { oneLiteral, operandDuration, pointOf, windowOf } from './durations.ts'
import { operandOf, operandsOf } from './literals.ts'
import type { Subject } from './literals.ts'

type Kind = ValueType['kind']

const ordered: ReadonlySet<Kind> = new Set<Kind>([
  'integer',
  'decimal',
  'money',
  'percent',
  'score',
  'date',
  'timestamp',
])
const listable: ReadonlySet<Kind> = new Set<Kind>([
  ...ordered,
  'text',
  'enum',
  'region',
  'month-day',
])
const temporal: ReadonlySet<Kind> = new Set<Kind>(['date', 'timestamp'])
const yearly: ReadonlySet<Kind> = new Set<Kind>(['date', 'timestamp', 'month-day'])
const textual: ReadonlySet<Kind> = new Set<Kind>(['text'])

export function valueTestOf(
  context: Context,
  node: ValueTestNode,
  subject: Subject,
): ValueTest | undefined {
  switch (node.kind) {
    case 'compare':
      return comparisonOf(context, node, subject)
    case 'between': {
      if (!fits(context, node, subject, ordered, 'Between')) return undefined
      const low = operandOf(context, node.low, subject)
      const high = operandOf(context, node.high, subject)
      if (low === undefined || high === undefined) return undefined
      if (isGreater(low, high)) return report(context, diagnostic('E409', node.span, {}))
      return { kind: 'between', low, high }
    }
    case 'in': {
      if (!fits(context, node, subject, listable, node.negated ? 'NotIn' : 'In')) return undefined
      const operands = operandsOf(context, node.operands, subject)
      if (operands === undefined) return undefined
      if (operands.length <= maxListValues) return { kind: 'in', operands, negated: node.negated }
      const args = { limit: maxListValues, found: operands.length }
      return report(context, diagnostic('E607', node.span, args))
    }
    case 'contains':
    case 'starts-with':
      return textTestOf(context, node, subject)
    case 'known':
    case 'unknown':
      return { kind: node.kind }
    case 'anniversary': {
      if (!fits(context, node, subject, yearly, 'Anniversary')) return undefined
      const window = windowOf(context, node.window)
      return window && { kind: 'anniversary', window }
    }
    case 'ago':
    case 'before':
    case 'after':
    case 'on':
    case 'window':
      return whenOf(context, node, subject)
  }
}

const signWords = {
  '=': 'Is',
  '!=': 'IsNot',
  '<': undefined,
  '<=': undefined,
  '>': undefined,
  '>=': undefined,
} as const satisfies Record<ComparisonSign, Concept | undefined>

function comparisonOf(
  context: Context,
  node: ValueTestNode & { readonly kind: 'compare' },
  subject: Subject,
): ValueTest | undefined {
  const { op } = node
  const isOrder = op !== '=' && op !== '!='
  if (isOrder && !fits(context, node, subject, ordered, op)) return undefined
  const word = signWords[op]
  if (word !== undefined && node.operand.kind === 'length' && temporal.has(subject.type.kind)) {
    fits(context, node, subject, textual, word)
    return undefined
  }
  const operand = operandOf(context, node.operand, subject)
  return operand && { kind: 'compare', op, operand }
}

/** Reports a comparison that the type of the value does not know. */
function fits(
  context: Context,
  node: ValueTestNode,
  { name, type }: Subject,
  kinds: ReadonlySet<Kind>,
  comparison: Concept | ComparisonSign,
): boolean {
  if (kinds.has(type.kind)) return true
  const isSign = (word: string): word is ComparisonSign => word in signWords
  const written = isSign(comparison) ? comparison : spell(comparison, context.surface)
  const args = { field: name, type: type.kind, comparison: written }
  report(context, diagnostic('E401', node.span, args))
  return false
}

/** Only literals of one kind can be compared before the rule runs. */
function isGreater(low: Operand, high: Operand): boolean {
  if (low.kind !== 'literal' || high.kind !== 'literal') return false
  const [a, b] = [low.value, high.value]
  if (isNumeric(a) && isNumeric(b)) return compareDecimals(a.value, b.value) > 0
  const [from, to] = [dayOf(a), dayOf(b)]
  return from !== undefined && to !== undefined && from > to
}

type NumericScalar = Scalar & { readonly kind: 'number' | 'money' | 'percent' }

const isNumeric = (value: Scalar): value is NumericScalar =>
  value.kind === 'number' || value.kind === 'money' || value.kind === 'percent'

const dayOf = (value: Scalar): string | undefined =>
  value.kind === 'date' || value.kind === 'timestamp' ? value.value.slice(0, 10) : undefined

const textConcepts = {
  contains: ['Contains', 'NotContains'],
  'starts-with': ['StartsWith', 'NotStartsWith'],
} as const

function textTestOf(
  context: Context,
  node: ValueTestNode & { readonly kind: 'contains' | 'starts-with' },
  subject: Subject,
): ValueTest | undefined {
  const { kind, negated, ignoreCase } = node
  if (!fits(context, node, subject, textual, textConcepts[kind][negated ? 1 : 0])) return undefined
  const literal = oneLiteral(context, node.text, true)
  if (literal === undefined) return undefined
  if (literal.kind === 'text') return { kind, text: literal.value, ignoreCase, negated }
  const operand = operandOf(context, literal, subject)
  // A parameter that is no text: saying so is all that is left.
  return operand && undefined
}

const timeConcepts = {
  ago: 'Ago',
  before: 'Before',
  after: 'After',
  on: 'On',
  window: 'Last',
} as const satisfies Record<TimeTestNode['kind'], Concept>

function whenOf(context: Context, node: TimeTestNode, subject: Subject): ValueTest | undefined {
  if (node.kind === 'window' && subject.type.kind === 'month-day') {
    const window = windowOf(context, node.window)
    return window && { kind: 'anniversary', window }
  }
  if (!fits(context, node, subject, temporal, timeConcepts[node.kind])) return undefined
  const when = timeTestOf(context, node)
  return when && { kind: 'when', when }
}

export function timeTestOf(context: Context, node: TimeTestNode): TimeTest | undefined {
  switch (node.kind) {
    case 'ago': {
      const { op } = node
      if (op === '=' || op === '!=') return report(context, diagnostic('E411', node.span, {}))
      const duration = operandDuration(context, node.length)
      return duration && { kind: 'ago', op, duration }
    }
    case 'before':
    case 'after':
    case 'on': {
      const point = pointOf(context, node.point)
      return point && { kind: node.kind, point }
    }
    case 'window': {
      const window = windowOf(context, node.window)
      return window && { kind: 'in', window }
    }
  }
}
