/** What is wrong with a line or with its rule, as it is answered. */
import { renderDiagnostic } from '#grammar'
import type { Diagnostic, Fix, Language, Span } from '#grammar'

export interface Problem {
  readonly code: string
  /** Into the rule; null when something else than the rule is wrong. */
  readonly span: Span | null
  readonly message: string
  readonly severity?: Diagnostic['severity']
  readonly fixes?: readonly Fix[]
}

export const problem = (code: string, message: string): Problem => ({ code, span: null, message })

export function asJson(found: Diagnostic, language: Language): Problem {
  const { code, severity, span, fixes } = found
  const message = renderDiagnostic(found, language)
  return { code, severity, span, message, ...(fixes === undefined ? {} : { fixes }) }
}

export const problemsOf = (found: readonly Diagnostic[], language: Language): Problem[] =>
  found.filter(({ severity }) => severity === 'error').map((each) => asJson(each, language))
