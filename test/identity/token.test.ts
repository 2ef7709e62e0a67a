import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysFrom } from '../../src/keys/index.ts'
import {
  accessTokenSeconds,
  createClient,
  exchangeAssertion,
  principalOfToken,
} from '../../src/identity/index.ts'
import { openWorld, system, visitor } from './world.ts'
import type { World } from './world.ts'

const place = {
  baseUrl: 'https://yunqun.example',
  tokenEndpoint: 'https://yunqun.example/oauth/token',
}
let world: World
let tool: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' })

beforeAll(async () => {
  world = await openWorld()
  tool = generateKeyPairSync('ed25519')
  await world.asOperator(
    `insert into consent.recipient (id, label_en, label_zh, role) values ('sms-gateway', 'SMS', '短信', 'processor')`,
  )
  const made = await createClient(world.deps, system, {
    id: 'sms-tool',
    kind: 'campaign_tool',
    label: 'SMS tool',
    recipient: 'sms-gateway',
    publicJwk: await exportJWK(tool.publicKey),
  })
  expect(made).toEqual({ ok: true, value: { id: 'sms-tool' } })
  const source = await createClient(world.deps, system, {
    id: 'shop-consents',
    kind: 'consent_source',
    label: 'Shop',
    publicJwk: await exportJWK(ecdsa.publicKey),
  })
  expect(source.ok).toBe(true)
})

afterAll(async () => {
  await world.close()
})

interface Claims {
  readonly iss?: unknown
  readonly sub?: unknown
  readonly aud?: unknown
  readonly jti?: unknown
  readonly exp?: unknown
  readonly iat?: unknown
  readonly nbf?: unknown
}

const nowSeconds = (): number => Math.floor(world.deps.clock.now().getTime() / 1000)

const goodClaims = (): Claims => ({
  iss: 'sms-tool',
  sub: 'sms-tool',
  aud: place.tokenEndpoint,
  jti: randomUUID(),
  iat: nowSeconds(),
  exp: nowSeconds() + 120,
})

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs whatever header and claims are asked for, as an attacker with some key would. */
function signed(header: unknown, claims: unknown, key: KeyObject): string {
  const text = `${part(header)}.${part(claims)}`
  const signature =
    key.asymmetricKeyType === 'ec'
      ? sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
      : sign(null, Buffer.from(text), key)
  return `${text}.${signature.toString('base64url')}`
}

const assertion = (
  claims: Claims = {},
  header: Readonly<Record<string, unknown>> = {},
  key: KeyObject = tool.privateKey,
): string => signed({ alg: 'EdDSA', ...header }, { ...goodClaims(), ...claims }, key)

const exchange = async (sent: string, scope?: string) =>
  await exchangeAssertion(world.deps, visitor(), place, {
    assertion: sent,
    ...(scope === undefined ? {} : { scope }),
  })

const lastReason = async (): Promise<unknown> => {
  const rows = await world.asOperator(
    'select decision, reason from audit.entry order by seq desc limit 1',
  )
  return rows[0]
}

