/** The rule language: text in, data out. The only door. */

export { parse } from './syntax/parse.ts'
export type { Parsed, ParseOptions } from './syntax/parse.ts'
export { tokenise } from './syntax/tokenise.ts'
export type { ColouredToken, TokenKind } from './syntax/tokenise.ts'

export { format } from './ast/format.ts'
export { translate } from './ast/translate.ts'
export type { Translated } from './ast/translate.ts'
export { resolvedSkeleton, skeleton } from './ast/compare.ts'
export type * from './ast/nodes.ts'

export { readRule } from './check/read-rule.ts'
export type { ReadRule } from './check/read-rule.ts'
export { check } from './check/check.ts'
export type { Checked } from './check/check.ts'
export type { CheckOptions, ParameterScalar, ParameterValue } from './check/context.ts'
export { ruleHash } from './check/rule-hash.ts'
export { categoriesOf, personalised } from './check/categories.ts'
export { legalBases } from './check/legal-bases.ts'
export type * from './check/catalog.ts'
export type * from './check/checked-rule.ts'

export { completionsAt } from './assist/completions.ts'
export type { CompletionItem, CompletionOptions, Completions } from './assist/completions.ts'

export { renderDiagnostic } from './messages/render.ts'
export type {
  Applicability,
  Diagnostic,
  DiagnosticOf,
  Edit,
  Fix,
  Severity,
} from './diagnostics/diagnostic.ts'
export type { DiagnosticArguments, DiagnosticCode } from './diagnostics/codes.ts'
export type { Romanise } from './diagnostics/suggest.ts'

export { evaluate, evaluateCustomer, explainCustomer } from './evaluate/index.ts'
export type {
  CustomerExplanation,
  Explanation,
  Measured,
  Run,
  World,
  WorldCustomer,
  WorldEvent,
  WorldValue,
  WorldValues,
} from './evaluate/index.ts'
export { ruleInWords } from './words/index.ts'
export type { RuleWords, WordsRun } from './words/index.ts'

export { cover, spanOf } from './source/span.ts'
export type { Span } from './source/span.ts'
