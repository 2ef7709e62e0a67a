/** Problems as RFC 9457 tells them, in the reader's language. No value of anybody, no word of a library. */
import { renderDiagnostic } from '#grammar'
import type { Diagnostic } from '#grammar'
import { didYouMeanEn, fieldsEn, problemsEn } from './messages/en.ts'
import { didYouMeanZh, fieldsZh, problemsZh } from './messages/zh-cn.ts'
import { languageOf } from './locale.ts'
import type { Locale } from './locale.ts'
import { statusByCode } from './problem-codes.ts'
import type { ProblemCode } from './problem-codes.ts'
import type { FieldError } from './validate.ts'

export interface Problem {
  readonly kind: 'problem'
  readonly code: ProblemCode
  readonly args?: Readonly<Record<string, string | number>>
  readonly errors?: readonly PointedError[]
  readonly diagnostics?: readonly Diagnostic[]
  readonly retryAfterSeconds?: number
  /** Members beside the standard ones, such as `error` of OAuth. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** An error at one place of the request; codes beside the field codes are a room's own. */
export type PointedError = FieldError | RoomError

export interface RoomError {
  readonly pointer: string
  readonly code: string
  readonly room: true
  readonly suggestions?: readonly string[]
}

type ProblemParts = Omit<Problem, 'kind' | 'code'>

export const problem = (code: ProblemCode, parts: ProblemParts = {}): Problem => ({
  kind: 'problem',
  code,
  ...parts,
})

export interface RenderedDiagnostic {
  readonly code: string
  readonly severity: string
  readonly span: { readonly start: number; readonly end: number }
  readonly message: string
  readonly fixes: NonNullable<Diagnostic['fixes']>
}

export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  locale: Locale,
): readonly RenderedDiagnostic[] =>
  diagnostics.map((found) => ({
    code: found.code,
    severity: found.severity,
    span: { start: found.span.start, end: found.span.end },
    message: renderDiagnostic(found, languageOf(locale)),
    fixes: found.fixes ?? [],
  }))

/** The body of a problem. */
export function problemBody(
  found: Problem,
  locale: Locale,
  requestId: string,
): Readonly<Record<string, unknown>> {
  const texts = locale === 'en' ? problemsEn : problemsZh
  const [title, detail] = texts[found.code]
  const diagnostics =
    found.diagnostics === undefined ? undefined : renderDiagnostics(found.diagnostics, locale)
  const errors = [
    ...(found.errors ?? []).map((error) => renderError(error, locale)),
    ...(diagnostics ?? [])
      .filter(({ severity }) => severity === 'error')
      .map(({ code, span, message }) => ({ pointer: '/text', code, span, message })),
  ]
  return {
    type: `/problems/${found.code}`,
    title,
    status: statusByCode[found.code],
    detail: filled(detail, found.args ?? {}),
    instance: `/requests/${requestId}`,
    code: found.code,
    ...(errors.length === 0 ? {} : { errors }),
    ...(diagnostics === undefined ? {} : { diagnostics }),
    ...found.extra,
  }
}

/** What a reason of the access log says to its reader; null where it is a code without words. */
export function reasonInWords(reason: string, locale: Locale): string | null {
  const texts = locale === 'en' ? problemsEn : problemsZh
  const known = Object.entries(texts).find(([code]) => code === reason)?.[1]
  if (known === undefined) return null
  const [title, detail] = known
  // The facts that a detail would name are those of the request, which the log does not keep.
  return detail.includes('{') ? title : detail
}

function renderError(error: PointedError, locale: Locale): Readonly<Record<string, unknown>> {
  const { pointer, code, suggestions } = error
  const isEnglish = locale === 'en'
  const fields = isEnglish ? fieldsEn : fieldsZh
  const said = 'room' in error ? undefined : fields[error.code]
  const asked =
    suggestions === undefined ? '' : (isEnglish ? didYouMeanEn : didYouMeanZh)(suggestions)
  const message = said === undefined && asked === '' ? undefined : `${said ?? code}${asked}`
  return {
    pointer,
    code,
    ...(message === undefined ? {} : { message }),
    ...(suggestions === undefined ? {} : { suggestions }),
  }
}

const filled = (text: string, args: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? ''))
