/** Audiences: being built, and built. */
import { dateTimeIn, filled, useWords } from '../i18n.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Progress } from '../parts/progress.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { audienceStateOf, StateBadge } from '../parts/state-badge.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { usePages } from '../parts/use-pages.tsx'
import { useInWords } from '../parts/use-picker.tsx'
import type { AudienceSummary, PageProps, Parties } from '../shapes.ts'

const beatMs = 1000

export const isSettled = ({ state }: AudienceSummary): boolean =>
  state !== 'queued' && state !== 'running'

export function AudiencesPage(props: PageProps) {
  const { t, locale } = useWords()
  const list = usePages<AudienceSummary>('/v1/audiences', {
    everyMs: beatMs,
    done: (items) => items.every(isSettled),
  })
  const parties = useAnswer<Parties>('/v1/parties')
  const { items } = list
  return (
    <section>
      <PageHead title={t.audiencesTitle} lead={t.audiencesLead} />
      {list.problem !== undefined && <ProblemNote problem={list.problem} onRetry={list.reload} />}
      {items === undefined && list.problem === undefined && <Skeleton />}
      {items?.length === 0 && (
        <EmptyState title={t.audiencesEmpty}>
          {props.me.roles.includes('marketer') && (
            <Link to="/segments" class="button primary">
              {t.segmentsTitle}
            </Link>
          )}
        </EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <ul class="card rows">
          {items.map((audience) => (
            <li key={audience.id} data-test="audience">
              <div>
                <h2>
                  <Link to={`/audiences/${audience.id}`}>
                    {filled(t.audienceOf, {
                      name: audience.segmentName,
                      version: audience.version,
                    })}
                  </Link>
                </h2>
                <p class="quiet">
                  {useInWords(locale, parties.value, audience.use)} ·{' '}
                  {dateTimeIn(locale, audience.createdAt)}
                </p>
              </div>
              <StateBadge state={audienceStateOf(audience)} />
              {!isSettled(audience) && (
                <div class="wide">
                  <Progress percent={audience.progress} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {list.more}
    </section>
  )
}
