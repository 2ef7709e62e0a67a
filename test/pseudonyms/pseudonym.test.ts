import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keysFrom } from '../../src/keys/index.ts'
import { pseudonymOf, sourceHash } from '../../src/pseudonyms/index.ts'
import { base32 } from '../../src/pseudonyms/base32.ts'

const keys = keysFrom(Buffer.alloc(32, 7))
const otherKeys = keysFrom(Buffer.alloc(32, 8))

const customerId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)
const recipient = fc.constantFrom('brand-a', 'brand-b', 'sms-gateway', 'brand-a1')
const epoch = fc.integer({ min: 1, max: 1000 })

describe('a pseudonym', () => {
  test('is p1_ and 32 lower-case base32 digits', () => {
    fc.assert(
      fc.property(recipient, epoch, customerId, (r, e, c) => {
        expect(pseudonymOf(keys, r, e, c)).toMatch(/^p1_[a-z2-7]{32}$/)
      }),
    )
  })

  test('is the same for the same customer, recipient, epoch and key', () => {
    fc.assert(
      fc.property(recipient, epoch, customerId, (r, e, c) => {
        expect(pseudonymOf(keys, r, e, c)).toBe(pseudonymOf(keysFrom(Buffer.alloc(32, 7)), r, e, c))
      }),
    )
  })

  test('differs when any of them differs', () => {
    const one = fc.tuple(recipient, epoch, customerId)
    fc.assert(
      fc.property(one, one, ([r1, e1, c1], [r2, e2, c2]) => {
        const isSame = r1 === r2 && e1 === e2 && c1 === c2
        expect(pseudonymOf(keys, r1, e1, c1) === pseudonymOf(keys, r2, e2, c2)).toBe(isSame)
        expect(pseudonymOf(keys, r1, e1, c1)).not.toBe(pseudonymOf(otherKeys, r1, e1, c1))
        expect(pseudonymOf(keys, r1, e1, c1)).not.toBe(pseudonymOf(keys, r1, e1 + 1, c1))
        expect(pseudonymOf(keys, r1, e1, c1)).not.toBe(pseudonymOf(keys, `${r1}x`, e1, c1))
      }),
    )
  })

  test('does not collide over a hundred thousand customers, nor agree with another recipient', () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => String(index + 1))
    const made = ['brand-a', 'brand-b'].flatMap((r) => ids.map((id) => pseudonymOf(keys, r, 1, id)))
    expect(new Set(made).size).toBe(100_000)
  })
})

describe('base32', () => {
  // RFC 4648, section 10.
  test.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('writes %j as %j', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected)
  })
})

test('the hash of a source id depends on the key and on every digit', () => {
  expect(sourceHash(keys, '12346')).toEqual(sourceHash(keys, '12346'))
  expect(sourceHash(keys, '12346')).not.toEqual(sourceHash(otherKeys, '12346'))
  expect(sourceHash(keys, '012346')).not.toEqual(sourceHash(keys, '12346'))
})
