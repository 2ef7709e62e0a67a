/** One export: what it would give to whom, the checks, and the decision of a second person. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Export, Me, Parties, Problem } from '../api.ts'
import { dateTimeIn, numberIn, useWords } from '../i18n.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useInWords } from '../parts/use-picker.tsx'
import { labelByExportState } from './exports.tsx'

export function ExportPage(props: { readonly id: string; readonly me: Me }) {
  const { t, locale } = useWords()
  const loaded = useAnswer<Export>(`/v1/exports/${props.id}`)
  const parties = useAnswer<Parties>('/v1/parties')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  if (loaded.problem !== undefined)
    return <ProblemNote problem={loaded.problem} onRetry={loaded.reload} />
  const item = loaded.value
  if (item === undefined) return <p class="quiet">{t.loading}</p>
  const own = item.requestedBy === props.me.id
  const cancel = async (): Promise<void> => {
    const answer = await call(locale, `/v1/exports/${item.id}/cancel`, {
      method: 'POST',
      body: {},
      idempotencyKey: newKey(),
    })
    if (answer.ok) loaded.reload()
    else setProblem(answer.problem)
  }
  return (
    <section>
      <h1>{item.reason}</h1>
      <p>
        <span class={`state state-${item.state}`} data-test="export-state" data-state={item.state}>
          {t[labelByExportState[item.state]]}
        </span>
        {item.use !== undefined && ` · ${useInWords(locale, parties.value, item.use)}`}
      </p>
      <div class="card">
        <dl class="facts">
          <dt>{t.exportColumns}</dt>
          <dd>{item.columns.join('、')}</dd>
          <dt>{t.expiresAt}</dt>
          <dd>{dateTimeIn(locale, item.expiresAt)}</dd>
          {item.deliveredCount !== undefined && item.deliveredCount !== null && (
            <>
              <dt>{t.delivered}</dt>
              <dd>{numberIn(locale, item.deliveredCount)}</dd>
            </>
          )}
          {item.approval !== undefined && item.approval !== null && (
            <>
              <dt>{t.decision}</dt>
              <dd>
                {item.approval.decision === 'approved' ? t.stateApproved : t.stateRejected} ·{' '}
                {dateTimeIn(locale, item.approval.at)} · {item.approval.reason}
              </dd>
            </>
          )}
          <dt>{t.exportId}</dt>
          <dd>
            <code class="hash">{item.id}</code>
          </dd>
        </dl>
        <h2>{t.gates}</h2>
        <ul class="gates">
          {item.gates.map((gate) => {
            const outcome = gate.outcome ?? gate.state ?? ''
            return (
              <li key={gate.code} data-outcome={outcome}>
                <code>{gate.code}</code>{' '}
                {outcome === 'passed'
                  ? t.gatePassed
                  : outcome === 'failed'
                    ? t.gateFailed
                    : t.gateReview}
              </li>
            )
          })}
        </ul>
      </div>
      {item.rule !== undefined && (
        <div class="card">
          <h2>{t.ruleText}</h2>
          <pre class="rule-text">{item.rule.text}</pre>
          {item.rule.words !== undefined && (
            <ul>
              {(locale === 'en' ? item.rule.words.en : item.rule.words.zh).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {item.state === 'requested' && props.me.roles.includes('approver') && (
        <Decision item={item} own={own} onDone={loaded.reload} />
      )}
      {own && ['requested', 'approved', 'available'].includes(item.state) && (
        <button type="button" class="button" onClick={() => void cancel()}>
          {t.cancelExport}
        </button>
      )}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </section>
  )
}

function Decision(props: {
  readonly item: Export
  readonly own: boolean
  readonly onDone: () => void
}) {
  const { t, locale } = useWords()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [key] = useState(newKey)
  const decide = async (decision: 'approve' | 'reject'): Promise<void> => {
    const answer = await call(locale, `/v1/exports/${props.item.id}/approval`, {
      method: 'POST',
      body: { decision, reason },
      idempotencyKey: `${key}-${decision}`,
    })
    if (answer.ok) props.onDone()
    else setProblem(answer.problem)
  }
  if (props.own) return <p class="note">{t.selfApproval}</p>
  return (
    <div class="card">
      <label>
        {t.reason}
        <textarea
          rows={2}
          maxLength={2000}
          value={reason}
          placeholder={t.approveNeedsReason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          disabled={reason.trim() === ''}
          onClick={() => void decide('approve')}
          data-test="approve"
        >
          {t.approve}
        </button>
        <button
          type="button"
          class="button danger"
          disabled={reason.trim() === ''}
          onClick={() => void decide('reject')}
          data-test="reject"
        >
          {t.reject}
        </button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
