/** A person's browser and a machine, as far as HTTP goes: cookies, tokens, keys of idempotency, problems. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { SignJWT, importJWK } from 'jose'
import type { JWK } from 'jose'
import { z } from 'zod'
import { check } from './story.ts'

export interface Answer {
  readonly status: number
  /** Parsed JSON, or null where there is none. */
  readonly body: unknown
  readonly headers: Headers
}

export interface Caller {
  readonly name: string
  readonly get: (path: string) => Promise<Answer>
  /** Every write carries an idempotency key; a repetition may name the same. */
  readonly post: (path: string, body?: unknown, key?: string) => Promise<Answer>
  readonly put: (path: string, body: unknown) => Promise<Answer>
  /** The answer as it comes. */
  readonly open: (path: string, headers: Record<string, string>) => Promise<Response>
}

export interface PersonLogin {
  readonly email: string
  readonly password: string
}

export interface MachineLogin {
  readonly id: string
  readonly privateJwk: JWK
}

const tooMany = 429
const patience = 20

/** Nobody in particular: no cookie, no token. */
export const stranger = (baseUrl: string): Caller => caller(baseUrl, 'nobody', async () => ({}))

export async function signIn(
  baseUrl: string,
  name: string,
  login: PersonLogin,
): Promise<Caller & { readonly stepUp: () => Promise<void> }> {
  let cookie = ''
  const remember = (headers: Headers) => {
    cookie = headers.getSetCookie()[0]?.split(';')[0] ?? cookie
  }
  const person = caller(baseUrl, name, async () => ({ cookie }))
  const { email, password } = login
  const entered = await person.post('/v1/session', { email, password })
  check(entered.status === 200, `${name} signs in: ${describe(entered)}`)
  remember(entered.headers)
  return {
    ...person,
    stepUp: async () => {
      const renewed = await person.post('/v1/session/step-up', { password })
      check(renewed.status === 200, `${name} shows the password again: ${describe(renewed)}`)
      remember(renewed.headers)
    },
  }
}

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() })

/** A machine that proves itself by an assertion it signs (private_key_jwt). */
export async function connectMachine(
  baseUrl: string,
  name: string,
  login: MachineLogin,
): Promise<Caller> {
  const endpoint = `${baseUrl}/oauth/token`
  const algorithm = login.privateJwk.kty === 'EC' ? 'ES256' : 'EdDSA'
  const assertion = await new SignJWT({})
    .setProtectedHeader({
      alg: algorithm,
      ...(login.privateJwk.kid === undefined ? {} : { kid: login.privateJwk.kid }),
    })
    .setIssuer(login.id)
    .setSubject(login.id)
    .setAudience(endpoint)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(await importJWK(login.privateJwk, algorithm))
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  const body: unknown = await response.json()
  check(response.status === 200, `${name} gets a token: ${response.status} ${JSON.stringify(body)}`)
  const token = tokenAnswer.parse(body)
  check(token.expires_in <= 600, `the token of ${name} lasts ten minutes at most`)
  return caller(baseUrl, name, async () => ({ authorization: `Bearer ${token.access_token}` }))
}

export const describe = ({ status, body }: Answer): string => `${status} ${JSON.stringify(body)}`

const problemCode = z.looseObject({ code: z.string() })

/** The stable code of a problem. */
export const codeOf = ({ body }: Answer): string | undefined =>
  problemCode.safeParse(body).data?.code

function caller(
  baseUrl: string,
  name: string,
  identify: () => Promise<Record<string, string>>,
): Caller {
  const send = async (method: string, path: string, body?: unknown, key?: string) => {
    const idempotencyKey = key ?? randomUUID()
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          ...(await identify()),
          'accept-language': 'en',
          ...(method === 'GET' ? {} : { 'idempotency-key': idempotencyKey }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const answer = {
        status: response.status,
        body: await readJson(response),
        headers: response.headers,
      }
      if (answer.status !== tooMany || attempt === patience) return answer
      await delay(1000 * Number(answer.headers.get('retry-after') ?? 1))
    }
  }
  return {
    name,
    get: async (path) => await send('GET', path),
    post: async (path, body, key) => await send('POST', path, body, key),
    put: async (path, body) => await send('PUT', path, body),
    open: async (path, headers) =>
      await fetch(`${baseUrl}${path}`, {
        headers: { ...(await identify()), ...headers },
      }),
  }
}

const jsonType = /^application\/(?:problem\+)?json\b/

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!jsonType.test(response.headers.get('content-type') ?? '')) return null
  const parsed: unknown = text === '' ? null : JSON.parse(text)
  return parsed
}
