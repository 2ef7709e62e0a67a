import { describe, expect, test } from 'vitest'
import type { RankTest } from '../../grammar/check/checked-rule.ts'
import { evaluate } from '../../grammar/evaluate/index.ts'
import { samplePlace } from '../../grammar/evaluate/sample.ts'
import { attributeType, customer, event, members, ruleOf, shanghai } from '../support/cases.ts'

const rank = (limit: RankTest['limit'], rest: Partial<RankTest> = {}): RankTest => ({
  kind: 'rank',
  side: 'top',
  limit,
  by: { kind: 'attribute', attribute: 'age', type: attributeType('age') },
  ...rest,
})
const percent = (text: string): RankTest['limit'] => ({ kind: 'percent', percent: text })
const count = (places: number): RankTest['limit'] => ({ kind: 'count', count: places })

const aged = (...ages: (string | null)[]) =>
  ages.map((age, index) => customer(`c${index}`, { age }))

describe('a rank', () => {
  test('lets all of a tie in', () => {
    expect(members(rank(count(2)), aged('50', '40', '40', '40', '30'))).toEqual([
      'c0',
      'c1',
      'c2',
      'c3',
    ])
    expect(members(rank(count(1)), aged('50', '40', '40'))).toEqual(['c0'])
  })

  test('rounds the places of a percentage up', () => {
    const eleven = aged(...Array.from({ length: 11 }, (_, index) => String(index)))
    expect(members(rank(percent('10')), eleven)).toEqual(['c10', 'c9'])
    expect(members(rank(percent('0.5')), eleven)).toEqual(['c10'])
    expect(members(rank(percent('100')), eleven)).toHaveLength(11)
  })

  test('leaves those without a value out of the field', () => {
    const customers = aged('1', '2', null, null, null, null, null, null, null, null)
    expect(members(rank(percent('50')), customers)).toEqual(['c1'])
    expect(members(rank(percent('100')), customers)).toEqual(['c0', 'c1'])
  })

  test('counts from the other end for the bottom', () => {
    expect(members(rank(count(1), { side: 'bottom' }), aged('3', '1', '1', '2'))).toEqual([
      'c1',
      'c2',
    ])
  })

  test('has everyone in it when it is by a sum, which is never missing', () => {
    const bySum = rank(percent('50'), {
      by: {
        kind: 'aggregate',
        fn: 'count',
        event: { event: 'order_paid' },
        window: { kind: 'ever' },
      },
    })
    const buyer = customer('buyer', {}, { events: [event('e1', '2026-08-20T00:00:00Z')] })
    expect(members(bySum, [buyer, customer('a')])).toEqual(['buyer'])
    // Two places of three, and the second is shared.
    expect(members(bySum, [buyer, customer('a'), customer('b')])).toEqual(['a', 'b', 'buyer'])
  })

  test('among an audience ranks and admits its members only', () => {
    const world = { customers: aged('1', '2', '3', '4'), audiences: { staff: ['c0', 'c1'] } }
    const rule = ruleOf(rank(count(1), { among: 'staff' }))
    expect(evaluate(rule, world, shanghai)).toEqual(['c1'])
  })
})

describe('a sample', () => {
  const customers = Array.from({ length: 2_000 }, (_, index) => customer(`c${index}`))
  const sampled = (share: string, seed = 'a') =>
    evaluate(
      ruleOf({ kind: 'everyone' }, { sample: { percent: share, seed } }),
      { customers },
      shanghai,
    )

  test('keeps about its share, all of a smaller one, and none or all at the ends', () => {
    const tenth = sampled('10')
    expect(tenth.length).toBeGreaterThan(150)
    expect(tenth.length).toBeLessThan(250)
    expect(sampled('50')).toEqual(expect.arrayContaining(tenth))
    expect(sampled('0')).toEqual([])
    expect(sampled('100')).toHaveLength(2_000)
    expect(sampled('10', 'b')).not.toEqual(tenth)
  })

  test('is the first eight bytes of SHA-256 of seed, colon and key, modulo a million', () => {
    // printf 'a:c1' | sha256sum begins with this.
    expect(samplePlace('a', 'c1')).toBe(0x71db25772db82f58n % 1_000_000n)
  })

  test('may hash another key than the id', () => {
    const rule = ruleOf({ kind: 'everyone' }, { sample: { percent: '50', seed: 'a' } })
    const keyed = evaluate(rule, { customers }, { ...shanghai, customerKey: () => 'same' })
    expect([0, customers.length]).toContain(keyed.length)
  })
})
