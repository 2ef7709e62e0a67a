/** The same answer with its grounds: for every clause whether it held and what was measured. */
import type { CheckedRule, Test } from '../check/checked-rule.ts'
import type { Span } from '../source/span.ts'
import { formatInstant } from './calendar.ts'
import { isMember, personIn, settingOf } from './evaluate.ts'
import { betterCount, findOccurrence, holds, rankField, rankValue, type Setting } from './holds.ts'
import { countOf, measure } from './metric.ts'
import { attributeOf, type Person } from './people.ts'
import { isSampled } from './sample.ts'
import { findSequence } from './sequence.ts'
import { formatValue } from './value.ts'
import type { Run, World } from './world.ts'

export interface CustomerExplanation {
  readonly member: boolean
  readonly include: Explanation
  readonly exclude: readonly Explanation[]
  /** Whether the sample keeps the customer; absent when the rule takes none. */
  readonly sampled?: boolean
}

export interface Explanation {
  readonly test: Test
  readonly truth: boolean
  readonly measured?: Measured
  readonly span?: Span
  /** The parts of and, or, not, at-least, in their order. */
  readonly parts: readonly Explanation[]
}

/** Values as in `WorldValue`, exact; `null` is missing. Times are instants, in UTC. */
export type Measured =
  | { readonly kind: 'value'; readonly value: string | null }
  | { readonly kind: 'count'; readonly count: number }
  /** Those of the named tags that the customer has. */
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  | { readonly kind: 'event'; readonly at: string | null }
  /** When the steps that happened did, of the earliest way through. */
  | { readonly kind: 'steps'; readonly at: readonly string[] | null }
  /** How many of the field are strictly better. */
  | {
      readonly kind: 'rank'
      readonly value: string | null
      readonly better: number | null
      readonly of: number
    }

/** Throws when the world has no such customer. */
export function explainCustomer(
  rule: CheckedRule,
  customerId: string,
  world: World,
  run: Run,
): CustomerExplanation {
  const setting = settingOf(rule, world, run)
  const person = personIn(setting, customerId)
  return {
    member: isMember(rule, person, setting),
    include: explain(rule.include, person, setting),
    exclude: rule.exclude.map((test) => explain(test, person, setting)),
    ...(rule.sample && {
      sampled: isSampled(rule.sample.percent, rule.sample.seed, person.key),
    }),
  }
}

function explain(test: Test, person: Person, setting: Setting): Explanation {
  const measured = measuredOf(test, person, setting)
  return {
    test,
    truth: holds(test, person, setting),
    ...(measured && { measured }),
    ...('span' in test && test.span && { span: test.span }),
    parts: partsOf(test).map((part) => explain(part, person, setting)),
  }
}

function partsOf(test: Test): readonly Test[] {
  if (test.kind === 'not') return [test.test]
  return test.kind === 'and' || test.kind === 'or' || test.kind === 'at-least' ? test.tests : []
}

function measuredOf(test: Test, person: Person, setting: Setting): Measured | undefined {
  const { calendar } = setting
  switch (test.kind) {
    case 'attribute': {
      const value = attributeOf(person, test.attribute, test.type, calendar)
      return { kind: 'value', value: value ? formatValue(value, test.type, calendar) : null }
    }
    case 'tags':
      return { kind: 'tags', tags: test.tags.filter((tag) => person.tags.includes(tag)) }
    case 'did':
      return { kind: 'count', count: countOf(test, person, calendar) }
    case 'metric': {
      const value = measure(test.metric, person, calendar)
      return { kind: 'value', value: value ? formatValue(value, test.type, calendar) : null }
    }
    case 'occurrence': {
      const event = findOccurrence(test, person, calendar)
      return { kind: 'event', at: event ? formatInstant(event.at) : null }
    }
    case 'sequence': {
      const steps = findSequence(test, person, calendar)
      return { kind: 'steps', at: steps ? steps.map((step) => formatInstant(step.at)) : null }
    }
    case 'rank':
      return measuredRank(test, person, setting)
    case 'everyone':
    case 'and':
    case 'or':
    case 'not':
    case 'at-least':
    case 'audience':
      return undefined
  }
}

function measuredRank(
  test: Extract<Test, { readonly kind: 'rank' }>,
  person: Person,
  setting: Setting,
): Measured {
  const { calendar } = setting
  const field = rankField(test, setting)
  const value = rankValue(test, person, calendar)
  if (!value) return { kind: 'rank', value: null, better: null, of: field.length }
  const type =
    test.by.kind === 'attribute' ? test.by.type : (test.by.property?.type ?? { kind: 'integer' })
  return {
    kind: 'rank',
    value: formatValue(value, type, calendar),
    better: betterCount(test, value, field),
    of: field.length,
  }
}
