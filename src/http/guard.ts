/**
 * The only way a route comes to be: with the action it stands for, what it takes, what it gives, and its work.
 *
 * INVARIANT: no route without an action (test/http/edge.test.ts). Whatever is denied is on record before it is
 * answered, and nothing leaves that the route's output does not name.
 */
import type { z } from '@hono/zod-openapi'
import { decide } from '../access/index.ts'
import type { Action, DenyReason, Party, Principal, Resource } from '../access/index.ts'
import { recordAlone } from '../audit/index.ts'
import type { RequestContext } from '../audit/index.ts'
import { contextOf } from '../identity/index.ts'
import type { Visitor } from '../identity/index.ts'
import { isUuid } from '../kernel/uuid.ts'
import { authenticate } from './authenticate.ts'
import type { Authenticated, SessionCookie } from './authenticate.ts'
import type { Incoming } from './incoming.ts'
import { jsonBytesMax, readInput } from './input.ts'
import type { Given, InputSchemas, ItemsInput } from './input.ts'
import type { Locale } from './locale.ts'
import { isOwnOrigin } from './origin.ts'
import { problem } from './problem.ts'
import type { Problem } from './problem.ts'
import { anonymousRate, countRate, machineRate, personRate } from './rate-limits.ts'
import type { Rate } from './rate-limits.ts'
import type { Reply } from './reply.ts'
import type { Edge, Service } from './service.ts'

export type Method = 'get' | 'post' | 'put' | 'delete'

export interface Call<P, Q, B, I> {
  readonly edge: Edge
  readonly service: Service
  /** For rooms: who acts, under the role that allows it. */
  readonly context: RequestContext
  readonly principal: Principal
  /** The role or kind under which the action is allowed. */
  readonly party: Party
  readonly session: SessionCookie | undefined
  readonly visitor: Visitor
  readonly locale: Locale
  readonly headers: Headers
  readonly path: string
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly items: ItemsInput<I>
  /** Decides once more, when the thing is known; a denial is on record when it comes back. */
  readonly denied: (resource: Resource) => Promise<Problem | undefined>
}

export interface RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  I extends z.ZodType,
  O extends z.ZodType,
> {
  readonly method: Method
  /** With parameters in braces. */
  readonly path: string
  readonly action: Action
  /** One line for the API's description. */
  readonly summary: string
  readonly input?: InputSchemas<P, Q, B, I>
  /** Changes something: an Idempotency-Key makes its answer repeatable. */
  readonly write?: boolean
  readonly rate?: 'count'
  /** No part of the API: left out of its description. */
  readonly hidden?: boolean
  readonly output: Output<O>
  readonly handle: (
    call: Call<Given<P>, Given<Q>, Given<B>, Given<I>>,
  ) => Promise<Reply<Plain<z.input<O>>>>
}

/** A schema's value as rooms hold it: nothing of it can be changed. */
export type Plain<T> = T extends readonly (infer E)[]
  ? readonly Plain<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T

export interface Output<O extends z.ZodType> {
  readonly status?: 200 | 201 | 202 | 204
  readonly description: string
  /** What may leave as JSON; fields that it does not name stay here. */
  readonly schema?: O
  /** Types of what is no JSON. */
  readonly mediaTypes?: readonly string[]
}

export interface GuardedRoute {
  readonly kind: 'guarded'
  readonly method: Method
  readonly path: string
  readonly action: Action
  readonly summary: string
  readonly write: boolean
  readonly hidden: boolean
  readonly input: InputSchemas<z.ZodType, z.ZodType, z.ZodType, z.ZodType>
  readonly output: Output<z.ZodType>
  readonly answer: (edge: Edge, incoming: Incoming) => Promise<Reply<unknown>>
}

