/** Exports: asked for, decided on by somebody else, taken back. */
import { z } from '@hono/zod-openapi'
import { ruleInWords } from '#grammar'
import { asRole } from '../../db/index.ts'
import { loadCatalog } from '../../catalog/index.ts'
import {
  cancelExport,
  decideExport,
  listExports,
  readExport,
  requestExport,
} from '../../exports/index.ts'
import type { Export, ExportViewer } from '../../exports/index.ts'
import { assert } from '../../kernel/assert.ts'
import { readSegment, readVersion } from '../../segments/index.ts'
import { guarded } from '../guard.ts'
import type { Call, GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import { created, json } from '../reply.ts'
import { idParams, pageOf, pageQuery, wordsSchema } from '../schemas.ts'
import type { Service } from '../service.ts'
import { decideProblem, requestExportProblem } from './room-problems.ts'

const states = ['requested', 'approved', 'rejected', 'available', 'expired', 'cancelled'] as const
const stateSchema = z.enum(states)
const gatesSchema = z.array(z.object({ code: z.string(), outcome: z.string() }))

const exportSchema = z
  .object({
    id: z.string(),
    audienceId: z.string(),
    use: z.object({ purpose: z.string(), channel: z.string(), recipient: z.string() }),
    ruleHash: z.string(),
    categories: z.array(z.string()),
    destination: z.string(),
    columns: z.array(z.string()),
    state: stateSchema,
    requestedAt: z.string(),
    expiresAt: z.string(),
    delivered: z.int(),
    segment: z.object({ id: z.string(), name: z.string(), version: z.int() }).optional(),
    reason: z.string().optional(),
    requestedBy: z.string().optional(),
    gates: gatesSchema.optional(),
    approval: z
      .object({ decision: z.string(), approver: z.string(), reason: z.string(), at: z.string() })
      .nullable()
      .optional(),
  })
  .openapi('Export')

const oneExportSchema = exportSchema.extend({
  rule: z
    .object({ text: z.string(), words: wordsSchema })
    .optional()
    .openapi({ description: 'The rule that the export stands on, for whoever decides on it.' }),
})

/** `approve` and `reject` as somebody would say it, or the state they lead to. */
const decisionByWord = {
  approve: 'approved',
  approved: 'approved',
  reject: 'rejected',
  rejected: 'rejected',
} as const

export const exportRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/exports',
    action: 'export.request',
    summary: 'Ask for an export of a ready audience',
    write: true,
    input: {
      body: z.strictObject({
        audienceId: z.string().max(100),
        destination: z.string().max(1000),
        columns: z.array(z.string().min(1).max(100)).max(20).default(['id']),
        expiresAt: z.iso.datetime({ offset: true }),
        reason: z.string().max(5000),
      }),
    },
    output: {
      status: 201,
      description: 'Waits for the decision of another person.',
      schema: z.object({
        id: z.string(),
        state: stateSchema,
        gates: gatesSchema,
        columns: z.array(z.string()),
        expiresAt: z.string(),
      }),
    },
    handle: async ({ service, context, body }) => {
      const expiresAt = new Date(body.expiresAt)
      const requested = await requestExport(service, context, { ...body, expiresAt })
      return requested.ok ? created(requested.value) : requestExportProblem(requested.error)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/exports',
    action: 'export.list',
    summary: 'Exports, newest first; the inbox of approvers with state=requested',
    input: { query: pageQuery.extend({ state: stateSchema.optional() }) },
    output: { description: 'One page.', schema: pageOf(exportSchema) },
    handle: async (call) => {
      const listed = await listExports(call.service, call.context, viewerOf(call), call.query)
      return listed.ok ? json(listed.value) : problem(listed.error.code)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/exports/{id}',
    action: 'export.read',
    summary: 'An export, with its gates and its decision',
    input: { params: idParams },
    output: { description: 'The export.', schema: oneExportSchema },
    handle: async (call) => {
      const { service, context, params } = call
      const found = await readExport(service, context, params.id, viewerOf(call))
      if (found === undefined) return problem('not-found')
      const rule = await ruleOf(service, found)
      return json({ ...found, ...(rule === undefined ? {} : { rule }) })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/exports/{id}/approval',
    action: 'export.decide',
    summary: 'Approve or reject, as somebody who did not ask for it',
    write: true,
    input: {
      params: idParams,
      body: z.strictObject({
        decision: z.enum(['approve', 'reject', 'approved', 'rejected']),
        reason: z.string().max(5000),
      }),
    },
    output: {
      description: 'Decided; an approved export is available at once.',
      schema: z.object({ id: z.string(), state: stateSchema }),
    },
    handle: async (call) => {
      const { service, context, params, body } = call
      const found = await readExport(service, context, params.id, { kind: 'approver' })
      if (found?.requestedBy !== undefined) {
        const refused = await call.denied({ requestedBy: found.requestedBy })
        if (refused !== undefined) return refused
      }
      const decision = decisionByWord[body.decision]
      const decided = await decideExport(service, context, params.id, { ...body, decision })
      return decided.ok ? json(decided.value) : decideProblem(decided.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/exports/{id}/cancel',
    action: 'export.cancel',
    summary: 'Take an export back: nothing more of it leaves',
    write: true,
    input: { params: idParams },
    output: {
      description: 'Cancelled.',
      schema: z.object({ id: z.string(), state: stateSchema }),
    },
    handle: async (call) => {
      const { service, context, params, party } = call
      const viewer = party === 'approver' ? 'approver' : 'marketer'
      const found = await readExport(service, context, params.id, { kind: viewer })
      if (found?.requestedBy !== undefined) {
        const refused = await call.denied({ requestedBy: found.requestedBy })
        if (refused !== undefined) return refused
      }
      const cancelled = await cancelExport(service, context, params.id, viewer)
      return cancelled.ok ? json(cancelled.value) : decideProblem(cancelled.error)
    },
  }),
]

function viewerOf<P, Q, B, I>({ party, principal }: Call<P, Q, B, I>): ExportViewer {
  if (party === 'marketer' || party === 'approver' || party === 'reviewer') return { kind: party }
  return { kind: 'campaign_tool', recipient: recipientOf(principal) }
}

/** The recipient of a campaign tool; without one the database would show it nothing, and we ask for nothing. */
export function recipientOf(
  principal: Call<unknown, unknown, unknown, unknown>['principal'],
): string {
  assert(
    principal.kind === 'machine' && principal.recipient !== undefined,
    'a campaign tool has its recipient',
  )
  return principal.recipient
}

/** The rule of the version that was run, in words of the rule itself: what is approved is what is shown. */
async function ruleOf(
  service: Service,
  { segment, use }: Export,
): Promise<{ readonly text: string; readonly words: ReturnType<typeof ruleInWords> } | undefined> {
  if (segment === undefined) return undefined
  const written = await readSegment(service, segment.id)
  const text = written?.versions.find(({ version }) => version === segment.version)?.text
  if (text === undefined) return undefined
  return await asRole(service.database, 'yq_author', {}, async (tx) => {
    const saved = await readVersion(tx, segment.id, segment.version)
    if (saved === undefined) return undefined
    const { rules } = await loadCatalog(tx)
    const run = { asOf: service.clock.now().toISOString(), timeZone: rules.timeZone, use }
    return { text, words: ruleInWords(saved.rule, rules, run) }
  })
}
