/**
 * What a rule means: who is a member, given a world, an `as of` and a time zone.
 *
 * Written to be obviously right rather than fast; the SQL is compared with it. It reads no clock and draws no
 * random number, so the same rule on the same world gives the same members for ever.
 */
import type { CheckedRule } from '../check/checked-rule.ts'
import { calendarOf } from './calendar.ts'
import { holds, type Setting } from './holds.ts'
import { peopleOf, type Person } from './people.ts'
import { isSampled } from './sample.ts'
import { compareText } from './value.ts'
import type { Run, World } from './world.ts'

/** Ids of the members, sorted by bytes. */
export function evaluate(rule: CheckedRule, world: World, run: Run): string[] {
  const setting = settingOf(rule, world, run)
  return setting.people
    .filter((person) => isMember(rule, person, setting))
    .map((person) => person.id)
    .toSorted(compareText)
}

/** Whether one customer of the world is a member. Throws when the world has no such customer. */
export function evaluateCustomer(
  rule: CheckedRule,
  customerId: string,
  world: World,
  run: Run,
): boolean {
  const setting = settingOf(rule, world, run)
  return isMember(rule, personIn(setting, customerId), setting)
}

export function settingOf(rule: CheckedRule, world: World, run: Run): Setting {
  const calendar = calendarOf(rule.header, run)
  return { calendar, people: peopleOf(world, calendar, run), world, fields: new Map() }
}

export function personIn(setting: Setting, customerId: string): Person {
  const person = setting.people.find(({ id }) => id === customerId)
  if (!person) throw new Error('the world has no such customer')
  return person
}

export const isMember = (rule: CheckedRule, person: Person, setting: Setting): boolean =>
  holds(rule.include, person, setting) &&
  !rule.exclude.some((test) => holds(test, person, setting)) &&
  (rule.sample === undefined || isSampled(rule.sample.percent, rule.sample.seed, person.key))
