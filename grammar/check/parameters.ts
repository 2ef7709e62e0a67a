/** Parameters → the literals that they stand for. */
import type { LiteralNode, VariableNode } from '../ast/nodes.ts'
import { diagnostic, replacement } from '../diagnostics/diagnostic.ts'
import { suggest } from '../diagnostics/suggest.ts'
import type { Span } from '../source/span.ts'
import { spanOf } from '../source/span.ts'
import { normaliseDecimal } from '../syntax/decimals.ts'
import { parseLiteral } from '../syntax/parse.ts'
import { printVariable } from '../ast/print-values.ts'
import { report } from './context.ts'
import type { Context, ParameterScalar, ParameterValue } from './context.ts'

/**
 * The values of a parameter: what was passed in, else what the text gives; a list has several.
 *
 * A text that is passed in stays a text where one is wanted, and is read as a literal elsewhere ("5000 CNY").
 */
export function literalsOf(
  context: Context,
  variable: VariableNode,
  wantsText: boolean,
): readonly LiteralNode[] | undefined {
  const { name, span } = variable
  const declared = context.rule.parameters.find((parameter) => parameter.variable.name === name)
  if (declared === undefined) {
    const names = context.rule.parameters.map((parameter) => parameter.variable.name)
    const suggestions = suggest(name, names).map(printVariable)
    const fixes = suggestions.map((suggestion) => replacement(span, suggestion))
    return report(context, diagnostic('E310', span, { name, suggestions }, fixes))
  }
  const passed = passedValue(context, name)
  if (passed !== undefined) {
    const values = isList(passed) ? passed : [passed]
    return values.map((value) => literalOf(value, span, wantsText))
  }
  if (declared.value !== undefined) return [{ ...declared.value, span }]
  return report(context, diagnostic('E311', span, { name }))
}

const isList = (value: ParameterValue): value is readonly ParameterScalar[] => Array.isArray(value)

function passedValue(context: Context, name: string): ParameterValue | undefined {
  const { params = {} } = context.options
  return Object.hasOwn(params, name) ? params[name] : undefined
}

function literalOf(value: ParameterScalar, span: Span, wantsText: boolean): LiteralNode {
  if (typeof value === 'boolean') return { kind: 'boolean', value, span }
  if (typeof value === 'number') {
    const text = String(value)
    // Numbers beyond the digits of a rule have an exponent and cannot be meant exactly.
    return /^-?\d+(\.\d+)?$/.test(text)
      ? { kind: 'number', value: normaliseDecimal(text), span }
      : { kind: 'text', value: text, span }
  }
  const literal = wantsText ? undefined : parseLiteral(value)
  return literal === undefined ? { kind: 'text', value, span } : { ...literal, span }
}

/** Parameters declared twice, and values for parameters that the text does not declare. */
export function checkParameters(context: Context): void {
  const declared = new Set<string>()
  for (const { variable } of context.rule.parameters) {
    const { name, span } = variable
    if (declared.has(name)) report(context, diagnostic('E314', span, { name }))
    declared.add(name)
  }
  for (const name of Object.keys(context.options.params ?? {})) {
    if (declared.has(name)) continue
    const { start } = context.rule.span
    const suggestions = suggest(name, declared)
    report(context, diagnostic('E315', spanOf(start, start), { name, suggestions }))
  }
}
