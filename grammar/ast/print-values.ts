/** Names, literals, lengths and windows → words. */
import type { Language } from '../check/catalog.ts'
import { spellCurrency } from '../syntax/currencies.ts'
import { keywords, spell } from '../syntax/keywords.ts'
import type { Concept } from '../syntax/keywords.ts'
import type { CountNode, LengthNode, NameNode, OperandNode, UnitName, WindowNode } from './nodes.ts'

const units = {
  minute: ['Minute', 'FullMinute'],
  hour: ['Hour', 'FullHour'],
  day: ['Day', 'FullDay'],
  week: ['Week', 'FullWeek'],
  month: ['Month', 'FullMonth'],
  quarter: ['Quarter', 'FullQuarter'],
  year: ['Year', 'FullYear'],
} as const satisfies Record<UnitName, readonly [Concept, Concept]>

const calendarWindows = {
  this: { week: 'ThisWeek', month: 'ThisMonth', quarter: 'ThisQuarter', year: 'ThisYear' },
  previous: {
    week: 'PreviousWeek',
    month: 'PreviousMonth',
    quarter: 'PreviousQuarter',
    year: 'PreviousYear',
  },
} as const

export const join = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' ')

export const printName = (name: NameNode): string => `[${name.text}]`

export const printText = (value: string): string =>
  `"${value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`

export const printVariable = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `$${name}` : `\${${name}}`

export const printCount = (count: CountNode): string =>
  count.kind === 'number' ? count.value : printVariable(count.name)

const isOne = (count: CountNode): boolean => count.kind === 'number' && count.value === '1'

/** English has a singular: the last spelling of a unit. */
export function counted(concept: Concept, count: CountNode | undefined, to: Language): string {
  const spellings: readonly string[] = keywords[concept].en
  const singular = to === 'en' && count !== undefined && isOne(count)
  return singular ? (spellings.at(-1) ?? spell(concept, to)) : spell(concept, to)
}

export function printLength({ count, unit }: LengthNode, to: Language, full = false): string {
  if (unit === undefined) return printCount(count)
  return `${printCount(count)} ${counted(units[unit][full && to === 'zh' ? 1 : 0], count, to)}`
}

export function printWindow(window: WindowNode, to: Language): string {
  const word = (concept: Concept) => spell(concept, to)
  const inside = to === 'zh' ? word('Inside') : undefined
  switch (window.kind) {
    case 'last':
      return join(word('Last'), printLength(window.length, to), inside)
    case 'next':
      return join(word('Next'), printLength(window.length, to), inside)
    case 'last-full':
      return to === 'zh' && window.length.unit !== undefined
        ? join('最近', printLength(window.length, to, true))
        : join(word('LastFull'), printLength(window.length, to))
    case 'this':
    case 'previous':
      return word(calendarWindows[window.kind][window.unit])
    case 'today':
      return word('Today')
    case 'yesterday':
      return word('Yesterday')
    case 'ever':
      return word('Ever')
    case 'from-to':
      return join(
        word('From'),
        printOperand(window.from, to),
        word('To'),
        printOperand(window.to, to),
      )
    case 'since': {
      const end = to === 'zh' ? word('SinceEnd') : undefined
      return join(word('Since'), printOperand(window.from, to), end)
    }
  }
}

export function printOperand(node: OperandNode, to: Language): string {
  switch (node.kind) {
    case 'text':
      return printText(node.value)
    case 'number':
    case 'date':
      return node.value
    case 'percent':
      return `${node.value}%`
    case 'money':
      return `${node.value} ${spellCurrency(node.currency, to)}`
    case 'today':
      return spell('Today', to)
    case 'boolean':
      if (to === 'zh') return node.value ? spell('Shi', to) : spell('False', to)
      return node.value ? spell('Yes', to) : spell('No', to)
    case 'length':
      return printLength(node, to)
    case 'variable':
      return printVariable(node.name)
    case 'name':
      return printName(node)
  }
}
