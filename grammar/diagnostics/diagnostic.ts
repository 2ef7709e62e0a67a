/** What is wrong with a rule text, where, and how it may be mended. */
import type { Span } from '../source/span.ts'
import type { DiagnosticArguments, DiagnosticCode } from './codes.ts'

/** `machine-applicable` keeps the meaning for certain; the others need a person to choose or to fill in. */
export type Applicability = 'machine-applicable' | 'maybe-incorrect' | 'has-placeholders'

export interface Edit {
  readonly span: Span
  readonly text: string
}

/** `title` is a piece of rule text, so it needs no translation: what the edits would write. */
export interface Fix {
  readonly title: string
  readonly applicability: Applicability
  readonly edits: readonly Edit[]
}

export type Severity = 'error' | 'warning'

export interface DiagnosticOf<Code extends DiagnosticCode> {
  readonly code: Code
  readonly severity: Severity
  readonly span: Span
  readonly args: DiagnosticArguments[Code]
  readonly fixes?: readonly Fix[]
}

export type Diagnostic = { [Code in DiagnosticCode]: DiagnosticOf<Code> }[DiagnosticCode]

export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  span: Span,
  args: DiagnosticArguments[Code],
  fixes: readonly Fix[] = [],
): DiagnosticOf<Code> {
  const severity: Severity = code.startsWith('E') ? 'error' : 'warning'
  const found = { code, severity, span, args }
  return fixes.length > 0 ? { ...found, fixes } : found
}

export const isError = (found: Diagnostic): boolean => found.severity === 'error'

/** A fix that puts `text` in the place of `span`. */
export const replacement = (
  span: Span,
  text: string,
  applicability: Applicability = 'maybe-incorrect',
): Fix => ({ title: text, applicability, edits: [{ span, text }] })

export const byPosition = (a: Diagnostic, b: Diagnostic): number =>
  a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1)
