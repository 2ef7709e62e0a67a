/** People show who they are: by password, or in the demo world by one click on the machine itself. */
import { roles } from '../access/index.ts'
import type { ActingParty, PersonPrincipal, Role } from '../access/index.ts'
import { recordAlone, recorded } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { accountPace, networkOf, waitMsAfter, watchOf } from './attempts.ts'
import { hashPassword, passwordLengthMax, verifyPassword } from './password.ts'
import { normalEmail, rolesOf } from './people.ts'
import { beginSession, drawSession, endSession } from './sessions.ts'
import type { NewSession } from './sessions.ts'
import type { DeploymentMode } from './deployment.ts'
import { contextOf } from './visitor.ts'
import type { Visitor } from './visitor.ts'

export type SignInError =
  /** The same for a wrong password, an unknown address and an account that may not sign in. */
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'too-many-attempts'; readonly retryAfterSeconds: number }

export interface SignedIn {
  readonly token: string
  readonly expiresAt: Date
  readonly principal: PersonPrincipal
}

interface Account {
  readonly id: string
  readonly passwordHash: string | undefined
  readonly roles: readonly Role[]
  readonly demo: boolean
  readonly mayEnter: boolean
}

type Claimed =
  | { readonly kind: 'claimed'; readonly account: Account | undefined }
  | { readonly kind: 'locked'; readonly waitMs: number }

/** Begins a session for whoever knows the password. Every attempt is on record. */
export async function signIn(
  deps: Deps,
  visitor: Visitor,
  credentials: { readonly email: string; readonly password: string },
): Promise<Result<SignedIn, SignInError>> {
  const found = await authenticate(deps, visitor, credentials)
  if (!found.ok) {
    await recordRefusal(deps, contextOf(visitor), 'session.start', found.error)
    return err(found.error.error)
  }
  return ok(await enter(deps, visitor, found.value, 'session.start'))
}

/** Shows the password again. The session's secret changes, since its right does. */
export async function stepUp(
  deps: Deps,
  visitor: Visitor,
  session: { readonly token: string; readonly actor: ActingParty; readonly expiresAt: Date },
  password: string,
): Promise<Result<NewSession, SignInError>> {
  const context = contextOf(visitor, session.actor)
  const email = await emailOf(deps, session.actor.id)
  const found = await authenticate(deps, visitor, { email: email ?? '', password })
  if (!found.ok) {
    await recordRefusal(deps, context, 'session.step-up', found.error)
    return err(found.error.error)
  }
  const renewed = drawSession(deps, session.expiresAt)
  await recorded(deps.database, context, 'yq_identity', {}, async (tx) => {
    const now = deps.clock.now()
    await endSession(tx, session.token, now)
    await beginSession(tx, renewed, session.actor.id, now)
    return {
      result: ok(null),
      entry: {
        action: 'session.step-up',
        decision: 'allow',
        objectKind: 'session',
        objectId: renewed.reference,
      },
    }
  })
  return ok(renewed)
}

/** One click signs a demo person of that role in: only in the demo world, only on the machine itself. */
export async function demoSignIn(
  deps: Deps,
  visitor: Visitor,
  role: Role,
): Promise<Result<SignedIn, { readonly code: 'no-demo-here' }>> {
  const account = visitor.loopback ? await demoPerson(deps, role) : undefined
  if (account === undefined) {
    const reason = 'no-demo-here'
    await recordAlone(deps.database, contextOf(visitor), 'yq_identity', {
      action: 'session.demo',
      decision: 'deny',
      reason,
    })
    return err({ code: reason })
  }
  return ok(await enter(deps, visitor, account, 'session.demo'))
}

export interface Welcome {
  readonly mode: DeploymentMode
  /** Roles for which one click signs this visitor in; empty outside the demo world and from elsewhere. */
  readonly demoRoles: readonly Role[]
}

/** What somebody who is not signed in may know of this deployment. */
export async function welcomeOf(deps: Deps, visitor: Visitor): Promise<Welcome> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const { mode } = await tx.selectFrom('meta.deployment').select('mode').executeTakeFirstOrThrow()
    if (mode !== 'demo' || !visitor.loopback) return { mode, demoRoles: [] }
    const rows = await tx
      .selectFrom('identity.person')
      .select('roles')
      .where('demo', '=', true)
      .where('state', '=', 'active')
      .orderBy('email')
      .execute()
    const held = new Set(rows.flatMap((row) => rolesOf(row.roles)))
    return { mode, demoRoles: roles.filter((role) => held.has(role)) }
  })
}

interface Refusal {
  readonly error: SignInError
  readonly personId?: string
}

