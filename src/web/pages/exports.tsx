/** Exports, and the inbox of those that wait for a second person. */
import { dateTimeIn, filled, useWords } from '../i18n.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { usePages } from '../parts/use-pages.tsx'
import { useInWords } from '../parts/use-picker.tsx'
import type { Export, PageProps, Parties } from '../shapes.ts'

export function ExportsPage(props: PageProps) {
  const { t } = useWords()
  return (
    <section>
      <PageHead title={t.exportsTitle} lead={t.exportsLead} />
      <Exports path="/v1/exports" none={t.exportsEmpty} me={props.me} />
    </section>
  )
}

export function ApprovalsPage(props: PageProps) {
  const { t } = useWords()
  return (
    <section>
      <PageHead title={t.approvalsTitle} lead={t.approvalsLead} />
      <Exports path="/v1/exports?state=requested" none={t.noApprovals} me={props.me} />
    </section>
  )
}

function Exports(props: {
  readonly path: string
  readonly none: string
  readonly me: PageProps['me']
}) {
  const { t, locale } = useWords()
  const list = usePages<Export>(props.path)
  const parties = useAnswer<Parties>('/v1/parties')
  const { items } = list
  if (list.problem !== undefined)
    return <ProblemNote problem={list.problem} onRetry={list.reload} />
  if (items === undefined) return <Skeleton />
  if (items.length === 0) return <EmptyState title={props.none} />
  return (
    <>
      <ul class="card rows">
        {items.map((item) => (
          <li key={item.id} data-test="export">
            <div>
              <h2>
                <Link to={`/exports/${item.id}`}>
                  {filled(t.audienceOf, {
                    name: item.segment.name,
                    version: item.segment.version,
                  })}
                </Link>
              </h2>
              <p>{item.reason}</p>
              <p class="quiet">
                {useInWords(locale, parties.value, item.use)} ·{' '}
                {dateTimeIn(locale, item.requestedAt)}
                {props.me.id === item.requestedBy && ` · ${t.ownRequest}`}
              </p>
            </div>
            <StateBadge state={item.state} />
          </li>
        ))}
      </ul>
      {list.more}
    </>
  )
}
