/** Exports, and the inbox of those that wait for a second person. */
import type { Export, Me, Page } from '../api.ts'
import { dateTimeIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'
import { Link } from '../parts/link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'

export const labelByExportState: Readonly<Record<Export['state'], keyof Messages>> = {
  requested: 'stateRequested',
  approved: 'stateApproved',
  rejected: 'stateRejected',
  available: 'stateAvailable',
  expired: 'stateExpired',
  cancelled: 'stateCancelled',
}

export function ExportsPage() {
  const { t } = useWords()
  const list = useAnswer<Page<Export>>('/v1/exports')
  return (
    <section>
      <h1>{t.exportsTitle}</h1>
      {list.problem !== undefined && <ProblemNote problem={list.problem} onRetry={list.reload} />}
      {list.value?.items.length === 0 && <p class="note">{t.empty}</p>}
      <ExportCards exports={list.value?.items ?? []} />
    </section>
  )
}

export function ApprovalsPage(props: { readonly me: Me }) {
  const { t } = useWords()
  const list = useAnswer<Page<Export>>('/v1/exports?state=requested')
  return (
    <section>
      <h1>{t.approvalsTitle}</h1>
      {list.problem !== undefined && <ProblemNote problem={list.problem} onRetry={list.reload} />}
      {list.value?.items.length === 0 && <p class="note">{t.noApprovals}</p>}
      <ExportCards exports={list.value?.items ?? []} me={props.me} />
    </section>
  )
}

function ExportCards(props: { readonly exports: readonly Export[]; readonly me?: Me }) {
  const { t, locale } = useWords()
  return (
    <ul class="cards">
      {props.exports.map((item) => (
        <li key={item.id} class="card">
          <h2>
            <Link to={`/exports/${item.id}`}>{item.reason}</Link>
          </h2>
          <p class="quiet">
            <span class={`state state-${item.state}`}>{t[labelByExportState[item.state]]}</span>
            {' · '}
            {t.expiresAt} {dateTimeIn(locale, item.expiresAt)}
            {props.me !== undefined && props.me.id === item.requestedBy && ` · ${t.ownRequest}`}
          </p>
          <p class="quiet">{item.columns.join('、')}</p>
        </li>
      ))}
    </ul>
  )
}
