/** One line in: its shape, as far as it can be judged without a catalogue. */
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { RuleCatalog } from '#grammar'

const label = z.object({ en: z.string().min(1), zh: z.string().min(1) })
const id = z.string().min(1)

const listedValue = z.object({ id, label: label.optional() }).transform(named)
const regionValue = z
  .object({ id, label: label.optional(), parent: z.string().optional() })
  .transform(({ parent, ...value }) => ({
    ...named(value),
    ...(parent === undefined ? {} : { parent }),
  }))

const type = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('integer') }),
  z.object({ kind: z.literal('decimal') }),
  z.object({
    kind: z.literal('money'),
    currency: z.string().regex(/^[A-Z]{3}$/),
    scale: z.int().min(0).max(9),
  }),
  z.object({ kind: z.literal('percent') }),
  z.object({ kind: z.literal('score'), low: z.int(), high: z.int() }),
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('enum'), values: z.array(listedValue) }),
  z.object({ kind: z.literal('boolean') }),
  z.object({ kind: z.literal('region'), values: z.array(regionValue) }),
  z.object({ kind: z.literal('date') }),
  z.object({ kind: z.literal('timestamp') }),
  z.object({ kind: z.literal('month-day') }),
])

const described = z.object({
  id,
  label: label.optional(),
  category: z.string().optional(),
  dataClass: z.enum(['S0', 'S1', 'S2', 'S3', 'S4', 'ID']).optional(),
})

/** What has no label is called by its id. */
function named<T extends { readonly id: string; readonly label?: Label | undefined }>(item: T) {
  return { ...item, label: item.label ?? { en: item.id, zh: item.id } }
}
type Label = z.infer<typeof label>

function placed(item: z.infer<typeof described>) {
  const { category, dataClass, ...rest } = named(item)
  return {
    ...rest,
    ...(category === undefined ? {} : { category }),
    ...(dataClass === undefined ? {} : { dataClass }),
  }
}

const names = z.array(z.object({ id, label: label.optional() }).transform(named)).default([])

const catalog = z.object({
  version: z.string().default('inline'),
  timeZone: z.string().refine(isTimeZone, { message: 'must be an IANA time zone' }).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('CNY'),
  attributes: z
    .array(described.extend({ type }).transform(({ type, ...item }) => ({ ...placed(item), type })))
    .default([]),
  events: z
    .array(
      described
        .extend({
          properties: z
            .array(z.object({ id, label: label.optional(), type }).transform(named))
            .default([]),
          retentionDays: z.int().positive().optional(),
        })
        .transform(({ properties, retentionDays, ...item }) => ({
          ...placed(item),
          properties,
          ...(retentionDays === undefined ? {} : { retentionDays }),
        })),
    )
    .default([]),
  tags: z.array(described.transform(placed)).default([]),
  purposes: names,
  channels: names,
  recipients: names,
  audiences: names,
})

const timeZoneDefault = 'Asia/Shanghai'

export const ruleCatalogOf = (inline: InlineCatalog): RuleCatalog => ({
  ...inline,
  timeZone: inline.timeZone ?? timeZoneDefault,
})

const value = z.union([z.string(), z.number(), z.boolean(), z.null()])
const values = z.record(z.string(), value).default({})

const event = z.object({ id, event: z.string(), at: z.string(), properties: values })

const world = z.object({
  catalog: catalog.optional(),
  customers: z.array(
    z.object({
      id,
      attributes: values,
      tags: z.array(z.string()).default([]),
      events: z.array(event).default([]),
    }),
  ),
  events: z.array(event.extend({ customer: z.string() })).default([]),
  audiences: z.record(z.string(), z.array(z.string())).optional(),
})

const scalar = z.union([z.string(), z.number(), z.boolean()])
const language = z.enum(['en', 'zh'])

const shared = {
  rule: z.string(),
  /** Instead of the run's, where no world brings its own. */
  catalog: catalog.optional(),
  world: world.optional(),
  params: z.record(z.string(), z.union([scalar, z.array(scalar)])).optional(),
  to: language.optional(),
}

const moment = {
  asOf: z
    .string()
    .refine(isInstant, { message: 'must be an instant as in RFC 3339, with its offset' })
    .optional(),
  timeZone: z.string().refine(isTimeZone, { message: 'must be an IANA time zone' }).optional(),
}

export const lineShape = z.discriminatedUnion('kind', [
  z.object({ ...shared, kind: z.literal('parse') }),
  z.object({ ...shared, kind: z.literal('check') }),
  z.object({ ...shared, kind: z.literal('format') }),
  z.object({ ...shared, kind: z.literal('translate') }),
  z.object({ ...shared, ...moment, kind: z.literal('evaluate') }),
  z.object({ ...shared, ...moment, kind: z.literal('explain'), customer: z.string().optional() }),
])

export type Line = z.infer<typeof lineShape>
export type LineOf<Kind extends Line['kind']> = Extract<Line, { readonly kind: Kind }>
export type InlineCatalog = z.infer<typeof catalog>
export type InlineWorld = z.infer<typeof world>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text).epochNanoseconds !== undefined
  } catch {
    return false
  }
}
