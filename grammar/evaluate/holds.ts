/** Whether one test holds for one customer: the meaning of every clause, one line each. */
import type { OccurrenceTest, RankTest, TagTest, Test } from '../check/checked-rule.ts'
import type { Calendar } from './calendar.ts'
import { countOf, isTrueOfCount, measure, measureAggregate } from './metric.ts'
import {
  attributeOf,
  inOrder,
  isTrueOfEvent,
  personScope,
  selectEvents,
  type PastEvent,
  type Person,
} from './people.ts'
import { ceiling, divide, multiply, parseDecimal, wholeNumber } from './rational.ts'
import { findSequence } from './sequence.ts'
import { isTrueOfValue } from './value-test.ts'
import { compareValues, type Value } from './value.ts'
import { isTrueOfTime } from './window.ts'
import type { World } from './world.ts'

/** What tests about one customer may need of all the others. */
export interface Setting {
  readonly calendar: Calendar
  readonly people: readonly Person[]
  readonly world: World
  /** Known values of a rank, best first or last; filled as it is asked for. */
  readonly fields: Map<RankTest, readonly Value[]>
}

export function holds(test: Test, person: Person, setting: Setting): boolean {
  const { calendar } = setting
  switch (test.kind) {
    case 'everyone':
      return true
    case 'and':
      return test.tests.every((part) => holds(part, person, setting))
    case 'or':
      return test.tests.some((part) => holds(part, person, setting))
    case 'not':
      return !holds(test.test, person, setting)
    case 'at-least':
      return test.tests.filter((part) => holds(part, person, setting)).length >= test.count
    case 'attribute': {
      const value = attributeOf(person, test.attribute, test.type, calendar)
      return isTrueOfValue(value, test.type, test.test, personScope(person, calendar))
    }
    case 'tags':
      return isTrueOfTags(person, test)
    case 'did':
      return isTrueOfCount(countOf(test, person, calendar), test.count)
    case 'metric': {
      const value = measure(test.metric, person, calendar)
      return isTrueOfValue(value, test.type, test.test, personScope(person, calendar))
    }
    case 'occurrence':
      return isTrueOfOccurrence(test, person, calendar)
    case 'sequence':
      return findSequence(test, person, calendar) !== undefined
    case 'rank':
      return isRanked(test, person, setting)
    case 'audience':
      return isInAudience(test.audience, person, setting)
  }
}

function isTrueOfTags(person: Person, test: TagTest): boolean {
  const isTagged = (tag: string) => person.tags.includes(tag)
  switch (test.quantifier) {
    case 'any':
      return test.tags.some(isTagged)
    case 'all':
      return test.tags.every(isTagged)
    case 'none':
      return !test.tags.some(isTagged)
  }
}

export const findOccurrence = (
  test: OccurrenceTest,
  person: Person,
  calendar: Calendar,
): PastEvent | undefined =>
  inOrder(selectEvents(person, test.event, calendar)).at(test.which === 'first' ? 0 : -1)

function isTrueOfOccurrence(test: OccurrenceTest, person: Person, calendar: Calendar): boolean {
  const event = findOccurrence(test, person, calendar)
  if (!event) return false
  return test.test.kind === 'happened'
    ? isTrueOfTime(event.at, test.test.when, calendar)
    : isTrueOfEvent(event, test.test.where, calendar)
}

const isInAudience = (audience: string, person: Person, setting: Setting): boolean =>
  setting.world.audiences?.[audience]?.includes(person.id) ?? false

export const rankValue = (test: RankTest, person: Person, calendar: Calendar): Value | undefined =>
  test.by.kind === 'aggregate'
    ? measureAggregate(test.by, person, calendar)
    : attributeOf(person, test.by.attribute, test.by.type, calendar)

/** The known values of everyone who takes part in the rank. */
export function rankField(test: RankTest, setting: Setting): readonly Value[] {
  const ready = setting.fields.get(test)
  if (ready) return ready
  const field = setting.people
    .filter((person) => test.among === undefined || isInAudience(test.among, person, setting))
    .map((person) => rankValue(test, person, setting.calendar))
    .filter((value) => value !== undefined)
  setting.fields.set(test, field)
  return field
}

export const betterCount = (test: RankTest, value: Value, field: readonly Value[]): number =>
  field.filter((other) =>
    test.side === 'top' ? compareValues(other, value) > 0 : compareValues(other, value) < 0,
  ).length

function isRanked(test: RankTest, person: Person, setting: Setting): boolean {
  const value = rankValue(test, person, setting.calendar)
  if (value === undefined) return false
  if (test.among !== undefined && !isInAudience(test.among, person, setting)) return false
  const field = rankField(test, setting)
  return BigInt(betterCount(test, value, field)) < rankLimit(test, field.length)
}

/** A percentage of a small field still lets somebody in: places are rounded up. */
function rankLimit(test: RankTest, fieldSize: number): bigint {
  if (test.limit.kind === 'count') return BigInt(test.limit.count)
  const share = divide(parseDecimal(test.limit.percent), wholeNumber(100))
  if (share === undefined) throw new Error('a hundred is not zero')
  return ceiling(multiply(share, wholeNumber(fieldSize)))
}
