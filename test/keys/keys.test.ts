import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keysErrorSentence, keysFrom, openKeys, readOrMakePassword } from '../../src/keys/index.ts'

const keys = keysFrom(Buffer.alloc(32, 7))
const others = keysFrom(Buffer.alloc(32, 8))

describe('a sealed value', () => {
  test('opens only as it was sealed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.string(),
        fc.nat(),
        (plain, bound, place) => {
          const sealed = keys.seal('vault', plain, bound)
          expect(keys.open('vault', sealed, bound)).toEqual({ ok: true, value: Buffer.from(plain) })
          expect(keys.open('identity', sealed, bound).ok).toBe(false)
          expect(keys.open('vault', sealed, `${bound}x`).ok).toBe(false)
          expect(others.open('vault', sealed, bound).ok).toBe(false)
          const bent = Buffer.from(sealed)
          const at = place % bent.length
          bent[at] = (bent[at] ?? 0) ^ 1
          expect(keys.open('vault', bent, bound).ok).toBe(false)
        },
      ),
    )
  })

  test('is another each time, and shorter bytes are refused', () => {
    expect(keys.seal('vault', Buffer.from('a'), 'b')).not.toEqual(
      keys.seal('vault', Buffer.from('a'), 'b'),
    )
    expect(keys.open('vault', Buffer.alloc(5), 'b').ok).toBe(false)
  })
})

describe('derived keys', () => {
  test('differ by use, recipient, epoch and root', () => {
    const macs = [
      keys.mac('source-index', 'x'),
      keys.mac('contact-index', 'x'),
      keys.mac('audit-subject', 'x'),
      keys.mac('audit-session', 'x'),
      others.mac('source-index', 'x'),
    ].map((mac) => mac.toString('hex'))
    expect(new Set(macs).size).toBe(macs.length)
    const pairs = [
      keys.pseudonymKey('a', 1),
      keys.pseudonymKey('a', 2),
      keys.pseudonymKey('b', 1),
      others.pseudonymKey('a', 1),
    ]
    expect(new Set(pairs.map((key) => key.export().toString('hex'))).size).toBe(pairs.length)
  })

  test('sign so that the public half verifies', () => {
    const { privateKey, publicKey } = keys.signing()
    const signature = sign(null, Buffer.from('text'), privateKey)
    expect(verify(null, Buffer.from('text'), publicKey, signature)).toBe(true)
    expect(verify(null, Buffer.from('texts'), publicKey, signature)).toBe(false)
  })
})

describe('the keys folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'keys-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('gives the same keys again, readable by the owner only', () => {
    const first = openKeys(folder)
    const again = openKeys(folder)
    if (!first.ok || !again.ok) throw new Error('opened')
    expect(again.value.id).toBe(first.value.id)
    expect(readdirSync(folder)).toEqual(['root.key'])
    expect(statSync(path.join(folder, 'root.key')).mode & 0o777).toBe(0o600)
    expect(readOrMakePassword(folder, 'login.key')).toEqual(readOrMakePassword(folder, 'login.key'))
  })

  test('refuses keys that others can read, and damaged ones, in one sentence', () => {
    openKeys(folder)
    const file = path.join(folder, 'root.key')
    chmodSync(file, 0o644)
    const open = openKeys(folder)
    if (open.ok) throw new Error('refused')
    expect(open.error.code).toBe('keys-open-to-others')
    chmodSync(file, 0o600)
    writeFileSync(file, 'abc\n')
    const damaged = openKeys(folder)
    if (damaged.ok) throw new Error('refused')
    expect(keysErrorSentence(damaged.error)).toContain('32 bytes')
  })
})
