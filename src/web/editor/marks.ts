/** Diagnostics of the language as marks of the editor. */
import { renderDiagnostic } from '#grammar'
import type { Diagnostic, Language } from '#grammar'
import type { Diagnostic as Mark } from '@codemirror/lint'

export const marksOf = (diagnostics: readonly Diagnostic[], language: Language): readonly Mark[] =>
  diagnostics.map((found) => ({
    from: found.span.start,
    to: found.span.end,
    severity: found.severity,
    message: renderDiagnostic(found, language).replaceAll('`', ''),
  }))
