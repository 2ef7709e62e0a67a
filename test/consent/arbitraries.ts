/** Random people on the edges of the decision: birthdays, ties, expiries, notices, coverage up and down. */
import * as fc from 'fast-check'
import type { ConsentKind, LedgerEvent, PersonFacts } from '../../src/consent/index.ts'
import { categories, daysAgo, noon, parties } from './support.ts'

const moments = [daysAgo(400), daysAgo(30), daysAgo(1), noon] as const
const expiries = [daysAgo(1), noon, new Date(noon.getTime() + 1), daysAgo(-30), undefined] as const

export const purposes = [...parties.purposes.map(({ id }) => id), 'unheard.of']
export const channels = ['sms', 'email', 'pigeon'] as const
export const recipients = [...parties.recipients.map(({ id }) => id), 'nobody']
const namedCategories = ['demographic', 'health', ...categories.map(({ id }) => id)]

const notices = [
  { id: 'privacy', version: 1 },
  { id: 'privacy', version: 2 },
  { id: 'privacy', version: 3 },
  { id: 'cookies', version: 3 },
] as const

/** Mostly wide grants on a good notice, so that many people pass; the rest is anything that may be said. */
const word = fc.record({
  source: fc.constantFrom('a', 'b', 'é', '\u{1F600}', '\uFFFD'),
  kind: fc.constantFrom<ConsentKind>(
    'general',
    'general',
    'guardian',
    'separate:sensitive',
    'separate:recipient',
    'separate:publication',
  ),
  purpose: fc.constantFrom('marketing', 'marketing.winback', 'marketing.birthday', 'service'),
  channels: fc.constantFrom<readonly string[]>(['sms', 'email'], ['sms'], ['email']),
  categories: fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly string[]>(namedCategories) },
    { weight: 2, arbitrary: fc.subarray(namedCategories, { minLength: 1 }) },
  ),
  recipient: fc.constantFrom('ads', 'ads', 'partner', 'abroad'),
  notice: fc.constantFrom(...notices, notices[1], notices[2]),
  effectiveAt: fc.constantFrom(...moments),
  validUntil: fc.constantFrom(...expiries, undefined),
  saysAll: fc.boolean(),
})

const isGrant = (state: LedgerEvent['state']): boolean => state === 'given' || state === 'renewed'

const eventWith = (
  states: readonly LedgerEvent['state'][],
): fc.Arbitrary<Omit<LedgerEvent, 'eventId'>> =>
  fc.tuple(word, fc.constantFrom(...states)).map(([word, state]) => {
    const { recipient, validUntil, saysAll, ...rest } = word
    const all = !isGrant(state) && saysAll
    const isStillBorn = validUntil !== undefined && validUntil <= word.effectiveAt
    return {
      ...rest,
      state,
      ...(all ? { channels: [], categories: [] } : {}),
      ...(word.kind === 'separate:recipient' ? { recipient } : {}),
      ...(validUntil === undefined || isStillBorn ? {} : { validUntil }),
    }
  })

export const ledgerEvents: fc.Arbitrary<readonly LedgerEvent[]> = fc
  .tuple(
    fc.array(eventWith(['given', 'renewed']), { maxLength: 8 }),
    fc.array(
      eventWith([
        'requested',
        'deferred',
        'refused',
        'withdrawn',
        'revoked',
        'invalidated',
        'given',
      ]),
      { maxLength: 3 },
    ),
  )
  .map(([grants, others]) =>
    [...grants, ...others].map((event, i) => ({ ...event, eventId: `e${i}` })),
  )

/** Turning 14 and 18 on, before and after 1 March 2026 and 29 February. */
const births = ['2008', '2012', '2026']
  .flatMap((year) => ['02-27', '02-28', '02-29', '03-01', '03-02'].map((day) => `${year}-${day}`))
  .filter((date) => date !== '2026-02-29')

export const people: fc.Arbitrary<PersonFacts> = fc
  .record({
    status: fc.oneof(
      { weight: 12, arbitrary: fc.constant('active' as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'erased' as const,
          'frozen' as const,
          'restricted' as const,
          'deceased' as const,
        ),
      },
    ),
    bornOn: fc.oneof(
      { weight: 3, arbitrary: fc.constant('1990-05-17') },
      { weight: 2, arbitrary: fc.constantFrom(...births) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    adultDeclared: fc.boolean(),
    noProfiling: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    events: ledgerEvents,
    suppressions: fc.constantFrom([], [], [], [{ channel: 'sms' }], [{ channel: '*' }]),
  })
  .map(({ bornOn, ...rest }) => (bornOn === undefined ? rest : { ...rest, bornOn }))

export const questions = fc.record({
  use: fc.record({
    purpose: fc.constantFrom(...purposes, 'marketing.winback', 'marketing.birthday', 'service'),
    channel: fc.constantFrom(...channels, 'sms', 'sms', 'email'),
    recipient: fc.constantFrom(...recipients, 'own', 'gateway', 'ads'),
  }),
  categories: fc.oneof(
    fc.subarray(categories.slice(0, 5).map(({ id }) => id)),
    fc.subarray(categories.slice(0, 7).map(({ id }) => id)),
    fc.subarray(categories.map(({ id }) => id)),
  ),
  personalised: fc.boolean(),
  at: fc.constantFrom(
    noon,
    noon,
    new Date(noon.getTime() - 1),
    new Date(noon.getTime() + 1),
    daysAgo(1),
    daysAgo(-1),
    daysAgo(-30),
  ),
})
