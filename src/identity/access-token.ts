/** Access tokens of machines (RFC 9068): signed with Ed25519, ten minutes long, for one client and one recipient. */
import { createHash, randomUUID } from 'node:crypto'
import { SignJWT, errors, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { LRUCache } from 'lru-cache'
import type { ActingParty, ClientKind, MachinePrincipal } from '../access/index.ts'
import type { Deps } from '../audit/index.ts'
import type { Database } from '../db/index.ts'
import { readClient } from './clients.ts'
import type { Client } from './clients.ts'

export const accessTokenSeconds = 600
const tokenLengthMax = 4096
const algorithm = 'EdDSA'
const tokenType = 'at+jwt'

/** One scope for each kind: what the kind may do says the table of actions. */
export const scopeByKind = {
  campaign_tool: 'exports',
  consent_source: 'consents',
  data_source: 'data',
} as const satisfies Readonly<Record<ClientKind, string>>

export interface IssuedToken {
  readonly accessToken: string
  readonly tokenId: string
  readonly expiresInSeconds: number
  readonly scope: string
}

export async function issueAccessToken(
  deps: Deps,
  baseUrl: string,
  client: Client,
): Promise<IssuedToken> {
  const { privateKey, kid } = deps.keys.signing()
  const issuedAt = Math.floor(deps.clock.now().getTime() / 1000)
  const tokenId = randomUUID()
  const scope = scopeByKind[client.kind]
  const claims = {
    client_id: client.id,
    scope,
    ...(client.recipient === undefined ? {} : { recipient: client.recipient }),
  }
  const accessToken = await new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid })
    .setIssuer(baseUrl)
    .setAudience(baseUrl)
    .setSubject(client.id)
    .setJti(tokenId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenSeconds)
    .sign(privateKey)
  return { accessToken, tokenId, expiresInSeconds: accessTokenSeconds, scope }
}

/** The machine as the log names it; the token appears by a keyed reference only. */
export const actorOf = (deps: Deps, client: Client, tokenId: string): ActingParty => ({
  kind: 'machine',
  id: client.id,
  role: client.kind,
  sessionRef: deps.keys.mac('audit-session', tokenId).subarray(0, 16).toString('hex'),
  demo: client.demo,
})

/** A client that was disabled is let in no longer than this. */
const stateCheckMs = 60_000
const tokensMax = 10_000

interface Known {
  readonly principal: MachinePrincipal
  readonly expiresAtMs: number
  readonly checkedAtMs: number
}

const caches = new WeakMap<Database, LRUCache<string, Known>>()

/** Verified tokens by their hash: a verification costs more than most requests. */
function cacheOf(database: Database): LRUCache<string, Known> {
  const known = caches.get(database)
  if (known !== undefined) return known
  const made = new LRUCache<string, Known>({ max: tokensMax })
  caches.set(database, made)
  return made
}

/** Which machine is behind a token; undefined for every token that is not good at this moment. */
export async function principalOfToken(
  deps: Deps,
  baseUrl: string,
  token: string,
): Promise<MachinePrincipal | undefined> {
  if (token.length > tokenLengthMax) return undefined
  const cache = cacheOf(deps.database)
  const name = `${baseUrl} ${createHash('sha256').update(token).digest('base64')}`
  const nowMs = deps.clock.now().getTime()
  const known = cache.get(name)
  if (known !== undefined && known.expiresAtMs <= nowMs) {
    cache.delete(name)
    return undefined
  }
  if (known !== undefined && nowMs - known.checkedAtMs < stateCheckMs) return known.principal
  const claims = await verifiedClaims(deps, baseUrl, token)
  const client = claims?.sub === undefined ? undefined : await readClient(deps, claims.sub)
  if (claims?.exp === undefined || client === undefined || !isStillOf(claims, client)) {
    cache.delete(name)
    return undefined
  }
  const principal: MachinePrincipal = {
    kind: 'machine',
    actor: actorOf(deps, client, claims.jti ?? ''),
    clientKind: client.kind,
    ...(client.recipient === undefined ? {} : { recipient: client.recipient }),
  }
  cache.set(name, { principal, expiresAtMs: claims.exp * 1000, checkedAtMs: nowMs })
  return principal
}

/** The client is active, and what the token says of it still holds. */
const isStillOf = (claims: JWTPayload, client: Client): boolean =>
  client.active &&
  claims['client_id'] === client.id &&
  claims['scope'] === scopeByKind[client.kind] &&
  claims['recipient'] === client.recipient

async function verifiedClaims(
  deps: Deps,
  baseUrl: string,
  token: string,
): Promise<JWTPayload | undefined> {
  const { publicKey, kid } = deps.keys.signing()
  try {
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
      algorithms: [algorithm],
      typ: tokenType,
      issuer: baseUrl,
      audience: baseUrl,
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope'],
      currentDate: deps.clock.now(),
    })
    return protectedHeader.kid === kid ? payload : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
