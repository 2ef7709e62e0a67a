/** The administrator lets people and machines in; people accept. */
import { z } from '@hono/zod-openapi'
import { clientKinds, roles } from '../../access/index.ts'
import {
  acceptInvitation,
  createClient,
  invitePerson,
  listPeople,
  passwordLengthMax,
  passwordLengthMin,
} from '../../identity/index.ts'
import type { CreateClientError, CreatePersonError } from '../../identity/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { created, json } from '../reply.ts'
import { catalogId } from '../schemas.ts'

const nameLengthMax = 120

const personSchema = z
  .object({
    id: z.string(),
    /** For administrators; who reads names beside a log or a request needs no address. */
    email: z.string().nullable(),
    displayName: z.string(),
    roles: z.array(z.string()),
    state: z.enum(['invited', 'active', 'disabled']),
    demo: z.boolean(),
    language: z.string(),
  })
  .openapi('Person')

const label = z.string().trim().min(1).max(nameLengthMax)

export const peopleRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/v1/people',
    action: 'person.list',
    summary: 'Everybody of the staff',
    output: {
      description: 'By e-mail address.',
      schema: z.object({ items: z.array(personSchema), nextCursor: z.null() }),
    },
    handle: async ({ service, principal }) => {
      const people = await listPeople(service)
      const isAdmin = principal.kind === 'person' && principal.roles.includes('admin')
      const items = people.map((one) => ({ ...one, email: isAdmin ? one.email : null }))
      return json({ items, nextCursor: null })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/people',
    action: 'person.create',
    summary: 'Invite somebody to the staff',
    write: true,
    input: {
      body: z.strictObject({
        email: z.string().min(1).max(254),
        displayName: label,
        roles: z.array(z.enum(roles)).min(1).max(roles.length),
        language: z.enum(['zh-CN', 'en']).optional(),
      }),
    },
    output: {
      status: 201,
      description: 'Invited; the link works once and is told once.',
      schema: z.object({
        id: z.string(),
        invitation: z.object({ url: z.string().nullable(), expiresAt: z.string() }),
      }),
    },
    handle: async ({ service, context, body }) => {
      const invited = await invitePerson(service, context, body)
      if (!invited.ok) return personProblem(invited.error)
      const { personId, expiresAt, token } = invited.value
      const url = token === undefined ? null : invitationUrl(service.baseUrl, token)
      return created({ id: personId, invitation: { url, expiresAt } })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/invitations/accept',
    action: 'invitation.accept',
    summary: 'Choose a password with the link of an invitation',
    input: {
      body: z.strictObject({
        token: z.string().min(1).max(100),
        password: z.string().max(passwordLengthMax * 2),
      }),
    },
    output: { description: 'The person may sign in.', schema: z.object({ id: z.string() }) },
    handle: async ({ service, visitor, body }) => {
      const accepted = await acceptInvitation(service, visitor, body)
      if (accepted.ok) return json({ id: accepted.value.personId })
      return problem(accepted.error.code, { args: passwordLengths })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/clients',
    action: 'client.create',
    summary: 'Let a machine in, by its public key',
    write: true,
    input: {
      body: z.strictObject({
        id: z.string().min(1).max(64),
        kind: z.enum(clientKinds),
        label,
        recipient: catalogId.optional(),
        publicJwk: z.record(z.string().max(20), z.unknown()),
      }),
    },
    output: {
      status: 201,
      description: 'The machine may ask for tokens.',
      schema: z.object({ id: z.string() }),
    },
    handle: async ({ service, context, body }) => {
      const made = await createClient(service, context, body)
      return made.ok ? created({ id: made.value.id }) : clientProblem(made.error)
    },
  }),
]

/** The secret stands behind the hash sign, which no server and no log along the way gets to see. */
export const invitationUrl = (baseUrl: string, token: string): string =>
  `${baseUrl}/invitation#${token}`

const passwordLengths = { lengthMin: passwordLengthMin, lengthMax: passwordLengthMax }

function personProblem(
  error: CreatePersonError | { readonly code: 'idempotency-key-reused' },
): Problem {
  if (error.code === 'roles-forbidden')
    return problem(error.code, { args: { pair: error.pair.join(' + ') } })
  const pointers = { 'email-invalid': '/email', 'email-taken': '/email', 'roles-missing': '/roles' }
  const pointer = Object.entries(pointers).find(([code]) => code === error.code)?.[1]
  return problem(error.code, {
    args: passwordLengths,
    ...(pointer === undefined ? {} : { errors: [{ pointer, code: error.code, room: true }] }),
  })
}

function clientProblem(
  error: CreateClientError | { readonly code: 'idempotency-key-reused' },
): Problem {
  const pointers: Readonly<Record<string, string>> = {
    'client-id-invalid': '/id',
    'client-id-taken': '/id',
    'recipient-needed': '/recipient',
    'recipient-not-needed': '/recipient',
    'recipient-unknown': '/recipient',
    'key-refused': '/publicJwk',
  }
  const pointer = pointers[error.code]
  return problem(
    error.code,
    pointer === undefined ? {} : { errors: [{ pointer, code: error.code, room: true }] },
  )
}
