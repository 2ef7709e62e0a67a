import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acceptInvitation,
  createAdminInvitation,
  invitePerson,
  listPeople,
  signIn,
} from '../../src/identity/index.ts'
import { openWorld, system, visitor } from './world.ts'
import type { World } from './world.ts'

const password = 'a boat with a red sail'
let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world.close()
})

async function invite(email: string): Promise<string> {
  const invited = await createAdminInvitation(world.deps, system, email)
  if (!invited.ok || invited.value.token === undefined) throw new Error('not invited')
  return invited.value.token
}

test('the first administrator comes in by a link that works once', async () => {
  const token = await invite('Admin@Shop.example')
  expect((await signIn(world.deps, visitor(), { email: 'admin@shop.example', password })).ok).toBe(
    false,
  )
  expect((await acceptInvitation(world.deps, visitor(), { token, password })).ok).toBe(true)
  expect(await acceptInvitation(world.deps, visitor(), { token, password })).toEqual({
    ok: false,
    error: { code: 'invitation-void' },
  })
  const entered = await signIn(world.deps, visitor(), { email: 'admin@shop.example', password })
  expect(entered.ok && entered.value.principal.roles).toEqual(['admin'])
  expect(await createAdminInvitation(world.deps, system, 'admin@shop.example')).toEqual({
    ok: false,
    error: { code: 'email-taken' },
  })
})

test('a password that is refused does not use the link up', async () => {
  const token = await invite('second@shop.example')
  expect(await acceptInvitation(world.deps, visitor(), { token, password: 'short' })).toEqual({
    ok: false,
    error: { code: 'password-too-short' },
  })
  expect((await acceptInvitation(world.deps, visitor(), { token, password })).ok).toBe(true)
})

test('an older link is void as soon as there is a newer one, and every link after its days', async () => {
  const older = await invite('third@shop.example')
  const newer = await invite('third@shop.example')
  expect((await acceptInvitation(world.deps, visitor(), { token: older, password })).ok).toBe(false)
  world.pass(72 * 3_600_000 + 1)
  expect((await acceptInvitation(world.deps, visitor(), { token: newer, password })).ok).toBe(false)
})

test('what is no link of ours is refused', async () => {
  for (const token of ['', 'x', 'A'.repeat(43), "'; drop table identity.person --"]) {
    expect((await acceptInvitation(world.deps, visitor(), { token, password })).ok).toBe(false)
  }
})

test('a repeated request makes one invitation and does not tell the secret again', async () => {
  const context = {
    ...system,
    idempotency: { key: 'k-1', route: 'POST /v1/people', bodyDigest: 'sha256:1' },
  }
  const invitation = { email: 'li@shop.example', displayName: 'Li', roles: ['marketer'] } as const
  const first = await invitePerson(world.deps, context, invitation)
  const again = await invitePerson(world.deps, context, invitation)
  expect(first.ok && first.value.token).toMatch(/^[\w-]{43}$/)
  expect(again.ok && again.value).toEqual({
    personId: first.ok && first.value.personId,
    expiresAt: first.ok && first.value.expiresAt,
  })
  const answers = await world.asOperator('select response::text as line from edge.idempotency')
  expect(JSON.stringify(answers)).not.toContain(first.ok && first.value.token)
  const people = await listPeople(world.deps)
  expect(people.filter(({ email }) => email === 'li@shop.example')).toMatchObject([
    { state: 'invited' },
  ])
})
