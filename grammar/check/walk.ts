/** Goes through the tests of a checked rule. */
import type { Aggregate, CheckedRule, EventSelection, PropertyTest, Test } from './checked-rule.ts'

export type LeafTest = Exclude<Test, { readonly kind: 'and' | 'or' | 'not' | 'at-least' }>
export type LeafPropertyTest = Extract<PropertyTest, { readonly kind: 'property' }>

export const testsOf = (rule: CheckedRule): readonly Test[] => [rule.include, ...rule.exclude]

export function leavesOf(test: Test): readonly LeafTest[] {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'at-least':
      return test.tests.flatMap(leavesOf)
    case 'not':
      return leavesOf(test.test)
    case 'everyone':
    case 'attribute':
    case 'tags':
    case 'did':
    case 'metric':
    case 'occurrence':
    case 'sequence':
    case 'rank':
    case 'audience':
      return [test]
  }
}

export function propertyLeavesOf(test: PropertyTest): readonly LeafPropertyTest[] {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'at-least':
      return test.tests.flatMap(propertyLeavesOf)
    case 'not':
      return propertyLeavesOf(test.test)
    case 'property':
      return [test]
  }
}

export function aggregatesOf(test: LeafTest): readonly Aggregate[] {
  if (test.kind === 'rank') return test.by.kind === 'aggregate' ? [test.by] : []
  if (test.kind !== 'metric') return []
  const { metric } = test
  return metric.kind === 'ratio' ? [metric.over, metric.under] : [metric]
}

/** The events that a test reads. */
export function selectionsOf(test: LeafTest): readonly EventSelection[] {
  if (test.kind === 'did' || test.kind === 'occurrence') return [test.event]
  if (test.kind === 'sequence') return [test.first, ...test.then.map((step) => step.event)]
  return aggregatesOf(test).map((aggregate) => aggregate.event)
}

function propertyTestsOf(test: LeafTest): readonly PropertyTest[] {
  const had = test.kind === 'occurrence' && test.test.kind === 'had' ? [test.test.where] : []
  return [
    ...had,
    ...selectionsOf(test).flatMap(({ where }) => (where === undefined ? [] : [where])),
  ]
}

/** Every single test, those inside `where` too. */
export const countTests = (rule: CheckedRule): number =>
  testsOf(rule)
    .flatMap(leavesOf)
    .reduce((sum, leaf) => sum + 1 + propertyTestsOf(leaf).flatMap(propertyLeavesOf).length, 0)
