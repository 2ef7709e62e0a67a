/** Saved rules, and the way from one to an audience. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Audience, Page, Parties, Problem, Segment, Use } from '../api.ts'
import { dateTimeIn, useWords } from '../i18n.ts'
import { Link } from '../parts/link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { UsePicker } from '../parts/use-picker.tsx'
import { firstUse } from '../parts/first-use.ts'
import { navigate } from '../router.ts'

export function SegmentsPage() {
  const { t, locale } = useWords()
  const segments = useAnswer<Page<Segment>>('/v1/segments')
  const parties = useAnswer<Parties>('/v1/parties')
  const [open, setOpen] = useState<string | undefined>(undefined)
  return (
    <section>
      <h1>{t.segmentsTitle}</h1>
      {segments.problem !== undefined && (
        <ProblemNote problem={segments.problem} onRetry={segments.reload} />
      )}
      {segments.value?.items.length === 0 && (
        <p class="note">
          {t.empty} · <Link to="/rule">{t.ruleTitle}</Link>
        </p>
      )}
      <ul class="cards">
        {segments.value?.items.map((segment) => (
          <li key={segment.id} class="card">
            <h2>{segment.name}</h2>
            <p class="quiet">
              {t.version} {segment.version}
              {segment.createdAt !== undefined && ` · ${dateTimeIn(locale, segment.createdAt)}`}
            </p>
            <p class="quiet">
              {t.ruleHash} <code class="hash">{segment.ruleHash.slice(0, 19)}…</code>
            </p>
            <div class="actions">
              <Link to={`/rule/${segment.id}`} class="button">
                {t.openInEditor}
              </Link>
              <button
                type="button"
                class="button primary"
                onClick={() => setOpen(open === segment.id ? undefined : segment.id)}
                aria-expanded={open === segment.id}
              >
                {t.build}
              </button>
            </div>
            {open === segment.id && parties.value !== undefined && (
              <BuildForm segment={segment} parties={parties.value} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function BuildForm(props: {
  readonly segment: Segment
  readonly parties: Parties
  readonly use?: Use
}) {
  const { t, locale } = useWords()
  const [use, setUse] = useState<Use>(props.use ?? firstUse(props.parties))
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [key] = useState(newKey)
  const build = async (): Promise<void> => {
    const answer = await call<Audience>(locale, `/v1/segments/${props.segment.id}/audiences`, {
      method: 'POST',
      body: { use },
      idempotencyKey: `${key}-${use.purpose}-${use.channel}-${use.recipient}`,
    })
    if (answer.ok) navigate(`/audiences/${answer.value.id}`)
    else setProblem(answer.problem)
  }
  return (
    <div class="inset">
      <UsePicker parties={props.parties} use={use} onChange={setUse} />
      <button type="button" class="button primary" onClick={() => void build()} data-test="build">
        {t.buildNow}
      </button>
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
