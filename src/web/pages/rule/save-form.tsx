/** Keeps the rule under a name, and goes on from there to an audience of it. */
import { useEffect, useState } from 'preact/hooks'
import { call, newKey } from '../../api.ts'
import type { Problem } from '../../api.ts'
import { filled, useWords } from '../../i18n.ts'
import { BuildButton } from '../../parts/build-button.tsx'
import { forgetDraft } from '../../parts/draft.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { replaceAddress } from '../../router.ts'
import type { SavedSegment, Segment, Use } from '../../shapes.ts'

interface Kept {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly text: string
}

export function SaveForm(props: {
  readonly text: string
  readonly use: Use
  readonly isSound: boolean
  readonly opened: Segment | undefined
}) {
  const { t, locale } = useWords()
  const [kept, setKept] = useState<Kept | undefined>(props.opened)
  const [name, setName] = useState(kept?.name ?? '')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const { text } = props
  // A corrected rule or name is another request.
  useEffect(() => setProblem(undefined), [text, name])
  const isKept = kept !== undefined && kept.text === text && kept.name === name.trim()
  const save = async (): Promise<void> => {
    setBusy(true)
    const body = { name: name.trim(), text }
    const answer = await call<SavedSegment>(
      locale,
      kept === undefined ? '/v1/segments' : `/v1/segments/${kept.id}`,
      { method: kept === undefined ? 'POST' : 'PUT', body, idempotencyKey: newKey() },
    )
    setBusy(false)
    if (!answer.ok) {
      setProblem(answer.problem)
      return
    }
    setProblem(undefined)
    setKept({ ...body, id: answer.value.id, version: answer.value.version })
    forgetDraft()
    replaceAddress(`/rule/${answer.value.id}`)
  }
  return (
    <form
      class="card stack tight"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      data-test="save-form"
    >
      <h2>{t.saveTitle}</h2>
      <div class="save-row">
        <label>
          {t.name}
          <input
            name="segment-name"
            required
            maxLength={120}
            value={name}
            placeholder={t.nameHint}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class={isKept ? 'button' : 'button primary'}
          disabled={!props.isSound || isKept || isBusy}
          data-test="save"
        >
          {kept === undefined ? t.save : t.saveNewVersion}
        </button>
      </div>
      <p aria-live="polite" class="quiet" data-test="saved">
        {isKept && `✓ ${filled(t.savedAs, { version: kept.version })}`}
      </p>
      {isKept && <BuildButton segmentId={kept.id} version={kept.version} use={props.use} />}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </form>
  )
}
