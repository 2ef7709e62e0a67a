/** Asks for an export of a ready audience. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { navigate } from '../router.ts'
import type { Audience } from '../shapes.ts'

const contactColumns: readonly (readonly [string, keyof Messages])[] = [
  ['mobile', 'columnMobile'],
  ['email', 'columnEmail'],
  ['name', 'columnName'],
]
const dayMs = 86_400_000
const daysMax = 30
/** A request that is filled in on its last day must not be late when it arrives. */
const travelMs = 60_000

export function ExportForm(props: {
  readonly audience: Audience
  readonly recipientRole: string | undefined
}) {
  const { t, locale } = useWords()
  const [columns, setColumns] = useState<readonly string[]>([])
  const [days, setDays] = useState(7)
  const [destination, setDestination] = useState('')
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  // Only whoever works under contract, or the brand itself, may be given contact data.
  const mayHaveContacts = props.recipientRole === 'processor' || props.recipientRole === 'internal'
  const send = async (): Promise<void> => {
    setBusy(true)
    const answer = await call<{ readonly id: string }>(locale, '/v1/exports', {
      method: 'POST',
      body: {
        audienceId: props.audience.id,
        destination,
        columns: ['id', ...columns],
        expiresAt: new Date(new Date().getTime() + days * dayMs - travelMs).toISOString(),
        reason,
      },
      idempotencyKey: newKey(),
    })
    setBusy(false)
    if (answer.ok) navigate(`/exports/${answer.value.id}`)
    else setProblem(answer.problem)
  }
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      data-test="export-form"
    >
      <div>
        <h2>{t.requestExport}</h2>
        <p class="quiet">{t.requestLead}</p>
      </div>
      <fieldset>
        <legend>{t.exportColumns}</legend>
        <label class="check">
          <input type="checkbox" checked disabled /> {t.columnId}
        </label>
        {mayHaveContacts &&
          contactColumns.map(([id, label]) => (
            <label class="check" key={id}>
              <input
                type="checkbox"
                name={id}
                checked={columns.includes(id)}
                onChange={(event) =>
                  setColumns(
                    event.currentTarget.checked
                      ? [...columns, id]
                      : columns.filter((column) => column !== id),
                  )
                }
              />{' '}
              {t[label]}
            </label>
          ))}
        <p class="quiet">{mayHaveContacts ? t.contactNote : t.noContactNote}</p>
      </fieldset>
      <label>
        {t.destination}
        <input
          name="destination"
          required
          maxLength={200}
          value={destination}
          placeholder={t.destinationHint}
          onInput={(event) => setDestination(event.currentTarget.value)}
        />
      </label>
      <label>
        {t.reason}
        <textarea
          name="reason"
          required
          maxLength={2000}
          rows={2}
          value={reason}
          placeholder={t.reasonHint}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <label>
        {t.expiresInDays}
        <input
          type="number"
          name="days"
          required
          min={1}
          max={daysMax}
          value={days}
          onInput={(event) => setDays(Number(event.currentTarget.value))}
        />
      </label>
      <div>
        <button type="submit" class="button primary" disabled={isBusy} data-test="request-export">
          {t.sendRequest}
        </button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  )
}
