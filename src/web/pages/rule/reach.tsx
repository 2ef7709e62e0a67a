/** How many the rule reaches, asked again shortly after the writing rests. */
import { useEffect, useState } from 'preact/hooks'
import { call } from '../../api.ts'
import type { Problem } from '../../api.ts'
import { filled, numberIn, percentIn, useWords } from '../../i18n.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { shownSteps, Waterfall } from '../../parts/waterfall.tsx'
import type { Released, Use, WaterfallStep } from '../../shapes.ts'

interface Counted {
  readonly waterfall: readonly WaterfallStep[]
  readonly reachable: Released
}

/** Each count reads people and stands in the log, so it waits for the hand to rest. */
const restMs = 700

export function Reach(props: {
  readonly text: string
  readonly use: Use
  readonly isSound: boolean
}) {
  const { t, locale } = useWords()
  const [counted, setCounted] = useState<Counted | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const [round, setRound] = useState(0)
  const { text, isSound } = props
  const { purpose, channel, recipient } = props.use
  useEffect(() => {
    if (!isSound) return undefined
    const abort = new AbortController()
    setBusy(true)
    const count = async (): Promise<void> => {
      const answer = await call<Counted>(locale, '/v1/counts', {
        method: 'POST',
        body: { text, use: { purpose, channel, recipient } },
        signal: abort.signal,
      })
      setBusy(false)
      setCounted(answer.ok ? answer.value : undefined)
      setProblem(answer.ok ? undefined : answer.problem)
    }
    const timer = setTimeout(() => void count().catch(() => undefined), restMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
    // A change of the reader's language changes no number, so it asks for none.
  }, [text, isSound, purpose, channel, recipient, round])
  return (
    <div class="card stack tight" aria-busy={isSound && isBusy} data-test="reach">
      <div class="reach-head">
        <h2>{t.reachTitle}</h2>
        {isSound && isBusy && <span class="quiet">{t.counting}</span>}
      </div>
      {!isSound && <p class="quiet">{t.countNeedsRule}</p>}
      {isSound && problem !== undefined && (
        <ProblemNote problem={problem} onRetry={() => setRound(round + 1)} />
      )}
      {isSound && counted === undefined && problem === undefined && <Skeleton lines={6} />}
      {isSound && counted !== undefined && <Numbers counted={counted} isStale={isBusy} />}
    </div>
  )
}

function Numbers(props: { readonly counted: Counted; readonly isStale: boolean }) {
  const { t, locale } = useWords()
  const { waterfall, reachable } = props.counted
  const valueOf = (reason: string): number | null =>
    waterfall.find((step) => step.reason === reason)?.count.value ?? null
  const eligible = valueOf('eligible')
  const more = estimateMore(valueOf('general'), valueOf('matched'), eligible)
  return (
    <div class={props.isStale ? 'stack tight stale' : 'stack tight'}>
      <p class="reach" aria-live="polite" data-test="reachable">
        {reachable.value === null ? (
          t.fewerThan
        ) : (
          <>
            <small>{t.about} </small>
            {numberIn(locale, reachable.value)}
            <small> {t.people}</small>
          </>
        )}
        {reachable.value !== null && eligible !== null && (
          <small>
            {' · '}
            {filled(t.ofEligible, { share: percentIn(locale, reachable.value / eligible) })}
          </small>
        )}
      </p>
      <Waterfall steps={shownSteps(waterfall)} />
      {more !== null && (
        <p class="note">{filled(t.wouldMatch, { count: numberIn(locale, more) })}</p>
      )}
      <p class="quiet">{t.countNote}</p>
    </div>
  )
}

/** People without consent are never matched; this takes the released rate of the others, rounded like them. */
function estimateMore(
  withoutConsent: number | null,
  matched: number | null,
  eligible: number | null,
): number | null {
  if (withoutConsent === null || matched === null || eligible === null || eligible === 0)
    return null
  const more = Math.round((withoutConsent * matched) / eligible / 10) * 10
  return more >= 50 ? more : null
}
