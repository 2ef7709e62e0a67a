/** Short hands for tests that read rules over the shop's catalogue. */
import { readRule } from '#grammar'
import type { CheckedRule, ParameterValue, Test } from '#grammar'
import { shopCatalog } from './shop-catalog.ts'

export function ruleOf(
  text: string,
  params?: Readonly<Record<string, ParameterValue>>,
): CheckedRule {
  const { rule, diagnostics } = readRule(text, shopCatalog, params)
  if (rule === undefined) throw new Error(`refused: ${text}\n${JSON.stringify(diagnostics)}`)
  return rule
}

export const hashOf = (text: string): string | undefined => readRule(text, shopCatalog).ruleHash

/** The one test of `customers who …`. */
export const testOf = (clause: string, params?: Readonly<Record<string, ParameterValue>>): Test =>
  ruleOf(`customers who ${clause}`, params).include

/** Code and words of every diagnostic, in the order of the text. */
export const problemsOf = (
  text: string,
  params?: Readonly<Record<string, ParameterValue>>,
): string[] =>
  readRule(text, shopCatalog, params).diagnostics.map(({ code, span }) =>
    `${code} ${text.slice(span.start, span.end)}`.trim(),
  )
