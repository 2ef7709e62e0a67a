/** Saved rules, versioned, and the audiences asked for with them. */
import { z } from '@hono/zod-openapi'
import {
  cancelAudience,
  listAudiences,
  readAudience,
  requestAudience,
} from '../../audiences/index.ts'
import type { AudienceViewer } from '../../audiences/index.ts'
import type { Party } from '../../access/index.ts'
import { listSegments, readSegment, saveSegment, updateSegment } from '../../segments/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import { created, json } from '../reply.ts'
import {
  idParams,
  pageOf,
  pageQuery,
  releasedSchema,
  ruleText,
  useSchema,
  waterfallSchema,
} from '../schemas.ts'
import { audienceProblem, segmentProblem } from './room-problems.ts'

const name = z.string().max(500)

const summarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    ruleHash: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    changedAt: z.string(),
  })
  .openapi('SegmentSummary')

const segmentSchema = summarySchema
  .extend({
    text: z.string(),
    categories: z.array(z.string()),
    personalised: z.boolean(),
    versions: z.array(
      z.object({
        version: z.int(),
        text: z.string(),
        ruleHash: z.string(),
        categories: z.array(z.string()),
        personalised: z.boolean(),
        createdBy: z.string(),
        createdAt: z.string(),
      }),
    ),
    dependants: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .openapi('Segment')

const savedSchema = z
  .object({ id: z.string(), version: z.int(), ruleHash: z.string(), changed: z.boolean() })
  .openapi('SavedSegment')

export const segmentRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/segments',
    action: 'segment.create',
    summary: 'Save a rule under a name',
    write: true,
    input: { body: z.strictObject({ name, text: ruleText }) },
    output: { status: 201, description: 'Saved as version 1.', schema: savedSchema },
    handle: async ({ service, context, body }) => {
      const saved = await saveSegment(service, context, body)
      return saved.ok ? created(saved.value) : segmentProblem(saved.error)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/segments',
    action: 'segment.list',
    summary: 'Saved rules, newest first',
    input: { query: pageQuery },
    output: { description: 'One page.', schema: pageOf(summarySchema) },
    handle: async ({ service, query }) => {
      const listed = await listSegments(service, query)
      return listed.ok ? json(listed.value) : problem(listed.error.code)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/segments/{id}',
    action: 'segment.read',
    summary: 'A saved rule with its versions and the segments that speak of it',
    input: { params: idParams },
    output: { description: 'The segment.', schema: segmentSchema },
    handle: async ({ service, params }) => {
      const segment = await readSegment(service, params.id)
      return segment === undefined ? problem('not-found') : json(segment)
    },
  }),
  guarded({
    method: 'put',
    path: '/v1/segments/{id}',
    action: 'segment.update',
    summary: 'Make the next version, or rename',
    write: true,
    input: {
      params: idParams,
      body: z.strictObject({ name: name.optional(), text: ruleText }),
    },
    output: { description: 'The version that holds now.', schema: savedSchema },
    handle: async ({ service, context, params, body }) => {
      const saved = await updateSegment(service, context, params.id, body)
      return saved.ok ? json(saved.value) : segmentProblem(saved.error)
    },
  }),
]

const audienceSummarySchema = z
  .object({
    id: z.string(),
    segmentId: z.string(),
    segmentName: z.string(),
    version: z.int(),
    use: z.object({ purpose: z.string(), channel: z.string(), recipient: z.string() }),
    ruleHash: z.string(),
    state: z.enum(['queued', 'running', 'ready', 'failed', 'cancelled']),
    progress: z.int(),
    cancelling: z.boolean(),
    failure: z.string().nullable(),
    requestedBy: z.string(),
    asOf: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('AudienceSummary')

const audienceSchema = audienceSummarySchema
  .extend({
    categories: z.array(z.string()),
    waterfall: waterfallSchema.nullable(),
    reachable: releasedSchema.nullable(),
    exact: z
      .object({
        waterfall: z.array(z.object({ reason: z.string(), count: z.int() })),
        members: z.int(),
        memberRoot: z.string(),
      })
      .optional()
      .openapi({ description: 'For approvers and reviewers.' }),
  })
  .openapi('Audience')

export const audienceRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/segments/{id}/audiences',
    action: 'audience.request',
    summary: 'Have an audience built from a version of a segment under a use',
    write: true,
    input: {
      params: idParams,
      body: z.strictObject({ use: useSchema, version: z.int().min(1).optional() }),
    },
    output: {
      status: 202,
      description: 'Queued.',
      schema: z.object({
        id: z.string(),
        state: z.literal('queued'),
        progress: z.int(),
        version: z.int(),
        ruleHash: z.string(),
      }),
    },
    handle: async ({ service, context, params, body }) => {
      const requested = await requestAudience(service, context, { segmentId: params.id, ...body })
      if (!requested.ok) return audienceProblem(requested.error)
      service.onQueued?.()
      return json(requested.value, { status: 202 })
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/audiences',
    action: 'audience.list',
    summary: 'Audiences, newest first, without numbers',
    input: { query: pageQuery.extend({ segment: z.uuid().toLowerCase().optional() }) },
    output: { description: 'One page.', schema: pageOf(audienceSummarySchema) },
    handle: async ({ service, query }) => {
      const { segment, ...page } = query
      const listed = await listAudiences(service, { ...page, segmentId: segment })
      return listed.ok ? json(listed.value) : problem(listed.error.code)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/audiences/{id}',
    action: 'audience.read',
    summary: 'How far an audience is, and its waterfall when it is ready',
    input: { params: idParams },
    output: { description: 'The audience.', schema: audienceSchema },
    handle: async ({ service, context, party, params }) => {
      const audience = await readAudience(service, context, params.id, viewerOf(party))
      return audience === undefined ? problem('not-found') : json(audience)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/audiences/{id}/cancel',
    action: 'audience.cancel',
    summary: 'Have a queued or running audience end without members',
    write: true,
    input: { params: idParams },
    output: {
      description: 'It will end.',
      schema: z.object({ id: z.string(), cancelling: z.literal(true) }),
    },
    handle: async ({ service, context, params }) => {
      const cancelled = await cancelAudience(service, context, params.id)
      return cancelled.ok
        ? json({ id: cancelled.value.id, cancelling: true as const })
        : audienceProblem(cancelled.error)
    },
  }),
]

/** Whoever holds several roles sees what the most careful of them sees. */
const viewerOf = (party: Party): AudienceViewer =>
  party === 'approver' || party === 'reviewer' ? party : 'marketer'
