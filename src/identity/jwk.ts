/** Public keys of machines: Ed25519 or P-256, of which each allows one algorithm. */
import type { JWK } from 'jose'

/** The algorithms we take, both asymmetric: a public key can never be used as a shared secret. RFC 8725 3.1. */
export type Algorithm = 'EdDSA' | 'ES256'

export interface PublicJwk {
  readonly kty: 'OKP' | 'EC'
  readonly crv: 'Ed25519' | 'P-256'
  readonly x: string
  readonly y?: string
  readonly kid?: string
}

const coordinate = /^[A-Za-z0-9_-]{43}$/

/** The public key in what was sent, and nothing else of it; undefined for anything but a public key of these kinds. */
export function publicJwkOf(sent: unknown): PublicJwk | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined
  const jwk: JWK = sent
  // Somebody who sends a private part has shown it to us, and should make another key.
  if (jwk.d !== undefined || jwk.k !== undefined) return undefined
  const { x, y, kid } = jwk
  if (typeof x !== 'string' || !coordinate.test(x)) return undefined
  const named = typeof kid === 'string' && kid.length <= 128 ? { kid } : {}
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x, ...named }
  if (jwk.kty === 'EC' && jwk.crv === 'P-256' && typeof y === 'string' && coordinate.test(y))
    return { kty: 'EC', crv: 'P-256', x, y, ...named }
  return undefined
}

/** The one algorithm of a key: what a token's header says is compared with it and never chosen by it. */
export const algorithmOf = (jwk: PublicJwk): Algorithm => (jwk.kty === 'OKP' ? 'EdDSA' : 'ES256')
