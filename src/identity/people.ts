/** The people who work with the service. */
import { forbiddenPairOf, roles } from '../access/index.ts'
import type { Role } from '../access/index.ts'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { hashPassword, passwordProblem } from './password.ts'
import type { PasswordProblem } from './password.ts'

export interface NewPerson {
  readonly email: string
  readonly displayName: string
  readonly roles: readonly Role[]
  /** Without one the person is invited and has to accept first. */
  readonly password?: string
  readonly demo?: boolean
  readonly language?: string
}

export type CreatePersonError =
  | { readonly code: 'email-invalid' }
  | { readonly code: 'email-taken' }
  | { readonly code: 'roles-missing' }
  | { readonly code: 'roles-forbidden'; readonly pair: readonly [Role, Role] }
  | { readonly code: PasswordProblem }

export interface Person {
  readonly id: string
  readonly email: string
  readonly displayName: string
  readonly roles: readonly Role[]
  readonly state: 'invited' | 'active' | 'disabled'
  readonly demo: boolean
  readonly language: string
}

const emailLengthMax = 254

/** Addresses are compared in lower case; undefined when it is none. */
export function normalEmail(email: string): string | undefined {
  const normal = email.trim().normalize('NFC').toLowerCase()
  return normal.length <= emailLengthMax && /^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>]+$/u.test(normal)
    ? normal
    : undefined
}

/** Makes a person of the staff. */
export async function createPerson(
  deps: Deps,
  context: RequestContext,
  person: NewPerson,
): Promise<Result<{ readonly id: string }, CreatePersonError | IdempotencyError>> {
  const problem = problemOf(person)
  const passwordHash =
    problem === undefined && person.password !== undefined
      ? await hashPassword(deps.keys, person.password)
      : undefined
  return await recorded(deps.database, context, 'yq_identity', {}, async (tx) => {
    const entry = { action: 'person.create', objectKind: 'person' } as const
    const made = problem === undefined ? await insertPerson(tx, person, passwordHash) : err(problem)
    return made.ok
      ? {
          result: ok({ id: made.value }),
          entry: {
            ...entry,
            decision: 'allow',
            objectId: made.value,
            detail: { roles: person.roles },
          },
        }
      : { result: made, entry: { ...entry, decision: 'deny', reason: made.error.code } }
  })
}

export function problemOf(person: NewPerson): CreatePersonError | undefined {
  const email = normalEmail(person.email)
  if (email === undefined) return { code: 'email-invalid' }
  if (person.roles.length === 0) return { code: 'roles-missing' }
  const pair = forbiddenPairOf(person.roles)
  if (pair !== undefined) return { code: 'roles-forbidden', pair }
  const problem =
    person.password === undefined ? undefined : passwordProblem(person.password, email)
  return problem === undefined ? undefined : { code: problem }
}

/** Inserts somebody without a problem; one who was only invited may be invited again. */
export async function insertPerson(
  tx: DutyTx,
  person: NewPerson,
  passwordHash: string | undefined,
): Promise<Result<string, CreatePersonError>> {
  const email = normalEmail(person.email)
  if (email === undefined) return err({ code: 'email-invalid' })
  const made = await tx
    .insertInto('identity.person')
    .values({
      email,
      display_name: person.displayName,
      password_hash: passwordHash ?? null,
      roles: [...new Set(person.roles)],
      state: passwordHash === undefined ? 'invited' : 'active',
      demo: person.demo ?? false,
      ...(person.language === undefined ? {} : { language: person.language }),
    })
    .onConflict((conflict) =>
      conflict
        .column('email')
        .doUpdateSet((values) => ({
          display_name: values.ref('excluded.display_name'),
          password_hash: values.ref('excluded.password_hash'),
          roles: values.ref('excluded.roles'),
          state: values.ref('excluded.state'),
        }))
        .where('identity.person.state', '=', 'invited'),
    )
    .returning('id')
    .executeTakeFirst()
  return made === undefined ? err({ code: 'email-taken' }) : ok(made.id)
}

const personColumns = ['id', 'email', 'display_name', 'roles', 'state', 'demo', 'language'] as const

/** Everybody of the staff, by address. */
export async function listPeople(deps: Deps): Promise<readonly Person[]> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const rows = await tx
      .selectFrom('identity.person')
      .select(personColumns)
      .orderBy('email')
      .limit(peopleMax)
      .execute()
    return rows.map(personOf)
  })
}

/** Far more than the staff of one handler who work with audiences. */
const peopleMax = 1000

export async function readPerson(deps: Deps, id: string): Promise<Person | undefined> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const row = await tx
      .selectFrom('identity.person')
      .select(personColumns)
      .where('id', '=', id)
      .executeTakeFirst()
    return row === undefined ? undefined : personOf(row)
  })
}

interface PersonRow {
  readonly id: string
  readonly email: string
  readonly display_name: string
  readonly roles: readonly string[]
  readonly state: Person['state']
  readonly demo: boolean
  readonly language: string
}

const personOf = (row: PersonRow): Person => ({
  id: row.id,
  email: row.email,
  displayName: row.display_name,
  roles: rolesOf(row.roles),
  state: row.state,
  demo: row.demo,
  language: row.language,
})

/** In the order of the roles, whatever order they were given in. A word that is no role gives no right. */
export const rolesOf = (words: readonly string[]): readonly Role[] =>
  roles.filter((role) => words.includes(role))
