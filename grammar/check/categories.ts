/** Which data a rule reads, as written: before any simplification, so that rewriting it cannot hide a category. */
import type { RuleCatalog } from './catalog.ts'
import type { CheckedRule, Operand, ValueTest } from './checked-rule.ts'
import { leavesOf, selectionsOf, testsOf } from './walk.ts'
import type { LeafTest } from './walk.ts'

/**
 * Dotted categories of the attributes, events and tags that the rule names, sorted, each once.
 *
 * Properties are read under the category of their event. Rules of audiences that it names are not followed.
 */
export function categoriesOf(rule: CheckedRule, catalog: RuleCatalog): readonly string[] {
  const read = testsOf(rule).flatMap(leavesOf).flatMap(readsOf)
  const categories = new Map<string, string | undefined>([
    ...catalog.attributes.map(({ id, category }) => [`attribute ${id}`, category] as const),
    ...catalog.events.map(({ id, category }) => [`event ${id}`, category] as const),
    ...catalog.tags.map(({ id, category }) => [`tag ${id}`, category] as const),
  ])
  const found = read.flatMap((name) => categories.get(name) ?? [])
  return [...new Set(found)].sort()
}

/** False for a rule that reads nothing about anybody: everyone, or a sample of everyone. */
export const personalised = (rule: CheckedRule): boolean =>
  testsOf(rule)
    .flatMap(leavesOf)
    .some((leaf) => leaf.kind !== 'everyone')

function readsOf(leaf: LeafTest): readonly string[] {
  if (leaf.kind === 'attribute') {
    return [leaf.attribute, ...fieldsOf(leaf.test)].map((id) => `attribute ${id}`)
  }
  if (leaf.kind === 'tags') return leaf.tags.map((id) => `tag ${id}`)
  const rankedBy =
    leaf.kind === 'rank' && leaf.by.kind === 'attribute' ? [`attribute ${leaf.by.attribute}`] : []
  return [...rankedBy, ...selectionsOf(leaf).map(({ event }) => `event ${event}`)]
}

/** Other attributes that a value is compared with. */
function fieldsOf(test: ValueTest): readonly string[] {
  return operandsOf(test).flatMap((operand) => (operand.kind === 'field' ? [operand.field] : []))
}

function operandsOf(test: ValueTest): readonly Operand[] {
  if (test.kind === 'compare') return [test.operand]
  if (test.kind === 'between') return [test.low, test.high]
  return test.kind === 'in' ? test.operands : []
}
