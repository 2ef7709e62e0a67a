import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { merkleRoot } from '../../src/kernel/merkle.ts'

/** RFC 6962, section 2.1, word for word. */
function specified(leaves: readonly string[]): Buffer {
  const [first] = leaves
  if (first === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return createHash('sha256').update(Buffer.of(0)).update(first).digest()
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(specified(leaves.slice(0, split)))
    .update(specified(leaves.slice(split)))
    .digest()
}

test('the root is that of RFC 6962 for every number of leaves', () => {
  for (let count = 0; count < 70; count += 1) {
    const leaves = Array.from({ length: count }, (_, index) => `leaf ${index}`)
    expect(merkleRoot(leaves)).toBe(`sha256:${specified(leaves).toString('hex')}`)
  }
})

test('the root of nothing is the hash of nothing', () => {
  expect(merkleRoot([])).toBe(
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})
