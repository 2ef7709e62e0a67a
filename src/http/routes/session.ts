/** People come in, show their password again, and go. */
import { z } from '@hono/zod-openapi'
import { roles } from '../../access/index.ts'
import {
  demoSignIn,
  passwordLengthMax,
  readPerson,
  signIn,
  signOut,
  stepUp,
} from '../../identity/index.ts'
import type { SignInError, SignedIn } from '../../identity/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { Result } from '../../kernel/result.ts'
import { clearedCookie, sessionCookie } from '../cookie.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute, Plain } from '../guard.ts'
import { problem } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { empty, json } from '../reply.ts'
import type { JsonReply } from '../reply.ts'
import type { Service } from '../service.ts'

const meSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    displayName: z.string(),
    roles: z.array(z.string()),
    demo: z.boolean(),
    language: z.string(),
    expiresAt: z.string(),
  })
  .openapi('Me')

type Me = Plain<z.input<typeof meSchema>>

const password = z
  .string()
  .min(1)
  .max(passwordLengthMax * 2)

export const sessionRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/session',
    action: 'session.start',
    summary: 'Sign in',
    input: {
      body: z.strictObject({
        email: z.string().min(1).max(254),
        password,
        totp: z.string().max(10).optional(),
      }),
    },
    output: { description: 'Signed in; the cookie is set.', schema: meSchema },
    handle: async ({ service, visitor, session, context, body }) => {
      const entered = await signIn(service, visitor, body)
      // Whoever signs in anew leaves the session before behind.
      if (entered.ok && session !== undefined) await signOut(service, context, session.token)
      return await enteredReply(service, entered)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/demo-session',
    action: 'session.demo',
    summary: 'Sign in to the demo world with one click, on the machine itself',
    input: { body: z.strictObject({ role: z.enum(roles) }) },
    output: { description: 'Signed in; the cookie is set.', schema: meSchema },
    handle: async ({ service, visitor, body }) => {
      const entered = await demoSignIn(service, visitor, body.role)
      return entered.ok ? await enteredReply(service, entered) : problem(entered.error.code)
    },
  }),
  guarded({
    method: 'delete',
    path: '/v1/session',
    action: 'session.end',
    summary: 'Sign out',
    output: { status: 204, description: 'Signed out.' },
    handle: async ({ service, context, session }) => {
      assert(session !== undefined, 'a person signs requests with a session')
      await signOut(service, context, session.token)
      return empty({ cookie: clearedCookie(service.baseUrl) })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/session/step-up',
    action: 'session.step-up',
    summary: 'Show the password again, for what needs it shortly before',
    input: { body: z.strictObject({ password, totp: z.string().max(10).optional() }) },
    output: { description: 'The cookie is renewed.', schema: meSchema },
    handle: async ({ service, visitor, session, principal, body }) => {
      assert(session !== undefined, 'a person signs requests with a session')
      const actor = { ...principal.actor }
      const renewed = await stepUp(service, visitor, { ...session, actor }, body.password)
      if (!renewed.ok) return signInProblem(renewed.error)
      const me = await meOf(service, principal.actor.id, renewed.value.expiresAt)
      return json(me, { cookie: sessionCookie(service.baseUrl, renewed.value.token) })
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/me',
    action: 'me.read',
    summary: 'Who is signed in',
    output: { description: 'The person behind the session.', schema: meSchema },
    handle: async ({ service, session, principal }) => {
      assert(session !== undefined, 'a person signs requests with a session')
      return json(await meOf(service, principal.actor.id, session.expiresAt))
    },
  }),
]

async function enteredReply(
  service: Service,
  entered: Result<SignedIn, SignInError>,
): Promise<JsonReply<Me> | Problem> {
  if (!entered.ok) return signInProblem(entered.error)
  const { principal, expiresAt, token } = entered.value
  const me = await meOf(service, principal.actor.id, expiresAt)
  return json(me, { cookie: sessionCookie(service.baseUrl, token) })
}

function signInProblem(error: SignInError): Problem {
  if (error.code === 'wrong-credentials') return problem(error.code)
  const seconds = error.retryAfterSeconds
  return problem(error.code, { args: { seconds }, retryAfterSeconds: seconds })
}

async function meOf(service: Service, id: string, expiresAt: Date): Promise<Me> {
  const person = await readPerson(service, id)
  assert(person !== undefined, 'a session is somebody’s')
  return { ...person, expiresAt: expiresAt.toISOString() }
}
