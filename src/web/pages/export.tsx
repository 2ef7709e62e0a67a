/** One export: what it would give to whom, the rule behind it, the checks, and the decision of a second person. */
import type { RuleCatalog } from '#grammar'
import { useState } from 'preact/hooks'
import { call, newKey } from '../api.ts'
import type { Problem } from '../api.ts'
import { dateTimeIn, filled, numberIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { RuleShown } from '../parts/rule-shown.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { usePeople } from '../parts/use-people.ts'
import type { NameOf } from '../parts/use-people.ts'
import { useInWords } from '../parts/use-picker.tsx'
import { Waterfall } from '../parts/waterfall.tsx'
import type { Audience, Export, Gate, Me, PageProps, Parties } from '../shapes.ts'
import { Decision } from './decision.tsx'

export function ExportPage(props: PageProps) {
  const { t } = useWords()
  const loaded = useAnswer<Export>(`/v1/exports/${props.id ?? ''}`)
  const parties = useAnswer<Parties>('/v1/parties')
  const nameOf = usePeople(props.me)
  const item = loaded.value
  const audience = useAnswer<Audience>(
    item === undefined ? undefined : `/v1/audiences/${item.audienceId}`,
  )
  const exact = audience.value?.exact
  if (loaded.problem !== undefined)
    return <ProblemNote problem={loaded.problem} onRetry={loaded.reload} />
  if (item === undefined) return <Skeleton lines={8} />
  const { me } = props
  const isApprover = me.roles.includes('approver')
  const isOwn = item.requestedBy === me.id
  const isInbox = item.state === 'requested' && isApprover
  return (
    <section>
      <PageHead
        title={filled(t.audienceOf, { name: item.segment.name, version: item.segment.version })}
        lead={item.reason}
        under={
          isInbox
            ? { to: '/approvals', title: t.approvalsTitle }
            : { to: '/exports', title: t.exportsTitle }
        }
      >
        <span aria-live="polite">
          <StateBadge state={item.state} />
        </span>
      </PageHead>
      <div class="two-columns">
        <div class="stack">
          <RuleOf item={item} asOf={audience.value?.asOf} />
          {audience.problem !== undefined && <ProblemNote problem={audience.problem} />}
          {exact !== undefined && <ExactNumbers exact={exact} />}
        </div>
        <div class="stack">
          {isInbox && <Decision item={item} me={me} onDone={loaded.reload} />}
          <div class="card stack tight">
            <h2>{t.gates}</h2>
            <Gates gates={item.gates} />
          </div>
          <div class="card stack">
            <Facts item={item} parties={parties.value} nameOf={nameOf} />
            <p>
              <Link to={`/audiences/${item.audienceId}`}>{t.toAudience}</Link>
            </p>
            <TakeBack item={item} me={me} isOwn={isOwn} onDone={loaded.reload} />
          </div>
        </div>
      </div>
    </section>
  )
}

function RuleOf(props: { readonly item: Export; readonly asOf: string | undefined }) {
  const { item } = props
  const catalog = useAnswer<RuleCatalog>('/v1/catalog')
  if (catalog.problem !== undefined)
    return <ProblemNote problem={catalog.problem} onRetry={catalog.reload} />
  if (item.rule === undefined) return null
  if (catalog.value === undefined) return <Skeleton />
  return (
    <RuleShown
      text={item.rule.text}
      ruleHash={item.ruleHash}
      catalog={catalog.value}
      use={item.use}
      categories={item.categories}
      asOf={props.asOf}
    />
  )
}

function ExactNumbers(props: { readonly exact: NonNullable<Audience['exact']> }) {
  const { t, locale } = useWords()
  const { exact } = props
  return (
    <div class="card stack tight" data-test="exact">
      <h2>{t.exactCounts}</h2>
      <p class="reach">
        {numberIn(locale, exact.members)} <small>{t.people}</small>
      </p>
      <Waterfall steps={exact.waterfall} exact />
      <p class="quiet">{t.exactNote}</p>
    </div>
  )
}

const labelByGate: Readonly<Record<string, keyof Messages>> = {
  'audience-ready': 'gateAudienceReady',
  columns: 'gateColumns',
  contract: 'gateContract',
  expiry: 'gateExpiry',
  'minimum-size': 'gateMinimumSize',
}
const looks: Readonly<Record<Gate['outcome'], readonly [keyof Messages, string]>> = {
  passed: ['gatePassed', 'good'],
  'needs-review': ['gateReview', 'wait'],
  failed: ['gateFailed', 'bad'],
}

function Gates(props: { readonly gates: readonly Gate[] }) {
  const { t } = useWords()
  return (
    <ul class="gates">
      {props.gates.map((gate) => {
        const label = labelByGate[gate.code]
        const [words, look] = looks[gate.outcome]
        return (
          <li key={gate.code} data-outcome={gate.outcome}>
            <span>{label === undefined ? gate.code : t[label]}</span>
            <span class={`state state-${look}`}>{t[words]}</span>
          </li>
        )
      })}
    </ul>
  )
}

const labelByColumn: Readonly<Record<string, keyof Messages>> = {
  id: 'columnId',
  mobile: 'columnMobile',
  email: 'columnEmail',
  name: 'columnName',
}

function Facts(props: {
  readonly item: Export
  readonly parties: Parties | undefined
  readonly nameOf: NameOf
}) {
  const { t, locale } = useWords()
  const { item } = props
  const requester = props.nameOf(item.requestedBy)
  const approver = item.approval === null ? undefined : props.nameOf(item.approval.approver)
  const column = (id: string): string => {
    const label = labelByColumn[id]
    return label === undefined ? id : t[label]
  }
  return (
    <dl class="facts">
      <dt>{t.useTitle}</dt>
      <dd>{useInWords(locale, props.parties, item.use)}</dd>
      <dt>{t.destination}</dt>
      <dd>{item.destination}</dd>
      <dt>{t.exportColumns}</dt>
      <dd>{item.columns.map(column).join(locale === 'en' ? ', ' : '、')}</dd>
      <dt>{t.requestedAt}</dt>
      <dd>
        {dateTimeIn(locale, item.requestedAt)}
        {requester !== undefined && ` · ${requester}`}
      </dd>
      <dt>{t.expiresAt}</dt>
      <dd>{dateTimeIn(locale, item.expiresAt)}</dd>
      <dt>{t.delivered}</dt>
      <dd>{numberIn(locale, item.delivered)}</dd>
      {item.approval !== null && (
        <>
          <dt>{t.decidedAt}</dt>
          <dd data-test="approval">
            {item.approval.decision === 'approved' ? t.stateApproved : t.stateRejected} ·{' '}
            {dateTimeIn(locale, item.approval.at)}
            {approver !== undefined && ` · ${approver}`}
            <br />
            {item.approval.reason}
          </dd>
        </>
      )}
      <dt>{t.exportId}</dt>
      <dd>
        <code class="hash" data-test="export-id">
          {item.id}
        </code>
      </dd>
    </dl>
  )
}

function TakeBack(props: {
  readonly item: Export
  readonly me: Me
  readonly isOwn: boolean
  readonly onDone: () => void
}) {
  const { t, locale } = useWords()
  const { item, me } = props
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const mayCancel = me.roles.includes('approver') || (props.isOwn && me.roles.includes('marketer'))
  if (!mayCancel || !['requested', 'approved', 'available'].includes(item.state)) return null
  const cancel = async (): Promise<void> => {
    const answer = await call(locale, `/v1/exports/${item.id}/cancel`, {
      method: 'POST',
      idempotencyKey: newKey(),
    })
    if (answer.ok) props.onDone()
    else setProblem(answer.problem)
  }
  return (
    <div class="stack tight">
      {isAsking ? (
        <>
          <p>{t.cancelExportSure}</p>
          <div class="actions">
            <button type="button" class="button danger" onClick={() => void cancel()}>
              {t.cancelExport}
            </button>
            <button type="button" class="button" onClick={() => setAsking(false)}>
              {t.keepExport}
            </button>
          </div>
        </>
      ) : (
        <div>
          <button
            type="button"
            class="button"
            onClick={() => setAsking(true)}
            data-test="cancel-export"
          >
            {t.cancelExport}…
          </button>
        </div>
      )}
      {problem !== undefined && <ProblemNote problem={problem} />}
    </div>
  )
}
