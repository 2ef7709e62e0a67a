/**
 * Worlds made for given rules: data on, just before and just after everything at which their answer may change.
 *
 * Ordinary random data leaves half of all wrong compilers alive; a quarter of the values missing, events exactly on
 * the edges of windows, equal times, repeated rows and constants give or take the smallest unit do not.
 */
import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { ValueType } from '../../grammar/check/catalog.ts'
import type { CheckedRule, Scalar } from '../../grammar/check/checked-rule.ts'
import { addExact, type Calendar } from '../../grammar/evaluate/calendar.ts'
import type {
  Run,
  World,
  WorldCustomer,
  WorldEvent,
  WorldValue,
} from '../../grammar/evaluate/world.ts'
import { checkedRule, type RuleOptions } from './arbitraries.ts'
import { numbersOf, specialTexts } from './arbitrary-values.ts'
import { sitesOf, type Field, type Sites } from './rule-sites.ts'
import { testCatalog } from './test-catalog.ts'

export interface WorldOptions {
  /** At most; at least half of them are made. */
  readonly customers?: number
}

export interface Scenario {
  readonly rule: CheckedRule
  readonly run: Run
  readonly world: World
}

/** Zones with and without clock changes, at plain times, at midnight and on days that are special. */
export const runs: readonly Run[] = [
  { timeZone: 'Asia/Shanghai', asOf: '2026-08-23T01:00:00Z' },
  { timeZone: 'Asia/Shanghai', asOf: '2026-08-22T16:00:00Z' },
  { timeZone: 'Asia/Shanghai', asOf: '2026-03-31T06:30:15.250Z' },
  { timeZone: 'Asia/Shanghai', asOf: '2028-02-29T02:00:00Z' },
  { timeZone: 'Asia/Shanghai', asOf: '2027-02-28T15:59:59Z' },
  { timeZone: 'America/New_York', asOf: '2026-03-08T16:00:00Z' },
  { timeZone: 'America/New_York', asOf: '2026-03-09T04:00:00Z' },
  { timeZone: 'America/New_York', asOf: '2026-11-01T06:30:00Z' },
  { timeZone: 'America/New_York', asOf: '2026-05-31T21:00:00Z' },
  { timeZone: 'Europe/London', asOf: '2026-03-29T12:00:00Z' },
  { timeZone: 'Europe/London', asOf: '2026-10-26T00:00:00Z' },
  { timeZone: 'Europe/London', asOf: '2026-06-30T22:59:59.999999Z' },
]

export const anyRun: fc.Arbitrary<Run> = fc.constantFrom(...runs)

export const scenario = (options: RuleOptions & WorldOptions = {}): fc.Arbitrary<Scenario> =>
  fc
    .tuple(checkedRule(options), anyRun)
    .chain(([rule, run]) => worldFor(rule, run, options).map((world) => ({ rule, run, world })))

/** The same values for the same seed, for loops that are no property tests. */
export const sampleOf = <T>(arbitrary: fc.Arbitrary<T>, seed: number, count: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: count })

/** One world for one rule, or for many at once. Only what the rules read is filled in. */
export function worldFor(
  rules: CheckedRule | readonly CheckedRule[],
  run: Run,
  options: WorldOptions = {},
): fc.Arbitrary<World> {
  const sites = sitesOf('version' in rules ? [rules] : rules, run)
  const most = options.customers ?? 16
  return fc
    .array(customerOf(sites), { minLength: Math.ceil(most / 2), maxLength: most })
    .chain((drafts) => {
      const customers = drafts.map(nameCustomer)
      const ids = customers.map(({ id }) => id)
      return fc.tuple(...[...sites.audiences].map(() => fc.subarray(ids))).map((members) => ({
        customers,
        audiences: Object.fromEntries(
          [...sites.audiences].map((audience, index) => [audience, members[index] ?? []]),
        ),
      }))
    })
}

/** Ids are given last, so that they stay unique while fast-check shrinks. */
interface Draft {
  readonly attributes: Record<string, WorldValue | null>
  readonly tags: readonly string[]
  readonly events: readonly DraftEvent[]
}

interface DraftEvent {
  readonly rows: readonly Omit<WorldEvent, 'id'>[]
  readonly repeated: boolean
}

function nameCustomer(draft: Draft, index: number): WorldCustomer {
  const id = `c${String(index + 1).padStart(3, '0')}`
  const rows = draft.events.flatMap((event) =>
    event.rows.map((row) => ({ row, repeated: event.repeated })),
  )
  return {
    id,
    attributes: draft.attributes,
    tags: draft.tags,
    events: rows.flatMap(({ row, repeated }, place) => {
      const named = { id: `${id}-e${String(place + 1).padStart(3, '0')}`, ...row }
      return repeated ? [named, named] : [named]
    }),
  }
}

const customerOf = (sites: Sites): fc.Arbitrary<Draft> =>
  fc.record({
    attributes: valuesOf(sites.attributes, sites),
    tags: fc.subarray([...new Set([...sites.tags, ...testCatalog.tags.map(({ id }) => id)])]),
    events: sites.events.size > 0 ? fc.array(eventOf(sites), { maxLength: 6 }) : fc.constant([]),
  })

