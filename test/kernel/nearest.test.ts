import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestWords } from '../../src/kernel/nearest.ts'

const known = ['marketing', 'marketing.winback', 'marketing.promotion', 'service', 'sms', 'email']

test('a slip of the pen finds what was meant, nearest first', () => {
  expect(nearestWords('marketing.winbak', known)[0]).toBe('marketing.winback')
  expect(nearestWords('MARKETNG', known)[0]).toBe('marketing')
  expect(nearestWords('smss', known)).toEqual(['sms'])
  expect(nearestWords('winback', known)).toEqual(['marketing.winback'])
})

test('what is like nothing finds nothing', () => {
  expect(nearestWords('xyzzyqwerty', known)).toEqual([])
  expect(nearestWords('', known)).toEqual([])
})

test('only known words are suggested, and never more than asked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), fc.nat(5), (word, words, most) => {
      const found = nearestWords(word, words, most)
      expect(found.length).toBeLessThanOrEqual(most)
      expect(found.every((one) => words.includes(one))).toBe(true)
    }),
  )
})
