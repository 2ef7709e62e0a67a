/** Has an audience built, and goes to see it grow. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import { navigate } from '../router.ts'
import type { Use } from '../shapes.ts'
import { ProblemNote } from './problem-note.tsx'

export function BuildButton(props: {
  readonly segmentId: string
  readonly version: number
  readonly use: Use
}) {
  const { t, locale } = useWords()
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const build = async (): Promise<void> => {
    setBusy(true)
    const answer = await call<{ readonly id: string }>(
      locale,
      `/v1/segments/${props.segmentId}/audiences`,
      {
        method: 'POST',
        body: { use: props.use, version: props.version },
        idempotencyKey: newKey(),
      },
    )
    setBusy(false)
    if (answer.ok) navigate(`/audiences/${answer.value.id}`)
    else setProblem(answer.problem)
  }
  return (
    <>
      <div>
        <button
          type="button"
          class="button primary"
          disabled={isBusy}
          onClick={() => void build()}
          data-test="build"
        >
          {t.build}
        </button>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </>
  )
}
