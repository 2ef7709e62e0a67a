/** What a rule may speak of, and the steward's additions to it. */
import { z } from '@hono/zod-openapi'
import { addAttribute, addAttributeValue, addTag, loadCatalog } from '../../catalog/index.ts'
import { asRole } from '../../db/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { created, json } from '../reply.ts'
import { labelSchema, newLabel } from '../schemas.ts'
import { catalogProblem } from './room-problems.ts'

/** A type carries more for some kinds: currency, scale, bounds, values. */
const typeSchema = z.looseObject({ kind: z.string() }).openapi('ValueType')

const described = z.object({
  id: z.string(),
  label: labelSchema,
  category: z.string().optional(),
  dataClass: z.string().optional(),
})

const named = z.object({ id: z.string(), label: labelSchema })

const catalogSchema = z
  .object({
    version: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    attributes: z.array(described.extend({ type: typeSchema })),
    events: z.array(
      described.extend({
        properties: z.array(named.extend({ type: typeSchema })),
        retentionDays: z.int().optional(),
      }),
    ),
    tags: z.array(described),
    purposes: z.array(named),
    channels: z.array(named),
    recipients: z.array(named),
    audiences: z.array(named),
  })
  .openapi('Catalog')

const changedSchema = z.object({ revision: z.string() })

const itemId = z.string().min(1).max(64)
const category = z.string().min(1).max(128)
const dataClass = z.enum(['S0', 'S1', 'S2', 'S3', 'S4', 'ID'])
const currency = z.string().regex(/^[A-Z]{3}$/)
const valuesMax = 5000

const newValue = z.strictObject({
  id: z.string().min(1).max(200),
  label: newLabel,
  parent: z.string().min(1).max(200).optional(),
})

const plainType = z.strictObject({
  kind: z.enum([
    'integer',
    'decimal',
    'percent',
    'text',
    'boolean',
    'date',
    'timestamp',
    'month-day',
  ]),
})
const moneyType = z.strictObject({
  kind: z.literal('money'),
  currency,
  scale: z.int().min(0).max(9),
})
const scoreType = z.strictObject({ kind: z.literal('score'), low: z.int(), high: z.int() })
const enumType = z.strictObject({
  kind: z.literal('enum'),
  values: z.array(newValue.omit({ parent: true })).max(valuesMax),
})
const regionType = z.strictObject({
  kind: z.literal('region'),
  values: z.array(newValue).max(valuesMax),
})

const newType = z.discriminatedUnion('kind', [
  plainType,
  moneyType,
  scoreType,
  enumType,
  regionType,
])

const spellings = z.array(z.string().min(1).max(200)).max(100)

const newAttribute = z.strictObject({
  id: itemId,
  label: newLabel,
  type: newType,
  category: category.optional(),
  dataClass: dataClass.optional(),
  spellings: z.record(z.string().max(200), spellings).optional(),
})

export const catalogRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/v1/catalog',
    action: 'catalog.read',
    summary: 'Everything a rule may name, with labels in both languages',
    output: { description: 'The catalogue.', schema: catalogSchema },
    handle: async ({ service }) => {
      const { rules } = await asRole(service.database, 'yq_author', {}, loadCatalog)
      return json(rules)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/catalog/attributes',
    action: 'catalog.edit',
    summary: 'Add an attribute',
    write: true,
    input: { body: newAttribute },
    output: { status: 201, description: 'Added.', schema: changedSchema },
    handle: async ({ service, context, body }) => {
      const added = await addAttribute(service, context, body)
      return added.ok ? created(added.value) : catalogProblem(added.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/catalog/attributes/{id}/values',
    action: 'catalog.edit',
    summary: 'Add a value to an attribute',
    write: true,
    input: {
      params: z.object({ id: itemId }),
      body: newValue.extend({ spellings: spellings.optional() }),
    },
    output: { status: 201, description: 'Added.', schema: changedSchema },
    handle: async ({ service, context, params, body }) => {
      const { spellings: known, ...value } = body
      const added = await addAttributeValue(service, context, {
        attribute: params.id,
        value,
        ...(known === undefined ? {} : { spellings: known }),
      })
      return added.ok ? created(added.value) : catalogProblem(added.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/catalog/tags',
    action: 'catalog.edit',
    summary: 'Add a tag',
    write: true,
    input: {
      body: z.strictObject({
        id: itemId,
        label: newLabel,
        category: category.optional(),
        dataClass: dataClass.optional(),
      }),
    },
    output: { status: 201, description: 'Added.', schema: changedSchema },
    handle: async ({ service, context, body }) => {
      const added = await addTag(service, context, body)
      return added.ok ? created(added.value) : catalogProblem(added.error)
    },
  }),
]
