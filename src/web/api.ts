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
    return { ok: false, problem: problemFrom(response.status, parsed) }
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

export interface Me {
  readonly id: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly demo: boolean
}

export interface Use {
  readonly purpose: string
  readonly channel: string
  readonly recipient: string
}

export interface Released {
  readonly value: number | null
  readonly error: number | null
  readonly suppressed: boolean
  readonly epoch: string
}

export interface WaterfallStep {
  readonly reason: string
  readonly count: Released
}

export interface Named {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
}

export interface Parties {
  readonly purposes: readonly (Named & { readonly kind?: string })[]
  readonly channels: readonly Named[]
  readonly recipients: readonly (Named & { readonly role: string })[]
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface Segment {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly ruleHash: string
  readonly text?: string
  readonly createdAt?: string
  readonly createdBy?: string
}

export interface Audience {
  readonly id: string
  readonly segmentId: string
  readonly segmentName?: string
  readonly version: number
  readonly use: Use
  readonly state: 'queued' | 'running' | 'ready' | 'failed' | 'cancelled'
  readonly progress: number
  readonly waterfall?: readonly WaterfallStep[] | null
  readonly failure?: string | null
  readonly requestedBy?: string
  readonly createdAt?: string
}

export interface Gate {
  readonly code: string
  readonly state?: string
  readonly outcome?: string
}

export interface Export {
  readonly id: string
  readonly audienceId: string
  readonly state: 'requested' | 'approved' | 'rejected' | 'available' | 'expired' | 'cancelled'
  readonly destination: string
  readonly columns: readonly string[]
  readonly reason: string
  readonly expiresAt: string
  readonly requestedBy: string
  readonly requestedAt?: string
  readonly use?: Use
  readonly gates: readonly Gate[]
  readonly approval?: {
    readonly decision: string
    readonly approver: string
    readonly reason: string
    readonly at: string
  } | null
  readonly deliveredCount?: number | null
  readonly rule?: {
    readonly text: string
    readonly words?: { readonly en: readonly string[]; readonly zh: readonly string[] }
  }
  readonly exact?: {
    readonly waterfall?: readonly { readonly reason: string; readonly count: number }[]
    readonly memberCount?: number
  }
}

export interface LogEntry {
  readonly seq: string
  readonly at: string
  readonly actor: string
  readonly actorName?: string
  readonly actorRole: string | null
  readonly actorKind: string
  readonly demo: boolean
  readonly action: string
  readonly decision: string
  readonly reason: string | null
  readonly purpose: string | null
  readonly channel: string | null
  readonly recipient: string | null
  readonly objectKind: string | null
  readonly objectId: string | null
  readonly exportId: string | null
  readonly audienceId: string | null
  readonly ruleHash: string | null
  readonly categories: readonly string[] | null
  readonly chunk: number | null
  readonly rowCount: string | null
  readonly digest: string | null
  readonly memberRoot: string | null
  readonly requestId: string | null
  readonly detail: Readonly<Record<string, unknown>>
}
