/** Whether a request that a browser signs with a cookie comes from our own pages. */

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export const isLoopbackName = (hostname: string): boolean => loopbackNames.has(hostname)

const loopbackAddress = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/

/** Came from this machine, asks for it by one of its own names, and was not passed on by a proxy. */
export function isLoopback(address: string | undefined, headers: Headers): boolean {
  if (address === undefined || !loopbackAddress.test(address)) return false
  if (headers.has('forwarded') || headers.has('x-forwarded-for')) return false
  return isLoopbackName(hostnameOf(headers.get('host') ?? ''))
}

function hostnameOf(host: string): string {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return ''
  }
}

/**
 * Browsers say where a write comes from, by Origin or Sec-Fetch-Site; what says so must be ours. A client that says
 * neither is no browser, and what browsers hold back (SameSite=Strict) it cannot be made to send.
 */
export function isOwnOrigin(headers: Headers, baseUrl: string): boolean {
  const origin = headers.get('origin')
  if (origin !== null) return isSameOrigin(origin, new URL(baseUrl))
  const site = headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}

function isSameOrigin(origin: string, base: URL): boolean {
  if (origin === base.origin) return true
  if (!isLoopbackName(base.hostname) || !URL.canParse(origin)) return false
  const from = new URL(origin)
  return isLoopbackName(from.hostname) && from.protocol === base.protocol && from.port === base.port
}
