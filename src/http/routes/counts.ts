/** How many a rule reaches. */
import { z } from '@hono/zod-openapi'
import { countReach } from '../../audiences/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { renderDiagnostics } from '../problem.ts'
import { json } from '../reply.ts'
import {
  diagnosticSchema,
  releasedSchema,
  ruleText,
  useSchema,
  waterfallSchema,
} from '../schemas.ts'
import { countProblem } from './room-problems.ts'

export const countRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/counts',
    action: 'count.read',
    summary: 'How many people a rule reaches under a use, and why not the others',
    rate: 'count',
    input: { body: z.strictObject({ text: ruleText, use: useSchema }) },
    output: {
      description: 'Released numbers, eligible first.',
      schema: z.object({
        waterfall: waterfallSchema,
        reachable: releasedSchema,
        ruleHash: z.string(),
        categories: z.array(z.string()),
        diagnostics: z.array(diagnosticSchema),
      }),
    },
    handle: async ({ service, context, body, signal, locale }) => {
      const counted = await countReach(service, context, body, { signal })
      if (!counted.ok) return countProblem(counted.error)
      const diagnostics = renderDiagnostics(counted.value.diagnostics, locale)
      return json({ ...counted.value, diagnostics })
    },
  }),
]
