import { describe, expect, test } from 'vitest'
import { permit } from '../../src/consent/index.ts'
import type { ConsentWorld, LedgerEvent, PersonFacts } from '../../src/consent/index.ts'
import { adult, categories, daysAgo, noon, worldOf } from './support.ts'

const world = worldOf('exclude')
const use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'own' }
const rule = { categories: ['demographic.location'], personalised: true }
const given: LedgerEvent = {
  source: 'shop',
  eventId: '1',
  kind: 'general',
  purpose: 'marketing.winback',
  channels: ['sms'],
  categories: categories.map(({ id }) => id),
  state: 'given',
  effectiveAt: daysAgo(10),
  notice: { id: 'privacy', version: 2 },
}
const consenting: PersonFacts = { ...adult, events: [given] }
const also = (change: Partial<LedgerEvent>): PersonFacts => ({
  ...consenting,
  events: [given, { ...given, eventId: '2', ...change }],
})
const at = (date: string): Date => new Date(`${date}T00:00:00+08:00`)
const before = (date: string): Date => new Date(at(date).getTime() - 1)
const { bornOn: _, ...unknownAge } = consenting

describe('permit', () => {
  test('lets a consenting adult pass and nobody of whom nothing is known', () => {
    expect(permit(world, consenting, use, rule, noon)).toBeNull()
    expect(permit(world, undefined, use, rule, noon)).toBe('status')
    expect(permit(world, { ...consenting, events: [] }, use, rule, noon)).toBe('general')
  })

  test.each(['erased', 'frozen', 'restricted', 'deceased'] as const)('refuses the %s', (status) => {
    expect(permit(world, { ...consenting, status }, use, rule, noon)).toBe('status')
  })

  test('takes somebody for grown up from the local midnight of the eighteenth birthday', () => {
    const person = { ...consenting, bornOn: '2008-03-15' }
    expect(permit(world, person, use, rule, before('2026-03-15'))).toBe('age')
    expect(permit(world, person, use, rule, at('2026-03-15'))).toBeNull()
  })

  test('takes a birthday on 29 February for 1 March in other years', () => {
    const person = { ...consenting, bornOn: '2008-02-29' }
    expect(permit(world, person, use, rule, at('2026-02-28'))).toBe('age')
    expect(permit(world, person, use, rule, before('2026-03-01'))).toBe('age')
    expect(permit(world, person, use, rule, at('2026-03-01'))).toBeNull()
  })

  test('lets 14 to 17 be reached by what looks at nobody, and children by no marketing', () => {
    const broadcast = { categories: [], personalised: false }
    const person = { ...consenting, bornOn: '2012-03-15' }
    expect(permit(world, person, use, broadcast, before('2026-03-15'))).toBe('age')
    expect(permit(world, person, use, broadcast, at('2026-03-15'))).toBeNull()
    expect(permit(world, person, use, rule, at('2026-03-15'))).toBe('age')
  })

  test('serves a child outside marketing with the guardian’s consent only', () => {
    const service = { ...use, purpose: 'service' }
    const child = also({ purpose: 'service', eventId: '3' })
    const young = { ...child, bornOn: '2015-01-01' }
    expect(permit(world, young, service, rule, noon)).toBe('age')
    const guarded = [...young.events, { ...given, kind: 'guardian' as const, purpose: 'service' }]
    expect(permit(world, { ...young, events: guarded }, service, rule, noon)).toBeNull()
    expect(permit(world, { ...young, events: guarded }, use, rule, noon)).toBe('age')
  })

  test('leaves unknown ages out unless they declared or the officer decided otherwise', () => {
    const includes: ConsentWorld = worldOf('include')
    expect(permit(world, unknownAge, use, rule, noon)).toBe('age')
    expect(permit(world, { ...unknownAge, adultDeclared: true }, use, rule, noon)).toBeNull()
    expect(permit(includes, unknownAge, use, rule, noon)).toBeNull()
    const minor = { ...consenting, bornOn: '2010-01-01', adultDeclared: true }
    expect(permit(includes, minor, use, rule, noon)).toBe('age')
  })

  test('needs consent for every category that the rule reads', () => {
    const person = { ...adult, events: [{ ...given, categories: ['demographic'] }] }
    expect(permit(world, person, use, rule, noon)).toBeNull()
    const wider = { ...rule, categories: ['demographic.location', 'transaction'] }
    expect(permit(world, person, use, wider, noon)).toBe('general')
    expect(permit(world, consenting, use, { ...rule, categories: ['unheard'] }, noon)).toBe(
      'general',
    )
  })

  test('leaves operational facts free to every rule', () => {
    const person = { ...adult, events: [{ ...given, categories: ['demographic'] }] }
    const reach = { ...rule, categories: ['demographic.location', 'reachability'] }
    expect(permit(world, person, { ...use, recipient: 'gateway' }, reach, noon)).toBeNull()
    expect(permit(world, adult, use, { ...rule, categories: ['reachability'] }, noon)).toBe(
      'general',
    )
  })

  test('needs a separate consent for what is sensitive, and permits nothing that is prohibited', () => {
    const sensitive = { ...rule, categories: ['health.lab'] }
    expect(permit(world, consenting, use, sensitive, noon)).toBe('sensitive')
    const agreed = also({ kind: 'separate:sensitive', categories: ['health.lab'] })
    expect(permit(world, agreed, use, sensitive, noon)).toBeNull()
    const both = { ...rule, categories: ['health.lab', 'health.pharmacy'] }
    expect(permit(world, agreed, use, both, noon)).toBe('sensitive')
    const opinion = { ...rule, categories: ['opinion'] }
    expect(permit(world, also({ kind: 'separate:sensitive' }), use, opinion, noon)).toBe(
      'sensitive',
    )
  })

  test('asks of each recipient what its role under the law asks', () => {
    const to = (recipient: string, person = consenting) =>
      permit(world, person, { ...use, recipient }, rule, daysAgo(0.5))
    const agreed = also({ kind: 'separate:recipient', recipient: 'ads' })
    expect(to('gateway')).toBeNull()
    expect(to('narrow')).toBeNull()
    expect(permit(world, consenting, { ...use, recipient: 'narrow' }, rule, noon)).toBe('recipient')
    expect(to('ads')).toBe('recipient')
    expect(to('ads', agreed)).toBeNull()
    expect(to('partner', agreed)).toBe('recipient')
    expect(to('partner', also({ kind: 'separate:recipient', recipient: 'partner' }))).toBeNull()
    expect(to('abroad')).toBe('border')
    expect(to('nobody')).toBe('recipient')
  })

  test('asks nothing of a purpose that has ended', () => {
    const person = also({ purpose: 'marketing.past' })
    const past = { ...use, purpose: 'marketing.past' }
    expect(permit(world, person, past, rule, daysAgo(0.5))).toBeNull()
    expect(permit(world, person, past, rule, noon)).toBe('general')
  })

  test('keeps the three refusals apart', () => {
    const noProfiling = { ...consenting, noProfiling: true }
    expect(permit(world, noProfiling, use, rule, noon)).toBe('profiling')
    expect(
      permit(world, noProfiling, use, { categories: [], personalised: false }, noon),
    ).toBeNull()
    const optedOut = { ...consenting, suppressions: [{ channel: 'sms' }] }
    expect(permit(world, optedOut, use, rule, noon)).toBe('suppression')
    expect(
      permit(world, { ...consenting, suppressions: [{ channel: '*' }] }, use, rule, noon),
    ).toBe('suppression')
    expect(
      permit(world, { ...consenting, suppressions: [{ channel: 'email' }] }, use, rule, noon),
    ).toBeNull()
  })
})
