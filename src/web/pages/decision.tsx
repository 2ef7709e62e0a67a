/** The second person's decision on an export. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { StepUp } from '../parts/step-up.tsx'
import type { Export, Me } from '../shapes.ts'

type Choice = 'approve' | 'reject'

export function Decision(props: {
  readonly item: Export
  readonly me: Me
  readonly onDone: () => void
}) {
  const { t, locale } = useWords()
  const { item, me } = props
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  /** Waits for a fresh proof of identity. */
  const [waiting, setWaiting] = useState<Choice | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  if (item.requestedBy === me.id) return <p class="note">{t.selfApproval}</p>
  const decide = async (decision: Choice): Promise<void> => {
    setBusy(true)
    const answer = await call(locale, `/v1/exports/${item.id}/approval`, {
      method: 'POST',
      body: { decision, reason },
      idempotencyKey: newKey(),
    })
    setBusy(false)
    if (answer.ok) props.onDone()
    else if (answer.problem.code === 'step-up-needed') setWaiting(decision)
    else setProblem(answer.problem)
  }
  const proved = (): void => {
    const choice = waiting
    setWaiting(undefined)
    if (choice !== undefined) void decide(choice)
  }
  const isBlank = reason.trim() === ''
  return (
    <div class="card stack tight" data-test="decision">
      <h2>{t.decisionTitle}</h2>
      <label>
        {t.decisionReason}
        <textarea
          name="decision-reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          disabled={isBlank || isBusy}
          onClick={() => void decide('approve')}
          data-test="approve"
        >
          {t.approve}
        </button>
        <button
          type="button"
          class="button danger"
          disabled={isBlank || isBusy}
          onClick={() => void decide('reject')}
          data-test="reject"
        >
          {t.reject}
        </button>
      </div>
      {waiting !== undefined && <StepUp me={me} role="approver" onDone={proved} />}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
