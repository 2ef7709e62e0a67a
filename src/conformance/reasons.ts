/** Why a customer is in or out: every clause that was asked, what it measured and whether it held. */
import type { CustomerExplanation, Explanation, Measured, Span } from '#grammar'

export interface Reason {
  readonly part: 'include' | 'exclude' | 'sample'
  readonly clause: string
  readonly holds: boolean
  readonly span?: Span
  readonly measured?: Measured
}

export function reasonsOf(explained: CustomerExplanation): readonly Reason[] {
  const { include, exclude, sampled } = explained
  return [
    ...leaves(include, 'include'),
    ...exclude.flatMap((each) => leaves(each, 'exclude')),
    ...(sampled === undefined
      ? []
      : [{ part: 'sample' as const, clause: 'sample', holds: sampled }]),
  ]
}

function leaves(explanation: Explanation, part: 'include' | 'exclude'): readonly Reason[] {
  const { test, truth, measured, span, parts } = explanation
  if (parts.length > 0) return parts.flatMap((each) => leaves(each, part))
  return [
    {
      part,
      clause: test.kind,
      holds: truth,
      ...(span === undefined ? {} : { span }),
      ...(measured === undefined ? {} : { measured }),
    },
  ]
}
