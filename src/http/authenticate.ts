/** Who sends a request: a person by cookie, a machine by access token, or nobody in particular. */
import { anonymous } from '../access/index.ts'
import type { Principal } from '../access/index.ts'
import { principalOfSession, principalOfToken } from '../identity/index.ts'
import { cookieOf } from './cookie.ts'
import type { Service } from './service.ts'

export interface SessionCookie {
  readonly token: string
  readonly expiresAt: Date
}

export interface Authenticated {
  readonly kind: 'authenticated'
  readonly principal: Principal
  /** Set where a cookie signs the request. */
  readonly session?: SessionCookie
}

/** A token that was shown and is not good is refused even where none is needed: its sender is mistaken about it. */
export async function authenticate(
  service: Service,
  headers: Headers,
): Promise<Authenticated | { readonly kind: 'token-refused' }> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
    const principal =
      token === undefined ? undefined : await principalOfToken(service, service.baseUrl, token)
    return principal === undefined
      ? { kind: 'token-refused' }
      : { kind: 'authenticated', principal }
  }
  const token = cookieOf(headers, service.baseUrl)
  const live = token === undefined ? undefined : await principalOfSession(service, token)
  if (token === undefined || live === undefined)
    return { kind: 'authenticated', principal: anonymous }
  return {
    kind: 'authenticated',
    principal: live.principal,
    session: { token, expiresAt: live.expiresAt },
  }
}
