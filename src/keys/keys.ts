/**
 * Keys that never enter the database: derived by use from one root (HKDF-SHA-256, RFC 5869), so that a value made
 * under one use says nothing under another.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

/** What a keyed hash is for. */
export type MacUse =
  /** The brand's own customer id to `vault.source_key.source_hash`. */
  | 'source-index'
  /** Normalised contact data to `vault.contact.index_hash`. */
  | 'contact-index'
  /** A customer's reference in the access log. */
  | 'audit-subject'
  /** A session's or token's reference in the access log. */
  | 'audit-session'
  /** Passwords and client keys of the demo world, so that a start that was broken off finds the same again. */
  | 'demo-secret'
  /** What a chunk's digest begins with, so that contact data cannot be guessed from the digest of a short one. */
  | 'chunk-digest'
  /** Goes into every password hash, so that a stolen database alone cannot be guessed at. */
  | 'password-pepper'

export type SealUse =
  /** Wraps each person's data key. */
  | 'vault'
  /** Second factors of people who sign in. */
  | 'identity'

export interface Keys {
  /** Names the root, so that rows say under which they were made. */
  readonly id: string
  readonly mac: (use: MacUse, data: string | Uint8Array) => Buffer
  /** The key of pseudonyms for one recipient and epoch; a KeyObject, since bulk HMAC is 7 times faster with one. */
  readonly pseudonymKey: (recipient: string, epoch: number) => KeyObject
  readonly seal: (use: SealUse, plain: Uint8Array, bound: string) => Buffer
  /** Fails as a value when the bytes were not sealed under this use and bound to this text. */
  readonly open: (
    use: SealUse,
    sealed: Uint8Array,
    bound: string,
  ) => Result<Buffer, { readonly code: 'not-authentic' }>
  /** Ed25519: signs access tokens and manifests. */
  readonly signing: () => {
    readonly privateKey: KeyObject
    readonly publicKey: KeyObject
    readonly kid: string
  }
}

const nonceBytes = 12
const tagBytes = 16
/** PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

export function keysFrom(root: Uint8Array): Keys {
  const derive = (label: string): Buffer =>
    Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `yunqun/1/${label}`, 32))
  const cache = new Map<string, KeyObject>()
  const keyOf = (label: string): KeyObject => {
    const known = cache.get(label)
    if (known !== undefined) return known
    const made = createSecretKey(derive(label))
    cache.set(label, made)
    return made
  }
  const id = derive('id').subarray(0, 8).toString('hex')
  return {
    id,
    mac: (use, data) =>
      createHmac('sha256', keyOf(`mac/${use}`))
        .update(data)
        .digest(),
    pseudonymKey: (recipient, epoch) => keyOf(`pair/${recipient}/${epoch}`),
    seal: (use, plain, bound) => sealWith(keyOf(`seal/${use}`), plain, bound),
    open: (use, sealed, bound) => openWith(keyOf(`seal/${use}`), sealed, bound),
    signing: () => {
      const seed = derive('sign/ed25519')
      const privateKey = createPrivateKey({
        key: Buffer.concat([ed25519Prefix, seed]),
        format: 'der',
        type: 'pkcs8',
      })
      return { privateKey, publicKey: createPublicKey(privateKey), kid: `sign-${id}` }
    },
  }
}

/** AES-256-GCM, random 96-bit nonce first, tag last; `bound` is authenticated, so a ciphertext cannot change its row. */
export function sealWith(key: KeyObject, plain: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(bound))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

export function openWith(
  key: KeyObject,
  sealed: Uint8Array,
  bound: string,
): Result<Buffer, { readonly code: 'not-authentic' }> {
  const bytes = Buffer.from(sealed)
  if (bytes.length < nonceBytes + tagBytes) return err({ code: 'not-authentic' })
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(bound))
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
  try {
    const plain = decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes))
    return ok(Buffer.concat([plain, decipher.final()]))
  } catch {
    return err({ code: 'not-authentic' })
  }
}
