import { expect, test } from 'vitest'
import { countStep, leastCount, release, releaseAgain } from '../../src/releases/index.ts'

test('a number below fifty is withheld, and looks like nothing at all', () => {
  for (const exact of [0, 1, 7, 49])
    expect(release(exact, 'e')).toEqual({ value: null, error: null, suppressed: true, epoch: 'e' })
})

test('every other number is the nearest ten', () => {
  expect([50, 54, 55, 64, 65, 5_204, 5_205].map((exact) => release(exact, 'e').value)).toEqual([
    50, 50, 60, 60, 70, 5_200, 5_210,
  ])
  expect(release(120, 'e')).toEqual({ value: 120, error: null, suppressed: false, epoch: 'e' })
})

test('releasing what was made coarse by the same constants changes nothing', () => {
  for (let exact = 0; exact < 500; exact += 1) {
    const once = release(exact, 'e')
    expect(releaseAgain(once.value, 'e')).toEqual(once)
  }
  expect([leastCount, countStep]).toEqual([50, 10])
})
