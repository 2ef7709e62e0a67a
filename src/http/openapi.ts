/** The description of the API (OpenAPI 3.1), made from the routes themselves. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { RouteConfig } from '@hono/zod-openapi'
import { partiesByAction } from '../access/index.ts'
import { cookieName } from './cookie.ts'
import type { GuardedRoute } from './guard.ts'
import { problemSchema } from './schemas.ts'

type Responses = RouteConfig['responses']

export function describeApi(
  routes: readonly GuardedRoute[],
  about: { readonly baseUrl: string; readonly version: string },
): unknown {
  const describer = new OpenAPIHono()
  const { openAPIRegistry } = describer
  openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(about.baseUrl),
    description: 'The session of a person, from POST /v1/session.',
  })
  openAPIRegistry.registerComponent('securitySchemes', 'machine', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of a machine, from POST /oauth/token with private_key_jwt.',
  })
  for (const route of routes.filter(({ hidden }) => !hidden))
    openAPIRegistry.registerPath(configOf(route))
  return describer.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Yunqun 允群',
      version: about.version,
      description:
        'Say whom to reach in a sentence; reach only people who agreed; let a reviewer prove it.',
    },
    servers: [{ url: about.baseUrl }],
  })
}

function configOf(route: GuardedRoute): RouteConfig {
  const { input } = route
  const parties = partiesByAction[route.action]
  const isOpen = parties.some((party) => party === 'anonymous')
  const headers = route.write
    ? z.object({ 'Idempotency-Key': z.string().min(1).max(255).optional() })
    : undefined
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    summary: route.summary,
    description: `${route.action}: ${isOpen ? 'everybody' : parties.join(', ')}`,
    tags: [route.action.split('.')[0] ?? ''],
    security: isOpen ? [] : [{ session: [] }, { machine: [] }],
    request: {
      ...(input.params instanceof z.ZodObject ? { params: input.params } : {}),
      ...(input.query instanceof z.ZodObject ? { query: input.query } : {}),
      ...(headers === undefined ? {} : { headers }),
      ...bodyOf(route),
    },
    responses: responsesOf(route),
  }
}

const operationId = (route: GuardedRoute): string =>
  `${route.method} ${route.path}`
    .replaceAll(/[{}]/g, '')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
    .map((word, place) => (place === 0 ? word : `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`))
    .join('')

function bodyOf({ input }: GuardedRoute): Pick<NonNullable<RouteConfig['request']>, 'body'> {
  if (input.item !== undefined) {
    const schema = input.item
    return {
      body: {
        required: true,
        content: { 'application/json': { schema }, 'application/x-ndjson': { schema } },
      },
    }
  }
  if (input.body === undefined) return {}
  const schema = input.body
  return {
    body: {
      required: true,
      content:
        input.form === true
          ? { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema } }
          : { 'application/json': { schema } },
    },
  }
}

function responsesOf({ output }: GuardedRoute): Responses {
  const text = z.string()
  const content = {
    ...(output.schema === undefined ? {} : { 'application/json': { schema: output.schema } }),
    ...Object.fromEntries((output.mediaTypes ?? []).map((type) => [type, { schema: text }])),
  }
  const status = output.status ?? 200
  return {
    [status]: {
      description: output.description,
      ...(Object.keys(content).length === 0 ? {} : { content }),
    },
    default: {
      description: 'A problem (RFC 9457), in the language asked for.',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  }
}
