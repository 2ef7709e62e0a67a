/** Audiences: being built, built, and the request to export one. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Audience, Export, Page, Parties, Problem } from '../api.ts'
import { dateTimeIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { Link } from '../parts/link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useInWords } from '../parts/use-picker.tsx'
import { Waterfall } from '../parts/waterfall.tsx'
import { navigate } from '../router.ts'

const labelByState: Readonly<Record<Audience['state'], keyof Messages>> = {
  queued: 'stateQueued',
  running: 'stateRunning',
  ready: 'stateReady',
  failed: 'stateFailed',
  cancelled: 'stateCancelled',
}
const settled = (audience: Audience): boolean =>
  audience.state !== 'queued' && audience.state !== 'running'
const beatMs = 500

export function AudiencesPage() {
  const { t, locale } = useWords()
  const list = useAnswer<Page<Audience>>('/v1/audiences')
  const parties = useAnswer<Parties>('/v1/parties')
  return (
    <section>
      <h1>{t.audiencesTitle}</h1>
      {list.problem !== undefined && <ProblemNote problem={list.problem} onRetry={list.reload} />}
      {list.value?.items.length === 0 && (
        <p class="note">
          {t.empty} · <Link to="/segments">{t.segmentsTitle}</Link>
        </p>
      )}
      <ul class="cards">
        {list.value?.items.map((audience) => (
          <li key={audience.id} class="card">
            <h2>
              <Link to={`/audiences/${audience.id}`}>
                {audience.segmentName ?? audience.id} v{audience.version}
              </Link>
            </h2>
            <p>{useInWords(locale, parties.value, audience.use)}</p>
            <p class="quiet">
              <span class={`state state-${audience.state}`}>{t[labelByState[audience.state]]}</span>
              {audience.createdAt !== undefined && ` · ${dateTimeIn(locale, audience.createdAt)}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function AudiencePage(props: { readonly id: string }) {
  const { t, locale } = useWords()
  const audience = useAnswer<Audience>(`/v1/audiences/${props.id}`, {
    everyMs: beatMs,
    done: settled,
  })
  const parties = useAnswer<Parties>('/v1/parties')
  const shown = audience.value
  if (audience.problem !== undefined)
    return <ProblemNote problem={audience.problem} onRetry={audience.reload} />
  if (shown === undefined) return <p class="quiet">{t.loading}</p>
  const cancel = async (): Promise<void> => {
    await call(locale, `/v1/audiences/${props.id}/cancel`, { method: 'POST', body: {} })
    audience.reload()
  }
  const recipient = parties.value?.recipients.find((r) => r.id === shown.use.recipient)
  return (
    <section>
      <h1>
        {shown.segmentName ?? t.audiencesTitle} v{shown.version}
      </h1>
      <p>
        {useInWords(locale, parties.value, shown.use)}
        {' · '}
        <span
          class={`state state-${shown.state}`}
          data-test="audience-state"
          data-state={shown.state}
        >
          {t[labelByState[shown.state]]}
        </span>
      </p>
      {!settled(shown) && (
        <div class="card" aria-live="polite">
          <progress max={100} value={shown.progress} aria-label={t.progress} />
          <button type="button" class="button" onClick={() => void cancel()}>
            {t.cancelBuild}
          </button>
        </div>
      )}
      {shown.state === 'failed' && <p class="note note-bad">{shown.failure ?? t.unknownError}</p>}
      {shown.waterfall !== undefined && shown.waterfall !== null && (
        <div class="card">
          <h2>{t.reachTitle}</h2>
          <Waterfall steps={shown.waterfall} />
          <p class="quiet">{t.countNote}</p>
        </div>
      )}
      {shown.state === 'ready' && <ExportForm audience={shown} recipientRole={recipient?.role} />}
    </section>
  )
}

const contactColumns: readonly (readonly [string, keyof Messages])[] = [
  ['mobile', 'columnMobile'],
  ['email', 'columnEmail'],
  ['name', 'columnName'],
]

function ExportForm(props: {
  readonly audience: Audience
  readonly recipientRole: string | undefined
}) {
  const { t, locale } = useWords()
  const [columns, setColumns] = useState<readonly string[]>([])
  const [days, setDays] = useState(7)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [key] = useState(newKey)
  // Only whoever works under contract, or the brand itself, may be given contact data.
  const contactAllowed = props.recipientRole === 'processor' || props.recipientRole === 'internal'
  const send = async (): Promise<void> => {
    const expiresAt = new Date(
      Date.parse(new Date().toISOString()) + days * 86_400_000,
    ).toISOString()
    const answer = await call<Export>(locale, '/v1/exports', {
      method: 'POST',
      body: {
        audienceId: props.audience.id,
        destination: columns.length > 0 ? 'contact' : 'pseudonyms',
        columns: ['id', ...columns],
        expiresAt,
        reason,
      },
      idempotencyKey: key,
    })
    if (answer.ok) navigate(`/exports/${answer.value.id}`)
    else setProblem(answer.problem)
  }
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <h2>{t.requestExport}</h2>
      <fieldset>
        <legend>{t.exportColumns}</legend>
        <label class="check">
          <input type="checkbox" checked disabled /> {t.columnId}
        </label>
        {contactAllowed &&
          contactColumns.map(([id, label]) => (
            <label class="check" key={id}>
              <input
                type="checkbox"
                checked={columns.includes(id)}
                onChange={(e) =>
                  setColumns(
                    e.currentTarget.checked ? [...columns, id] : columns.filter((c) => c !== id),
                  )
                }
              />{' '}
              {t[label]}
            </label>
          ))}
      </fieldset>
      <label>
        {t.expiresInDays}
        <input
          type="number"
          min={1}
          max={30}
          value={days}
          onInput={(e) => setDays(Number(e.currentTarget.value))}
        />
      </label>
      <label>
        {t.reason}
        <textarea
          required
          maxLength={2000}
          rows={2}
          value={reason}
          placeholder={t.reasonHint}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" data-test="request-export">
        {t.sendRequest}
      </button>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  )
}
