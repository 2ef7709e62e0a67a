/** How many the rule reaches, asked again shortly after the writing rests. */
import { useEffect, useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem, Released, Use, WaterfallStep } from '../api.ts'
import { numberIn, useWords } from '../i18n.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waterfall } from '../parts/waterfall.tsx'

interface Counted {
  readonly waterfall: readonly WaterfallStep[]
  readonly reachable: Released
}

/** Each count reads people and stands in the log, so it waits for the hand to rest. */
const restMs = 700

export function Reach(props: {
  readonly text: string
  readonly use: Use
  readonly sound: boolean
}) {
  const { t, locale } = useWords()
  const [counted, setCounted] = useState<Counted | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [round, setRound] = useState(0)
  const { purpose, channel, recipient } = props.use
  useEffect(() => {
    if (!props.sound) return undefined
    const abort = new AbortController()
    setBusy(true)
    const count = async (): Promise<void> => {
      const answer = await call<Counted>(locale, '/v1/counts', {
        method: 'POST',
        body: { text: props.text, use: { purpose, channel, recipient } },
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
  }, [props.text, props.sound, purpose, channel, recipient, round, locale])
  const value = counted?.reachable.value
  return (
    <div class="card" aria-live="polite" aria-busy={busy} data-test="reach">
      <h2>{t.reachTitle}</h2>
      {!props.sound && <p class="quiet">{t.countNeedsRule}</p>}
      {busy && props.sound && <p class="quiet">{t.counting}</p>}
      {problem !== undefined && (
        <ProblemNote problem={problem} onRetry={() => setRound(round + 1)} />
      )}
      {counted !== undefined && props.sound && (
        <>
          <p class="reach" data-test="reachable">
            {value === null || value === undefined
              ? t.fewerThan
              : `${t.about} ${numberIn(locale, value)} ${t.people}`}
          </p>
          <Waterfall steps={counted.waterfall} />
          <p class="quiet">{t.countNote}</p>
        </>
      )}
    </div>
  )
}
