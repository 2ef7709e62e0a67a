/** Calls to the service, and its problems as values that a page can show. */
import type { Locale } from './i18n.ts'

export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly errors?: readonly {
    readonly pointer?: string
    readonly code: string
    readonly message?: string
  }[]
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly signal?: AbortSignal
  /** Writes carry a key, so that a click that is sent twice acts once. */
  readonly idempotencyKey?: string
}

/** Said once when a call finds that nobody is signed in any more. */
export const signedOut = 'yunqun:signed-out'

/** Asks the service. Rejects only when `signal` aborts. */
export async function call<T>(
  locale: Locale,
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': locale }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
  try {
    const response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    const text = await response.text()
    const parsed: unknown = text === '' ? null : JSON.parse(text)
    if (response.ok) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the service answers by its published schema
      return { ok: true, value: parsed as T }
    }
    const problem = problemFrom(response.status, parsed)
    if (problem.code === 'not-signed-in') dispatchEvent(new Event(signedOut))
    return { ok: false, problem }
  } catch (error) {
    if (options.signal?.aborted === true) throw error
    return { ok: false, problem: { status: 0, code: 'offline', title: '' } }
  }
}

function problemFrom(status: number, parsed: unknown): Problem {
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'title' in parsed) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- RFC 9457, as the problem schema says
    return { ...(parsed as Problem), status }
  }
  return { status, code: 'unknown', title: '' }
}

export const newKey = (): string => crypto.randomUUID()
