/** The state of an audience or an export, as a word with a colour. */
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import type { AudienceSummary, Export } from '../shapes.ts'

type State = AudienceSummary['state'] | Export['state'] | 'cancelling'

const looks: Readonly<Record<State, readonly [keyof Messages, 'good' | 'bad' | 'wait' | 'plain']>> =
  {
    queued: ['stateQueued', 'wait'],
    running: ['stateRunning', 'wait'],
    cancelling: ['stateCancelling', 'wait'],
    ready: ['stateReady', 'good'],
    failed: ['stateFailed', 'bad'],
    cancelled: ['stateCancelled', 'plain'],
    requested: ['stateRequested', 'wait'],
    approved: ['stateApproved', 'good'],
    rejected: ['stateRejected', 'bad'],
    available: ['stateAvailable', 'good'],
    expired: ['stateExpired', 'plain'],
  }

export function StateBadge(props: { readonly state: State }) {
  const { t } = useWords()
  const [label, look] = looks[props.state]
  return (
    <span class={`state state-${look}`} data-test="state" data-state={props.state}>
      {t[label]}
    </span>
  )
}

export const audienceStateOf = (audience: AudienceSummary): State =>
  audience.cancelling ? 'cancelling' : audience.state
