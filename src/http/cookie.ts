/**
 * The cookie of a person's session.
 *
 * Under https it is bound to this host by its prefix and never sent in the clear. Over http only loopback addresses
 * are served (config.ts), where nobody listens in between.
 */

const plainName = 'yunqun'

const isSecure = (baseUrl: string): boolean => baseUrl.startsWith('https:')

export const cookieName = (baseUrl: string): string =>
  isSecure(baseUrl) ? `__Host-${plainName}` : plainName

const attributes = (baseUrl: string): string =>
  `Path=/; HttpOnly; SameSite=Strict${isSecure(baseUrl) ? '; Secure' : ''}`

/** Sets the cookie until the browser closes; when the session ends before, the cookie is worth nothing. */
export const sessionCookie = (baseUrl: string, token: string): string =>
  `${cookieName(baseUrl)}=${token}; ${attributes(baseUrl)}`

export const clearedCookie = (baseUrl: string): string =>
  `${cookieName(baseUrl)}=; ${attributes(baseUrl)}; Max-Age=0`

/** The session's secret in a request; of two cookies of the name, neither. */
export function cookieOf(headers: Headers, baseUrl: string): string | undefined {
  const name = cookieName(baseUrl)
  const found = (headers.get('cookie') ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
  return found.length === 1 ? found[0] : undefined
}
