/** The administrator's page: who may sign in and as what, and inviting somebody. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { roleInWords, rolesInWords } from '../parts/roles.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import { StepUp } from '../parts/step-up.tsx'
import { usePages } from '../parts/use-pages.tsx'
import type { Me, PageProps, Person } from '../shapes.ts'

const stateWords: Readonly<Record<Person['state'], readonly [keyof Messages, string]>> = {
  invited: ['personInvited', 'wait'],
  active: ['personActive', 'good'],
  disabled: ['personDisabled', 'bad'],
}

export function PeoplePage(props: PageProps) {
  const { t } = useWords()
  const people = usePages<Person>('/v1/people')
  return (
    <section>
      <PageHead title={t.peopleTitle} lead={t.peopleLead} />
      {people.problem !== undefined && (
        <ProblemNote problem={people.problem} onRetry={people.reload} />
      )}
      <div class="two-columns">
        {people.items === undefined ? (
          <Skeleton />
        ) : (
          <ul class="card rows">
            {people.items.map((person) => {
              const [words, look] = stateWords[person.state]
              return (
                <li key={person.id}>
                  <div>
                    <h2>{person.displayName}</h2>
                    <p class="quiet">
                      {person.email} · {rolesInWords(t, person.roles)}
                    </p>
                  </div>
                  <span class={`state state-${look}`}>{t[words]}</span>
                </li>
              )
            })}
          </ul>
        )}
        <Invite me={props.me} onInvited={people.reload} />
      </div>
    </section>
  )
}

const offered = ['marketer', 'approver', 'steward', 'officer', 'reviewer', 'admin'] as const

interface Invited {
  readonly invitation: { readonly url: string | null }
}

function Invite(props: { readonly me: Me; readonly onInvited: () => void }) {
  const { t, locale } = useWords()
  const [email, setEmail] = useState('')
  const [displayName, setName] = useState('')
  const [roles, setRoles] = useState<readonly string[]>(['marketer'])
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [url, setUrl] = useState<string | undefined>(undefined)
  const [needsProof, setNeedsProof] = useState(false)
  const send = async (): Promise<void> => {
    setNeedsProof(false)
    const answer = await call<Invited>(locale, '/v1/people', {
      method: 'POST',
      body: { email, displayName, roles, language: locale },
      idempotencyKey: newKey(),
    })
    if (!answer.ok) {
      setNeedsProof(answer.problem.code === 'step-up-needed')
      setProblem(answer.problem.code === 'step-up-needed' ? undefined : answer.problem)
      return
    }
    setProblem(undefined)
    setUrl(answer.value.invitation.url ?? '')
    props.onInvited()
  }
  return (
    <div class="card stack">
      <h2>{t.invite}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <label>
          {t.email}
          <input
            type="email"
            name="invite-email"
            required
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label>
          {t.displayName}
          <input
            name="invite-name"
            required
            maxLength={120}
            value={displayName}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <fieldset>
          <legend>{t.roles}</legend>
          {offered.map((role) => (
            <label class="check" key={role}>
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={(event) =>
                  setRoles(
                    event.currentTarget.checked
                      ? [...roles, role]
                      : roles.filter((held) => held !== role),
                  )
                }
              />{' '}
              {roleInWords(t, role)}
            </label>
          ))}
        </fieldset>
        <div>
          <button type="submit" class="button primary" disabled={roles.length === 0}>
            {t.sendInvite}
          </button>
        </div>
      </form>
      {needsProof && <StepUp me={props.me} role="admin" onDone={() => void send()} />}
      {problem !== undefined && <ProblemNote problem={problem} />}
      {url !== undefined && url !== '' && (
        <div class="note" role="status">
          <strong>{t.inviteLink}</strong>
          <p>
            <code class="hash">{url}</code>
          </p>
        </div>
      )}
    </div>
  )
}
