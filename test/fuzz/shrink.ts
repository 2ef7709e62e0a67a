/** Smaller rules on which something still goes wrong. */
import type { CheckedRule, EventSelection, Test } from '../../grammar/index.ts'

/** The smallest rule found by taking parts away, as long as `isBad` says it still fails. */
export async function shrinkRule(
  rule: CheckedRule,
  isBad: (candidate: CheckedRule) => Promise<boolean>,
): Promise<CheckedRule> {
  let smallest = rule
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const candidate of smallerRules(smallest)) {
      if (!(await isBad(candidate))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return smallest
}

function* smallerRules(rule: CheckedRule): Generator<CheckedRule> {
  const { sample, ...unsampled } = rule
  if (sample) yield unsampled
  for (const [place, test] of rule.exclude.entries()) {
    yield { ...rule, exclude: rule.exclude.toSpliced(place, 1) }
    for (const smaller of smallerTests(test)) {
      yield { ...rule, exclude: rule.exclude.toSpliced(place, 1, smaller) }
    }
  }
  if (rule.include.kind !== 'everyone') yield { ...rule, include: { kind: 'everyone' } }
  for (const include of smallerTests(rule.include)) yield { ...rule, include }
}

function* smallerTests(test: Test): Generator<Test> {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'at-least':
      yield* test.tests
      for (const [place, part] of test.tests.entries()) {
        if (test.tests.length > 1) yield { ...test, tests: test.tests.toSpliced(place, 1) }
        for (const smaller of smallerTests(part)) {
          yield { ...test, tests: test.tests.toSpliced(place, 1, smaller) }
        }
      }
      return
    case 'not':
      yield test.test
      for (const smaller of smallerTests(test.test)) yield { ...test, test: smaller }
      return
    case 'did':
    case 'occurrence':
      if (test.event.where) yield { ...test, event: bare(test.event) }
      return
    case 'sequence':
      for (const place of test.then.keys()) {
        if (test.then.length === 1) continue
        // oxlint-disable-next-line unicorn/no-thenable -- a field of the checked tree, and never a function
        yield { ...test, then: test.then.toSpliced(place, 1) }
      }
      return
    case 'metric':
      if (test.metric.kind === 'aggregate' && test.metric.event.where) {
        yield { ...test, metric: { ...test.metric, event: bare(test.metric.event) } }
      }
      return
    case 'everyone':
    case 'attribute':
    case 'tags':
    case 'rank':
    case 'audience':
  }
}

const bare = ({ event }: EventSelection): EventSelection => ({ event })
