import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  add,
  ceiling,
  compareRationals,
  divide,
  formatRational,
  multiply,
  parseDecimal,
} from '../../grammar/evaluate/rational.ts'

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, scale]) => {
    const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
    const point = text.length - scale
    return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`
  })

test('a decimal is read and written without loss', () => {
  fc.assert(
    fc.property(decimal, (text) => {
      const value = parseDecimal(text)
      expect(compareRationals(parseDecimal(formatRational(value)), value)).toBe(0)
    }),
  )
  expect(formatRational(parseDecimal('-0.50'))).toBe('-0.5')
  expect(formatRational(parseDecimal('1000'))).toBe('1000')
})

test('what is no decimal is refused', () => {
  for (const text of ['', '1e3', '1,000', '.5', '5.', 'NaN', ' 1']) {
    expect(() => parseDecimal(text)).toThrow('not a decimal')
  }
})

test('dividing undoes multiplying, and by zero there is nothing', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const [x, y] = [parseDecimal(a), parseDecimal(b)]
      const back = divide(multiply(x, y), y)
      if (y.numerator === 0n) expect(back).toBeUndefined()
      else expect(back).toEqual(x)
      expect(add(x, y)).toEqual(add(y, x))
    }),
  )
})

test('a fraction without a finite decimal is written as a fraction', () => {
  const third = divide(parseDecimal('1'), parseDecimal('3'))
  expect(third && formatRational(third)).toBe('1/3')
})

test('the ceiling of a whole number is itself', () => {
  expect(['3', '3.01', '-3.5', '0'].map((text) => ceiling(parseDecimal(text)))).toEqual([
    3n,
    4n,
    -3n,
    0n,
  ])
})