export function guarded<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  I extends z.ZodType = z.ZodUndefined,
  O extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, I, O>): GuardedRoute {
  const schemas = spec.input ?? {}
  return {
    kind: 'guarded',
    method: spec.method,
    path: spec.path,
    action: spec.action,
    summary: spec.summary,
    write: spec.write === true,
    hidden: spec.hidden === true,
    input: schemas,
    output: spec.output,
    answer: async (edge, incoming) => {
      const admitted = await admit(edge, incoming, spec)
      if (admitted.kind === 'problem') return admitted
      const input = await readInput(schemas, incoming, {
        route: `${spec.method.toUpperCase()} ${new URL(incoming.request.url).pathname}`,
        write: spec.write === true,
        bytesMax: schemas.bytesMax ?? jsonBytesMax,
      })
      if (input.kind === 'problem') return input
      const { context } = admitted
      const reply = await spec.handle({
        edge,
        service: edge.service,
        context:
          input.idempotency === undefined
            ? context
            : { ...context, idempotency: input.idempotency },
        principal: admitted.principal,
        party: admitted.party,
        session: admitted.session,
        visitor: incoming.visitor,
        locale: incoming.locale,
        headers: incoming.request.headers,
        path: new URL(incoming.request.url).pathname,
        signal: incoming.request.signal,
        params: input.params,
        query: input.query,
        body: input.body,
        items: input.items,
        denied: (resource) => denied(edge, incoming, admitted, spec.action, resource),
      })
      if (reply.kind !== 'json' || spec.output.schema === undefined) return reply
      return { ...reply, value: spec.output.schema.parse(reply.value) }
    },
  }
}

interface Admitted {
  readonly kind: 'admitted'
  readonly principal: Principal
  readonly party: Party
  readonly session: SessionCookie | undefined
  readonly context: RequestContext
}

/** Who it is, how much they ask, whether they may, and whether a browser was made to ask. In this order. */
async function admit(
  edge: Edge,
  incoming: Incoming,
  spec: { readonly action: Action; readonly method: Method; readonly rate?: 'count' },
): Promise<Admitted | Problem> {
  const { service } = edge
  const { request, visitor } = incoming
  const authenticated = await authenticate(service, request.headers)
  const waitMs = waitOf(edge, visitor, authenticated, spec.rate)
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000)
    return problem('too-many-requests', { args: { seconds }, retryAfterSeconds: seconds })
  }
  if (authenticated.kind === 'token-refused') {
    await recordDenial(service, contextOf(visitor), spec.action, 'token-refused', incoming)
    return problem('token-refused')
  }
  const { principal, session } = authenticated
  const decision = decide(principal, spec.action)
  if (!decision.allow) {
    const context = contextOf(visitor, principal.actor)
    await recordDenial(service, context, spec.action, decision.reason, incoming)
    return problemOfDenial(decision.reason)
  }
  // Signing in is protected too: nobody may be signed in as somebody else without knowing.
  if (spec.method !== 'get' && principal.kind !== 'machine') {
    if (!isOwnOrigin(request.headers, service.baseUrl)) {
      const context = contextOf(visitor, principal.actor)
      await recordDenial(service, context, spec.action, 'origin-refused', incoming)
      return problem('origin-refused')
    }
  }
  return {
    kind: 'admitted',
    principal,
    party: decision.party,
    session,
    context: contextOf(visitor, { ...principal.actor, role: decision.party }),
  }
}

function waitOf(
  edge: Edge,
  visitor: Visitor,
  authenticated: Authenticated | { readonly kind: 'token-refused' },
  rate: 'count' | undefined,
): number {
  const atMs = edge.service.clock.now().getTime()
  const principal = authenticated.kind === 'authenticated' ? authenticated.principal : undefined
  if (principal === undefined || principal.kind === 'anonymous')
    return edge.limiter.take(`network ${visitor.clientIp ?? ''}`, anonymousRate, atMs)
  const { id } = principal.actor
  const own: Rate = principal.kind === 'machine' ? machineRate : personRate
  const waitMs = edge.limiter.take(id, own, atMs)
  if (waitMs > 0 || rate === undefined) return waitMs
  return edge.limiter.take(`${rate} ${id}`, countRate, atMs)
}

async function denied(
  edge: Edge,
  incoming: Incoming,
  admitted: Admitted,
  action: Action,
  resource: Resource,
): Promise<Problem | undefined> {
  const decision = decide(admitted.principal, action, resource)
  if (decision.allow) return undefined
  await recordDenial(edge.service, admitted.context, action, decision.reason, incoming)
  return problemOfDenial(decision.reason)
}

async function recordDenial(
  service: Service,
  context: RequestContext,
  action: Action,
  reason: DenyReason | 'token-refused' | 'origin-refused',
  incoming: Incoming,
): Promise<void> {
  const id = incoming.params['id']
  await recordAlone(service.database, context, 'yq_identity', {
    action,
    decision: 'deny',
    reason,
    ...(id !== undefined && isUuid(id) ? { objectId: id } : {}),
  })
}

function problemOfDenial(reason: DenyReason): Problem {
  // Whose thing it is, is not for everybody to know.
  return problem(reason === 'other-recipient' ? 'not-found' : reason)
}
