/** One clause → the words for it, on one line. Word order is the language's own; names stand as they are in the tree. */
import type { Language } from '../check/catalog.ts'
import { spell } from '../syntax/keywords.ts'
import type { Concept } from '../syntax/keywords.ts'
import type {
  AggregateName,
  AggregateNode,
  ConditionNode,
  CountNode,
  CountTestNode,
  DidNode,
  EventNode,
  FieldName,
  FieldNode,
  FieldValueNode,
  LogicNode,
  MetricNode,
  OccurrenceNode,
  ParameterNode,
  RankNode,
  SequenceNode,
  StepNode,
  TagsNode,
} from './nodes.ts'
import { printTest, printTime } from './print-tests.ts'
import {
  counted,
  join,
  printCount,
  printLength,
  printName,
  printOperand,
  printVariable,
  printWindow,
} from './print-values.ts'

const aggregateWords = {
  count: 'Count',
  sum: 'Sum',
  average: 'Average',
  min: 'Min',
  max: 'Max',
  distinct: 'Distinct',
} as const satisfies Record<AggregateName, Concept>

const fieldWords = {
  purpose: 'Purpose',
  channel: 'Channel',
  recipient: 'Recipient',
  basis: 'Basis',
  owner: 'Owner',
  refresh: 'Refresh',
  expires: 'Expires',
  'time-zone': 'TimeZone',
  'as-of': 'AsOf',
  note: 'Note',
} as const satisfies Record<FieldName, Concept>

const rhythmWords = { daily: 'Daily', weekly: 'Weekly', manual: 'Manual' } as const

const countWords = {
  '>=': 'AtLeast',
  '<=': 'AtMost',
  '=': 'Exactly',
  '>': 'MoreThan',
  '<': 'LessThan',
} as const

export function printEvent(event: EventNode, to: Language): string {
  if (event.where === undefined) return printName(event.name)
  return join(printName(event.name), spell('Where', to), `(${printCondition(event.where, to)})`)
}

function printCountTest({ test, measure }: CountTestNode, to: Language): string {
  const word = (concept: Concept) => spell(concept, to)
  const last = test.kind === 'compare' ? test.value : undefined
  const amount =
    test.kind === 'compare'
      ? join(word(countWords[test.op]), printCount(test.value))
      : join(
          word('Between'),
          printCount(test.low),
          to === 'zh' ? word('To') : word('And'),
          printCount(test.high),
        )
  switch (measure.kind) {
    case 'times':
      return join(amount, counted('Times', last, to))
    case 'days':
      return join(amount, to === 'en' ? word('Different') : undefined, counted('Day', last, to))
    case 'different':
      return join(amount, word('Different'), printName(measure.property))
  }
}

function printDid(node: DidNode, to: Language): string {
  const counts = node.counts.map((count) => printCountTest(count, to))
  const event = printEvent(node.event, to)
  const windows = node.windows.map((window) => printWindow(window, to))
  const [only] = node.windows
  const never = node.negated && counts.length === 0 && windows.length === 1 && only?.kind === 'ever'
  if (to === 'zh' && never) return join(spell('NeverDid', to), event)
  const verb = spell(node.negated ? 'DidNot' : 'Did', to)
  return to === 'zh'
    ? join(...windows, verb, event, ...counts)
    : join(verb, event, ...counts, ...windows)
}

function printStep(step: StepNode, to: Language): string {
  const within =
    step.within === undefined
      ? undefined
      : to === 'zh'
        ? join(printLength(step.within, to), spell('Inside', to))
        : join(spell('Within', to), printLength(step.within, to))
  const absent = step.absent ? spell(to === 'zh' ? 'NotYet' : 'No', to) : undefined
  return join(spell('Then', to), within, absent, printEvent(step.event, to))
}

function printSequence(node: SequenceNode, to: Language): string {
  const windows = node.windows.map((window) => printWindow(window, to))
  const verb = spell(node.negated ? 'NotInOrder' : 'InOrder', to)
  const then = node.steps.map((step) => printStep(step, to))
  const steps = `(${join(printEvent(node.first, to), ...then)})`
  return to === 'zh' ? join(...windows, verb, steps) : join(verb, steps, ...windows)
}