/** Counts the attempt, then compares the password: unknown addresses take the same steps and the same time. */
async function authenticate(
  deps: Deps,
  visitor: Visitor,
  credentials: { readonly email: string; readonly password: string },
): Promise<Result<Account, Refusal>> {
  const watch = watchOf(deps.database)
  const network = networkOf(visitor.clientIp)
  const networkWaitMs = watch.networks.claim(network, deps.clock.now().getTime())
  if (networkWaitMs > 0) return err({ error: tooMany(networkWaitMs) })
  const email = normalEmail(credentials.email) ?? ''
  const claimed = await claimAttempt(deps, email, network)
  if (claimed.kind === 'locked') return err({ error: tooMany(claimed.waitMs) })
  const { account } = claimed
  const password = credentials.password.slice(0, passwordLengthMax * 2)
  const { matches, outdated } = await verifyPassword(deps.keys, account?.passwordHash, password)
  if (account === undefined || !matches || !account.mayEnter) {
    return err({
      error: { code: 'wrong-credentials' },
      ...(account === undefined ? {} : { personId: account.id }),
    })
  }
  watch.networks.giveBack(network)
  watch.familiar.set(`${account.id} ${network}`, true)
  const renewedHash = outdated ? await hashPassword(deps.keys, password) : undefined
  await forgiveAttempts(deps, account.id, renewedHash)
  return ok(account)
}

async function claimAttempt(deps: Deps, email: string, network: string): Promise<Claimed> {
  const watch = watchOf(deps.database)
  const now = deps.clock.now()
  const nowMs = now.getTime()
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const row = await tx
      .selectFrom('identity.person as person')
      .innerJoin('meta.deployment as deployment', (join) => join.onTrue())
      .select([
        'person.id',
        'person.password_hash',
        'person.roles',
        'person.state',
        'person.demo',
        'person.failed_attempts',
        'person.locked_until',
        'deployment.mode',
      ])
      .where('person.email', '=', email)
      .forUpdate('person')
      .executeTakeFirst()
    if (row === undefined) {
      const waitMs = watch.strangers.claim(email, nowMs)
      return waitMs > 0 ? { kind: 'locked', waitMs } : { kind: 'claimed', account: undefined }
    }
    const lockedMs = (row.locked_until?.getTime() ?? 0) - nowMs
    if (lockedMs > 0 && !watch.familiar.has(`${row.id} ${network}`))
      return { kind: 'locked', waitMs: lockedMs }
    const count = lockedMs < -accountPace.forgetMs ? 1 : row.failed_attempts + 1
    await tx
      .updateTable('identity.person')
      .set({
        failed_attempts: count,
        locked_until: new Date(nowMs + waitMsAfter(accountPace, count)),
      })
      .where('id', '=', row.id)
      .execute()
    return {
      kind: 'claimed',
      account: {
        id: row.id,
        passwordHash: row.password_hash ?? undefined,
        roles: rolesOf(row.roles),
        demo: row.demo,
        mayEnter: row.state === 'active' && (!row.demo || row.mode === 'demo'),
      },
    }
  })
}

async function forgiveAttempts(
  deps: Deps,
  id: string,
  renewedHash: string | undefined,
): Promise<void> {
  await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    await tx
      .updateTable('identity.person')
      .set({
        failed_attempts: 0,
        locked_until: null,
        ...(renewedHash === undefined ? {} : { password_hash: renewedHash }),
      })
      .where('id', '=', id)
      .execute()
  })
}

async function enter(
  deps: Deps,
  visitor: Visitor,
  account: Account,
  action: 'session.start' | 'session.demo',
): Promise<SignedIn> {
  const session = drawSession(deps)
  const actor: ActingParty = {
    kind: 'person',
    id: account.id,
    role: account.roles.join('+'),
    sessionRef: session.reference,
    demo: account.demo,
  }
  await recorded(deps.database, contextOf(visitor, actor), 'yq_identity', {}, async (tx) => {
    await beginSession(tx, session, account.id, deps.clock.now())
    return { result: ok(null), entry: { action, decision: 'allow' } }
  })
  return {
    token: session.token,
    expiresAt: session.expiresAt,
    principal: { kind: 'person', actor, roles: account.roles, steppedUp: true },
  }
}

async function demoPerson(deps: Deps, role: Role): Promise<Account | undefined> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const rows = await tx
      .selectFrom('identity.person as person')
      .innerJoin('meta.deployment as deployment', (join) => join.onTrue())
      .select(['person.id', 'person.roles'])
      .where('person.demo', '=', true)
      .where('person.state', '=', 'active')
      .where('deployment.mode', '=', 'demo')
      .orderBy('person.email')
      .execute()
    const row = rows.find(({ roles }) => roles.includes(role))
    if (row === undefined) return undefined
    return {
      id: row.id,
      passwordHash: undefined,
      roles: rolesOf(row.roles),
      demo: true,
      mayEnter: true,
    }
  })
}

async function emailOf(deps: Deps, personId: string): Promise<string | undefined> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const row = await tx
      .selectFrom('identity.person')
      .select('email')
      .where('id', '=', personId)
      .executeTakeFirst()
    return row?.email
  })
}

/** Whom an attempt was aimed at is on record by the person's id; an address that is nobody's is not kept. */
async function recordRefusal(
  deps: Deps,
  context: RequestContext,
  action: 'session.start' | 'session.step-up',
  refusal: Refusal,
): Promise<void> {
  await recordAlone(deps.database, context, 'yq_identity', {
    action,
    decision: 'deny',
    reason: refusal.error.code,
    ...(refusal.personId === undefined ? {} : { objectKind: 'person', objectId: refusal.personId }),
  })
}

function tooMany(waitMs: number): SignInError {
  assert(waitMs > 0, 'somebody who waits waits for some time')
  return { code: 'too-many-attempts', retryAfterSeconds: Math.ceil(waitMs / 1000) }
}
