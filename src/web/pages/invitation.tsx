/** Whoever was invited chooses a password. The link's secret stands behind the hash sign and leaves it only once. */
import { useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

const passwordLengthMin = 8

export function InvitationPage() {
  const { t, locale } = useWords()
  const [token] = useState(() => location.hash.slice(1))
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isDone, setDone] = useState(false)
  const send = async (): Promise<void> => {
    const answer = await call(locale, '/v1/invitations/accept', {
      method: 'POST',
      body: { token, password },
    })
    setProblem(answer.ok ? undefined : answer.problem)
    setDone(answer.ok)
  }
  return (
    <section>
      <PageHead title={t.invitationTitle} lead={t.invitationLead} />
      {token === '' && <p class="note note-bad">{t.invitationMissing}</p>}
      {isDone ? (
        <div class="note" role="status">
          <strong>{t.invitationDone}</strong>
          <p>
            <Link to="/">{t.signIn}</Link>
          </p>
        </div>
      ) : (
        <form
          class="card stack narrow"
          onSubmit={(event) => {
            event.preventDefault()
            void send()
          }}
        >
          <label>
            {t.newPassword}
            <input
              type="password"
              name="new-password"
              autocomplete="new-password"
              required
              minLength={passwordLengthMin}
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          </label>
          <div>
            <button type="submit" class="button primary" disabled={token === ''}>
              {t.setPassword}
            </button>
          </div>
          {problem !== undefined && <ProblemNote problem={problem} />}
        </form>
      )}
    </section>
  )
}
