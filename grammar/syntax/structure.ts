/** What the shape of the tree alone can tell: mixed "and" and "or", windows, what stands inside `where`. */
import { childrenOf } from '../ast/children.ts'
import type {
  AggregateNode,
  AtLeastNode,
  AttributeNode,
  ConditionNode,
  EventNode,
  GroupNode,
  HoleNode,
  LogicNode,
  NotNode,
  RuleAst,
  WindowNode,
} from '../ast/nodes.ts'
import type { Language } from '../check/catalog.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import type { Diagnostic, Edit, Fix } from '../diagnostics/diagnostic.ts'
import { cover, spanOf } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { spell } from './keywords.ts'

interface Walk {
  readonly text: string
  readonly surface: Language
  readonly found: Diagnostic[]
}

export function structureProblems(
  rule: RuleAst,
  text: string,
  surface: Language,
): readonly Diagnostic[] {
  const walk: Walk = { text, surface, found: [] }
  inspect(rule.include, walk, false)
  for (const { condition } of rule.exclude) inspect(condition, walk, false)
  return walk.found
}

function inspect(node: ConditionNode, walk: Walk, insideWhere: boolean): void {
  if (node.kind === 'or' && isMixed(node)) walk.found.push(mixed(node, walk.text))
  for (const child of childrenOf(node)) inspect(child, walk, insideWhere)
  if (isJoined(node) || node.kind === 'attribute' || node.kind === 'hole') return
  if (insideWhere) walk.found.push(diagnostic('E208', node.span, {}))
  else inspectClause(node, walk)
}

type Joined = LogicNode | AtLeastNode | NotNode | GroupNode

const isJoined = (node: ConditionNode): node is Joined => childrenOf(node).length > 0

type Clause = Exclude<ConditionNode, Joined | AttributeNode | HoleNode>

function inspectClause(node: Clause, walk: Walk): void {
  switch (node.kind) {
    case 'did':
      inspectWindows(node.windows, node.span, walk)
      for (const surplus of node.counts.slice(1)) {
        walk.found.push(diagnostic('E209', surplus.span, {}))
      }
      inspectEvent(node.event, walk)
      return
    case 'sequence':
      inspectWindows(node.windows, node.span, walk)
      for (const event of [node.first, ...node.steps.map((step) => step.event)]) {
        inspectEvent(event, walk)
      }
      return
    case 'occurrence':
      inspectEvent(node.event, walk)
      if (node.test.kind === 'had') inspect(node.test.where, walk, true)
      return
    case 'metric':
      inspectAggregate(node.over, walk)
      if (node.under !== undefined) inspectAggregate(node.under, walk)
      return
    case 'rank':
      if (node.by.kind === 'aggregate') inspectAggregate(node.by, walk)
      return
    case 'everyone':
    case 'audience':
    case 'tags':
      return
  }
}

function inspectEvent(event: EventNode, walk: Walk): void {
  if (event.where !== undefined) inspect(event.where, walk, true)
}

function inspectAggregate(node: AggregateNode, walk: Walk): void {
  inspectWindows(node.windows, spanOf(node.event.span.start, node.span.end - 1), walk)
  inspectEvent(node.event, walk)
}

/** `clause` is where a missing window would stand: before it in Chinese, after it in English. */
function inspectWindows(windows: readonly WindowNode[], clause: Span, walk: Walk): void {
  const surplus = windows[1]
  if (surplus !== undefined) {
    walk.found.push(diagnostic('E206', surplus.span, { found: windows.length }))
  }
  if (windows.length > 0) return
  const chinese = walk.surface === 'zh'
  const at = chinese ? clause.start : clause.end
  const insert = (window: string, applicability: Fix['applicability']): Fix => ({
    title: window,
    applicability,
    edits: [{ span: spanOf(at, at), text: chinese ? `${window} ` : ` ${window}` }],
  })
  walk.found.push(
    diagnostic('E206', clause, { found: 0 }, [
      insert(chinese ? '近 90 天 内' : 'in last 90 days', 'has-placeholders'),
      insert(spell('Ever', walk.surface), 'maybe-incorrect'),
    ]),
  )
}

const isMixed = (node: LogicNode): boolean => node.items.some((item) => item.kind === 'and')

/** Two ways to read it, each with its parentheses: "or" joins first, or "and" joins first. */
function mixed(node: LogicNode, text: string): Diagnostic {
  const conjunctions = node.items.flatMap((item) => (item.kind === 'and' ? [item] : []))
  const operators = [...node.operators, ...conjunctions.flatMap((item) => item.operators)]
  const words = [...operators].sort((a, b) => a.start - b.start)
  const [first = node.span] = words
  const span = words.reduce(cover, first)
  const andFirst = conjunctions.map((item) => item.span)
  return diagnostic(
    'E204',
    span,
    { words: words.map(({ start, end }) => text.slice(start, end)) },
    [bracketed(orGroups(node), node.span, text), bracketed(andFirst, node.span, text)],
  )
}

/** The runs of conditions that only "or" stands between. */
function orGroups(node: LogicNode): Span[] {
  const groups: Span[][] = [[]]
  for (const item of node.items) {
    const parts = item.kind === 'and' ? item.items : [item]
    parts.forEach((part, index) => {
      if (index > 0) groups.push([])
      groups.at(-1)?.push(part.span)
    })
  }
  return groups.flatMap((group) => {
    const [first, ...rest] = group
    return first === undefined || rest.length === 0 ? [] : [rest.reduce(cover, first)]
  })
}

function bracketed(groups: readonly Span[], whole: Span, text: string): Fix {
  const edits = groups.flatMap(({ start, end }): Edit[] => [
    { span: spanOf(start, start), text: '(' },
    { span: spanOf(end, end), text: ')' },
  ])
  return { title: applyEdits(text, edits, whole), applicability: 'maybe-incorrect', edits }
}

/** The text of `within` after the edits, which must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[], within: Span): string {
  let written = ''
  let at = within.start
  for (const { span, text: replacement } of [...edits].sort(
    (a, b) => a.span.start - b.span.start,
  )) {
    written += text.slice(at, span.start) + replacement
    at = span.end
  }
  return written + text.slice(at, within.end)
}
