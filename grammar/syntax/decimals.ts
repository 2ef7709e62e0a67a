/** Exact decimals as text: no number of a rule ever becomes a float. */

/** Without exponent, needless zeros or a negative zero: "007.50" → "7.5". */
export function normaliseDecimal(text: string): string {
  const negative = /^[-\uff0d\u2212]/.test(text)
  const [whole = '', fraction = ''] = text.replace(/^[-\uff0d\u2212]/, '').split('.')
  const left = whole.replace(/^0+(?=\d)/, '') || '0'
  const right = fraction.replace(/0+$/, '')
  const value = right === '' ? left : `${left}.${right}`
  return negative && value !== '0' ? `-${value}` : value
}

/** Moves the decimal point `places` to the right, to the left when negative. */
export function shiftDecimal(text: string, places: number): string {
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + places
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), '0')
  const at = Math.max(point, 1)
  const filled = padded.padEnd(at, '0')
  const shifted = `${filled.slice(0, at)}.${filled.slice(at)}`
  return normaliseDecimal(negative ? `-${shifted}` : shifted)
}

export const decimalPlaces = (text: string): number => text.split('.')[1]?.length ?? 0

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: string, b: string): number {
  const places = Math.max(decimalPlaces(a), decimalPlaces(b))
  const difference = BigInt(shiftDecimal(a, places)) - BigInt(shiftDecimal(b, places))
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
