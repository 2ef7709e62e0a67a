/**
 * A machine proves who it is with an assertion it signs itself (private_key_jwt, RFC 7523), once for each assertion.
 *
 * What the assertion's header says chooses nothing: key and algorithm are the client's own, as registered.
 * Source: RFC 8725; privacy.md F.5.
 */
import { decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose'
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { recordAlone, recorded } from '../audit/index.ts'
import type { Deps } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { actorOf, issueAccessToken, scopeByKind } from './access-token.ts'
import type { IssuedToken } from './access-token.ts'
import { readClient } from './clients.ts'
import type { Client } from './clients.ts'
import { algorithmOf } from './jwk.ts'
import { contextOf } from './visitor.ts'
import type { Visitor } from './visitor.ts'

const assertionLengthMax = 8192
const jtiLengthMax = 128
const lifeSecondsMax = 300
/** Between the machine's clock and ours. */
const clockToleranceSeconds = 5

export type AssertionFault =
  | 'malformed'
  | 'client-unknown'
  | 'client-disabled'
  | 'header-refused'
  | 'algorithm-refused'
  | 'signature-wrong'
  | 'claims-wrong'
  | 'expired'
  | 'lives-too-long'
  | 'replayed'

export type TokenError =
  /** For whoever asks every fault looks the same; the log says which it was. */
  { readonly code: 'client-refused' } | { readonly code: 'scope-refused' }

export interface TokenRequest {
  readonly assertion: string
  readonly scope?: string
}

/** Our own addresses, which tokens are bound to. */
export interface TokenPlace {
  /** Issuer and audience of access tokens. */
  readonly baseUrl: string
  /** The audience of assertions. */
  readonly tokenEndpoint: string
}

/** Gives an access token for a good assertion. Each exchange and each refusal is on record. */
export async function exchangeAssertion(
  deps: Deps,
  visitor: Visitor,
  place: TokenPlace,
  request: TokenRequest,
): Promise<Result<IssuedToken, TokenError>> {
  const verified = await verifyAssertion(deps, place, request.assertion)
  if (!verified.ok) {
    await refuse(deps, visitor, verified.error.fault, verified.error.clientId)
    return err({ code: 'client-refused' })
  }
  const { client, jti, expiresAt } = verified.value
  const scope = scopeByKind[client.kind]
  if (request.scope !== undefined && request.scope !== scope) {
    await refuse(deps, visitor, 'scope-refused', client.id)
    return err({ code: 'scope-refused' })
  }
  const issued = await issueAccessToken(deps, place.baseUrl, client)
  const context = contextOf(visitor, actorOf(deps, client, issued.tokenId))
  const used = await recorded<null, AssertionFault>(
    deps.database,
    context,
    'yq_identity',
    {},
    async (tx) => {
      const fresh = await useOnce(tx, client.id, jti, expiresAt, deps.clock.now())
      return {
        result: fresh ? ok(null) : err('replayed'),
        entry: {
          action: 'token.issue',
          objectKind: 'client',
          objectId: client.id,
          ...(fresh ? { decision: 'allow' } : { decision: 'deny', reason: 'replayed' }),
        },
      }
    },
  )
  return used.ok ? ok(issued) : err({ code: 'client-refused' })
}

interface Refused {
  readonly fault: AssertionFault
  /** Set only when it is the id of a client there is. */
  readonly clientId?: string
}

interface GoodAssertion {
  readonly client: Client
  readonly jti: string
  readonly expiresAt: Date
}

async function verifyAssertion(
  deps: Deps,
  place: TokenPlace,
  assertion: string,
): Promise<Result<GoodAssertion, Refused>> {
  const unproven = readUnproven(assertion)
  if (unproven === undefined) return err({ fault: 'malformed' })
  const { header, claims } = unproven
  // The claims of an unproven assertion may be of any type.
  const client = typeof claims.iss === 'string' ? await readClient(deps, claims.iss) : undefined
  if (client === undefined) return err({ fault: 'client-unknown' })
  const refused = (fault: AssertionFault) => err({ fault, clientId: client.id })
  if (!client.active) return refused('client-disabled')
  const algorithm = algorithmOf(client.publicJwk)
  if (header.alg !== algorithm) return refused('algorithm-refused')
  if (!isPlainHeader(header, client.publicJwk.kid)) return refused('header-refused')
  const now = deps.clock.now()
  const proven = await prove(assertion, client, place, now)
  if (!proven.ok) return refused(proven.error)
  const { exp, iat, jti, aud } = proven.value
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > jtiLengthMax)
    return refused('claims-wrong')
  // One audience, ours: an assertion made for several could be replayed by another of them.
  if (typeof aud !== 'string' && aud?.length !== 1) return refused('claims-wrong')
  if (exp === undefined) return refused('claims-wrong')
  const lifeSeconds = exp - Math.min(iat ?? exp, Math.floor(now.getTime() / 1000))
  if (lifeSeconds > lifeSecondsMax + clockToleranceSeconds) return refused('lives-too-long')
  const expiresAt = new Date((exp + clockToleranceSeconds) * 1000)
  return ok({ client, jti, expiresAt })
}

