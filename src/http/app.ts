/** The HTTP face: every route guarded, every answer in the same shape. */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { monotonicMs } from '../kernel/clock.ts'
import type { GuardedRoute } from './guard.ts'
import type { Incoming } from './incoming.ts'
import { localeOf } from './locale.ts'
import { isLoopback } from './origin.ts'
import { describeApi } from './openapi.ts'
import { problem } from './problem.ts'
import type { Reply } from './reply.ts'
import { responseOf } from './respond.ts'
import { allRoutes } from './routes/all.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { openEdge } from './service.ts'
import type { Edge, Service } from './service.ts'

/** What the server knows of a request's connection. */
export interface Connection {
  readonly address?: string
}

interface Env {
  readonly Bindings: { readonly connection?: Connection }
}

export type App = Hono<Env>

const handlers = new WeakSet<object>()

/** Whether a route of the app was made by the guard; the test of all routes asks. */
export const isGuarded = (handler: object): boolean => handlers.has(handler)

export function createApp(service: Service): App {
  const routes = allRoutes()
  let description: unknown
  const edge = openEdge(service, () => {
    description ??= describeApi(routes, service)
    return description
  })
  const app = new Hono<Env>()
  for (const route of routes) {
    const handler = async (c: {
      readonly req: { readonly raw: Request; readonly param: () => Record<string, string> }
      readonly env?: Env['Bindings']
    }): Promise<Response> => await respond(edge, route, c.req.raw, c.req.param(), c.env?.connection)
    handlers.add(handler)
    app.on(route.method.toUpperCase(), honoPath(route.path), handler)
  }
  app.notFound((c) => {
    const locale = localeOf(c.req.raw.headers.get('accept-language'))
    const response = responseOf(problem('not-found'), {
      locale,
      requestId: randomUUID(),
      onBroken: () => undefined,
    })
    setSecurityHeaders(response.headers, service.baseUrl)
    return response
  })
  return app
}

/** `/v1/segments/{id}` as the router writes it. */
const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

async function respond(
  edge: Edge,
  route: GuardedRoute,
  request: Request,
  params: Readonly<Record<string, string>>,
  connection: Connection = {},
): Promise<Response> {
  const beganMs = monotonicMs()
  const requestId = randomUUID()
  const { address } = connection
  const incoming: Incoming = {
    request,
    params,
    locale: localeOf(request.headers.get('accept-language')),
    visitor: {
      requestId,
      loopback: isLoopback(address, request.headers),
      ...(address === undefined ? {} : { clientIp: address }),
    },
  }
  const reply = await replyOf(edge, route, incoming)
  const response = responseOf(reply, {
    locale: incoming.locale,
    requestId,
    onBroken: (error) => report(edge, route, incoming, error),
  })
  response.headers.set('x-request-id', requestId)
  setSecurityHeaders(response.headers, edge.service.baseUrl)
  const routeName = route.path
  edge.metrics.observe(
    route.method.toUpperCase(),
    routeName,
    response.status,
    monotonicMs() - beganMs,
  )
  return response
}

/** A fault of ours becomes a bare problem: what it says stays in the log, without any value. */
async function replyOf(
  edge: Edge,
  route: GuardedRoute,
  incoming: Incoming,
): Promise<Reply<unknown>> {
  try {
    return await route.answer(edge, incoming)
  } catch (error) {
    // Nobody is there any more to read an answer.
    if (incoming.request.signal.aborted) return problem('internal')
    report(edge, route, incoming, error)
    const code = codeOf(error)
    return problem(code !== undefined && isUnreachable(code) ? 'database-unavailable' : 'internal')
  }
}

function report(edge: Edge, route: GuardedRoute, incoming: Incoming, error: unknown): void {
  const code = codeOf(error)
  edge.service.onFault({
    requestId: incoming.visitor.requestId,
    route: `${route.method.toUpperCase()} ${route.path}`,
    name: error instanceof Error ? error.name : typeof error,
    frames: framesOf(error),
    ...(code === undefined ? {} : { code }),
  })
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Connection refused or lost, or the server shutting down (SQLSTATE classes 08 and 57P). */
const isUnreachable = (code: string): boolean =>
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|08...|57P0.|53300)$/.test(code)

const framesMax = 12

const framesOf = (error: unknown): readonly string[] =>
  (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, framesMax)
    .map((line) => line.trim())
