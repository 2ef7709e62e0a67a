/** Purposes, channels, notices, recipients and contracts: read by the staff, kept by the privacy officer. */
import { z } from '@hono/zod-openapi'
import { defineParties, listParties } from '../../consent/index.ts'
import type { PartiesDraft } from '../../consent/index.ts'
import { asRole } from '../../db/index.ts'
import { guarded } from '../guard.ts'
import type { Call, GuardedRoute } from '../guard.ts'
import { empty, json } from '../reply.ts'
import type { Reply } from '../reply.ts'
import { catalogId, catalogIdParams, labelSchema, newLabel } from '../schemas.ts'
import { partiesProblem } from './room-problems.ts'

const kind = z.enum(['marketing', 'price_offer', 'service'])
const role = z.enum(['internal', 'processor', 'handler', 'joint'])
const instant = z.iso.datetime({ offset: true })
const ids = z.array(catalogId).max(200)
const noticeLengthMax = 100_000

const partiesSchema = z
  .object({
    purposes: z.array(
      z.object({
        id: z.string(),
        label: labelSchema,
        kind,
        coveredBy: z.array(z.string()),
        notice: z.string().optional(),
        minNoticeVersion: z.int(),
        validUntil: z.string().optional(),
      }),
    ),
    channels: z.array(
      z.object({ id: z.string(), label: labelSchema, identifierKind: z.string().nullable() }),
    ),
    notices: z.array(z.object({ id: z.string(), version: z.int(), language: z.string() })),
    recipients: z.array(
      z.object({
        id: z.string(),
        label: labelSchema,
        role,
        country: z.string(),
        contact: z.string(),
        pseudonymEpoch: z.int(),
      }),
    ),
    contracts: z.array(
      z.object({
        id: z.string(),
        recipient: z.string(),
        purposes: z.array(z.string()),
        channels: z.array(z.string()),
        categories: z.array(z.string()),
        validFrom: z.string(),
        validUntil: z.string(),
      }),
    ),
  })
  .openapi('Parties')

const newPurpose = z.strictObject({
  label: newLabel,
  kind: kind.optional(),
  coveredBy: ids.optional(),
  notice: catalogId.optional(),
  minNoticeVersion: z.int().min(1).optional(),
  validUntil: instant.optional(),
})

const newRecipient = z.strictObject({
  label: newLabel,
  role,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  contact: z.string().max(500).optional(),
  pseudonymEpoch: z.int().min(1).optional(),
})

const newContract = z.strictObject({
  recipient: catalogId,
  purposes: ids.min(1),
  channels: ids.min(1),
  categories: ids,
  validFrom: instant,
  validUntil: instant,
})

const done = { status: 204, description: 'Done.' } as const

export const partyRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/v1/parties',
    action: 'party.read',
    summary: 'Purposes, channels, notices, recipients and contracts',
    output: { description: 'All of them, by id.', schema: partiesSchema },
    handle: async ({ service }) => {
      const parties = await asRole(service.database, 'yq_privacy', {}, listParties)
      return json({
        ...parties,
        purposes: parties.purposes.map(({ validUntil, ...purpose }) => ({
          ...purpose,
          ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
        })),
        contracts: parties.contracts.map((contract) => ({
          ...contract,
          validFrom: contract.validFrom.toISOString(),
          validUntil: contract.validUntil.toISOString(),
        })),
      })
    },
  }),
  guarded({
    method: 'put',
    path: '/v1/purposes/{id}',
    action: 'party.edit',
    summary: 'Add or change a purpose',
    write: true,
    input: { params: catalogIdParams, body: newPurpose },
    output: done,
    handle: (call) => {
      const { validUntil, ...purpose } = call.body
      const until = validUntil === undefined ? {} : { validUntil: new Date(validUntil) }
      return define(call, { purposes: [{ id: call.params.id, ...purpose, ...until }] })
    },
  }),
  guarded({
    method: 'put',
    path: '/v1/recipients/{id}',
    action: 'party.edit',
    summary: 'Add or change a recipient',
    write: true,
    input: { params: catalogIdParams, body: newRecipient },
    output: done,
    handle: (call) => define(call, { recipients: [{ id: call.params.id, ...call.body }] }),
  }),
  guarded({
    method: 'put',
    path: '/v1/contracts/{id}',
    action: 'party.edit',
    summary: 'Add or change a contract with a recipient',
    write: true,
    input: { params: catalogIdParams, body: newContract },
    output: done,
    handle: (call) =>
      define(call, {
        contracts: [
          {
            ...call.body,
            id: call.params.id,
            validFrom: new Date(call.body.validFrom),
            validUntil: new Date(call.body.validUntil),
          },
        ],
      }),
  }),
  guarded({
    method: 'post',
    path: '/v1/notices',
    action: 'party.edit',
    summary: 'Publish a version of a notice; a published text never changes',
    write: true,
    input: {
      body: z.strictObject({
        id: catalogId,
        version: z.int().min(1),
        language: z.string().min(2).max(35),
        text: z.string().min(1).max(noticeLengthMax),
      }),
    },
    output: done,
    handle: (call) => define(call, { notices: [call.body] }),
  }),
]

async function define<P, Q, B, I>(
  { service, context }: Call<P, Q, B, I>,
  draft: PartiesDraft,
): Promise<Reply<undefined>> {
  const defined = await defineParties(service, context, draft)
  return defined.ok ? empty() : partiesProblem(defined.error)
}