describe('an assertion', () => {
  test('that is good gives a token of ten minutes for the client and its recipient', async () => {
    const answer = await exchange(assertion())
    if (!answer.ok) throw new Error(answer.error.code)
    expect(answer.value).toMatchObject({ expiresInSeconds: accessTokenSeconds, scope: 'exports' })
    const principal = await principalOfToken(world.deps, place.baseUrl, answer.value.accessToken)
    expect(principal).toMatchObject({
      kind: 'machine',
      clientKind: 'campaign_tool',
      recipient: 'sms-gateway',
      actor: { kind: 'machine', id: 'sms-tool', role: 'campaign_tool' },
    })
  })

  test('may be signed with ES256 by a client that registered such a key', async () => {
    const claims = { iss: 'shop-consents', sub: 'shop-consents' }
    const answer = await exchange(assertion(claims, { alg: 'ES256', typ: 'JWT' }, ecdsa.privateKey))
    expect(answer.ok && answer.value.scope).toBe('consents')
  })

  test('is taken once, also when it is sent twice at the same moment', async () => {
    const sent = assertion()
    const answers = await Promise.all([exchange(sent), exchange(sent), exchange(sent)])
    expect(answers.filter(({ ok }) => ok).length).toBe(1)
    expect(await exchange(sent)).toEqual({ ok: false, error: { code: 'client-refused' } })
    expect(await lastReason()).toEqual({ decision: 'deny', reason: 'replayed' })
  })

  test('for a scope of another kind is refused', async () => {
    expect(await exchange(assertion(), 'consents')).toEqual({
      ok: false,
      error: { code: 'scope-refused' },
    })
  })

  const hmacOf = (secret: string | Buffer, typ = 'JWT'): string => {
    const text = `${part({ alg: 'HS256', typ })}.${part(goodClaims())}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const raw = () => tool.publicKey.export({ format: 'der', type: 'spki' })
  const forgeries: readonly (readonly [string, string, () => string | Promise<string>])[] = [
    ['with alg none', 'algorithm-refused', () => `${part({ alg: 'none' })}.${part(goodClaims())}.`],
    [
      'with alg None in other letters',
      'algorithm-refused',
      () => `${part({ alg: 'nOnE' })}.${part(goodClaims())}.`,
    ],
    [
      'signed HS256 with the public key as PEM',
      'algorithm-refused',
      () => hmacOf(String(tool.publicKey.export({ format: 'pem', type: 'spki' }))),
    ],
    ['signed HS256 with the public key as bytes', 'algorithm-refused', () => hmacOf(raw())],
    [
      'signed HS256 with the raw public coordinate',
      'algorithm-refused',
      () => hmacOf(raw().subarray(-32)),
    ],
    [
      'by another key',
      'signature-wrong',
      () => assertion({}, {}, generateKeyPairSync('ed25519').privateKey),
    ],
    [
      'by a key of the other kind',
      'algorithm-refused',
      () => assertion({}, { alg: 'ES256' }, ecdsa.privateKey),
    ],
    [
      'whose claims were changed after signing',
      'signature-wrong',
      async () => {
        const [header, , signature] = assertion().split('.')
        return `${header}.${part(goodClaims())}.${signature}`
      },
    ],
    [
      'without a signature',
      'signature-wrong',
      async () => `${assertion().split('.').slice(0, 2).join('.')}.`,
    ],
    [
      'for another audience',
      'claims-wrong',
      () => assertion({ aud: 'https://other.example/oauth/token' }),
    ],
    [
      'for our address but not the token endpoint',
      'claims-wrong',
      () => assertion({ aud: place.baseUrl }),
    ],
    [
      'for us and another',
      'claims-wrong',
      () => assertion({ aud: [place.tokenEndpoint, 'https://other.example'] }),
    ],
    [
      'that has expired',
      'expired',
      () => assertion({ exp: nowSeconds() - 10, iat: nowSeconds() - 100 }),
    ],
    [
      'that would live for an hour',
      'lives-too-long',
      () => assertion({ exp: nowSeconds() + 3600 }),
    ],
    [
      'that would live long from a made-up start',
      'lives-too-long',
      () => assertion({ iat: nowSeconds() + 3600, exp: nowSeconds() + 3700 }),
    ],
    ['that is not valid yet', 'claims-wrong', () => assertion({ nbf: nowSeconds() + 60 })],
    ['without an expiry', 'claims-wrong', () => assertion({ exp: undefined })],
    ['without an id', 'claims-wrong', () => assertion({ jti: undefined })],
    ['with an id of another type', 'claims-wrong', () => assertion({ jti: ['a'] })],
    ['whose subject is somebody else', 'claims-wrong', () => assertion({ sub: 'shop-consents' })],
    ['of an unknown client', 'client-unknown', () => assertion({ iss: 'nobody', sub: 'nobody' })],
    [
      'whose issuer is no text',
      'client-unknown',
      () => assertion({ iss: ['sms-tool'], sub: 'sms-tool' }),
    ],
    [
      'that brings its own key',
      'header-refused',
      async () => {
        const own = generateKeyPairSync('ed25519')
        return assertion({}, { jwk: await exportJWK(own.publicKey) }, own.privateKey)
      },
    ],
    [
      'that points to a key elsewhere',
      'header-refused',
      () => assertion({}, { jku: 'https://evil.example/jwks.json' }),
    ],
    [
      'that points to a certificate',
      'header-refused',
      () => assertion({}, { x5u: 'https://evil.example/cert' }),
    ],
    ['of the type of an access token', 'header-refused', () => assertion({}, { typ: 'at+jwt' })],
    ['that is too long', 'malformed', () => assertion({ jti: 'x'.repeat(9000) })],
    ['that is no token', 'malformed', () => 'not.a.token'],
    ['that is empty', 'malformed', () => ''],
  ]

  test.each(forgeries)('%s is refused (%s)', async (_name, reason, make) => {
    expect(await exchange(await make())).toEqual({ ok: false, error: { code: 'client-refused' } })
    expect(await lastReason()).toEqual({ decision: 'deny', reason })
  })

  test('with a key id that tries to choose a file or a row is judged by the registered key', async () => {
    for (const kid of ['../../../../dev/null', "x' union select 'a", 'shop-consents', '']) {
      const own = generateKeyPairSync('ed25519')
      expect((await exchange(assertion({}, { kid }, own.privateKey))).ok).toBe(false)
      expect(await lastReason()).toEqual({ decision: 'deny', reason: 'signature-wrong' })
    }
  })

  test('of a client that was disabled is refused, also with a token it holds, within a minute', async () => {
    const answer = await exchange(assertion())
    if (!answer.ok) throw new Error(answer.error.code)
    const known = async () =>
      await principalOfToken(world.deps, place.baseUrl, answer.value.accessToken)
    expect(await known()).toBeDefined()
    await world.asOperator(`update identity.client set state = 'disabled' where id = 'sms-tool'`)
    expect((await exchange(assertion())).ok).toBe(false)
    world.pass(60_000)
    expect(await known()).toBeUndefined()
    await world.asOperator(`update identity.client set state = 'active' where id = 'sms-tool'`)
  })
})

describe('an access token', () => {
  const claims = () => ({
    iss: place.baseUrl,
    aud: place.baseUrl,
    sub: 'sms-tool',
    client_id: 'sms-tool',
    scope: 'exports',
    recipient: 'sms-gateway',
    jti: randomUUID(),
    iat: nowSeconds(),
    exp: nowSeconds() + 300,
  })
  const minted = (
    changed: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
    key = world.deps.keys.signing().privateKey,
  ): string =>
    signed(
      { alg: 'EdDSA', typ: 'at+jwt', kid: world.deps.keys.signing().kid, ...header },
      { ...claims(), ...changed },
      key,
    )
  const lets = async (token: string): Promise<boolean> =>
    (await principalOfToken(world.deps, place.baseUrl, token)) !== undefined

  test('as we mint it lets in, until it expires', async () => {
    const token = minted()
    expect(await lets(token)).toBe(true)
    world.pass(299_000)
    expect(await lets(token)).toBe(true)
    world.pass(1000)
    expect(await lets(token)).toBe(false)
    expect(await lets(token)).toBe(false)
  })

  const bad: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['of another audience', () => minted({ aud: 'https://other.example' })],
    ['of another issuer', () => minted({ iss: 'https://other.example' })],
    ['of another type', () => minted({}, { typ: 'JWT' })],
    ['under another key id', () => minted({}, { kid: 'sign-other' })],
    [
      'signed by another deployment',
      () => minted({}, {}, keysFrom(Buffer.alloc(32, 1)).signing().privateKey),
    ],
    ['for another recipient than the client has', () => minted({ recipient: 'ad-platform' })],
    ['with a scope of another kind', () => minted({ scope: 'consents' })],
    ['of a client there is not', () => minted({ sub: 'ghost', client_id: 'ghost' })],
    ['without an expiry', () => minted({ exp: undefined })],
    ['that is an assertion', () => assertion()],
    ['with alg none', () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`],
    [
      'signed HS256 with our public key',
      () => {
        const { publicKey, kid } = world.deps.keys.signing()
        const text = `${part({ alg: 'HS256', typ: 'at+jwt', kid })}.${part(claims())}`
        const secret = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
      },
    ],
    ['that is no token', () => 'x'.repeat(5000)],
  ]

  test.each(bad)('%s is refused', async (_name, make) => {
    expect(await lets(await make())).toBe(false)
  })
})

