/** Sign-in; in the demo world one click is enough. */
import { useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'

interface Welcome {
  readonly mode: 'demo' | 'production' | 'empty'
  readonly demoRoles?: readonly string[]
}

const wordsByRole: Readonly<Record<string, readonly [keyof Messages, keyof Messages]>> = {
  marketer: ['roleMarketer', 'roleMarketerDoes'],
  approver: ['roleApprover', 'roleApproverDoes'],
  reviewer: ['roleReviewer', 'roleReviewerDoes'],
  officer: ['roleOfficer', 'roleOfficerDoes'],
  steward: ['roleSteward', 'roleStewardDoes'],
  admin: ['roleAdmin', 'roleAdminDoes'],
}

export function SignInPage(props: { readonly onSignedIn: () => void }) {
  const { t, locale } = useWords()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const welcome = useAnswer<Welcome>('/v1/welcome')
  const enter = async (path: string, body: unknown): Promise<void> => {
    setBusy(true)
    const answer = await call(locale, path, { method: 'POST', body })
    setBusy(false)
    if (answer.ok) props.onSignedIn()
    else setProblem(answer.problem)
  }
  const roles = welcome.value?.mode === 'demo' ? (welcome.value.demoRoles ?? []) : []
  return (
    <div class="sign-in">
      <section class="card">
        <h1>{t.signInTitle}</h1>
        <p class="lead">{t.signInLead}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void enter('/v1/session', { email, password })
          }}
        >
          <label>
            {t.email}
            <input
              type="email"
              autocomplete="username"
              required
              value={email}
              onInput={(e) => setEmail(e.currentTarget.value)}
            />
          </label>
          <label>
            {t.password}
            <input
              type="password"
              autocomplete="current-password"
              required
              value={password}
              onInput={(e) => setPassword(e.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button primary" disabled={busy}>
            {t.signIn}
          </button>
        </form>
        {problem !== undefined && <ProblemNote problem={problem} />}
      </section>
      {roles.length > 0 && (
        <section class="card">
          <h2>{t.demoTitle}</h2>
          <p class="quiet">{t.demoLead}</p>
          <ul class="demo-people">
            {roles.map((role) => {
              const named = wordsByRole[role]
              return (
                <li key={role}>
                  <button
                    type="button"
                    class="button"
                    data-role={role}
                    disabled={busy}
                    onClick={() => void enter('/v1/demo-session', { role })}
                  >
                    <strong>{named === undefined ? role : t[named[0]]}</strong>
                    <span>{named === undefined ? '' : t[named[1]]}</span>
                  </button>
                </li>
              )
            })}
          </ul>
          <p class="quiet">{t.demoBanner}</p>
        </section>
      )}
    </div>
  )
}
