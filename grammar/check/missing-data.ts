/**
 * Says where missing data decides who is meant.
 *
 * A test of a missing value is false, and what negates a test is its exact complement; so "is not" also matches the
 * unknown, an exclusion by a value keeps them, and "at most" includes those who never did it.
 */
import { childrenOf } from '../ast/children.ts'
import type {
  AttributeNode,
  ConditionNode,
  CountNode,
  CountTestNode,
  DidNode,
  EventNode,
  MetricNode,
  OccurrenceNode,
} from '../ast/nodes.ts'
import { printName } from '../ast/print-values.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import type { Diagnostic, Edit, Fix } from '../diagnostics/diagnostic.ts'
import { spanOf } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { spell } from '../syntax/keywords.ts'
import type { Context } from './context.ts'
import { find } from './names.ts'

interface Walk {
  readonly context: Context
  readonly found: Diagnostic[]
  readonly isExclusion: boolean
}

interface Place {
  /** Below an odd number of "not". */
  readonly negative: boolean
  readonly parent: 'and' | 'or' | 'none'
  /** Attributes of which the same "and" says that they are known, or the same "or" that they are unknown. */
  readonly guarded: ReadonlySet<string>
}

export function missingDataWarnings(context: Context): readonly Diagnostic[] {
  const { include, exclude } = context.rule
  const found: Diagnostic[] = []
  const start: Place = { negative: false, parent: 'none', guarded: new Set() }
  look(include, start, { context, found, isExclusion: false })
  for (const { condition } of exclude) {
    look(condition, start, { context, found, isExclusion: true })
  }
  return found
}

function look(node: ConditionNode, place: Place, walk: Walk): void {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const guarded = new Set([...place.guarded, ...guardsIn(node.items, place, walk, node.kind)])
      for (const item of node.items) look(item, { ...place, parent: node.kind, guarded }, walk)
      return
    }
    case 'at-least':
      for (const item of node.items) look(item, { ...place, parent: 'or' }, walk)
      return
    case 'not':
      look(node.item, { ...place, negative: !place.negative, parent: 'none' }, walk)
      return
    case 'group':
      look(node.item, { ...place, parent: 'none' }, walk)
      return
    case 'attribute':
      lookAtAttribute(node, place, walk)
      return
    case 'did':
      if (!place.negative) lookAtCount(node, walk)
      return
    case 'metric':
      if (!place.negative) lookAtMetric(node, walk)
      return
    case 'occurrence':
      if (!place.negative && !walk.isExclusion) lookAtOccurrence(node, place, walk)
      return
    case 'everyone':
    case 'sequence':
    case 'rank':
    case 'audience':
    case 'tags':
    case 'hole':
  }
}

function guardsIn(
  items: readonly ConditionNode[],
  { negative }: Place,
  { context }: Walk,
  kind: 'and' | 'or',
): readonly string[] {
  if (negative) return []
  const wanted = kind === 'and' ? 'known' : 'unknown'
  return items.flatMap((item) => {
    const inner = item.kind === 'group' ? childrenOf(item)[0] : item
    if (inner?.kind !== 'attribute' || inner.test.kind !== wanted) return []
    return attributeId(context, inner) ?? []
  })
}

const attributeId = (context: Context, node: AttributeNode): string | undefined =>
  find(context.catalog.attributes, node.name.text)?.id

function lookAtAttribute(node: AttributeNode, place: Place, walk: Walk): void {
  const { test } = node
  if (test.kind === 'known' || test.kind === 'unknown') return
  const id = attributeId(walk.context, node)
  if (id === undefined || place.guarded.has(id)) return
  const isComplement =
    (test.kind === 'compare' && test.op === '!=') ||
    ((test.kind === 'in' || test.kind === 'contains' || test.kind === 'starts-with') &&
      test.negated)
  const matchesUnknown = isComplement !== place.negative
  const field = node.name.text
  if (matchesUnknown) {
    const fixes = place.negative
      ? []
      : [joined(node.span, 'and', knownTest(node, walk, true), place, walk)]
    walk.found.push(diagnostic('W203', node.span, { field }, fixes))
  } else if (walk.isExclusion) {
    const fixes = place.negative
      ? []
      : [joined(node.span, 'or', knownTest(node, walk, false), place, walk)]
    walk.found.push(diagnostic('P203', node.span, { field }, fixes))
  }
}

const knownTest = ({ name }: AttributeNode, { context }: Walk, known: boolean): string =>
  `${printName(name)} ${spell(known ? 'Known' : 'Unknown', context.surface)}`

/** Adds a condition behind a clause, in parentheses where the clause stands between words of the other kind. */
function joined(
  span: Span,
  kind: 'and' | 'or',
  condition: string,
  { parent }: Place,
  { context }: Walk,
): Fix {
  const operator = spell(kind === 'and' ? 'And' : 'Or', context.surface)
  const addition = ` ${operator} ${condition}`
  const wraps = parent !== 'none' && parent !== kind
  const edits: Edit[] = [
    ...(wraps ? [{ span: spanOf(span.start, span.start), text: '(' }] : []),
    { span: spanOf(span.end, span.end), text: wraps ? `${addition})` : addition },
  ]
  return { title: addition.trim(), applicability: 'maybe-incorrect', edits }
}

function lookAtCount(node: DidNode, walk: Walk): void {
  const [count] = node.counts
  if (node.negated || count === undefined || !includesZero(count)) return
  walk.found.push(diagnostic('W204', count.span, { event: nameOf(node.event) }))
}

const nameOf = (event: EventNode): string => event.name.text

function includesZero({ test }: CountTestNode): boolean {
  const isZero = (count: CountNode): boolean => count.kind === 'number' && count.value === '0'
  if (test.kind === 'between') return isZero(test.low)
  if (test.op === '<=') return true
  return test.op === '<' ? !isZero(test.value) : test.op !== '>' && isZero(test.value)
}

/** Aggregates of nothing that are zero; the others are missing, and then no comparison holds. */
const zeroOfNothing: ReadonlySet<string> = new Set(['count', 'sum', 'distinct'])

function lookAtMetric(node: MetricNode, walk: Walk): void {
  const { over, under, test } = node
  if (under !== undefined || !zeroOfNothing.has(over.fn)) return
  if (test.kind !== 'compare' || (test.op !== '<' && test.op !== '<=')) return
  walk.found.push(diagnostic('W204', test.span, { event: nameOf(over.event) }))
}

function lookAtOccurrence(node: OccurrenceNode, place: Place, walk: Walk): void {
  const { event, test } = node
  if (test.kind !== 'happened' || test.when.kind !== 'ago') return
  const { op } = test.when
  if (op !== '>' && op !== '>=') return
  const { surface } = walk.context
  const name = printName(event.name)
  const neverDid =
    surface === 'zh'
      ? `${spell('NeverDid', surface)} ${name}`
      : `${spell('DidNot', surface)} ${name} ${spell('Ever', surface)}`
  const fixes = [joined(node.span, 'or', neverDid, place, walk)]
  walk.found.push(diagnostic('W205', node.span, { event: nameOf(event) }, fixes))
}
