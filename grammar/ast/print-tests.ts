/** Tests of one value → words. */
import type { Language } from '../check/catalog.ts'
import { spell } from '../syntax/keywords.ts'
import type { Concept } from '../syntax/keywords.ts'
import type { ComparisonSign, TimeTestNode, ValueTestNode } from './nodes.ts'
import { join, printLength, printOperand, printWindow } from './print-values.ts'

const signWords = {
  '=': 'Is',
  '!=': 'IsNot',
  '<': undefined,
  '<=': undefined,
  '>': undefined,
  '>=': undefined,
} as const satisfies Record<ComparisonSign, Concept | undefined>

const distanceWords = {
  '=': 'Exactly',
  '!=': 'IsNot',
  '<': 'LessThan',
  '<=': 'AtMost',
  '>': 'MoreThan',
  '>=': 'AtLeast',
} as const satisfies Record<ComparisonSign, Concept>

const textWords = {
  contains: ['Contains', 'NotContains'],
  'starts-with': ['StartsWith', 'NotStartsWith'],
} as const

const pointWords = { before: 'Before', after: 'After', on: 'On' } as const

export function printTest(test: ValueTestNode, to: Language): string {
  const word = (concept: Concept) => spell(concept, to)
  switch (test.kind) {
    case 'compare': {
      const sign = signWords[test.op]
      return join(sign === undefined ? test.op : word(sign), printOperand(test.operand, to))
    }
    case 'between': {
      const joint = to === 'zh' ? word('To') : word('And')
      const high = printOperand(test.high, to)
      return join(word('Between'), printOperand(test.low, to), joint, high)
    }
    case 'in':
      return join(word(test.negated ? 'NotIn' : 'In'), printList(test, to))
    case 'contains':
    case 'starts-with': {
      const [plain, negated] = textWords[test.kind]
      const ignoring = test.ignoreCase ? word('IgnoringCase') : undefined
      return join(word(test.negated ? negated : plain), printOperand(test.text, to), ignoring)
    }
    case 'known':
      return word('Known')
    case 'unknown':
      return word('Unknown')
    case 'anniversary':
      return join(word('Anniversary'), printWindow(test.window, to))
    case 'ago':
      return printAgo(test, to)
    case 'before':
    case 'after':
    case 'on':
      return join(word(pointWords[test.kind]), printOperand(test.point, to))
    case 'window': {
      // 自 … 起, 从 … 到 … and 历史上 stand alone, the others after 在.
      const alone = ['since', 'from-to', 'ever'].includes(test.window.kind)
      return join(to === 'zh' && !alone ? word('At') : undefined, printWindow(test.window, to))
    }
  }
}

function printList(test: ValueTestNode & { readonly kind: 'in' }, to: Language): string {
  const [only, ...others] = test.operands
  if (only?.kind === 'variable' && others.length === 0) return printOperand(only, to)
  return `(${test.operands.map((operand) => printOperand(operand, to)).join(', ')})`
}

type Ago = TimeTestNode & { readonly kind: 'ago' }

function printAgo({ op, length }: Ago, to: Language): string {
  const distance = spell(distanceWords[op], to)
  if (to === 'zh' && length.kind === 'length' && op !== '!=') {
    return join(spell('FromNow', to), distance, printLength(length, to))
  }
  return join(distance, printOperand(length, to), spell('Ago', to))
}

/** When the first or last event happened. */
export function printTime(when: TimeTestNode, to: Language): string {
  if (to === 'zh' && when.kind === 'ago') return printAgo(when, to)
  const happened = spell('Happened', to)
  switch (when.kind) {
    case 'ago':
    case 'before':
    case 'after':
      return join(happened, printTest(when, to))
    case 'on':
      return to === 'zh' && when.point.kind === 'date'
        ? join(happened, printOperand(when.point, to))
        : join(happened, printTest(when, to))
    case 'window':
      return join(happened, printWindow(when.window, to))
  }
}
