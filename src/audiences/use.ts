/** The use of an audience: one purpose, one channel, one recipient, each of which must be known. */
import type { CatalogName, RuleCatalog } from '#grammar'
import type { Use } from '../audit/index.ts'
import { canonicalDigest } from '../kernel/canonical-json.ts'
import { nearestWords } from '../kernel/nearest.ts'

export interface UseError {
  readonly code: 'purpose-unknown' | 'channel-unknown' | 'recipient-unknown'
  /** Where in the use it stands. */
  readonly field: keyof Use
  /** Known ids that may have been meant, nearest first. */
  readonly suggestions: readonly string[]
}

/** The first part of the use that the catalogue does not know. */
export function findUnknownUse(catalog: RuleCatalog, use: Use): UseError | undefined {
  const missing = (
    field: keyof Use,
    code: UseError['code'],
    known: readonly CatalogName[],
  ): UseError | undefined => {
    const ids = known.map(({ id }) => id)
    return ids.includes(use[field])
      ? undefined
      : { code, field, suggestions: nearestWords(use[field], ids) }
  }
  return (
    missing('purpose', 'purpose-unknown', catalog.purposes) ??
    missing('channel', 'channel-unknown', catalog.channels) ??
    missing('recipient', 'recipient-unknown', catalog.recipients)
  )
}

export const useHash = ({ purpose, channel, recipient }: Use): string =>
  canonicalDigest({ purpose, channel, recipient })