function printOccurrence({ which, event, test }: OccurrenceNode, to: Language): string {
  const start = join(spell(which === 'first' ? 'First' : 'LastOne', to), printEvent(event, to))
  return test.kind === 'had'
    ? join(start, spell('Having', to), `(${printCondition(test.where, to)})`)
    : join(start, printTime(test.when, to))
}

function printAggregate(node: AggregateNode, to: Language): string {
  const windows = node.windows.map((window) => printWindow(window, to))
  const event = printEvent(node.event, to)
  const of = node.property && printName(node.property)
  const inside =
    to === 'zh'
      ? join(...windows, event, of && join(spell('Possessive', to), of))
      : join(of === undefined ? event : `${event}.${of}`, ...windows)
  return `${spell(aggregateWords[node.fn], to)}(${inside})`
}

function printMetric({ over, under, test }: MetricNode, to: Language): string {
  const ratio = under === undefined ? [] : ['/', printAggregate(under, to)]
  return join(printAggregate(over, to), ...ratio, printTest(test, to))
}

function printRank(node: RankNode, to: Language): string {
  const place = join(
    spell(node.side === 'top' ? 'Top' : 'Bottom', to),
    printOperand(node.limit, to),
  )
  const by = join(
    spell('By', to),
    node.by.kind === 'name' ? printName(node.by) : printAggregate(node.by, to),
  )
  const among = node.among && join(spell('Among', to), printName(node.among))
  return to === 'zh' ? join(by, place, among) : join(place, by, among)
}

function printTags({ quantifier, names }: TagsNode, to: Language): string {
  const words = { any: 'HasTag', all: 'HasAllTags', none: 'HasNoTag' } as const
  const [only, ...others] = names
  const list =
    only !== undefined && others.length === 0
      ? printName(only)
      : `(${names.map(printName).join(', ')})`
  return join(spell(words[quantifier], to), list)
}

/** "and" and "or" inside each other always stand in parentheses, so that the tree is read back as it was. */
export const printItem = (item: ConditionNode, to: Language): string =>
  item.kind === 'and' || item.kind === 'or'
    ? `(${printCondition(item, to)})`
    : printCondition(item, to)

export const printOperator = (kind: LogicNode['kind'], to: Language): string =>
  spell(kind === 'and' ? 'And' : 'Or', to)

export const printAtLeast = (count: CountNode, to: Language): string =>
  to === 'zh'
    ? join(spell('AtLeastSatisfy', to), printCount(count), spell('Items', to))
    : join(spell('AtLeast', to), printCount(count), spell('Of', to))

export function printCondition(node: ConditionNode, to: Language): string {
  switch (node.kind) {
    case 'everyone':
      return spell('Everyone', to)
    case 'and':
    case 'or':
      return node.items.map((item) => printItem(item, to)).join(` ${printOperator(node.kind, to)} `)
    case 'not':
      return join(spell('Not', to), `(${printCondition(node.item, to)})`)
    case 'group':
      return `(${printCondition(node.item, to)})`
    case 'at-least': {
      const items = node.items.map((item) => printCondition(item, to))
      return join(printAtLeast(node.count, to), `(${items.join('; ')})`)
    }
    case 'did':
      return printDid(node, to)
    case 'sequence':
      return printSequence(node, to)
    case 'occurrence':
      return printOccurrence(node, to)
    case 'metric':
      return printMetric(node, to)
    case 'rank':
      return printRank(node, to)
    case 'audience':
      return join(spell(node.negated ? 'NotInAudience' : 'InAudience', to), printName(node.name))
    case 'tags':
      return printTags(node, to)
    case 'attribute':
      return join(printName(node.name), printTest(node.test, to))
    case 'hole':
      return '…'
  }
}

export function printField({ field, values }: FieldNode, to: Language): string {
  return `${spell(fieldWords[field], to)}: ${values.map((value) => printFieldValue(value, to)).join(', ')}`
}

const printFieldValue = (value: FieldValueNode, to: Language): string =>
  value.kind === 'rhythm' ? spell(rhythmWords[value.rhythm], to) : printOperand(value, to)

export function printParameter({ variable, value }: ParameterNode, to: Language): string {
  const given = value === undefined ? [] : ['=', printOperand(value, to)]
  return join(spell('Parameter', to), printVariable(variable.name), ...given)
}
