/** Sign-in; in the demo world one click is enough. */
import { useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { useTitle } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { roleInWords } from '../parts/roles.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import type { Me, Welcome } from '../shapes.ts'

export function SignInPage(props: {
  readonly expired: boolean
  readonly onSignedIn: (me: Me) => void
}) {
  const { t, locale } = useWords()
  useTitle(t.signIn)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const welcome = useAnswer<Welcome>('/v1/welcome')
  const enter = async (path: string, body: unknown): Promise<void> => {
    setBusy(true)
    const answer = await call<Me>(locale, path, { method: 'POST', body })
    setBusy(false)
    if (answer.ok) props.onSignedIn(answer.value)
    else setProblem(answer.problem)
  }
  const roles = welcome.value?.demoRoles ?? []
  return (
    <div class="sign-in">
      <header class="promise">
        <h1>{t.promise}</h1>
        <p class="lead">{t.promiseMore}</p>
      </header>
      {props.expired && (
        <p class="note note-warn promise" role="status">
          {t.signedOutNote}
        </p>
      )}
      {problem !== undefined && (
        <div class="promise">
          <ProblemNote problem={problem} />
        </div>
      )}
      {welcome.value === undefined && welcome.problem === undefined && <Skeleton />}
      {roles.length > 0 && (
        <section class="card stack tight">
          <h2>{t.demoTitle}</h2>
          <p class="quiet">{t.demoLead}</p>
          <ul class="demo-people">
            {roles.map((role) => (
              <li key={role}>
                <button
                  type="button"
                  class="button"
                  data-role={role}
                  disabled={isBusy}
                  onClick={() => void enter('/v1/demo-session', { role })}
                >
                  <strong>{roleInWords(t, role)}</strong>
                  <RoleDoes role={role} />
                </button>
              </li>
            ))}
          </ul>
          <p class="quiet">{t.demoBanner}</p>
        </section>
      )}
      <Credentials
        isBusy={isBusy}
        onEnter={(credentials) => void enter('/v1/session', credentials)}
      />
      {welcome.problem !== undefined && (
        <ProblemNote problem={welcome.problem} onRetry={welcome.reload} />
      )}
    </div>
  )
}

const doesByRole: Readonly<Record<string, keyof Messages>> = {
  marketer: 'roleMarketerDoes',
  approver: 'roleApproverDoes',
  reviewer: 'roleReviewerDoes',
  officer: 'roleOfficerDoes',
  steward: 'roleStewardDoes',
  admin: 'roleAdminDoes',
}

function RoleDoes(props: { readonly role: string }) {
  const { t } = useWords()
  const does = doesByRole[props.role]
  return does === undefined ? null : <span>{t[does]}</span>
}

function Credentials(props: {
  readonly isBusy: boolean
  readonly onEnter: (credentials: { readonly email: string; readonly password: string }) => void
}) {
  const { t } = useWords()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  return (
    <section class="card">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          props.onEnter({ email, password })
        }}
      >
        <h2>{t.signInTitle}</h2>
        <label>
          {t.email}
          <input
            type="email"
            name="email"
            autocomplete="username"
            required
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label>
          {t.password}
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <div>
          <button type="submit" class="button primary" disabled={props.isBusy}>
            {t.signIn}
          </button>
        </div>
      </form>
    </section>
  )
}