/** One event, or two that are as far apart as a step of the rule allows, give or take a little. */
function eventOf(sites: Sites): fc.Arbitrary<DraftEvent> {
  const names = [...sites.events.keys()]
  const row = fc.constantFrom(...names).chain((event) =>
    fc.record({
      event: fc.constant(event),
      properties: valuesOf(sites.events.get(event) ?? new Map<string, Field>(), sites),
    }),
  )
  const gap = fc.oneof(
    fc.constant({ count: 0, unit: 'hour' as const }),
    fc.constantFrom({ count: 24, unit: 'hour' as const }, ...sites.durations),
  )
  return fc
    .record({
      at: moment(sites),
      first: row,
      second: fc.option(fc.tuple(row, gap, fc.constantFrom(...gapOffsets)), { freq: 1 }),
      repeated: fc.integer({ min: 0, max: 6 }).map((chance) => chance === 0),
    })
    .map(({ at, first, second, repeated }) => {
      const rows = [{ ...first, at: instantText(at) }]
      if (second) {
        const [next, step, offset] = second
        const later = addExact(at, step, sites.calendar.timeZone) + offset
        rows.push({ ...next, at: instantText(later) })
      }
      return { rows, repeated }
    })
}

const microsecond = 1_000n
const millisecond = 1_000_000n
const second = 1_000_000_000n
const hour = 3_600n * second
const day = 24n * hour

const gapOffsets = [0n, 0n, microsecond, -microsecond, second, -second, hour] as const
const offsets = [
  0n,
  0n,
  0n,
  -microsecond,
  -millisecond,
  millisecond,
  -second,
  second,
  hour,
  -hour,
  8n * hour,
  -8n * hour,
  day,
  -day,
  -3n * day,
] as const

function moment({ edges, calendar }: Sites): fc.Arbitrary<bigint> {
  const onEdge = fc
    .tuple(fc.constantFrom(...edges), fc.constantFrom(...offsets))
    .map(([edge, offset]) => edge + offset)
  const anywhere = fc
    .integer({ min: 0, max: 800 * 24 * 60 })
    .map((minutes) => calendar.asOf - BigInt(minutes) * 60n * second)
  return fc
    .oneof({ weight: 6, arbitrary: onEdge }, { weight: 1, arbitrary: anywhere })
    .map((at) => at - (((at % microsecond) + microsecond) % microsecond))
}

const instantText = (at: bigint): string => Temporal.Instant.fromEpochNanoseconds(at).toString()

function valuesOf(
  fields: ReadonlyMap<string, Field>,
  sites: Sites,
): fc.Arbitrary<Record<string, WorldValue | null>> {
  const entries = [...fields].map(([id, field]) => [id, valueOf(field, sites)] as const)
  return fc.record(Object.fromEntries(entries))
}

/** Missing 28 times in a hundred. */
const valueOf = (field: Field, sites: Sites): fc.Arbitrary<WorldValue | null> =>
  fc.oneof(
    { weight: 28, arbitrary: fc.constant(null) },
    { weight: 72, arbitrary: knownValue(field, sites) },
  )

function knownValue({ type, constants }: Field, sites: Sites): fc.Arbitrary<WorldValue> {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'percent':
    case 'score':
      return fc.constantFrom(...nearNumbers(type, constants))
    case 'text':
      return fc.constantFrom(...nearTexts(constants))
    case 'enum':
    case 'region':
      return fc.constantFrom(...type.values.map(({ id }) => id))
    case 'boolean':
      return fc.boolean()
    case 'date':
      return moment(sites).map((at) => sites.calendar.dateOf(at).toString())
    case 'timestamp':
      return moment(sites).map(instantText)
    case 'month-day':
      return fc.oneof(
        fc.constantFrom('02-28', '02-29', '03-01'),
        moment(sites).map((at) => monthDayOf(at, sites.calendar)),
      )
  }
}

const monthDayOf = (at: bigint, calendar: Calendar): string =>
  calendar.dateOf(at).toString().slice(-5)

/** Constants give or take one smallest unit, and halves, so that sums can meet them exactly. */
function nearNumbers(type: ValueType, constants: readonly Scalar[]): string[] {
  const scale = scaleOf(type)
  const texts = [...numbersOf(type).slice(0, 3), ...constants.map(numberText)]
  return texts
    .filter((text) => text !== undefined)
    .map((text) => unitsOf(text, scale))
    .flatMap((units) => [units, units, units - 1n, units + 1n, units / 2n])
    .filter((units) => type.kind !== 'score' || (units >= 1n && units <= 5n))
    .map((units) => decimalText(units, scale))
}

const numberText = (scalar: Scalar): string | undefined =>
  scalar.kind === 'number' || scalar.kind === 'money' || scalar.kind === 'percent'
    ? scalar.value
    : undefined

function scaleOf(type: ValueType): number {
  if (type.kind === 'money') return type.scale
  return type.kind === 'decimal' || type.kind === 'percent' ? 4 : 0
}

/** A decimal in smallest units, what is finer being cut off. */
function unitsOf(text: string, scale: number): bigint {
  const [whole = '', decimals = ''] = text.split('.')
  return BigInt(whole + decimals.padEnd(scale, '0').slice(0, scale))
}

function decimalText(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const point = digits.length - scale
  const decimals = scale > 0 ? `.${digits.slice(point)}` : ''
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${decimals}`
}

function nearTexts(constants: readonly Scalar[]): string[] {
  const texts = constants.map((scalar) => (scalar.kind === 'text' ? scalar.value : ''))
  return [
    ...specialTexts.slice(0, 3),
    '',
    ...texts.flatMap((text) => [
      text,
      text,
      `x${text}`,
      `${text}x`,
      text.toUpperCase(),
      text.toLowerCase(),
    ]),
  ]
}
