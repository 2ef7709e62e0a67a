/**
 * The state of a consent as the fold over its events: the specification that the SQL of consent.refold is compared with.
 *
 * INVARIANT: the order of arrival never matters, and a withdrawal wins ties (test/consent/fold.test.ts).
 */
import type { ConsentKind, ConsentState } from './vocabulary.ts'
import { isGrant, isWithin } from './vocabulary.ts'

export interface LedgerEvent {
  readonly source: string
  readonly eventId: string
  readonly kind: ConsentKind
  readonly purpose: string
  /** Empty means every channel. */
  readonly channels: readonly string[]
  /** Empty means every category. */
  readonly categories: readonly string[]
  readonly recipient?: string
  readonly state: ConsentState
  readonly effectiveAt: Date
  readonly validUntil?: Date
  readonly notice?: { readonly id: string; readonly version: number }
}

export interface ConsentQuestion {
  readonly kind: ConsentKind
  readonly purpose: {
    readonly id: string
    readonly coveredBy: readonly string[]
    readonly notice?: string
    readonly minNoticeVersion: number
  }
  readonly channel: string
  readonly category: string
  readonly recipient?: string
  readonly at: Date
}

/** The event that decides a question, or undefined when nobody ever said anything about it. */
export function latestWord(
  events: readonly LedgerEvent[],
  question: ConsentQuestion,
): LedgerEvent | undefined {
  return events.filter((event) => speaksOf(event, question)).toSorted(latestFirst)[0]
}

/** Whether a consent holds: the latest word is a grant, on a notice that still counts, not run out. */
export function isLive(events: readonly LedgerEvent[], question: ConsentQuestion): boolean {
  const word = latestWord(events, question)
  if (word === undefined || !isGrant(word.state)) return false
  const { notice, minNoticeVersion } = question.purpose
  if (word.notice === undefined || word.notice.version < minNoticeVersion) return false
  if (notice !== undefined && word.notice.id !== notice) return false
  return word.validUntil === undefined || question.at.getTime() < word.validUntil.getTime()
}

function speaksOf(event: LedgerEvent, question: ConsentQuestion): boolean {
  const { purpose, channel, category } = question
  return (
    rankOf(event.state) > 0 &&
    event.kind === question.kind &&
    event.recipient === question.recipient &&
    (event.purpose === purpose.id || purpose.coveredBy.includes(event.purpose)) &&
    (event.channels.length === 0 || event.channels.includes(channel)) &&
    (event.categories.length === 0 || event.categories.some((named) => isWithin(category, named)))
  )
}

/** What a state weighs at equal times; a question that was only asked weighs nothing. */
function rankOf(state: ConsentState): number {
  switch (state) {
    case 'withdrawn':
    case 'revoked':
    case 'invalidated':
      return 3
    case 'refused':
      return 2
    case 'given':
    case 'renewed':
      return 1
    case 'requested':
    case 'deferred':
      return 0
  }
}

const latestFirst = (a: LedgerEvent, b: LedgerEvent): number =>
  b.effectiveAt.getTime() - a.effectiveAt.getTime() ||
  rankOf(b.state) - rankOf(a.state) ||
  byBytes(b.source, a.source) ||
  byBytes(b.eventId, a.eventId)

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