function readUnproven(
  assertion: string,
): { readonly header: ProtectedHeaderParameters; readonly claims: JWTPayload } | undefined {
  if (assertion.length > assertionLengthMax) return undefined
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) }
  } catch {
    return undefined
  }
}

/** Keys that a token brings along or points to are never used, and asking for them is reason enough to refuse. */
function isPlainHeader(
  header: ProtectedHeaderParameters,
  registeredKid: string | undefined,
): boolean {
  const { typ, kid } = header
  if (Object.keys(header).some((name) => !['alg', 'typ', 'kid'].includes(name))) return false
  if (typ !== undefined && !['JWT', 'client-authentication+jwt'].includes(typ)) return false
  return kid === undefined || registeredKid === undefined || kid === registeredKid
}

async function prove(
  assertion: string,
  client: Client,
  place: TokenPlace,
  now: Date,
): Promise<Result<JWTPayload, AssertionFault>> {
  const algorithm = algorithmOf(client.publicJwk)
  try {
    const key = await importJWK({ ...client.publicJwk }, algorithm)
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: [algorithm],
      issuer: client.id,
      subject: client.id,
      audience: place.tokenEndpoint,
      requiredClaims: ['exp', 'jti'],
      currentDate: now,
      clockTolerance: clockToleranceSeconds,
    })
    return ok(payload)
  } catch (error) {
    if (error instanceof errors.JWTExpired) return err('expired')
    if (error instanceof errors.JWTClaimValidationFailed) return err('claims-wrong')
    if (error instanceof errors.JOSEError) return err('signature-wrong')
    throw error
  }
}

/** Takes the assertion's id; false when it was taken before. */
async function useOnce(
  tx: DutyTx,
  clientId: string,
  jti: string,
  expiresAt: Date,
  now: Date,
): Promise<boolean> {
  // An assertion that has expired is refused for that, so its id need not be kept.
  await tx
    .deleteFrom('identity.assertion')
    .where('client_id', '=', clientId)
    .where('expires_at', '<', now)
    .execute()
  const taken = await tx
    .insertInto('identity.assertion')
    .values({ client_id: clientId, jti, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('jti')
    .executeTakeFirst()
  return taken !== undefined
}

async function refuse(
  deps: Deps,
  visitor: Visitor,
  reason: AssertionFault | 'scope-refused',
  clientId: string | undefined,
): Promise<void> {
  await recordAlone(deps.database, contextOf(visitor), 'yq_identity', {
    action: 'token.issue',
    decision: 'deny',
    reason,
    ...(clientId === undefined ? {} : { objectKind: 'client', objectId: clientId }),
  })
}
