/** Exact fractions, so that no average, ratio or amount ever passes through a float. */

export interface Rational {
  readonly numerator: bigint
  /** Greater than zero; the fraction is in lowest terms. */
  readonly denominator: bigint
}

export const zero: Rational = { numerator: 0n, denominator: 1n }

export const wholeNumber = (count: number | bigint): Rational => ({
  numerator: BigInt(count),
  denominator: 1n,
})

/** Reads "12", "-0.50": digits, at most one point, no exponent. */
export function parseDecimal(text: string): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) throw new Error(`not a decimal: ${text}`)
  const [, sign = '', whole = '', decimals = ''] = match
  const digits = BigInt(whole + decimals)
  return fraction(sign === '-' ? -digits : digits, 10n ** BigInt(decimals.length))
}

export const add = (a: Rational, b: Rational): Rational =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

export const multiply = (a: Rational, b: Rational): Rational =>
  fraction(a.numerator * b.numerator, a.denominator * b.denominator)

/** Undefined when the divisor is zero. */
export const divide = (a: Rational, b: Rational): Rational | undefined =>
  b.numerator === 0n
    ? undefined
    : fraction(a.numerator * b.denominator, a.denominator * b.numerator)

export function compareRationals(a: Rational, b: Rational): -1 | 0 | 1 {
  const left = a.numerator * b.denominator
  const right = b.numerator * a.denominator
  if (left < right) return -1
  return left > right ? 1 : 0
}

/** The smallest whole number that is not below the fraction. */
export function ceiling(a: Rational): bigint {
  const quotient = a.numerator / a.denominator
  return a.numerator > 0n && a.numerator % a.denominator !== 0n ? quotient + 1n : quotient
}

/** A decimal where the fraction has a finite one ("12.5"), the fraction itself otherwise ("1/3"). */
export function formatRational(a: Rational): string {
  let scale = 0
  let power = 1n
  while (power % a.denominator !== 0n) {
    // 2^n or 5^n divides 10^n, so a finite decimal has no more places than its denominator has bits.
    if (scale > a.denominator.toString(2).length) return `${a.numerator}/${a.denominator}`
    scale += 1
    power *= 10n
  }
  const digits = (a.numerator * power) / a.denominator
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const point = text.length - scale
  const decimals = scale === 0 ? '' : `.${text.slice(point)}`
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${decimals}`
}

function fraction(numerator: bigint, denominator: bigint): Rational {
  const sign = denominator < 0n ? -1n : 1n
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, sign * denominator)
  return {
    numerator: (sign * numerator) / divisor,
    denominator: (sign * denominator) / divisor,
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}
