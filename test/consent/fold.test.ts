import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLive, latestWord } from '../../src/consent/index.ts'
import type { ConsentQuestion, LedgerEvent } from '../../src/consent/index.ts'
import { ledgerEvents } from './arbitraries.ts'
import { categories, daysAgo, noon } from './support.ts'

const question: ConsentQuestion = {
  kind: 'general',
  purpose: {
    id: 'marketing.winback',
    coveredBy: ['marketing'],
    notice: 'privacy',
    minNoticeVersion: 2,
  },
  channel: 'sms',
  category: 'demographic.location',
  at: noon,
}

const given: LedgerEvent = {
  source: 'shop',
  eventId: '1',
  kind: 'general',
  purpose: 'marketing.winback',
  channels: ['sms'],
  categories: ['demographic.location'],
  state: 'given',
  effectiveAt: daysAgo(10),
  notice: { id: 'privacy', version: 2 },
}
const said = (change: Partial<LedgerEvent>): LedgerEvent => ({ ...given, eventId: '2', ...change })
const { notice: _, ...withoutNotice } = given

describe('a consent', () => {
  test('holds once it is given, and not before anything was said', () => {
    expect(isLive([given], question)).toBe(true)
    expect(isLive([], question)).toBe(false)
  })

  test.each(['withdrawn', 'revoked', 'invalidated', 'refused'] as const)(
    'that is %s at the same moment as it was given does not hold',
    (state) => {
      for (const eventId of ['0', '9'])
        expect(isLive([given, said({ state, eventId })], question)).toBe(false)
    },
  )

  test('is not brought back by an older grant that arrives late', () => {
    const withdrawn = said({ state: 'withdrawn', effectiveAt: daysAgo(5) })
    const late = said({ eventId: '3', state: 'renewed', effectiveAt: daysAgo(6) })
    expect(isLive([given, withdrawn, late], question)).toBe(false)
    expect(isLive([given, withdrawn, { ...late, effectiveAt: daysAgo(4) }], question)).toBe(true)
  })

  test.each(['requested', 'deferred'] as const)('is not ended by being %s again', (state) => {
    expect(isLive([given, said({ state, effectiveAt: daysAgo(1) })], question)).toBe(true)
  })

  test('reaches down to narrower purposes and categories and never up', () => {
    expect(isLive([{ ...given, purpose: 'marketing' }], question)).toBe(true)
    expect(isLive([{ ...given, categories: ['demographic'] }], question)).toBe(true)
    expect(isLive([{ ...given, categories: ['demographic.location.home'] }], question)).toBe(false)
    expect(isLive([{ ...given, categories: ['demo'] }], question)).toBe(false)
    const marketing = { id: 'marketing', coveredBy: [], minNoticeVersion: 2 }
    expect(isLive([given], { ...question, purpose: marketing })).toBe(false)
  })

  test('of one channel, kind or recipient says nothing of another', () => {
    expect(isLive([given], { ...question, channel: 'email' })).toBe(false)
    expect(isLive([given], { ...question, kind: 'separate:sensitive' })).toBe(false)
    const separate = said({ kind: 'separate:recipient', recipient: 'ads' })
    const asked = { ...question, kind: 'separate:recipient' as const }
    expect(isLive([separate], { ...asked, recipient: 'ads' })).toBe(true)
    expect(isLive([separate], { ...asked, recipient: 'other' })).toBe(false)
  })

  test('on no notice, another notice or an older version of it does not hold', () => {
    expect(isLive([withoutNotice], question)).toBe(false)
    expect(isLive([{ ...given, notice: { id: 'privacy', version: 1 } }], question)).toBe(false)
    expect(isLive([{ ...given, notice: { id: 'cookies', version: 9 } }], question)).toBe(false)
    expect(isLive([{ ...given, notice: { id: 'privacy', version: 3 } }], question)).toBe(true)
  })

  test('ends at the moment it runs out', () => {
    const ending = { ...given, validUntil: noon }
    expect(isLive([ending], question)).toBe(false)
    expect(isLive([ending], { ...question, at: new Date(noon.getTime() - 1) })).toBe(true)
  })

  test('is withdrawn as a whole by a withdrawal that names nothing', () => {
    const all = said({ state: 'withdrawn', channels: [], categories: [], effectiveAt: daysAgo(1) })
    expect(isLive([given, all], question)).toBe(false)
  })

  test('is the same whatever the order in which its events arrived', () => {
    const shuffled = ledgerEvents.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
    )
    fc.assert(
      fc.property(shuffled, fc.constantFrom(...categories), ([events, other], { id: category }) => {
        const asked = { ...question, category }
        expect(latestWord(other, asked)).toEqual(latestWord(events, asked))
      }),
      { numRuns: 2_000 },
    )
  })
})
