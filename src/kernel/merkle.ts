/** The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one. */
import { createHash } from 'node:crypto'

export interface MerkleTree {
  /** Adds the next leaf, in UTF-8 when it is text. */
  readonly add: (leaf: string | Uint8Array) => void
  /** `sha256:` and 64 hexadecimal digits; that of no leaves is the hash of nothing. */
  readonly root: () => string
}

interface Whole {
  readonly leaves: number
  readonly hash: Buffer
}

/** Distinct first bytes, so that a leaf can never pass for a node. */
const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)

export function merkleTree(): MerkleTree {
  // Perfect subtrees, largest first; their sizes are the binary digits of the number of leaves.
  const subtrees: Whole[] = []
  return {
    add: (leaf) => {
      let added: Whole = { leaves: 1, hash: sha256(leafPrefix, leaf) }
      for (
        let before = subtrees.at(-1);
        before?.leaves === added.leaves;
        before = subtrees.at(-1)
      ) {
        subtrees.pop()
        added = { leaves: 2 * added.leaves, hash: sha256(nodePrefix, before.hash, added.hash) }
      }
      subtrees.push(added)
    },
    root: () => {
      const last = subtrees.at(-1)
      const hash =
        last === undefined
          ? sha256()
          : subtrees
              .slice(0, -1)
              .reduceRight((right, left) => sha256(nodePrefix, left.hash, right), last.hash)
      return `sha256:${hash.toString('hex')}`
    },
  }
}

export function merkleRoot(leaves: Iterable<string>): string {
  const tree = merkleTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
