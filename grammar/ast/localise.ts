/**
 * Puts the names and values of a tree into one language, or replaces them by their ids.
 *
 * What the catalogue does not know stays as it was written. A birthday without its year needs no word "anniversary",
 * so there a window of the one kind becomes one of the other.
 */
import type { CatalogEvent, Language, RuleCatalog, ValueType } from '../check/catalog.ts'
import { legalBases } from '../check/legal-bases.ts'
import { find } from '../check/names.ts'
import type { Named } from '../check/names.ts'
import type {
  AggregateNode,
  ConditionNode,
  CountTestNode,
  EventNode,
  FieldNode,
  NameNode,
  OperandNode,
  RuleAst,
  ValueTestNode,
} from './nodes.ts'

interface Field extends Named {
  readonly type: ValueType
}

interface Scope {
  readonly catalog: RuleCatalog
  readonly to: Language | 'id'
  /** What a name before a value test stands for: attributes, or inside `where` the properties of an event. */
  readonly fields: readonly Field[]
}

export function localise(rule: RuleAst, to: Language | 'id', catalog: RuleCatalog): RuleAst {
  const scope: Scope = { catalog, to, fields: catalog.attributes }
  return {
    ...rule,
    fields: rule.fields.map((field) => localiseField(field, scope)),
    include: localiseCondition(rule.include, scope),
    exclude: rule.exclude.map((exclusion) => ({
      ...exclusion,
      condition: localiseCondition(exclusion.condition, scope),
    })),
  }
}

function localiseField(field: FieldNode, scope: Scope): FieldNode {
  const { purposes, channels, recipients } = scope.catalog
  const lists = { purpose: purposes, channel: channels, recipient: recipients, basis: legalBases }
  const entries = Object.entries(lists).find(([name]) => name === field.field)?.[1] ?? []
  const values = field.values.map((value) =>
    value.kind === 'name' ? rename(value, entries, scope) : value,
  )
  return { ...field, values }
}

const rename = (name: NameNode, entries: readonly Named[], scope: Scope): NameNode => ({
  ...name,
  text: wordFor(name.text, entries, scope.to),
})

/** A label that cannot stand in brackets, or that means something else too, gives way to the id. */
function wordFor(text: string, entries: readonly Named[], to: Language | 'id'): string {
  const entry = find(entries, text)
  if (entry === undefined) return text
  if (to === 'id') return entry.id
  const label = entry.label[to]
  return isPrintable(label) && find(entries, label) === entry ? label : entry.id
}

const isPrintable = (label: string): boolean =>
  /^[^[\]\u3010\u3011\r\n"()]{1,64}$/.test(label) && label.trim() !== ''

function localiseCondition(node: ConditionNode, scope: Scope): ConditionNode {
  const { catalog } = scope
  switch (node.kind) {
    case 'everyone':
    case 'hole':
      return node
    case 'and':
    case 'or':
    case 'at-least':
      return { ...node, items: node.items.map((item) => localiseCondition(item, scope)) }
    case 'not':
    case 'group':
      return { ...node, item: localiseCondition(node.item, scope) }
    case 'did': {
      const counts = node.counts.map((count) => localiseCount(count, node.event, scope))
      return { ...node, event: localiseEvent(node.event, scope), counts }
    }
    case 'sequence':
      return {
        ...node,
        first: localiseEvent(node.first, scope),
        steps: node.steps.map((step) => ({ ...step, event: localiseEvent(step.event, scope) })),
      }
    case 'occurrence': {
      const event = localiseEvent(node.event, scope)
      if (node.test.kind === 'happened') return { ...node, event }
      const where = localiseCondition(node.test.where, insideOf(node.event, scope))
      return { ...node, event, test: { kind: 'had', where } }
    }
    case 'metric': {
      const under = node.under && { under: localiseAggregate(node.under, scope) }
      const test = localiseTest(node.test, undefined, scope)
      return { ...node, over: localiseAggregate(node.over, scope), ...under, test }
    }
    case 'rank': {
      const by =
        node.by.kind === 'name'
          ? rename(node.by, catalog.attributes, scope)
          : localiseAggregate(node.by, scope)
      const among = node.among && { among: rename(node.among, catalog.audiences, scope) }
      return { ...node, by, ...among }
    }
    case 'audience':
      return { ...node, name: rename(node.name, catalog.audiences, scope) }
    case 'tags':
      return { ...node, names: node.names.map((name) => rename(name, catalog.tags, scope)) }
    case 'attribute': {
      const type = find(scope.fields, node.name.text)?.type
      const name = rename(node.name, scope.fields, scope)
      return { ...node, name, test: localiseTest(node.test, type, scope) }
    }
  }
}

const eventOf = (event: EventNode, scope: Scope): CatalogEvent | undefined =>
  find(scope.catalog.events, event.name.text)

const insideOf = (event: EventNode, scope: Scope): Scope => ({
  ...scope,
  fields: eventOf(event, scope)?.properties ?? [],
})

function localiseEvent(event: EventNode, scope: Scope): EventNode {
  const name = rename(event.name, scope.catalog.events, scope)
  if (event.where === undefined) return { ...event, name }
  return { ...event, name, where: localiseCondition(event.where, insideOf(event, scope)) }
}

function localiseAggregate(node: AggregateNode, scope: Scope): AggregateNode {
  const { fields } = insideOf(node.event, scope)
  const property = node.property && { property: rename(node.property, fields, scope) }
  return { ...node, event: localiseEvent(node.event, scope), ...property }
}

function localiseCount(count: CountTestNode, event: EventNode, scope: Scope): CountTestNode {
  if (count.measure.kind !== 'different') return count
  const { fields } = insideOf(event, scope)
  const property = rename(count.measure.property, fields, scope)
  return { ...count, measure: { kind: 'different', property } }
}

function localiseTest(
  test: ValueTestNode,
  type: ValueType | undefined,
  scope: Scope,
): ValueTestNode {
  const operand = (node: OperandNode) => localiseOperand(node, type, scope)
  switch (test.kind) {
    case 'compare':
      return { ...test, operand: operand(test.operand) }
    case 'between':
      return { ...test, low: operand(test.low), high: operand(test.high) }
    case 'in':
      return { ...test, operands: test.operands.map(operand) }
    case 'anniversary':
      return type?.kind === 'month-day' ? { ...test, kind: 'window' } : test
    case 'contains':
    case 'starts-with':
    case 'known':
    case 'unknown':
    case 'ago':
    case 'before':
    case 'after':
    case 'on':
    case 'window':
      return test
  }
}

function localiseOperand(
  node: OperandNode,
  type: ValueType | undefined,
  scope: Scope,
): OperandNode {
  if (node.kind === 'name') return rename(node, scope.fields, scope)
  if (node.kind !== 'text' || type === undefined) return node
  if (type.kind !== 'enum' && type.kind !== 'region') return node
  const entry = find<Named>(type.values, node.value)
  if (entry === undefined) return node
  if (scope.to === 'id') return { ...node, value: entry.id }
  const label = entry.label[scope.to]
  return { ...node, value: find<Named>(type.values, label) === entry ? label : entry.id }
}
