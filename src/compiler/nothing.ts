/** What a test is for customers who have no event at all: known before any row is read. */
import type { Comparison, CountTest, Operand, ValueTest } from '#grammar'
import { assert, unreachable } from '../kernel/assert.ts'
import { signOf } from './decimal.ts'

export function countOfNothing(test: CountTest): boolean {
  return test.kind === 'between'
    ? test.low <= 0 && 0 <= test.high
    : comparesZero(test.op, Math.sign(test.value))
}

/** `0 op x` by the sign of x. */
function comparesZero(op: Comparison, sign: number): boolean {
  switch (op) {
    case '=':
      return sign === 0
    case '!=':
      return sign !== 0
    case '<':
      return sign > 0
    case '<=':
      return sign >= 0
    case '>':
      return sign < 0
    case '>=':
      return sign <= 0
    default:
      return unreachable(op)
  }
}

/** A number that is zero. Comparisons with fields are decided beside the customer, not here. */
export function valueOfZero(test: ValueTest): boolean {
  switch (test.kind) {
    case 'known':
      return true
    case 'unknown':
      return false
    case 'compare':
      return comparesZero(test.op, operandSign(test.operand))
    case 'between':
      return operandSign(test.low) <= 0 && operandSign(test.high) >= 0
    case 'in':
      return test.operands.some((operand) => operandSign(operand) === 0) !== test.negated
    case 'contains':
    case 'starts-with':
    case 'when':
    case 'anniversary':
      throw new Error(`a number has no test ${test.kind}`)
    default:
      return unreachable(test)
  }
}

function operandSign(operand: Operand): number {
  assert(operand.kind === 'literal', 'a constant beside a number')
  const { value } = operand
  assert(
    value.kind === 'number' || value.kind === 'money' || value.kind === 'percent',
    'a number beside a number',
  )
  return signOf(value.value)
}

/** Missing makes everything false but the complements. */
export function valueOfMissing(test: ValueTest): boolean {
  switch (test.kind) {
    case 'unknown':
      return true
    case 'compare':
      return test.op === '!='
    case 'in':
    case 'contains':
    case 'starts-with':
      return test.negated
    case 'known':
    case 'between':
    case 'when':
    case 'anniversary':
      return false
    default:
      return unreachable(test)
  }
}
