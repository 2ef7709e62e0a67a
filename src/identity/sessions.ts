/** Sessions of people: an opaque secret in a cookie, of which the database holds the hash only. */
import { createHash, randomBytes } from 'node:crypto'
import type { PersonPrincipal } from '../access/index.ts'
import { recorded } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { ok } from '../kernel/result.ts'
import { rolesOf } from './people.ts'

const minuteMs = 60_000

/** privacy.md F.5, after ASVS 7.3. */
export const sessionIdleMs = 15 * minuteMs
export const sessionAbsoluteMs = 8 * 60 * minuteMs
/** How long a password that was shown counts as just shown. */
export const stepUpMs = 15 * minuteMs
/** The last use is written down no more often than this, so that reading does not mean writing. */
const seenStepMs = minuteMs

const tokenBytes = 32
const referenceBytes = 16

/** A fresh secret: 256 random bits as 43 characters. */
export const newSecret = (): string => randomBytes(tokenBytes).toString('base64url')

/** What the database keeps of a secret. The secret is random, so one fast hash is enough. */
export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** What never was a secret of ours needs no look into the database. */
export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

export interface NewSession {
  /** The secret for the cookie; it is nowhere kept. */
  readonly token: string
  /** Stands for the session in the access log. */
  readonly reference: string
  readonly expiresAt: Date
}

/** Draws the secret of a session that is about to begin. `expiresAt` carries an older session's end on. */
export function drawSession(deps: Deps, expiresAt?: Date): NewSession {
  const token = newSecret()
  return {
    token,
    reference: deps.keys.mac('audit-session', token).subarray(0, referenceBytes).toString('hex'),
    expiresAt: expiresAt ?? new Date(deps.clock.now().getTime() + sessionAbsoluteMs),
  }
}

/** Begins a drawn session; whoever begins one has just shown who they are. */
export async function beginSession(
  tx: DutyTx,
  session: NewSession,
  personId: string,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('identity.session')
    .values({
      token_hash: hashOfSecret(session.token),
      reference: session.reference,
      person_id: personId,
      created_at: at,
      last_seen_at: at,
      expires_at: session.expiresAt,
      stepped_up_at: at,
    })
    .execute()
}

export async function endSession(tx: DutyTx, token: string, at: Date): Promise<void> {
  await tx
    .updateTable('identity.session')
    .set({ ended_at: at })
    .where('token_hash', '=', hashOfSecret(token))
    .where('ended_at', 'is', null)
    .execute()
}

export interface LiveSession {
  readonly principal: PersonPrincipal
  readonly expiresAt: Date
}

/**
 * Who is behind a session's secret; undefined when it is unknown, ended, idle for too long, or of somebody who may no
 * longer work here. Demo people work in the demo world only.
 */
export async function principalOfSession(
  deps: Deps,
  token: string,
): Promise<LiveSession | undefined> {
  if (!isSecret(token)) return undefined
  const now = deps.clock.now()
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const row = await tx
      .selectFrom('identity.session as session')
      .innerJoin('identity.person as person', 'person.id', 'session.person_id')
      .innerJoin('meta.deployment as deployment', (join) => join.onTrue())
      .select([
        'session.reference',
        'session.last_seen_at',
        'session.expires_at',
        'session.stepped_up_at',
        'session.ended_at',
        'person.id',
        'person.roles',
        'person.state',
        'person.demo',
        'deployment.mode',
      ])
      .where('session.token_hash', '=', hashOfSecret(token))
      .executeTakeFirst()
    if (row === undefined || row.ended_at !== null || row.state !== 'active') return undefined
    if (row.demo && row.mode !== 'demo') return undefined
    const idleMs = now.getTime() - row.last_seen_at.getTime()
    if (row.expires_at <= now || idleMs > sessionIdleMs) return undefined
    if (idleMs > seenStepMs) await markSeen(tx, token, now)
    const held = rolesOf(row.roles)
    return {
      expiresAt: row.expires_at,
      principal: {
        kind: 'person',
        roles: held,
        steppedUp:
          row.stepped_up_at !== null && now.getTime() - row.stepped_up_at.getTime() <= stepUpMs,
        actor: {
          kind: 'person',
          id: row.id,
          role: held.join('+'),
          sessionRef: row.reference,
          demo: row.demo,
        },
      },
    }
  })
}

async function markSeen(tx: DutyTx, token: string, now: Date): Promise<void> {
  await tx
    .updateTable('identity.session')
    .set({ last_seen_at: now })
    .where('token_hash', '=', hashOfSecret(token))
    .execute()
}

/** Ends the session; its secret is worth nothing afterwards. */
export async function signOut(deps: Deps, context: RequestContext, token: string): Promise<void> {
  await recorded(deps.database, context, 'yq_identity', {}, async (tx) => {
    await endSession(tx, token, deps.clock.now())
    return { result: ok(null), entry: { action: 'session.end', decision: 'allow' } }
  })
}
