/** The waterfall, drawn: from everyone, by the first reason that stops them, to whom the list reaches. */
import type { WaterfallStep } from '../api.ts'
import { numberIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'

const labelByReason: Readonly<Record<string, keyof Messages>> = {
  everyone: 'everyone',
  status: 'status',
  age: 'age',
  general: 'general',
  sensitive: 'sensitive',
  recipient: 'recipientReason',
  border: 'border',
  profiling: 'profiling',
  suppression: 'suppression',
  eligible: 'eligible',
  matched: 'matched',
  'has-identifier': 'hasIdentifier',
  reachable: 'reachable',
}

const kept: ReadonlySet<string> = new Set([
  'everyone',
  'eligible',
  'matched',
  'has-identifier',
  'reachable',
])

export function Waterfall(props: { readonly steps: readonly WaterfallStep[] }) {
  const { t, locale } = useWords()
  const whole = props.steps[0]?.count.value ?? 0
  return (
    <ol class="waterfall">
      {props.steps.map((step) => {
        const label = labelByReason[step.reason]
        const value = step.count.value
        const share = value === null || whole === 0 ? 0 : Math.min(100, (100 * value) / whole)
        const lost = !kept.has(step.reason)
        // A reason that stopped nobody it can show says nothing; the steps that stay are always shown.
        if (lost && value === 0) return null
        return (
          <li key={step.reason} class={lost ? 'lost' : 'kept'} data-reason={step.reason}>
            <span class="waterfall-label">
              {lost && <span aria-hidden="true">− </span>}
              {label === undefined ? step.reason : t[label]}
            </span>
            <span class="waterfall-count">
              {value === null ? t.fewerThan : `${t.about} ${numberIn(locale, value)}`}
            </span>
            <span class="waterfall-bar" aria-hidden="true">
              <span style={{ width: `${share}%` }} />
            </span>
          </li>
        )
      })}
    </ol>
  )
}
