/** Events and the conditions on their properties. */
import type { ConditionNode, EventNode } from '../ast/nodes.ts'
import { countOf } from './durations.ts'
import type { CatalogEvent } from './catalog.ts'
import type { EventSelection, PropertyTest } from './checked-rule.ts'
import type { Context } from './context.ts'
import { eventScope, resolveEvent, resolveProperty } from './fields.ts'
import { valueTestOf } from './value-tests.ts'

export interface Selected {
  readonly event: CatalogEvent
  readonly selection: EventSelection
}

export function selectionOf(context: Context, node: EventNode): Selected | undefined {
  const event = resolveEvent(context, node.name)
  if (event === undefined) return undefined
  if (node.where === undefined) return { event, selection: { event: event.id } }
  const where = propertyTestOf(context, node.where, event)
  return where && { event, selection: { event: event.id, where } }
}

export function propertyTestOf(
  context: Context,
  node: ConditionNode,
  event: CatalogEvent,
): PropertyTest | undefined {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const tests = allOf(context, node.items, event)
      return tests && { kind: node.kind, tests }
    }
    case 'at-least': {
      const count = countOf(context, node.count, 1)
      const tests = allOf(context, node.items, event)
      return tests && count !== undefined ? { kind: 'at-least', count, tests } : undefined
    }
    case 'not': {
      const test = propertyTestOf(context, node.item, event)
      return test && { kind: 'not', test }
    }
    case 'group':
      return propertyTestOf(context, node.item, event)
    case 'attribute': {
      const property = resolveProperty(context, node.name, event)
      if (property === undefined) return undefined
      const { id, type } = property
      const subject = { name: node.name.text, type, scope: eventScope(event) }
      const test = valueTestOf(context, node.test, subject)
      return test && { kind: 'property', property: id, type, test, span: node.span }
    }
    case 'everyone':
    case 'did':
    case 'sequence':
    case 'occurrence':
    case 'metric':
    case 'rank':
    case 'audience':
    case 'tags':
    case 'hole':
      // A mistake of syntax, reported where the text was read.
      return undefined
  }
}

function allOf(
  context: Context,
  nodes: readonly ConditionNode[],
  event: CatalogEvent,
): readonly PropertyTest[] | undefined {
  // Every condition is looked at, so that all mistakes are reported at once.
  const tests = nodes.map((node) => propertyTestOf(context, node, event))
  return tests.every((test) => test !== undefined) ? tests : undefined
}
