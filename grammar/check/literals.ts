/** Literals and names of fields → operands of the type that they are compared as. */
import type { LiteralNode, OperandNode } from '../ast/nodes.ts'
import { printOperand, printText } from '../ast/print-values.ts'
import { diagnostic, replacement } from '../diagnostics/diagnostic.ts'
import { spanOf } from '../source/span.ts'
import { spellCurrency } from '../syntax/currencies.ts'
import { isMonthDay } from '../syntax/dates.ts'
import { compareDecimals, decimalPlaces, shiftDecimal } from '../syntax/decimals.ts'
import { maxDecimals, maxWholeDigits } from '../syntax/limits.ts'
import type { EnumValue, RegionValue, ValueType } from './catalog.ts'
import type { Operand, Scalar } from './checked-rule.ts'
import { nearest, report } from './context.ts'
import type { Context } from './context.ts'
import { oneLiteral } from './durations.ts'
import { lookUp } from './names.ts'
import type { Named } from './names.ts'
import { literalsOf } from './parameters.ts'
import { resolveField } from './fields.ts'
import type { FieldScope } from './fields.ts'

/** The field whose value is tested, and what else can be named beside it. */
export interface Subject {
  /** As written, for messages. */
  readonly name: string
  readonly type: ValueType
  readonly scope: FieldScope
}

const takesText = (type: ValueType): boolean =>
  ['text', 'enum', 'region', 'month-day'].includes(type.kind)

export function operandOf(
  context: Context,
  node: OperandNode,
  subject: Subject,
): Operand | undefined {
  if (node.kind === 'name') return fieldOperand(context, node, subject)
  const literal = oneLiteral(context, node, takesText(subject.type))
  return literal && literalOperand(context, literal, subject)
}

/** The values of a list; a parameter may stand for all of them. */
export function operandsOf(
  context: Context,
  nodes: readonly OperandNode[],
  subject: Subject,
): readonly Operand[] | undefined {
  const literals = nodes.flatMap((node): readonly (OperandNode | undefined)[] =>
    node.kind === 'variable'
      ? (literalsOf(context, node, takesText(subject.type)) ?? [undefined])
      : [node],
  )
  const operands = literals.map((node) => node && operandOf(context, node, subject))
  return operands.every((operand) => operand !== undefined) ? operands : undefined
}

function fieldOperand(
  context: Context,
  node: OperandNode & { readonly kind: 'name' },
  subject: Subject,
): Operand | undefined {
  const { type } = subject
  const isValue =
    (type.kind === 'enum' || type.kind === 'region') &&
    lookUp<Named>(type.values, node.text).kind === 'found' &&
    lookUp(subject.scope.fields, node.text).kind === 'unknown'
  if (isValue) {
    const quoted = replacement(node.span, printText(node.text), 'machine-applicable')
    const args = { value: node.text, field: subject.name }
    return report(context, diagnostic('E316', node.span, args, [quoted]))
  }
  const field = resolveField(context, node, subject.scope)
  if (field === undefined) return undefined
  if (areComparable(type, field.type)) {
    return { kind: 'field', field: field.id, type: field.type }
  }
  if (type.kind === 'money' && field.type.kind === 'money') {
    const args = { found: field.type.currency, currency: type.currency }
    return report(context, diagnostic('E403', node.span, args))
  }
  return report(
    context,
    diagnostic('E407', node.span, {
      field: subject.name,
      type: type.kind,
      other: node.text,
      otherType: field.type.kind,
    }),
  )
}

const plainNumbers: ReadonlySet<string> = new Set(['integer', 'decimal', 'score'])
const days: ReadonlySet<string> = new Set(['date', 'timestamp'])

function areComparable(a: ValueType, b: ValueType): boolean {
  if (a.kind === 'money' && b.kind === 'money') return a.currency === b.currency
  if (plainNumbers.has(a.kind) && plainNumbers.has(b.kind)) return true
  if (days.has(a.kind) && days.has(b.kind)) return true
  return a.kind === b.kind
}

function literalOperand(
  context: Context,
  node: LiteralNode,
  subject: Subject,
): Operand | undefined {
  const { type } = subject
  if (node.kind === 'today' && (days.has(type.kind) || type.kind === 'month-day')) {
    return { kind: 'today' }
  }
  const value = scalarOf(context, node, subject)
  return value && { kind: 'literal', value }
}

