import { describe, expect, test } from 'vitest'
import { checkConsentEvent } from '../../src/consent/index.ts'
import type { ConsentVocabulary } from '../../src/consent/index.ts'
import { demoCatalog, demoCustomers, demoParties } from '../../src/demo/index.ts'
import { instantMs, isDate } from '../../src/profiles/index.ts'

const asOf = new Date('2026-11-22T03:30:00Z')
const size = { customers: 3_000, events: 60_000 }
const world = [...demoCustomers('a seed', asOf, size)]
const events = world.flatMap((customer) => customer.events)
const consents = world.flatMap((customer) => customer.consents)
const parties = demoParties(asOf)

const ageOf = (bornOn: string): number =>
  Math.floor((asOf.getTime() - Date.parse(bornOn)) / (365.2425 * 86_400_000))
const share = (count: number, of: number): number => count / of

describe('the demo world', () => {
  test('is settled by its seed and its moment', () => {
    const few = { customers: 40, events: 800 }
    const again = [...demoCustomers('a seed', asOf, few)]
    expect([...demoCustomers('a seed', asOf, few)]).toEqual(again)
    expect([...demoCustomers('another', asOf, few)]).not.toEqual(again)
  })

  test('has as many customers as asked for, each named once', () => {
    expect(new Set(world.map(({ row }) => row.id)).size).toBe(size.customers)
  })

  test('has about as many events as asked for, each named once, none after its moment', () => {
    expect(share(events.length, size.events)).toBeGreaterThan(0.97)
    expect(share(events.length, size.events)).toBeLessThan(1.03)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    const times = events.map(({ atMs }) => atMs)
    expect(times.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(asOf.getTime())
    expect(times.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(
      asOf.getTime() - 731 * 86_400_000,
    )
  })

  test('can reach nobody: numbers of no operator, addresses under reserved names', () => {
    const mobiles = world.flatMap(({ row }) => row.identifiers?.['mobile'] ?? [])
    expect(mobiles.filter((mobile) => !/^154\d{8}$/.test(mobile))).toEqual([])
    expect(new Set(mobiles).size).toBe(mobiles.length)
    const emails = world.flatMap(({ row }) => row.identifiers?.['email'] ?? [])
    expect(emails.filter((email) => !/^[a-z.]+\d+@example\.com$/.test(email))).toEqual([])
    expect(share(mobiles.length, world.length)).toBeGreaterThan(0.85)
  })

  test('has few who do a lot, and busy days around Double 11', () => {
    const counts = world.map((customer) => customer.events.length).toSorted((a, b) => b - a)
    const top = counts.slice(0, counts.length / 10).reduce((a, b) => a + b)
    expect(share(top, events.length)).toBeGreaterThan(0.35)
    const on = (from: string, to: string): number =>
      events.filter(({ atMs }) => atMs >= Date.parse(from) && atMs < Date.parse(to)).length
    const november = on('2025-11-01T00:00:00+08:00', '2025-11-13T00:00:00+08:00')
    const before = on('2025-10-01T00:00:00+08:00', '2025-10-13T00:00:00+08:00')
    expect(november).toBeGreaterThan(1.8 * before)
  })

  test('has every event and every tag of its catalogue, and every attribute known and unknown', () => {
    const named = new Set(events.map(({ event }) => event))
    expect([...named].sort()).toEqual(demoCatalog.events.map(({ id }) => id).sort())
    const tags = new Set(world.flatMap(({ row }) => row.tags ?? []))
    expect([...tags].sort()).toEqual(demoCatalog.tags.map(({ id }) => id).sort())
    for (const { id } of demoCatalog.attributes) {
      const known = world.filter(({ row }) => (row.attributes?.[id] ?? null) !== null)
      expect(known.length, id).toBeGreaterThan(0)
    }
    expect(world.filter(({ row }) => row.attributes?.['age'] === null).length).toBeGreaterThan(100)
  })

  test('has children, teenagers, unknown ages, declared adults and people of every standing', () => {
    const births = world.map(({ row }) => row.person?.bornOn)
    const ages = births.flatMap((date) => (typeof date === 'string' ? [ageOf(date)] : []))
    expect(births.every((date) => date === null || (date !== undefined && isDate(date)))).toBe(true)
    expect(ages.filter((age) => age < 14).length).toBeGreaterThan(5)
    expect(ages.filter((age) => age >= 14 && age < 18).length).toBeGreaterThan(20)
    expect(births.filter((date) => date === null).length).toBeGreaterThan(100)
    expect(world.some(({ row }) => row.person?.adultDeclared)).toBe(true)
    expect(world.some(({ row }) => row.person?.noProfiling)).toBe(true)
    expect(world.some(({ row }) => row.person?.status === 'restricted')).toBe(true)
    expect(world.some(({ suppressions }) => suppressions.length > 0)).toBe(true)
  })

  test('tells the age that the birth date gives', () => {
    const differing = world.filter(({ row }) => {
      const { bornOn } = row.person ?? {}
      return typeof bornOn === 'string' && row.attributes?.['age'] !== exactAge(bornOn)
    })
    expect(differing).toEqual([])
  })

  test('has consents that a source could send, in every state', () => {
    const vocabulary: ConsentVocabulary = {
      purposes: new Set(parties.purposes?.map(({ id }) => id)),
      channels: new Set(parties.channels?.map(({ id }) => id)),
      recipients: new Set(parties.recipients?.map(({ id }) => id)),
      notices: new Set(parties.notices?.map(({ id, version }) => `${id} ${version}`)),
      categories: new Set(demoCatalog.categories.flatMap(({ id }) => [id, id.split('.')[0] ?? ''])),
    }
    const refused = consents.flatMap((event) => {
      const { effectiveAt, validUntil, ...rest } = event
      const input = {
        ...rest,
        subject: 'D1',
        effectiveAt: effectiveAt.toISOString(),
        validUntil: validUntil?.toISOString(),
      }
      const checked = checkConsentEvent(vocabulary, input, asOf)
      return checked.ok ? [] : [checked.error]
    })
    expect(refused).toEqual([])
    expect([...new Set(consents.map(({ state }) => state))].sort()).toEqual(
      ['deferred', 'given', 'refused', 'renewed', 'requested', 'withdrawn'].sort(),
    )
    expect([...new Set(consents.map(({ kind }) => kind))].sort()).toEqual(
      ['general', 'guardian', 'separate:recipient', 'separate:sensitive'].sort(),
    )
    expect(world.filter((customer) => customer.consents.length === 0).length).toBeGreaterThan(50)
  })

  test('hears of an older grant after the withdrawal that followed it', () => {
    const late = world.filter(({ consents }) =>
      consents.some(
        ({ state, effectiveAt }, place) =>
          state === 'withdrawn' &&
          consents.slice(place + 1).some((later) => later.effectiveAt < effectiveAt),
      ),
    )
    expect(late.length).toBeGreaterThan(10)
  })

  test('has times that the loader takes', () => {
    const registered = world.map(({ row }) => String(row.attributes?.['registered_at']))
    expect(registered.filter((at) => instantMs(at) === undefined)).toEqual([])
  })
})

function exactAge(bornOn: string): number {
  const today = '2026-11-22'
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return bornOn.slice(5) <= today.slice(5) ? years : years - 1
}
