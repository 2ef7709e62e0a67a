/** One audience: its progress, its waterfall, and the request to export it. */
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { dateTimeIn, filled, numberIn, useWords } from '../i18n.ts'
import { Categories } from '../parts/categories.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Progress } from '../parts/progress.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { audienceStateOf, StateBadge } from '../parts/state-badge.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useInWords } from '../parts/use-picker.tsx'
import { shownSteps, Waterfall } from '../parts/waterfall.tsx'
import type { Audience, PageProps, Parties } from '../shapes.ts'
import { isSettled } from './audiences.tsx'
import { ExportForm } from './export-form.tsx'

const beatMs = 400

export function AudiencePage(props: PageProps) {
  const { t } = useWords()
  const loaded = useAnswer<Audience>(`/v1/audiences/${props.id ?? ''}`, {
    everyMs: beatMs,
    done: isSettled,
  })
  const parties = useAnswer<Parties>('/v1/parties')
  const audience = loaded.value
  if (loaded.problem !== undefined)
    return <ProblemNote problem={loaded.problem} onRetry={loaded.reload} />
  if (audience === undefined) return <Skeleton />
  const recipient = parties.value?.recipients.find(({ id }) => id === audience.use.recipient)
  const isMarketer = props.me.roles.includes('marketer')
  return (
    <section>
      <PageHead
        title={filled(t.audienceOf, { name: audience.segmentName, version: audience.version })}
        under={{ to: '/audiences', title: t.audiencesTitle }}
      >
        <span aria-live="polite">
          <StateBadge state={audienceStateOf(audience)} />
        </span>
      </PageHead>
      <div class="two-columns">
        <div class="stack">
          {!isSettled(audience) && (
            <Building audience={audience} mayCancel={isMarketer} onCancelled={loaded.reload} />
          )}
          {audience.waterfall !== null && <Reached audience={audience} />}
          <div class="card">
            <Facts audience={audience} parties={parties.value} />
          </div>
        </div>
        {audience.state === 'ready' && isMarketer && (
          <ExportForm audience={audience} recipientRole={recipient?.role} />
        )}
      </div>
    </section>
  )
}

function Building(props: {
  readonly audience: Audience
  readonly mayCancel: boolean
  readonly onCancelled: () => void
}) {
  const { t, locale } = useWords()
  const { audience } = props
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const cancel = async (): Promise<void> => {
    const answer = await call(locale, `/v1/audiences/${audience.id}/cancel`, {
      method: 'POST',
      idempotencyKey: newKey(),
    })
    setProblem(answer.ok ? undefined : answer.problem)
    props.onCancelled()
  }
  return (
    <div class="card stack tight">
      <div class="reach-head">
        <h2>{audience.state === 'queued' ? t.stateQueued : t.stateRunning}</h2>
        <span class="quiet">{audience.progress}%</span>
      </div>
      <Progress percent={audience.progress} />
      {props.mayCancel && (
        <div>
          <button
            type="button"
            class="button"
            disabled={audience.cancelling}
            onClick={() => void cancel()}
            data-test="cancel-build"
          >
            {t.cancelBuild}
          </button>
        </div>
      )}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}

function Reached(props: { readonly audience: Audience }) {
  const { t, locale } = useWords()
  const { waterfall, reachable, exact } = props.audience
  const value = reachable?.value ?? null
  return (
    <div class="card stack tight">
      <h2>{t.reachTitle}</h2>
      <p class="reach" data-test="reachable">
        {exact !== undefined ? (
          numberIn(locale, exact.members)
        ) : value === null ? (
          t.fewerThan
        ) : (
          <>
            <small>{t.about} </small>
            {numberIn(locale, value)}
          </>
        )}
        {(exact !== undefined || value !== null) && <small> {t.people}</small>}
      </p>
      {exact === undefined ? (
        <Waterfall steps={shownSteps(waterfall ?? [])} />
      ) : (
        <Waterfall steps={exact.waterfall} exact />
      )}
      <p class="quiet">{exact === undefined ? t.countNote : t.exactNote}</p>
    </div>
  )
}

function Facts(props: { readonly audience: Audience; readonly parties: Parties | undefined }) {
  const { t, locale } = useWords()
  const { audience } = props
  return (
    <dl class="facts">
      <dt>{t.useTitle}</dt>
      <dd>{useInWords(locale, props.parties, audience.use)}</dd>
      <dt>{t.asOf}</dt>
      <dd>{dateTimeIn(locale, audience.asOf)}</dd>
      <dt>{t.reads}</dt>
      <dd>
        <Categories ids={audience.categories} none={t.readsNothing} />
      </dd>
      {audience.failure !== null && (
        <>
          <dt>{t.failure}</dt>
          <dd>
            <code>{audience.failure}</code>
          </dd>
        </>
      )}
      <dt>{t.ruleHash}</dt>
      <dd>
        <code class="hash">{audience.ruleHash}</code>
      </dd>
    </dl>
  )
}
