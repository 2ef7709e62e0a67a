/** The service about itself: alive, ready, measured, described. Nothing here is anybody's. */
import { z } from '@hono/zod-openapi'
import { asRole } from '../../db/index.ts'
import { welcomeOf } from '../../identity/index.ts'
import { docsPage, docsStyle } from '../docs-page.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import { json, page } from '../reply.ts'

const readyTimeoutMs = 2000

export const serviceRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/health',
    action: 'service.read',
    summary: 'Whether the process lives',
    output: {
      description: 'It lives.',
      schema: z.object({ status: z.literal('ok'), version: z.string() }),
    },
    handle: async ({ service }) => json({ status: 'ok' as const, version: service.version }),
  }),
  guarded({
    method: 'get',
    path: '/ready',
    action: 'service.read',
    summary: 'Whether the database answers',
    output: {
      description: 'It answers.',
      schema: z.object({ status: z.literal('ready') }),
    },
    handle: async ({ service, signal }) => {
      try {
        await asRole(
          service.database,
          'yq_identity',
          {},
          async (tx) => await tx.selectFrom('meta.deployment').select('mode').executeTakeFirst(),
          { statementTimeoutMs: readyTimeoutMs, signal },
        )
      } catch {
        return problem('database-unavailable')
      }
      return json({ status: 'ready' as const })
    },
  }),
  guarded({
    method: 'get',
    path: '/metrics',
    action: 'service.read',
    summary: 'Counts and durations of requests, for Prometheus',
    output: { description: 'Text format 0.0.4.', mediaTypes: ['text/plain'] },
    handle: async ({ edge }) => ({
      kind: 'bytes',
      status: 200,
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      bytes: edge.metrics.text(),
    }),
  }),
  guarded({
    method: 'get',
    path: '/openapi.json',
    action: 'service.read',
    summary: 'This description',
    output: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) },
    handle: async ({ edge }) => ({
      kind: 'bytes',
      status: 200,
      contentType: 'application/json; charset=utf-8',
      bytes: JSON.stringify(edge.openApi()),
    }),
  }),
  guarded({
    method: 'get',
    path: '/docs',
    action: 'service.read',
    summary: 'This description, as a page',
    output: { description: 'A page.', mediaTypes: ['text/html'] },
    handle: async ({ edge, locale }) => page(docsPage(edge.openApi(), locale)),
  }),
  guarded({
    method: 'get',
    path: '/docs/style.css',
    action: 'service.read',
    summary: 'The style of that page',
    output: { description: 'A style sheet.', mediaTypes: ['text/css'] },
    handle: async () => ({
      kind: 'bytes',
      status: 200,
      contentType: 'text/css; charset=utf-8',
      bytes: docsStyle,
    }),
  }),
  guarded({
    method: 'get',
    path: '/v1/welcome',
    action: 'session.read',
    summary: 'What a visitor finds here: demo world or production',
    output: {
      description: 'The mode, and the roles for which one click signs in.',
      schema: z.object({
        mode: z.enum(['empty', 'demo', 'production']),
        demoRoles: z.array(z.string()),
      }),
    },
    handle: async ({ service, visitor }) => {
      return json(await welcomeOf(service, visitor))
    },
  }),
]
