/** A link that works once lets an invited person choose a password. */
import type { Role } from '../access/index.ts'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { hashPassword, passwordProblem } from './password.ts'
import type { PasswordProblem } from './password.ts'
import { insertPerson, normalEmail, problemOf } from './people.ts'
import type { CreatePersonError } from './people.ts'
import { hashOfSecret, isSecret, newSecret } from './sessions.ts'
import { contextOf } from './visitor.ts'
import type { Visitor } from './visitor.ts'

const hourMs = 3_600_000
const invitationMs = 72 * hourMs

export interface NewInvitation {
  readonly email: string
  readonly displayName: string
  readonly roles: readonly Role[]
  readonly language?: string
}

export interface Invited {
  readonly personId: string
  readonly expiresAt: string
  /** For the link. Absent when a repeated request is answered from the record: a secret is told once. */
  readonly token?: string
}

/** Invites somebody to the staff; the one invited chooses the password. */
export async function invitePerson(
  deps: Deps,
  context: RequestContext,
  invitation: NewInvitation,
): Promise<Result<Invited, CreatePersonError | IdempotencyError>> {
  const token = newSecret()
  let drawn = false
  const expiresAt = new Date(deps.clock.now().getTime() + invitationMs)
  const problem = problemOf(invitation)
  const invited = await recorded<
    { readonly personId: string; readonly expiresAt: string },
    CreatePersonError
  >(deps.database, context, 'yq_identity', {}, async (tx) => {
    const entry = { action: 'person.create', objectKind: 'person' } as const
    const made =
      problem === undefined ? await insertPerson(tx, invitation, undefined) : err(problem)
    if (!made.ok)
      return { result: made, entry: { ...entry, decision: 'deny', reason: made.error.code } }
    await replaceInvitation(tx, token, invitation, deps.clock.now(), expiresAt)
    drawn = true
    return {
      result: ok({ personId: made.value, expiresAt: expiresAt.toISOString() }),
      entry: {
        ...entry,
        decision: 'allow',
        objectId: made.value,
        detail: { roles: invitation.roles },
      },
    }
  })
  if (!invited.ok) return invited
  return ok({ ...invited.value, ...(drawn ? { token } : {}) })
}

/** The first administrator, invited from the command line. */
export async function createAdminInvitation(
  deps: Deps,
  context: RequestContext,
  email: string,
): Promise<Result<Invited, CreatePersonError | IdempotencyError>> {
  const displayName = email.split('@')[0] ?? email
  return await invitePerson(deps, context, { email, displayName, roles: ['admin'] })
}

/** Only the newest link of an address works. */
async function replaceInvitation(
  tx: DutyTx,
  token: string,
  invitation: NewInvitation,
  now: Date,
  expiresAt: Date,
): Promise<void> {
  const email = normalEmail(invitation.email) ?? ''
  await tx
    .updateTable('identity.invitation')
    .set({ used_at: now })
    .where('email', '=', email)
    .where('used_at', 'is', null)
    .execute()
  await tx
    .insertInto('identity.invitation')
    .values({
      token_hash: hashOfSecret(token),
      email,
      roles: [...invitation.roles],
      expires_at: expiresAt,
    })
    .execute()
}

export type AcceptError =
  /** Unknown, used or out of date: an outsider learns no more. */
  { readonly code: 'invitation-void' } | { readonly code: PasswordProblem }

/** Sets the password of the invited person. A password that is refused does not use the link up. */
export async function acceptInvitation(
  deps: Deps,
  visitor: Visitor,
  acceptance: { readonly token: string; readonly password: string },
): Promise<Result<{ readonly personId: string }, AcceptError | IdempotencyError>> {
  // Made before the transaction, which then holds no row while the hash is computed.
  const passwordHash = isSecret(acceptance.token)
    ? await hashPassword(deps.keys, acceptance.password)
    : ''
  const now = deps.clock.now()
  return await recorded<{ readonly personId: string }, AcceptError>(
    deps.database,
    contextOf(visitor),
    'yq_identity',
    {},
    async (tx) => {
      const used = await useInvitation(tx, acceptance, passwordHash, now)
      return {
        result: used.ok ? ok({ personId: used.value }) : used,
        entry: {
          action: 'invitation.accept',
          objectKind: 'person',
          ...(used.ok
            ? { decision: 'allow', objectId: used.value }
            : { decision: 'deny', reason: used.error.code }),
        },
      }
    },
  )
}

async function useInvitation(
  tx: DutyTx,
  { token, password }: { readonly token: string; readonly password: string },
  passwordHash: string,
  now: Date,
): Promise<Result<string, AcceptError>> {
  const invitation = isSecret(token)
    ? await tx
        .updateTable('identity.invitation')
        .set({ used_at: now })
        .where('token_hash', '=', hashOfSecret(token))
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('email')
        .executeTakeFirst()
    : undefined
  if (invitation === undefined) return err({ code: 'invitation-void' })
  const problem = passwordProblem(password, invitation.email)
  if (problem !== undefined) return err({ code: problem })
  const person = await tx
    .updateTable('identity.person')
    .set({
      password_hash: passwordHash,
      state: 'active',
      failed_attempts: 0,
      locked_until: null,
    })
    .where('email', '=', invitation.email)
    .where('state', '=', 'invited')
    .returning('id')
    .executeTakeFirst()
  return person === undefined ? err({ code: 'invitation-void' }) : ok(person.id)
}
