/** Numbers over events: nothing counts and sums to zero; every other measure of nothing is missing. */
import type { Aggregate, CountTest, DidTest, Metric } from '../check/checked-rule.ts'
import type { Calendar } from './calendar.ts'
import { propertyOf, selectWithin, type PastEvent, type Person } from './people.ts'
import { add, divide, wholeNumber, zero, type Rational } from './rational.ts'
import { compareValues, countValue, numberValue, valueKey, type Value } from './value.ts'
import { resolveWindow } from './window.ts'

export function measure(metric: Metric, person: Person, calendar: Calendar): Value | undefined {
  if (metric.kind === 'aggregate') return measureAggregate(metric, person, calendar)
  const over = measureAggregate(metric.over, person, calendar)
  const under = measureAggregate(metric.under, person, calendar)
  if (over?.kind !== 'number' || under?.kind !== 'number') return undefined
  const quotient = divide(over.number, under.number)
  return quotient && numberValue(quotient)
}

export function measureAggregate(
  aggregate: Aggregate,
  person: Person,
  calendar: Calendar,
): Value | undefined {
  const interval = resolveWindow(aggregate.window, calendar)
  const events = selectWithin(person, aggregate.event, interval, calendar)
  if (aggregate.fn === 'count') return countValue(events.length)
  const values = knownValues(events, aggregate, calendar)
  switch (aggregate.fn) {
    case 'sum':
      return numberValue(sumOf(values))
    case 'average': {
      const average = divide(sumOf(values), wholeNumber(values.length))
      return average && numberValue(average)
    }
    case 'min':
      return values.toSorted(compareValues).at(0)
    case 'max':
      return values.toSorted(compareValues).at(-1)
    case 'distinct':
      return countValue(new Set(values.map(valueKey)).size)
  }
}

function knownValues(
  events: readonly PastEvent[],
  aggregate: Aggregate,
  calendar: Calendar,
): readonly Value[] {
  const { property } = aggregate
  if (!property) throw new Error(`${aggregate.fn} needs a property`)
  return events
    .map((event) => propertyOf(event, property.id, property.type, calendar))
    .filter((value) => value !== undefined)
}

const sumOf = (values: readonly Value[]): Rational =>
  values.reduce((sum, value) => {
    if (value.kind !== 'number') throw new Error(`a ${value.kind} cannot be summed`)
    return add(sum, value.number)
  }, zero)

/** How often, on how many different days, or with how many different values the customer did it. */
export function countOf(test: DidTest, person: Person, calendar: Calendar): number {
  const interval = resolveWindow(test.window, calendar)
  const events = selectWithin(person, test.event, interval, calendar)
  switch (test.measure.kind) {
    case 'times':
      return events.length
    case 'days':
      return new Set(events.map((event) => calendar.dateOf(event.at).toString())).size
    case 'different': {
      const { property, type } = test.measure
      const values = events.map((event) => propertyOf(event, property, type, calendar))
      return new Set(values.filter((value) => value !== undefined).map(valueKey)).size
    }
  }
}

export function isTrueOfCount(count: number, test: CountTest): boolean {
  if (test.kind === 'between') return test.low <= count && count <= test.high
  switch (test.op) {
    case '=':
      return count === test.value
    case '!=':
      return count !== test.value
    case '<':
      return count < test.value
    case '<=':
      return count <= test.value
    case '>':
      return count > test.value
    case '>=':
      return count >= test.value
  }
}
