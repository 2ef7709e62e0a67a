/** A tree and a catalogue → a checked rule, or everything that is wrong with it. */
import type { RuleAst } from '../ast/nodes.ts'
import { byPosition, diagnostic, isError } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { maxTests } from '../syntax/limits.ts'
import type { RuleCatalog } from './catalog.ts'
import { categoriesOf } from './categories.ts'
import type { CheckedRule } from './checked-rule.ts'
import { percentOf, testOf } from './conditions.ts'
import type { CheckOptions, Context } from './context.ts'
import { headerOf } from './header.ts'
import { missingDataWarnings } from './missing-data.ts'
import { checkParameters } from './parameters.ts'
import { countTests } from './walk.ts'

export interface Checked {
  /** Present when there is no error. */
  readonly rule?: CheckedRule
  readonly diagnostics: readonly Diagnostic[]
  /** Data categories that the rule as written reads, sorted; empty without a rule. */
  readonly categories: readonly string[]
}

export function check(ast: RuleAst, catalog: RuleCatalog, options: CheckOptions = {}): Checked {
  const surface = options.surface ?? 'en'
  const context: Context = { catalog, rule: ast, options, surface, found: [] }
  checkParameters(context)
  const rule = ruleOf(context)
  if (rule !== undefined) checkSize(context, rule)
  context.found.push(...missingDataWarnings(context))
  const diagnostics = context.found.sort(byPosition)
  if (rule === undefined || diagnostics.some(isError)) return { diagnostics, categories: [] }
  return { rule, diagnostics, categories: categoriesOf(rule, catalog) }
}

function ruleOf(context: Context): CheckedRule | undefined {
  const { include, exclude, sample } = context.rule
  const header = headerOf(context)
  const included = testOf(context, include)
  const excluded = exclude.map(({ condition }) => testOf(context, condition))
  const percent = sample && percentOf(context, sample.percent)
  if (included === undefined || !excluded.every((test) => test !== undefined)) return undefined
  if (sample !== undefined && percent === undefined) return undefined
  const sampled =
    sample === undefined || percent === undefined
      ? {}
      : { sample: { percent, seed: sample.seed.value } }
  return { version: 1, header, include: included, exclude: excluded, ...sampled }
}

function checkSize(context: Context, rule: CheckedRule): void {
  const found = countTests(rule)
  if (found <= maxTests) return
  context.found.push(diagnostic('E606', context.rule.span, { limit: maxTests, found }))
}
