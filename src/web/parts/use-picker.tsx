/** Purpose, channel and recipient: what the selected customers are to be used for. */
import { labelIn, useWords } from '../i18n.ts'
import type { Locale } from '../i18n.ts'
import type { Named, Parties, Use } from '../shapes.ts'
import { recipientRoleInWords } from './roles.ts'

export function UsePicker(props: {
  readonly parties: Parties
  readonly use: Use
  /** Side by side instead of one below the other. */
  readonly flat?: boolean
  readonly onChange: (use: Use) => void
}) {
  const { t, locale } = useWords()
  const { parties, use, onChange } = props
  const choice = (
    field: keyof Use,
    label: string,
    items: readonly Named[],
    words: (item: Named) => string,
  ) => (
    <label>
      {label}
      <select
        name={field}
        value={use[field]}
        onChange={(event) => onChange({ ...use, [field]: event.currentTarget.value })}
      >
        {items.map((item) => (
          <option key={item.id} value={item.id}>
            {words(item)}
          </option>
        ))}
      </select>
    </label>
  )
  const named = (item: Named): string => labelIn(locale, item)
  const withRole = (item: Named): string => {
    const role = parties.recipients.find(({ id }) => id === item.id)?.role ?? ''
    const inWords = recipientRoleInWords(t, role)
    return locale === 'en' ? `${named(item)} (${inWords})` : `${named(item)}（${inWords}）`
  }
  return (
    <div class={props.flat === true ? 'use-picker flat' : 'use-picker'}>
      {choice('purpose', t.purpose, parties.purposes, named)}
      {choice('channel', t.channel, parties.channels, named)}
      {choice('recipient', t.recipient, parties.recipients, withRole)}
    </div>
  )
}

/** The use in words, for lists. */
export function useInWords(locale: Locale, parties: Parties | undefined, use: Use): string {
  return [
    nameOf(locale, parties?.purposes, use.purpose),
    nameOf(locale, parties?.channels, use.channel),
    nameOf(locale, parties?.recipients, use.recipient),
  ].join(' · ')
}

function nameOf(locale: Locale, items: readonly Named[] | undefined, id: string): string {
  const item = items?.find((candidate) => candidate.id === id)
  return item === undefined ? id : labelIn(locale, item)
}

/** The use a page starts with: what the rule's header proposes, and for the rest one that a contract covers. */
export function firstUse(parties: Parties, proposed: Partial<Use> = {}): Use {
  const contract = parties.contracts[0]
  const internal = parties.recipients.find(({ role }) => role === 'internal')
  const chosen = (items: readonly Named[], ...ids: readonly (string | undefined)[]): string =>
    ids.find((id) => items.some((item) => item.id === id)) ?? items[0]?.id ?? ''
  return {
    purpose: chosen(parties.purposes, proposed.purpose, contract?.purposes[0]),
    channel: chosen(parties.channels, proposed.channel, contract?.channels[0]),
    recipient: chosen(parties.recipients, proposed.recipient, contract?.recipient, internal?.id),
  }
}
