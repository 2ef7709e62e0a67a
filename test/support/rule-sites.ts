/** Where a rule can go wrong: the edges of its windows, its constants, and the fields that it reads. */
import { Temporal } from 'temporal-polyfill'
import type { ValueType } from '../../grammar/check/catalog.ts'
import type {
  Aggregate,
  CheckedRule,
  Duration,
  EventSelection,
  Operand,
  Point,
  PropertyTest,
  Scalar,
  Test,
  TimeTest,
  ValueTest,
  Window,
} from '../../grammar/check/checked-rule.ts'
import { calendarOf, type Calendar } from '../../grammar/evaluate/calendar.ts'
import { agoEdge, momentsOf, resolveWindow } from '../../grammar/evaluate/window.ts'
import type { Run } from '../../grammar/evaluate/world.ts'

export interface Field {
  readonly type: ValueType
  /** What the field, or a number made of it, is compared with. */
  readonly constants: Scalar[]
}

export interface Sites {
  readonly calendar: Calendar
  /** Moments, in nanoseconds, at which an answer may change. */
  readonly edges: Set<bigint>
  readonly durations: Duration[]
  readonly attributes: Map<string, Field>
  /** Events that the rule speaks of, with their properties. */
  readonly events: Map<string, Map<string, Field>>
  readonly tags: Set<string>
  readonly audiences: Set<string>
}

export function sitesOf(rules: readonly CheckedRule[], run: Run): Sites {
  const sites: Sites = {
    calendar: calendarOf({ channels: [] }, run),
    edges: new Set(),
    durations: [],
    attributes: new Map(),
    events: new Map(),
    tags: new Set(),
    audiences: new Set(),
  }
  addCalendarEdges(sites)
  for (const rule of rules) {
    for (const test of [rule.include, ...rule.exclude]) visitTest(test, sites)
  }
  return sites
}

/** What matters whatever the rule says: `as of`, midnights, the beginnings of units. */
function addCalendarEdges({ calendar, edges }: Sites): void {
  const { asOf, today } = calendar
  edges
    .add(asOf)
    .add(calendar.dayStart(today))
    .add(calendar.dayStart(today.add({ days: 1 })))
  edges.add(calendar.dayStart(today.subtract({ days: 1 })))
  edges.add(calendar.dayStart(today.with({ day: 1 })))
  edges.add(calendar.dayStart(today.with({ month: 1, day: 1 })))
  for (const change of clockChanges(calendar)) edges.add(change)
}

/** The last and the next time the zone's clocks were put forward or back. */
function clockChanges({ asOf, timeZone }: Calendar): bigint[] {
  const now = Temporal.Instant.fromEpochNanoseconds(asOf).toZonedDateTimeISO(timeZone)
  return (['previous', 'next'] as const)
    .map((direction) => now.getTimeZoneTransition(direction)?.epochNanoseconds)
    .filter((change) => change !== undefined)
}

function visitTest(test: Test, sites: Sites): void {
  switch (test.kind) {
    case 'everyone':
      return
    case 'and':
    case 'or':
    case 'at-least':
      for (const part of test.tests) visitTest(part, sites)
      return
    case 'not':
      visitTest(test.test, sites)
      return
    case 'attribute':
      visitAttribute(test.attribute, test.type, sites)
      visitValueTest(test.test, fieldIn(sites.attributes, test.attribute, test.type), sites)
      return
    case 'tags':
      for (const tag of test.tags) sites.tags.add(tag)
      return
    case 'did':
      visitSelection(test.event, sites)
      visitWindow(test.window, sites)
      if (test.measure.kind === 'different') {
        fieldIn(propertiesOf(test.event.event, sites), test.measure.property, test.measure.type)
      }
      return
    case 'metric': {
      const parts =
        test.metric.kind === 'aggregate' ? [test.metric] : [test.metric.over, test.metric.under]
      for (const part of parts) visitValueTest(test.test, visitAggregate(part, sites), sites)
      return
    }
    case 'occurrence':
      visitSelection(test.event, sites)
      if (test.test.kind === 'happened') visitTime(test.test.when, sites)
      else visitProperty(test.test.where, propertiesOf(test.event.event, sites), sites)
      return
    case 'sequence':
      visitSelection(test.first, sites)
      visitWindow(test.window, sites)
      for (const step of test.then) {
        visitSelection(step.event, sites)
        if (step.within) sites.durations.push(step.within)
      }
      return
    case 'rank':
      if (test.by.kind === 'aggregate') visitAggregate(test.by, sites)
      else visitAttribute(test.by.attribute, test.by.type, sites)
      if (test.among !== undefined) sites.audiences.add(test.among)
      return
    case 'audience':
      sites.audiences.add(test.audience)
      return
  }
}