describe('a machine', () => {
  const newClient = async (changed: Readonly<Record<string, unknown>>) =>
    await createClient(world.deps, system, {
      id: 'another-tool',
      kind: 'data_source',
      label: 'Another',
      publicJwk: await exportJWK(tool.publicKey),
      ...changed,
    })

  test('registers no secret, no private part and no weak key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keys = [
      { kty: 'oct', k: 'c2VjcmV0' },
      await exportJWK(tool.privateKey),
      await exportJWK(rsa.publicKey),
      await exportJWK(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
      { kty: 'OKP', crv: 'Ed25519', x: 'short' },
      null,
      'text',
    ]
    for (const publicJwk of keys) {
      expect(await newClient({ publicJwk })).toEqual({ ok: false, error: { code: 'key-refused' } })
    }
  })

  test('has a recipient exactly when it is a campaign tool', async () => {
    expect(await newClient({ recipient: 'sms-gateway' })).toMatchObject({
      error: { code: 'recipient-not-needed' },
    })
    expect(await newClient({ kind: 'campaign_tool' })).toMatchObject({
      error: { code: 'recipient-needed' },
    })
    expect(await newClient({ kind: 'campaign_tool', recipient: 'nobody' })).toMatchObject({
      error: { code: 'recipient-unknown' },
    })
  })

  test('cannot take the name of a person or of another machine', async () => {
    expect(await newClient({ id: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' })).toMatchObject({
      error: { code: 'client-id-invalid' },
    })
    expect(await newClient({ id: 'sms-tool' })).toMatchObject({
      error: { code: 'client-id-taken' },
    })
  })
})
