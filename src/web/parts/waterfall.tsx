/**
 * The waterfall, drawn: from everyone, by the first reason that stops them, to whom the list reaches.
 *
 * Every bar has the same scale, everyone. What a reason takes stands where it was taken from, so that the steps line up.
 */
import { Fragment } from 'preact'
import { numberIn, percentIn, useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'

/** A null count is one that may not be shown. */
export interface ShownStep {
  readonly reason: string
  readonly count: number | null
}

const labelByReason: Readonly<Record<string, keyof Messages>> = {
  everyone: 'everyone',
  status: 'status',
  age: 'age',
  general: 'general',
  sensitive: 'sensitive',
  recipient: 'recipientReason',
  border: 'border',
  profiling: 'profiling',
  suppression: 'suppression',
  eligible: 'eligible',
  matched: 'matched',
  'has-identifier': 'hasIdentifier',
  reachable: 'reachable',
}

const staying: ReadonlySet<string> = new Set([
  'everyone',
  'eligible',
  'matched',
  'has-identifier',
  'reachable',
])

interface Drawn extends ShownStep {
  readonly lost: boolean
  /** Shares of everyone, 0 to 1. */
  readonly from: number
  readonly width: number
}

export function Waterfall(props: {
  readonly steps: readonly ShownStep[]
  /** The numbers are not rounded. */
  readonly exact?: boolean
}) {
  const { t, locale } = useWords()
  const drawn = draw(props.steps)
  const few = drawn.filter(({ lost, count }) => lost && count === null)
  const inWords = (step: ShownStep): string => {
    const label = labelByReason[step.reason]
    return label === undefined ? step.reason : t[label]
  }
  const countOf = (count: number | null): string => {
    if (count === null) return t.fewerThan
    return props.exact === true ? numberIn(locale, count) : `${t.about} ${numberIn(locale, count)}`
  }
  return (
    <ol class="waterfall" data-test="waterfall">
      {drawn.map((step) => (
        <Fragment key={step.reason}>
          {step.reason === 'eligible' && few.length > 0 && (
            <li class="lost">
              <details>
                <summary>{t.fewEach}</summary>
                <ul>
                  {few.map((one) => (
                    <li key={one.reason}>{inWords(one)}</li>
                  ))}
                </ul>
              </details>
            </li>
          )}
          {(!step.lost || (step.count !== null && step.count > 0)) && (
            <li class={step.lost ? 'lost' : 'kept'} data-reason={step.reason}>
              <span>
                {step.lost && <span aria-hidden="true">− </span>}
                {inWords(step)}
              </span>
              <span class="waterfall-count">
                {countOf(step.count)}
                <span class="waterfall-share">
                  {step.count !== null && percentIn(locale, step.width)}
                </span>
              </span>
              <span class="waterfall-bar" aria-hidden="true">
                <span
                  style={{ marginLeft: `${100 * step.from}%`, width: `${100 * step.width}%` }}
                />
              </span>
            </li>
          )}
        </Fragment>
      ))}
    </ol>
  )
}

function draw(steps: readonly ShownStep[]): readonly Drawn[] {
  const whole = steps[0]?.count ?? 0
  const share = (count: number): number =>
    whole === 0 ? 0 : Math.min(1, Math.max(0, count / whole))
  let left = whole
  return steps.map((step) => {
    const count = step.count ?? 0
    const lost = !staying.has(step.reason)
    if (!lost) return { ...step, lost, from: 0, width: share(count) }
    left = Math.max(0, left - count)
    return { ...step, lost, from: share(left), width: share(count) }
  })
}

/** Released steps as the drawing takes them. */
export const shownSteps = (
  steps: readonly { readonly reason: string; readonly count: { readonly value: number | null } }[],
): readonly ShownStep[] => steps.map(({ reason, count }) => ({ reason, count: count.value }))
