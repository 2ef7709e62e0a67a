/** Saved rules: open one, or build an audience of it. */
import { useState } from 'preact/hooks'
import { dateTimeIn, filled, useWords } from '../i18n.ts'
import { BuildButton } from '../parts/build-button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { usePages } from '../parts/use-pages.tsx'
import { firstUse, UsePicker } from '../parts/use-picker.tsx'
import type { Parties, SegmentSummary, Use } from '../shapes.ts'

export function SegmentsPage() {
  const { t } = useWords()
  const segments = usePages<SegmentSummary>('/v1/segments')
  const parties = useAnswer<Parties>('/v1/parties')
  const [open, setOpen] = useState<string | undefined>(undefined)
  const { items } = segments
  return (
    <section>
      <PageHead title={t.segmentsTitle} lead={t.segmentsLead}>
        <Link to="/rule" class="button">
          {t.newRule}
        </Link>
      </PageHead>
      {segments.problem !== undefined && (
        <ProblemNote problem={segments.problem} onRetry={segments.reload} />
      )}
      {items === undefined && segments.problem === undefined && <Skeleton />}
      {items?.length === 0 && (
        <EmptyState title={t.segmentsEmpty}>
          <Link to="/rule" class="button primary">
            {t.ruleTitle}
          </Link>
        </EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <ul class="card rows">
          {items.map((segment) => (
            <li key={segment.id} data-test="segment">
              <Row
                segment={segment}
                parties={parties.value}
                isOpen={open === segment.id}
                onToggle={() => setOpen(open === segment.id ? undefined : segment.id)}
              />
            </li>
          ))}
        </ul>
      )}
      {segments.more}
    </section>
  )
}

function Row(props: {
  readonly segment: SegmentSummary
  readonly parties: Parties | undefined
  readonly isOpen: boolean
  readonly onToggle: () => void
}) {
  const { t, locale } = useWords()
  const { segment, parties } = props
  return (
    <>
      <div>
        <h2>
          <Link to={`/rule/${segment.id}`}>{segment.name}</Link>
        </h2>
        <p class="quiet">
          {filled(t.versionN, { version: segment.version })} ·{' '}
          {dateTimeIn(locale, segment.changedAt)} · {t.ruleHash}{' '}
          <code class="nowrap">{segment.ruleHash.replace('sha256:', '').slice(0, 8)}</code>
        </p>
      </div>
      <div class="actions">
        <Link to={`/rule/${segment.id}`} class="button">
          {t.openInEditor}
        </Link>
        <button
          type="button"
          class="button"
          onClick={props.onToggle}
          aria-expanded={props.isOpen}
          data-test="choose-use"
        >
          {t.build}…
        </button>
      </div>
      {props.isOpen && parties !== undefined && <Build segment={segment} parties={parties} />}
    </>
  )
}

function Build(props: { readonly segment: SegmentSummary; readonly parties: Parties }) {
  const { segment, parties } = props
  const [use, setUse] = useState<Use>(() => firstUse(parties))
  return (
    <div class="wide stack tight">
      <UsePicker parties={parties} use={use} onChange={setUse} flat />
      <BuildButton segmentId={segment.id} version={segment.version} use={use} />
    </div>
  )
}
