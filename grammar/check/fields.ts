/** What a name before a value test may stand for: attributes, or inside `where` the properties of one event. */
import type { NameNode } from '../ast/nodes.ts'
import { diagnostic } from '../diagnostics/diagnostic.ts'
import type { CatalogAttribute, CatalogEvent, CatalogProperty } from './catalog.ts'
import { bracketFixes, mayRead, nearest, report, reportAmbiguous, resolve } from './context.ts'
import type { Context } from './context.ts'
import { lookUp } from './names.ts'

export type FieldScope =
  | { readonly kind: 'customer'; readonly fields: readonly CatalogAttribute[] }
  | {
      readonly kind: 'event'
      readonly fields: readonly CatalogProperty[]
      readonly event: CatalogEvent
    }

export const customerScope = (context: Context): FieldScope => ({
  kind: 'customer',
  fields: context.catalog.attributes,
})

export const eventScope = (event: CatalogEvent): FieldScope => ({
  kind: 'event',
  fields: event.properties,
  event,
})

export function resolveField(
  context: Context,
  name: NameNode,
  scope: FieldScope,
): CatalogAttribute | CatalogProperty | undefined {
  if (scope.kind === 'event') return resolveProperty(context, name, scope.event)
  const attribute = resolve(context, name, scope.fields, 'E301')
  return attribute !== undefined && mayRead(context, name, attribute) ? attribute : undefined
}

/** Properties are read under the label of their event. */
export function resolveProperty(
  context: Context,
  name: NameNode,
  event: CatalogEvent,
): CatalogProperty | undefined {
  const result = lookUp(event.properties, name.text)
  if (result.kind === 'found') return result.entry
  if (result.kind === 'ambiguous') return reportAmbiguous(context, name, result.entries)
  const suggestions = nearest(context, name.text, event.properties)
  const args = { name: name.text, event: event.label[context.surface], suggestions }
  const fixes = bracketFixes(name.span, suggestions)
  return report(context, diagnostic('E303', name.span, args, fixes))
}

export function resolveEvent(context: Context, name: NameNode): CatalogEvent | undefined {
  const event = resolve(context, name, context.catalog.events, 'E302')
  return event !== undefined && mayRead(context, name, event) ? event : undefined
}
