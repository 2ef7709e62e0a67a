/** Which rows of a file are events of one kind: comparisons of columns, all of which must hold. */
import { ok, err } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { Cell, Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { Comparison, DatasetEvent } from './dataset.ts'
import { compareDecimals, readDecimal } from './decimal.ts'
import type { Decimal } from './decimal.ts'

/** A row that cannot be compared is refused, not dropped: `column` says where. */
export type WhereError = { readonly column: string; readonly code: 'not-a-number' }

export type Where = (row: CsvRow) => Result<boolean, WhereError>

type Scalar = string | number | boolean

const operators = {
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '=': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
} as const

const operatorNames = ['>', '>=', '<', '<=', '=', '!='] as const

export function whereOf(columns: Columns, where: DatasetEvent['where']): Where {
  const tests = Object.entries(where ?? {}).map(([column, comparison]) =>
    testOf(column, columns.cell(column), comparison),
  )
  return (row) => {
    for (const test of tests) {
      const holds = test(row)
      if (!holds.ok || !holds.value) return holds
    }
    return ok(true)
  }
}

function testOf(column: string, cell: Cell, comparison: Comparison): Where {
  const wanted = typeof comparison === 'object' ? comparison : { '=': comparison }
  const tests = operatorNames.flatMap((name) => {
    const operand = wanted[name]
    return operand === undefined ? [] : [compareTest(column, cell, name, operand)]
  })
  const among = wanted.in?.map((operand) => compareTest(column, cell, '=', operand))
  return (row) => {
    for (const test of tests) {
      const holds = test(row)
      if (!holds.ok || !holds.value) return holds
    }
    return among === undefined ? ok(true) : anyOf(among, row)
  }
}

function anyOf(tests: readonly Where[], row: CsvRow): Result<boolean, WhereError> {
  for (const test of tests) {
    const holds = test(row)
    if (!holds.ok || holds.value) return holds
  }
  return ok(false)
}

/** A number is compared exactly, everything else as text by code units. Missing equals nothing. */
function compareTest(
  column: string,
  cell: Cell,
  name: keyof typeof operators,
  operand: Scalar,
): Where {
  const accepts = operators[name]
  const number = typeof operand === 'number' ? readDecimal(String(operand)) : undefined
  const word = String(operand)
  return (row) => {
    const text = cell(row)
    if (text === undefined) return ok(name === '!=')
    if (number === undefined) return ok(accepts(text < word ? -1 : text > word ? 1 : 0))
    const order = orderOf(text, number)
    return order === undefined ? err({ column, code: 'not-a-number' }) : ok(accepts(order))
  }
}

function orderOf(text: string, number: Decimal): number | undefined {
  const decimal = readDecimal(text)
  return decimal === undefined ? undefined : compareDecimals(decimal, number)
}
