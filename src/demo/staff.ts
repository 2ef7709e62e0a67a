/** Who works in the demo world: one person for each role and a machine of each kind. Roles for names, nobody invented. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { Deps, RequestContext } from '../audit/index.ts'
import { createClient, createPerson } from '../identity/index.ts'
import type { NewClient, NewPerson } from '../identity/index.ts'
import type { Keys } from '../keys/index.ts'
import { assert } from '../kernel/assert.ts'

export interface DemoPerson {
  readonly role: NewPerson['roles'][number]
  readonly email: string
  readonly password: string
}

export interface DemoClient {
  readonly id: string
  readonly kind: NewClient['kind']
  readonly recipient?: string
  readonly privateJwk: PrivateJwk
}

export interface PrivateJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly d: string
  readonly kid: string
}

const people: readonly (readonly [role: DemoPerson['role'], displayName: string])[] = [
  ['marketer', '营销人员（演示）'],
  ['approver', '审批人（演示）'],
  ['steward', '数据管理员（演示）'],
  ['officer', '个人信息保护负责人（演示）'],
  ['reviewer', '合规审计（演示）'],
  ['admin', '系统管理员（演示）'],
]

const clients: readonly Omit<DemoClient, 'privateJwk'>[] = [
  { id: 'demo-sms-gateway', kind: 'campaign_tool', recipient: 'sms-gateway' },
  { id: 'demo-ad-platform', kind: 'campaign_tool', recipient: 'ad-platform' },
  { id: 'demo-own-tool', kind: 'campaign_tool', recipient: 'own' },
  { id: 'demo-consent-source', kind: 'consent_source' },
  { id: 'demo-data-source', kind: 'data_source' },
]

/**
 * The people with their passwords. Every deployment has its own, drawn from its root key: nothing of them is kept, and
 * a second start finds the same.
 */
export const demoPeople = (keys: Keys): readonly DemoPerson[] =>
  people.map(([role]) => ({
    role,
    email: `${role}@heyu.example`,
    password: keys.mac('demo-secret', `password/${role}`).subarray(0, 15).toString('base64url'),
  }))

export const demoClients = (keys: Keys): readonly DemoClient[] =>
  clients.map((client) => ({ ...client, privateJwk: privateJwkOf(keys, client.id) }))

/** Makes those that are not there yet. */
export async function createStaff(deps: Deps, context: RequestContext): Promise<void> {
  const names = new Map(people)
  for (const { role, email, password } of demoPeople(deps.keys)) {
    const made = await createPerson(deps, context, {
      email,
      displayName: names.get(role) ?? role,
      roles: [role],
      password,
      demo: true,
    })
    assert(made.ok || made.error.code === 'email-taken', 'a person of the demo world')
  }
  for (const { id, kind, recipient, privateJwk } of demoClients(deps.keys)) {
    const { kty, crv, x, kid } = privateJwk
    const made = await createClient(deps, context, {
      id,
      kind,
      label: id,
      publicJwk: { kty, crv, x, kid },
      demo: true,
      ...(recipient === undefined ? {} : { recipient }),
    })
    assert(made.ok || made.error.code === 'client-id-taken', 'a machine of the demo world')
  }
}

/** PKCS #8 wrapping of a raw Ed25519 seed (RFC 8410). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

function privateJwkOf(keys: Keys, id: string): PrivateJwk {
  const seed = keys.mac('demo-secret', `client/${id}`)
  const privateKey = createPrivateKey({
    key: Buffer.concat([ed25519Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  assert(x !== undefined, 'a public key of Ed25519')
  return { kty: 'OKP', crv: 'Ed25519', x, d: seed.toString('base64url'), kid: id }
}
