/** What fictional customers said about being reached: yes, no, not any more, long ago, only this, or nothing at all. */
import type { CheckedConsentEvent } from '../consent/index.ts'
import { dayMs } from './calendar.ts'
import { toldCategories } from './parties.ts'
import { chanceOf } from './persona.ts'
import type { Persona } from './persona.ts'
import { weighted } from './random.ts'
import type { Seeded } from './random.ts'

export interface DemoSuppression {
  readonly channel: string
  readonly reason: 'opt-out' | 'complaint' | 'do-not-contact'
}

type History =
  | 'agreed'
  | 'old-notice'
  | 'refused'
  | 'withdrawn'
  | 'sms-withdrawn'
  | 'came-back'
  | 'late-grant'
  | 'narrow'
  | 'promotion-only'
  | 'ended'
  | 'ending'
  | 'asked'
  | 'silent'

const histories = weighted<History>([
  ['agreed', 52],
  ['old-notice', 9],
  ['refused', 8],
  ['withdrawn', 6],
  ['sms-withdrawn', 4],
  ['came-back', 2],
  ['late-grant', 2],
  ['narrow', 5],
  ['promotion-only', 3],
  ['ended', 2],
  ['ending', 2],
  ['asked', 1],
  ['silent', 4],
])

const source = 'demo-consents'
/** The second notice came so long before the end of the world. */
const newNoticeDays = 500

type Said = Omit<CheckedConsentEvent, 'source' | 'eventId'>

/** In the order in which the brand heard of them, which is not the order in which they were said. */
export function consentsOf(seed: string, persona: Persona, asOfMs: number): CheckedConsentEvent[] {
  const random = chanceOf(seed, persona.index, 'consent')
  const history = random.draw(histories)
  const said =
    history === 'silent'
      ? []
      : [...service(random, persona), ...tell(history, random, persona, asOfMs)]
  return said.map((event, place) => ({
    ...event,
    source,
    eventId: `${persona.id}-${place + 1}`,
  }))
}

const channelsOf = (random: Seeded, persona: Persona): string[] => [
  'sms',
  ...(persona.email !== undefined && random.chance(0.85) ? ['email'] : []),
  ...(persona.wecom === undefined ? [] : ['wecom']),
  ...(persona.pushToken !== undefined && random.chance(0.8) ? ['app_push'] : []),
]

function tell(
  history: Exclude<History, 'silent'>,
  random: Seeded,
  persona: Persona,
  asOfMs: number,
): readonly Said[] {
  const newNoticeMs = asOfMs - newNoticeDays * dayMs
  const firstMs = Math.max(persona.registeredMs, newNoticeMs)
  const later = (): Date => new Date(Math.floor(firstMs + random.unit() * (asOfMs - firstMs)))
  const given: Said = {
    ...plain('marketing', channelsOf(random, persona)),
    effectiveAt: new Date(firstMs),
  }
  const withdrawn: Said = {
    ...given,
    state: 'withdrawn',
    channels: [],
    categories: [],
    effectiveAt: later(),
  }
  switch (history) {
    case 'agreed':
      return agreed(random, given, persona, newNoticeMs)
    case 'old-notice':
      return [{ ...given, notice: { id: 'privacy', version: 1 } }]
    case 'refused':
      return [{ ...given, state: 'refused', categories: [], channels: [] }]
    case 'withdrawn':
      return [given, withdrawn]
    case 'sms-withdrawn':
      return [given, { ...withdrawn, channels: ['sms'] }]
    case 'came-back':
      return [given, withdrawn, { ...given, state: 'renewed', effectiveAt: new Date(asOfMs) }]
    case 'late-grant':
      // A slow form arrives after the withdrawal that followed it.
      return [withdrawn, { ...given, mechanism: 'paper-form' }]
    case 'narrow':
      return [{ ...given, categories: ['demographic', 'loyalty'] }]
    case 'promotion-only':
      return [{ ...given, purpose: 'marketing.promotion' }]
    case 'ended':
      return [
        {
          ...given,
          effectiveAt: early(persona, asOfMs),
          validUntil: daysFrom(asOfMs, -random.whole(1, 90)),
        },
      ]
    case 'ending':
      return [{ ...given, validUntil: daysFrom(asOfMs, random.whole(1, 60)) }]
    case 'asked':
      return [{ ...given, state: random.chance(0.5) ? 'requested' : 'deferred' }]
  }
}

const daysFrom = (atMs: number, days: number): Date => new Date(atMs + days * dayMs)

/** Before the ends that `ended` draws. */
const early = (persona: Persona, asOfMs: number): Date =>
  new Date(Math.min(persona.registeredMs, asOfMs - 120 * dayMs))

const plain = (purpose: string, channels: readonly string[]) => ({
  kind: 'general' as const,
  purpose,
  channels,
  categories: [...toldCategories],
  state: 'given' as const,
  notice: { id: 'privacy', version: 2 },
  mechanism: 'checkbox',
})

/** Old members agreed twice; some agree to more than the plain. */
function agreed(
  random: Seeded,
  given: Said,
  persona: Persona,
  newNoticeMs: number,
): readonly Said[] {
  const before: Said[] =
    persona.registeredMs < newNoticeMs
      ? [
          {
            ...given,
            notice: { id: 'privacy', version: 1 },
            effectiveAt: new Date(persona.registeredMs),
          },
        ]
      : []
  // People take their time to answer a new notice.
  const answeredMs = given.effectiveAt.getTime() + random.whole(0, 40 * dayMs)
  const current: Said =
    before.length > 0 ? { ...given, state: 'renewed', effectiveAt: new Date(answeredMs) } : given
  const toAds: Said[] = random.chance(0.35)
    ? [
        {
          ...current,
          kind: 'separate:recipient',
          recipient: 'ad-platform',
          categories: ['demographic', 'transaction', 'behaviour', 'loyalty', 'preference'],
        },
      ]
    : []
  // Some tick the list of data and stop at the separate question that sensitive data needs.
  const wide: Said[] = random.chance(0.2) ? [{ ...current, categories: ['health'] }] : []
  const sensitive: Said[] =
    wide.length > 0 && random.chance(0.6)
      ? [{ ...current, kind: 'separate:sensitive', categories: ['health'] }]
      : []
  return [...before, current, ...toAds, ...wide, ...sensitive]
}

function service(random: Seeded, persona: Persona): readonly Said[] {
  const given: Said = {
    ...plain('service.order', ['sms', 'email']),
    categories: ['demographic', 'transaction', 'loyalty'],
    notice: { id: 'privacy', version: 1 },
    effectiveAt: new Date(persona.registeredMs),
  }
  const isGuarded = persona.age < 14 && random.chance(0.7)
  return isGuarded ? [given, { ...given, kind: 'guardian' }] : [given]
}

export function suppressionsOf(seed: string, persona: Persona): readonly DemoSuppression[] {
  const random = chanceOf(seed, persona.index, 'suppression')
  if (random.chance(0.02))
    return [{ channel: random.chance(0.8) ? 'sms' : 'email', reason: 'opt-out' }]
  if (random.chance(0.004)) return [{ channel: '*', reason: 'complaint' }]
  return random.chance(0.002) ? [{ channel: '*', reason: 'do-not-contact' }] : []
}
