/** The app over a database of its own, asked without a socket. */
import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { exportJWK } from 'jose'
import { Client } from 'pg'
import type { ClientKind, Role } from '../../src/access/index.ts'
import type { RequestContext } from '../../src/audit/index.ts'
import { defineParties } from '../../src/consent/index.ts'
import { createApp } from '../../src/http/index.ts'
import type { App, Fault, Service } from '../../src/http/index.ts'
import { createClient, createPerson } from '../../src/identity/index.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { testDatabase } from '../support/database.ts'

export const baseUrl = 'http://127.0.0.1:8080'
export const password = 'a kite above the harbour'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface Asking {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string | undefined
  readonly token?: string
  readonly address?: string
  readonly signal?: AbortSignal
}

export interface HttpWorld {
  readonly app: App
  readonly service: Service
  readonly faults: Fault[]
  readonly pass: (ms: number) => void
  readonly ask: (path: string, asking?: Asking) => Promise<Answer>
  readonly raw: (path: string, asking?: Asking) => Promise<Response>
  /** A signed-in person's cookie. */
  readonly personWith: (
    roles: readonly Role[],
  ) => Promise<{ readonly id: string; readonly email: string; readonly cookie: string }>
  /** A machine's access token. */
  readonly machine: (
    kind: ClientKind,
    recipient?: string,
  ) => Promise<{ readonly id: string; readonly token: string }>
  readonly asOperator: (
    statement: string,
    values?: readonly unknown[],
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>
  readonly close: () => Promise<void>
}

export const system: RequestContext = {
  actor: { kind: 'system', id: 'test', role: 'system', demo: false },
  requestId: 'test-request',
}

export async function openHttpWorld(webAssets?: string): Promise<HttpWorld> {
  const database = await testDatabase({ connectionsMax: 8 })
  const operator = new Client({ connectionString: database.adminUrl })
  await operator.connect()
  let nowMs = Date.parse('2026-03-01T08:00:00Z')
  const faults: Fault[] = []
  const service: Service = {
    database: database.db,
    keys: keysFrom(randomBytes(32)),
    clock: { now: () => new Date(nowMs) },
    baseUrl,
    version: '0.0.0',
    onFault: (fault) => faults.push(fault),
    ...(webAssets === undefined ? {} : { webAssets }),
  }
  const app = createApp(service)
  const raw = async (path: string, asking: Asking = {}): Promise<Response> =>
    await app.request(path, requestOf(asking), {
      connection: { address: asking.address ?? '127.0.0.1' },
    })
  const ask = async (path: string, asking: Asking = {}): Promise<Answer> => {
    const response = await raw(path, asking)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) }
  }
  let count = 0
  return {
    app,
    service,
    faults,
    ask,
    raw,
    pass: (ms) => {
      nowMs += ms
    },
    personWith: async (roles) => {
      count += 1
      const email = `person${count}@shop.example`
      const person = { email, displayName: 'Wang Fang', roles, password }
      const made = await createPerson(service, system, person)
      if (!made.ok) throw new Error(made.error.code)
      const entered = await ask('/v1/session', { method: 'POST', body: { email, password } })
      return { id: made.value.id, email, cookie: cookieIn(entered) }
    },
    machine: async (kind, recipient) => {
      count += 1
      const id = `machine-${count}`
      const pair = generateKeyPairSync('ed25519')
      const made = await createClient(service, system, {
        id,
        kind,
        label: id,
        publicJwk: await exportJWK(pair.publicKey),
        ...(recipient === undefined ? {} : { recipient }),
      })
      if (!made.ok) throw new Error(made.error.code)
      const token = await ask('/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: tokenForm(assertionOf(id, pair.privateKey, nowMs)),
      })
      return { id, token: String(token.body['access_token']) }
    },
    asOperator: async (statement, values = []) => {
      const { rows } = await operator.query<Record<string, unknown>>(statement, [...values])
      return rows
    },
    close: async () => {
      await operator.end()
      await database.close()
    },
  }
}

export const tokenForm = (assertion: string): URLSearchParams =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })

export function assertionOf(id: string, key: KeyObject, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: id,
    sub: id,
    aud: `${baseUrl}/oauth/token`,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + 60,
  }
  const text = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

function requestOf({ method, body, headers, cookie, token, signal }: Asking): RequestInit {
  const isJson =
    body !== undefined && typeof body !== 'string' && !(body instanceof URLSearchParams)
  return {
    method: method ?? 'GET',
    headers: {
      'accept-language': 'en',
      ...(isJson || typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(cookie === undefined ? {} : { cookie }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      host: '127.0.0.1:8080',
      ...headers,
    },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : String(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** The cookie as a browser would send it back. */
export const cookieIn = (answer: Answer): string =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

/** Purposes, a channel and recipients of three roles. */
export async function giveParties(service: Service): Promise<void> {
  const label = (en: string, zh: string) => ({ en, zh })
  const recipient = (id: string, role: 'internal' | 'processor' | 'handler') => ({
    id,
    label: label(id, id),
    role,
  })
  const defined = await defineParties(service, system, {
    purposes: [
      { id: 'marketing.sms', label: label('SMS marketing', '短信营销') },
      { id: 'marketing.email', label: label('E-mail marketing', '邮件营销') },
    ],
    channels: [{ id: 'sms', label: label('SMS', '短信'), identifierKind: 'mobile' }],
    recipients: [recipient('sms-gateway', 'processor'), recipient('ad-platform', 'handler')],
  })
  if (!defined.ok) throw new Error(defined.error.code)
}
