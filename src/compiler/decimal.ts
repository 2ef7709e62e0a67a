/** Decimals of a rule moved by powers of ten as digits, so that nothing is rounded. */

interface Decimal {
  readonly sign: string
  readonly digits: string
  /** Decimals among the digits. */
  readonly scale: number
}

function readDecimal(value: string): Decimal {
  const sign = value.startsWith('-') ? '-' : ''
  const [whole = '', decimals = ''] = value.slice(sign.length).split('.')
  return { sign, digits: whole + decimals, scale: decimals.length }
}

/** `value` times ten to the power of `places`: "12.5" in units of two decimals is "1250", "12.345" is "1234.5". */
export function shiftPoint(value: string, places: number): string {
  const { sign, digits, scale } = readDecimal(value)
  const left = scale - places
  if (left <= 0) return `${sign}${trimZeros(digits + '0'.repeat(-left))}`
  const padded = digits.padStart(left + 1, '0')
  const decimals = padded.slice(-left).replace(/0+$/, '')
  const whole = trimZeros(padded.slice(0, -left))
  return `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`
}

const trimZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '')

/** -1, 0 or 1. */
export function signOf(value: string): number {
  const { sign, digits } = readDecimal(value)
  if (/^0*$/.test(digits)) return 0
  return sign === '-' ? -1 : 1
}

const int8Max = 9_223_372_036_854_775_807n

export function fitsInt8(value: string): boolean {
  if (value.includes('.')) return false
  const whole = BigInt(value)
  return whole <= int8Max && whole >= -int8Max
}
