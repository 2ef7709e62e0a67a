/** Purpose, channel and recipient: what the selected customers are to be used for. */
import type { Parties, Use } from '../api.ts'
import { labelIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'

const labelByRole: Readonly<Record<string, keyof Messages>> = {
  internal: 'roleInternal',
  processor: 'roleProcessor',
  handler: 'roleHandler',
  joint: 'roleJoint',
}

export function UsePicker(props: {
  readonly parties: Parties
  readonly use: Use
  readonly onChange: (use: Use) => void
}) {
  const { t, locale } = useWords()
  const { parties, use, onChange } = props
  return (
    <div class="use-picker">
      <label>
        {t.purpose}
        <select
          value={use.purpose}
          onChange={(e) => onChange({ ...use, purpose: e.currentTarget.value })}
        >
          {parties.purposes.map((purpose) => (
            <option key={purpose.id} value={purpose.id}>
              {labelIn(locale, purpose)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.channel}
        <select
          value={use.channel}
          onChange={(e) => onChange({ ...use, channel: e.currentTarget.value })}
        >
          {parties.channels.map((channel) => (
            <option key={channel.id} value={channel.id}>
              {labelIn(locale, channel)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.recipient}
        <select
          value={use.recipient}
          onChange={(e) => onChange({ ...use, recipient: e.currentTarget.value })}
        >
          {parties.recipients.map((recipient) => {
            const role = labelByRole[recipient.role]
            return (
              <option key={recipient.id} value={recipient.id}>
                {labelIn(locale, recipient)}
                {role === undefined ? '' : `（${t[role]}）`}
              </option>
            )
          })}
        </select>
      </label>
    </div>
  )
}

/** The use in words, for lists. */
export function useInWords(locale: 'zh-CN' | 'en', parties: Parties | undefined, use: Use): string {
  const find = (
    items:
      | readonly { readonly id: string; readonly label: { en: string; zh: string } }[]
      | undefined,
    id: string,
  ) => {
    const item = items?.find((candidate) => candidate.id === id)
    return item === undefined ? id : labelIn(locale, item)
  }
  return [
    find(parties?.purposes, use.purpose),
    find(parties?.channels, use.channel),
    find(parties?.recipients, use.recipient),
  ].join(' · ')
}