function fieldIn(fields: Map<string, Field>, id: string, type: ValueType): Field {
  const field = fields.get(id) ?? { type, constants: [] }
  fields.set(id, field)
  return field
}

const visitAttribute = (id: string, type: ValueType, sites: Sites): Field =>
  fieldIn(sites.attributes, id, type)

function propertiesOf(event: string, sites: Sites): Map<string, Field> {
  const properties = sites.events.get(event) ?? new Map<string, Field>()
  sites.events.set(event, properties)
  return properties
}

function visitSelection(selection: EventSelection, sites: Sites): void {
  const properties = propertiesOf(selection.event, sites)
  if (selection.where) visitProperty(selection.where, properties, sites)
}

function visitProperty(test: PropertyTest, properties: Map<string, Field>, sites: Sites): void {
  switch (test.kind) {
    case 'and':
    case 'or':
    case 'at-least':
      for (const part of test.tests) visitProperty(part, properties, sites)
      return
    case 'not':
      visitProperty(test.test, properties, sites)
      return
    case 'property': {
      const field = fieldIn(properties, test.property, test.type)
      for (const operand of operandsOf(test.test)) {
        if (operand.kind === 'field') fieldIn(properties, operand.field, operand.type)
      }
      visitValueTest(test.test, field, sites, false)
    }
  }
}

/** Returns the property whose values decide, if there is one. */
function visitAggregate(aggregate: Aggregate, sites: Sites): Field {
  visitSelection(aggregate.event, sites)
  visitWindow(aggregate.window, sites)
  const { property } = aggregate
  return property
    ? fieldIn(propertiesOf(aggregate.event.event, sites), property.id, property.type)
    : { type: { kind: 'integer' }, constants: [] }
}

/** Fields named by an operand are attributes unless the caller has taken them for properties. */
function visitValueTest(test: ValueTest, field: Field, sites: Sites, ofCustomer = true): void {
  for (const operand of operandsOf(test)) {
    if (operand.kind === 'literal') visitScalar(operand.value, field, sites)
    if (operand.kind === 'field' && ofCustomer) {
      visitAttribute(operand.field, operand.type, sites)
    }
  }
  if (test.kind === 'when') visitTime(test.when, sites)
  if (test.kind === 'anniversary') visitWindow(test.window, sites)
  if (test.kind === 'contains' || test.kind === 'starts-with') {
    field.constants.push({ kind: 'text', value: test.text })
  }
}

function operandsOf(test: ValueTest): readonly Operand[] {
  switch (test.kind) {
    case 'compare':
      return [test.operand]
    case 'between':
      return [test.low, test.high]
    case 'in':
      return test.operands
    case 'contains':
    case 'starts-with':
    case 'known':
    case 'unknown':
    case 'when':
    case 'anniversary':
      return []
  }
}

function visitScalar(scalar: Scalar, field: Field, sites: Sites): void {
  field.constants.push(scalar)
  if (scalar.kind === 'date' || scalar.kind === 'timestamp') visitPoint(scalar, sites)
}

function visitTime(test: TimeTest, sites: Sites): void {
  if (test.kind === 'in') visitWindow(test.window, sites)
  else if (test.kind === 'ago') {
    const { first, last } = agoEdge(test.duration, sites.calendar)
    sites.edges.add(first).add(first === last ? last : last + 1n)
  } else visitPoint(test.point, sites)
}

function visitPoint(point: Point, sites: Sites): void {
  const { first, last } = momentsOf(point, sites.calendar)
  sites.edges.add(first).add(first === last ? last : last + 1n)
}

function visitWindow(window: Window, sites: Sites): void {
  const { start, end } = resolveWindow(window, sites.calendar)
  if (start !== undefined) sites.edges.add(start)
  sites.edges.add(end)
}
