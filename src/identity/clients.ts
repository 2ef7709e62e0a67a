/** Machines that act: each with a public key of its own, and campaign tools for one recipient each. */
import type { ClientKind } from '../access/index.ts'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { publicJwkOf } from './jwk.ts'
import type { PublicJwk } from './jwk.ts'

export interface NewClient {
  readonly id: string
  readonly kind: ClientKind
  readonly label: string
  /** Of a campaign tool, and of nobody else. */
  readonly recipient?: string
  readonly publicJwk: unknown
  readonly demo?: boolean
}

export type CreateClientError =
  | { readonly code: 'client-id-invalid' }
  | { readonly code: 'client-id-taken' }
  | { readonly code: 'recipient-needed' }
  | { readonly code: 'recipient-not-needed' }
  | { readonly code: 'recipient-unknown' }
  /** No public key of Ed25519 or P-256, or one that came with its private part. */
  | { readonly code: 'key-refused' }

const clientId = /^[a-z][a-z0-9-]{2,63}$/
/** Ids of people look like this; a machine's must not, since both stand for actors in the log. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Lets a machine in. */
export async function createClient(
  deps: Deps,
  context: RequestContext,
  client: NewClient,
): Promise<Result<{ readonly id: string }, CreateClientError | IdempotencyError>> {
  const publicJwk = publicJwkOf(client.publicJwk)
  const problem = problemOf(client, publicJwk)
  return await recorded<{ readonly id: string }, CreateClientError>(
    deps.database,
    context,
    'yq_identity',
    {},
    async (tx) => {
      const made: Result<{ readonly id: string }, CreateClientError> =
        problem !== undefined || publicJwk === undefined
          ? err(problem ?? { code: 'key-refused' })
          : await insertClient(tx, client, publicJwk)
      return {
        result: made,
        entry: {
          action: 'client.create',
          objectKind: 'client',
          ...(made.ok
            ? { decision: 'allow', objectId: client.id, detail: { kind: client.kind } }
            : { decision: 'deny', reason: made.error.code }),
        },
      }
    },
  )
}

function problemOf(
  client: NewClient,
  publicJwk: PublicJwk | undefined,
): CreateClientError | undefined {
  if (!clientId.test(client.id) || uuid.test(client.id)) return { code: 'client-id-invalid' }
  const isTool = client.kind === 'campaign_tool'
  if (isTool && client.recipient === undefined) return { code: 'recipient-needed' }
  if (!isTool && client.recipient !== undefined) return { code: 'recipient-not-needed' }
  return publicJwk === undefined ? { code: 'key-refused' } : undefined
}

async function insertClient(
  tx: DutyTx,
  client: NewClient,
  publicJwk: PublicJwk,
): Promise<Result<{ readonly id: string }, CreateClientError>> {
  if (client.recipient !== undefined) {
    const known = await tx
      .selectFrom('consent.recipient')
      .select('id')
      .where('id', '=', client.recipient)
      .executeTakeFirst()
    if (known === undefined) return err({ code: 'recipient-unknown' })
  }
  const made = await tx
    .insertInto('identity.client')
    .values({
      id: client.id,
      kind: client.kind,
      label: client.label,
      recipient_id: client.recipient ?? null,
      public_jwk: JSON.stringify(publicJwk),
      demo: client.demo ?? false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made === undefined ? err({ code: 'client-id-taken' }) : ok({ id: made.id })
}

export interface Client {
  readonly id: string
  readonly kind: ClientKind
  readonly label: string
  readonly recipient: string | undefined
  readonly publicJwk: PublicJwk
  readonly demo: boolean
  /** May act: not disabled, and a demo client in the demo world only. */
  readonly active: boolean
}

export async function readClient(deps: Deps, id: string): Promise<Client | undefined> {
  if (!clientId.test(id)) return undefined
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const row = await tx
      .selectFrom('identity.client as client')
      .innerJoin('meta.deployment as deployment', (join) => join.onTrue())
      .select([
        'client.id',
        'client.kind',
        'client.label',
        'client.recipient_id',
        'client.public_jwk',
        'client.state',
        'client.demo',
        'deployment.mode',
      ])
      .where('client.id', '=', id)
      .executeTakeFirst()
    const publicJwk = publicJwkOf(row?.public_jwk)
    if (row === undefined || publicJwk === undefined) return undefined
    return {
      id: row.id,
      kind: row.kind,
      label: row.label,
      recipient: row.recipient_id ?? undefined,
      publicJwk,
      demo: row.demo,
      active: row.state === 'active' && (!row.demo || row.mode === 'demo'),
    }
  })
}
