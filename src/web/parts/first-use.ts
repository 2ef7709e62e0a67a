/** The use a page starts with: the first marketing purpose, channel and recipient on offer. */
import type { Parties, Use } from '../api.ts'

export function firstUse(parties: Parties, proposed: Partial<Use> = {}): Use {
  const has = (
    items: readonly { readonly id: string }[],
    id: string | undefined,
  ): string | undefined => (items.some((item) => item.id === id) ? id : undefined)
  return {
    purpose: has(parties.purposes, proposed.purpose) ?? parties.purposes[0]?.id ?? '',
    channel: has(parties.channels, proposed.channel) ?? parties.channels[0]?.id ?? '',
    recipient: has(parties.recipients, proposed.recipient) ?? parties.recipients[0]?.id ?? '',
  }
}