function scalarOf(context: Context, node: LiteralNode, subject: Subject): Scalar | undefined {
  const { type } = subject
  switch (type.kind) {
    case 'integer':
    case 'decimal':
    case 'score':
      return numberScalar(context, node, subject)
    case 'money':
      return moneyScalar(context, node, subject, type)
    case 'percent': {
      if (node.kind === 'percent') {
        if (!hasFewDigits(context, node)) return undefined
        return { kind: 'percent', value: shiftDecimal(node.value, -2) }
      }
      if (node.kind !== 'number') return mismatch(context, node, subject)
      const percent = `${shiftDecimal(node.value, 2)}%`
      return mismatch(context, node, subject, percent)
    }
    case 'text':
      return node.kind === 'text'
        ? { kind: 'text', value: node.value }
        : mismatch(context, node, subject)
    case 'enum': {
      const entry = namedValue(context, node, subject, type.values)
      return entry && { kind: 'enum', value: entry.id }
    }
    case 'region': {
      const entry = namedValue(context, node, subject, type.values)
      return entry && { kind: 'region', value: entry.id, codes: codesBelow(entry.id, type.values) }
    }
    case 'boolean':
      return node.kind === 'boolean'
        ? { kind: 'boolean', value: node.value }
        : mismatch(context, node, subject)
    case 'date':
    case 'timestamp': {
      if (node.kind !== 'date') return mismatch(context, node, subject)
      const hasTime = node.value.includes('T')
      if (hasTime && type.kind === 'date') return mismatch(context, node, subject)
      return { kind: hasTime ? 'timestamp' : 'date', value: node.value }
    }
    case 'month-day':
      return node.kind === 'text' && isMonthDay(node.value)
        ? { kind: 'month-day', value: node.value }
        : mismatch(context, node, subject)
  }
}

function mismatch(
  context: Context,
  node: LiteralNode,
  { name, type }: Subject,
  meant?: string,
): undefined {
  const found = printOperand(node, context.surface)
  const fixes = meant === undefined ? [] : [replacement(node.span, meant)]
  const args = { field: name, type: type.kind, found }
  return report(context, diagnostic('E404', node.span, args, fixes))
}

function hasFewDigits(context: Context, node: LiteralNode & { readonly value: string }): boolean {
  const [whole = ''] = node.value.replace('-', '').split('.')
  if (whole.length <= maxWholeDigits && decimalPlaces(node.value) <= maxDecimals) return true
  const args = { wholeDigits: maxWholeDigits, decimals: maxDecimals }
  report(context, diagnostic('E609', node.span, args))
  return false
}

function numberScalar(context: Context, node: LiteralNode, subject: Subject): Scalar | undefined {
  const { name, type } = subject
  if (node.kind !== 'number') return mismatch(context, node, subject)
  if (!hasFewDigits(context, node)) return undefined
  if (type.kind === 'integer' && decimalPlaces(node.value) > 0) {
    return mismatch(context, node, subject)
  }
  if (type.kind === 'score') {
    const { low, high } = type
    const isBelow = compareDecimals(node.value, String(low)) < 0
    if (isBelow || compareDecimals(node.value, String(high)) > 0) {
      return report(context, diagnostic('E406', node.span, { field: name, low, high }))
    }
  }
  return { kind: 'number', value: node.value }
}

function moneyScalar(
  context: Context,
  node: LiteralNode,
  subject: Subject,
  { currency, scale }: ValueType & { readonly kind: 'money' },
): Scalar | undefined {
  if (node.kind === 'number') {
    const { end } = node.span
    const unit = spellCurrency(currency, context.surface)
    const edits = [{ span: spanOf(end, end), text: ` ${unit}` }]
    const fix = { title: `${node.value} ${unit}`, applicability: 'maybe-incorrect' as const, edits }
    return report(context, diagnostic('E402', node.span, { currency }, [fix]))
  }
  if (node.kind !== 'money') return mismatch(context, node, subject)
  if (node.currency !== currency) {
    return report(context, diagnostic('E403', node.span, { found: node.currency, currency }))
  }
  if (decimalPlaces(node.value) > scale) {
    return report(context, diagnostic('E405', node.span, { scale }))
  }
  return hasFewDigits(context, node) ? { kind: 'money', value: node.value, currency } : undefined
}

/** A value of an enumeration or a region, by label or id. */
function namedValue<Value extends EnumValue>(
  context: Context,
  node: LiteralNode,
  subject: Subject,
  values: readonly Value[],
): Value | undefined {
  if (node.kind !== 'text') return mismatch(context, node, subject)
  const result = lookUp(values, node.value)
  if (result.kind === 'found') return result.entry
  if (result.kind === 'ambiguous') {
    const candidates = result.entries.map(({ id }) => id)
    const fixes = candidates.map((id) => replacement(node.span, printText(id)))
    return report(context, diagnostic('E312', node.span, { name: node.value, candidates }, fixes))
  }
  const suggestions = nearest(context, node.value, values)
  const fixes = suggestions.map((label) => replacement(node.span, printText(label)))
  const args = { name: node.value, field: subject.name, suggestions }
  return report(context, diagnostic('E305', node.span, args, fixes))
}

/** The code itself and everything below it, sorted. */
export function codesBelow(id: string, values: readonly RegionValue[]): readonly string[] {
  const found = new Set([id])
  // A parent may be listed after its child, so the list is gone through until nothing is added.
  for (let size = 0; size < found.size;) {
    size = found.size
    for (const { id: code, parent } of values) {
      if (parent !== undefined && found.has(parent)) found.add(code)
    }
  }
  return [...found].sort()
}
