/** Canonical JSON after RFC 8785, and digests over it. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { assert } from './assert.ts'

export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  assert(text !== undefined, 'a value that JSON can hold')
  return text
}

/** SHA-256 of the canonical JSON, as `sha256:` and 64 hexadecimal digits. */
export const canonicalDigest = (value: unknown): string =>
  `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
