/** Where people are lost on the way from everyone to those who can be reached: eligible first, then the rule. */
import { permitReasons } from '../consent/index.ts'
import type { OpenedRun, PermitReason } from '../consent/index.ts'
import { release } from '../releases/index.ts'
import type { Released } from '../releases/index.ts'

export type WaterfallReason =
  | 'everyone'
  | PermitReason
  | 'eligible'
  | 'matched'
  | 'has-identifier'
  | 'reachable'

/** People lost for a permit reason; people left at the other steps. */
export interface ExactStep {
  readonly reason: WaterfallReason
  readonly count: number
}

export interface WaterfallStep {
  readonly reason: WaterfallReason
  readonly count: Released
}

export interface Matched {
  readonly matched: number
  /** Of them, those whom the channel can reach. */
  readonly identified: number
}

export const waterfallReasons: readonly WaterfallReason[] = [
  'everyone',
  ...permitReasons,
  'eligible',
  'matched',
  'has-identifier',
  'reachable',
]

export const exactWaterfall = (opened: OpenedRun, found: Matched): readonly ExactStep[] => [
  { reason: 'everyone', count: opened.everyone },
  ...permitReasons.map((reason) => ({ reason, count: opened.counts[reason] })),
  { reason: 'eligible', count: opened.counts.eligible },
  { reason: 'matched', count: found.matched },
  { reason: 'has-identifier', count: found.identified },
  { reason: 'reachable', count: found.identified },
]

export const releaseExact = (
  steps: readonly ExactStep[],
  epoch: string,
): readonly WaterfallStep[] =>
  steps.map(({ reason, count }) => ({ reason, count: release(count, epoch) }))

/** The number at a step, 0 where the waterfall lacks it. */
export const readExact = (steps: readonly ExactStep[], reason: WaterfallReason): number =>
  steps.find((step) => step.reason === reason)?.count ?? 0
