/** Text → checked rule, with everything that is kept of it. */
import type { RuleAst } from '../ast/nodes.ts'
import { byPosition, isError } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { parse } from '../syntax/parse.ts'
import type { Language, RuleCatalog } from './catalog.ts'
import { personalised } from './categories.ts'
import { check } from './check.ts'
import type { CheckedRule } from './checked-rule.ts'
import type { CheckOptions, ParameterValue } from './context.ts'
import { ruleHash } from './rule-hash.ts'

export interface ReadRule {
  /** Present, with its hash, when the text has no error. */
  readonly rule?: CheckedRule
  readonly ruleHash?: string
  /** Present when the text is a rule, whatever its names mean. */
  readonly ast?: RuleAst
  readonly diagnostics: readonly Diagnostic[]
  /** Data categories that the rule as written reads, sorted; empty without a rule. */
  readonly categories: readonly string[]
  /** Whether the rule reads anything about anybody; true without a rule. */
  readonly personalised: boolean
  readonly surface: Language
}

export function readRule(
  text: string,
  catalog: RuleCatalog,
  params: Readonly<Record<string, ParameterValue>> = {},
  options: Pick<CheckOptions, 'romanise'> = {},
): ReadRule {
  const { ast, partial, diagnostics: found, surface } = parse(text, options)
  const whole = ast === undefined ? {} : { ast }
  const broken = { ...whole, categories: [], personalised: true, surface }
  if (partial === undefined) return { ...broken, diagnostics: found }
  const checked = check(partial, catalog, { ...options, params, surface })
  const diagnostics = [...found, ...checked.diagnostics].sort(byPosition)
  const { rule, categories } = checked
  if (rule === undefined || diagnostics.some(isError)) return { ...broken, diagnostics }
  return {
    ...whole,
    rule,
    ruleHash: ruleHash(rule),
    diagnostics,
    categories,
    personalised: personalised(rule),
    surface,
  }
}
