/** The rule language: text in, data out. The only door. */

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

export type * from './check/catalog.ts'
export type * from './check/checked-rule.ts'
export type * from './ast/nodes.ts'
export type { Span } from './source/span.ts'
export { spanOf } from './source/span.ts'

export { parse } from './syntax/parse.ts'
export type { Parsed, ParseOptions } from './syntax/parse.ts'
export { format } from './ast/format.ts'
export { resolvedSkeleton, skeleton } from './ast/compare.ts'
export type {
  Applicability,
  Diagnostic,
  DiagnosticOf,
  Edit,
  Fix,
  Severity,
} from './diagnostics/diagnostic.ts'
export type { DiagnosticArguments, DiagnosticCode } from './diagnostics/codes.ts'
