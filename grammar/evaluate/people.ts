/** The world made ready for one run: times are read, repeated event ids and everything from `as of` on are gone. */
import type { ValueType } from '../check/catalog.ts'
import type { EventSelection, PropertyTest } from '../check/checked-rule.ts'
import { parseInstant, type Calendar, type Instant } from './calendar.ts'
import { isTrueOfValue, type Scope } from './value-test.ts'
import { compareText, readValue, type Value } from './value.ts'
import { isInside, type Interval } from './window.ts'
import type { Run, World, WorldCustomer, WorldValues } from './world.ts'

export interface Person {
  readonly id: string
  readonly key: string
  readonly tags: readonly string[]
  readonly attributes: WorldValues
  readonly events: readonly PastEvent[]
}

export interface PastEvent {
  readonly id: string
  readonly event: string
  readonly at: Instant
  readonly properties: WorldValues
}

export const peopleOf = (world: World, calendar: Calendar, run: Run): readonly Person[] =>
  world.customers.map((customer) => personOf(customer, calendar, run))

function personOf(customer: WorldCustomer, calendar: Calendar, run: Run): Person {
  const eventById = new Map<string, PastEvent>()
  for (const row of customer.events) {
    if (eventById.has(row.id)) continue
    eventById.set(row.id, {
      id: row.id,
      event: row.event,
      at: parseInstant(row.at),
      properties: row.properties,
    })
  }
  return {
    id: customer.id,
    key: run.customerKey === undefined ? customer.id : run.customerKey(customer),
    tags: customer.tags,
    attributes: customer.attributes,
    events: [...eventById.values()].filter((event) => event.at < calendar.asOf),
  }
}

/** Events of the selection's name that pass its `where`, whenever they happened before `as of`. */
export const selectEvents = (
  person: Person,
  selection: EventSelection,
  calendar: Calendar,
): readonly PastEvent[] =>
  person.events.filter(
    (event) =>
      event.event === selection.event &&
      (selection.where === undefined || isTrueOfEvent(event, selection.where, calendar)),
  )

export const selectWithin = (
  person: Person,
  selection: EventSelection,
  interval: Interval,
  calendar: Calendar,
): readonly PastEvent[] =>
  selectEvents(person, selection, calendar).filter((event) => isInside(event.at, interval))

export function isTrueOfEvent(event: PastEvent, test: PropertyTest, calendar: Calendar): boolean {
  switch (test.kind) {
    case 'and':
      return test.tests.every((part) => isTrueOfEvent(event, part, calendar))
    case 'or':
      return test.tests.some((part) => isTrueOfEvent(event, part, calendar))
    case 'not':
      return !isTrueOfEvent(event, test.test, calendar)
    case 'at-least':
      return test.tests.filter((part) => isTrueOfEvent(event, part, calendar)).length >= test.count
    case 'property':
      return isTrueOfValue(
        propertyOf(event, test.property, test.type, calendar),
        test.type,
        test.test,
        eventScope(event, calendar),
      )
  }
}

export const propertyOf = (
  event: PastEvent,
  property: string,
  type: ValueType,
  calendar: Calendar,
): Value | undefined => readValue(type, event.properties[property], calendar)

export const attributeOf = (
  person: Person,
  attribute: string,
  type: ValueType,
  calendar: Calendar,
): Value | undefined => readValue(type, person.attributes[attribute], calendar)

const eventScope = (event: PastEvent, calendar: Calendar): Scope => ({
  calendar,
  field: (id, type) => propertyOf(event, id, type, calendar),
})

export const personScope = (person: Person, calendar: Calendar): Scope => ({
  calendar,
  field: (id, type) => attributeOf(person, id, type, calendar),
})

/** From the first to the last; of equal times the smaller id is first. */
export const inOrder = (events: readonly PastEvent[]): readonly PastEvent[] =>
  events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : compareText(a.id, b.id)))
