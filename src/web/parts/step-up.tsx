/** Asks for the password once more, before what needs it. */
import { useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Me } from '../shapes.ts'
import { ProblemNote } from './problem-note.tsx'

export function StepUp(props: {
  readonly me: Me
  readonly role: string
  readonly onDone: () => void
}) {
  const { t, locale } = useWords()
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const prove = async (path: string, body: unknown): Promise<void> => {
    const answer = await call(locale, path, { method: 'POST', body })
    if (answer.ok) props.onDone()
    else setProblem(answer.problem)
  }
  return (
    <div class="stack tight" role="group" aria-label={t.stepUpTitle}>
      <p>
        <strong>{t.stepUpTitle}</strong> <span class="quiet">{t.stepUpLead}</span>
      </p>
      <form
        class="save-row"
        onSubmit={(event) => {
          event.preventDefault()
          void prove('/v1/session/step-up', { password })
        }}
      >
        <label>
          {t.password}
          <input
            type="password"
            name="password-again"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button primary">
          {t.confirm}
        </button>
      </form>
      {props.me.demo && (
        <div>
          <button
            type="button"
            class="button"
            onClick={() => void prove('/v1/demo-session', { role: props.role })}
          >
            {t.stepUpDemo}
          </button>
        </div>
      )}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
