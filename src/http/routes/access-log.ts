/** The reviewer's search. References to persons come in the body, since addresses are logged along the way. */
import { z } from '@hono/zod-openapi'
import { entriesPageMax, searchEntries } from '../../audit/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem, reasonInWords } from '../problem.ts'
import { json } from '../reply.ts'
import { pageOf } from '../schemas.ts'

const text = z.string().min(1).max(200)
const instant = z.iso.datetime({ offset: true })

const entrySchema = z
  .object({
    seq: z.string(),
    at: z.string(),
    requestId: z.string().nullable(),
    actorKind: z.string(),
    actor: z.string(),
    actorRole: z.string().nullable(),
    demo: z.boolean(),
    action: z.string(),
    decision: z.string(),
    reason: z.string().nullable(),
    /** In the reader's language; null for a code without words. */
    reasonInWords: z.string().nullable(),
    purpose: z.string().nullable(),
    channel: z.string().nullable(),
    recipient: z.string().nullable(),
    objectKind: z.string().nullable(),
    objectId: z.string().nullable(),
    ruleHash: z.string().nullable(),
    categories: z.array(z.string()).nullable(),
    audienceId: z.string().nullable(),
    exportId: z.string().nullable(),
    chunk: z.int().nullable(),
    rowCount: z.string().nullable(),
    digest: z.string().nullable(),
    memberRoot: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('AccessLogEntry')

export const accessLogRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/access-log/search',
    action: 'access-log.search',
    summary: 'Who did what with whose data, when, and why; newest first',
    input: {
      body: z.strictObject({
        actor: text.optional(),
        action: text.optional(),
        subject: text.optional(),
        exportId: z.uuid().toLowerCase().optional(),
        audienceId: z.uuid().toLowerCase().optional(),
        decision: z.enum(['allow', 'deny']).optional(),
        from: instant.optional(),
        to: instant.optional(),
        cursor: z
          .string()
          .regex(/^\d{1,18}$/)
          .optional(),
        limit: z.int().min(1).max(entriesPageMax).optional(),
      }),
    },
    output: {
      description: 'One page. The search is on record itself.',
      schema: pageOf(entrySchema),
    },
    handle: async ({ service, context, body, locale }) => {
      const { limit, ...filter } = body
      const found = await searchEntries(service, context, filter, limit ?? entriesPageMax)
      if (!found.ok) return problem(found.error.code)
      const items = found.value.items.map((entry) => ({
        ...entry,
        reasonInWords: entry.reason === null ? null : reasonInWords(entry.reason, locale),
      }))
      return json({ ...found.value, items })
    },
  }),
]
