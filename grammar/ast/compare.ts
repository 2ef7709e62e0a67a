/** Two trees that say the same, wherever and in whatever language they stand. */
import type { RuleCatalog } from '../check/catalog.ts'
import { localise } from './localise.ts'
import type { RuleAst } from './nodes.ts'

/** Keys that say where a node stands, not what it is. */
const places = new Set(['span', 'head', 'operators'])

/** The tree without places and needless parentheses, its keys in order: equal trees have equal JSON. */
export function skeleton(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(skeleton)
  if (typeof node !== 'object' || node === null) return node
  if ('kind' in node && node.kind === 'group' && 'item' in node) return skeleton(node.item)
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !places.has(key) && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, skeleton(value)]),
  )
}

/** The tree with ids for names and values; equal for all texts that differ in language or layout only. */
export const resolvedSkeleton = (rule: RuleAst, catalog: RuleCatalog): unknown =>
  skeleton(localise(rule, 'id', catalog))
