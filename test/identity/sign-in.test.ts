import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  contextOf,
  createPerson,
  demoSignIn,
  principalOfSession,
  sessionAbsoluteMs,
  sessionIdleMs,
  signIn,
  signOut,
  stepUp,
  stepUpMs,
  welcomeOf,
} from '../../src/identity/index.ts'
import type { Role } from '../../src/access/index.ts'
import { openWorld, system, visitor } from './world.ts'
import type { World } from './world.ts'

const password = 'a long walk by the river'
const hourMs = 3_600_000
let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world.close()
})

let names = 0
async function newPerson(held: readonly Role[] = ['marketer'], demo = false): Promise<string> {
  names += 1
  const email = `person${names}@shop.example`
  const made = await createPerson(world.deps, system, {
    email,
    displayName: 'Li Na',
    roles: held,
    password,
    demo,
  })
  expect(made.ok).toBe(true)
  return email
}

async function enter(email: string) {
  const entered = await signIn(world.deps, visitor(), { email, password })
  if (!entered.ok) throw new Error(entered.error.code)
  return entered.value
}

const lastEntry = async () => {
  const rows = await world.asOperator('select * from audit.entry order by seq desc limit 1')
  return rows[0]
}

test('a wrong password, an unknown address and an account that is closed get the same answer', async () => {
  const known = await newPerson()
  const disabled = await newPerson()
  await world.asOperator(`update identity.person set state = 'disabled' where email = $1`, [
    disabled,
  ])
  for (const credentials of [
    { email: known, password: 'wrong wrong' },
    { email: 'nobody@shop.example', password },
    { email: 'no address', password },
    { email: disabled, password },
  ]) {
    expect(await signIn(world.deps, visitor('203.0.113.1'), credentials)).toEqual({
      ok: false,
      error: { code: 'wrong-credentials' },
    })
  }
})

test('refused attempts are on record, with the person by id and never by address', async () => {
  const email = await newPerson()
  await signIn(world.deps, visitor(), { email, password: 'wrong wrong' })
  const rows = await world.asOperator('select id from identity.person where email = $1', [email])
  expect(await lastEntry()).toMatchObject({
    action: 'session.start',
    decision: 'deny',
    reason: 'wrong-credentials',
    actor: 'anonymous',
    object_id: rows.map((row) =>
      typeof row === 'object' && row !== null && 'id' in row ? row.id : '',
    )[0],
    client_ip: '203.0.113.0',
  })
  const log = await world.asOperator('select entry::text as line from audit.entry as entry')
  expect(JSON.stringify(log)).not.toContain(email)
})

test('who signs in is known by the session, and the secret is not in the database', async () => {
  const email = await newPerson(['steward', 'officer'])
  const { token } = await enter(email.toUpperCase())
  const session = await principalOfSession(world.deps, token)
  expect(session?.principal).toMatchObject({
    kind: 'person',
    roles: ['steward', 'officer'],
    steppedUp: true,
    actor: { kind: 'person', role: 'steward+officer', demo: false },
  })
  const dump = await world.asOperator(
    'select session::text as line from identity.session as session',
  )
  expect(JSON.stringify(dump)).not.toContain(token)
})

test('every sign-in draws a new secret, so that one planted before is worth nothing', async () => {
  const email = await newPerson()
  const first = await enter(email)
  const second = await enter(email)
  expect(second.token).not.toBe(first.token)
  expect(await principalOfSession(world.deps, 'A'.repeat(43))).toBeUndefined()
  expect(await principalOfSession(world.deps, '')).toBeUndefined()
})

test('a session ends by signing out', async () => {
  const { token, principal } = await enter(await newPerson())
  await signOut(world.deps, contextOf(visitor(), principal.actor), token)
  expect(await principalOfSession(world.deps, token)).toBeUndefined()
})

test('a session ends when it is idle, and after its day even when it is not', async () => {
  const idle = await enter(await newPerson())
  world.pass(sessionIdleMs + 1)
  expect(await principalOfSession(world.deps, idle.token)).toBeUndefined()

  const busy = await enter(await newPerson())
  for (let passedMs = 0; passedMs < sessionAbsoluteMs - sessionIdleMs; passedMs += sessionIdleMs) {
    world.pass(sessionIdleMs)
    expect(await principalOfSession(world.deps, busy.token)).toBeDefined()
  }
  world.pass(sessionIdleMs)
  expect(await principalOfSession(world.deps, busy.token)).toBeUndefined()
})

test('sessions of a person who is disabled end at once', async () => {
  const email = await newPerson()
  const { token } = await enter(email)
  await world.asOperator(`update identity.person set state = 'disabled' where email = $1`, [email])
  expect(await principalOfSession(world.deps, token)).toBeUndefined()
})

test('the password counts as just shown for a while, and showing it again changes the secret', async () => {
  const { token, principal, expiresAt } = await enter(await newPerson(['approver']))
  world.pass(stepUpMs)
  await principalOfSession(world.deps, token)
  world.pass(1)
  const later = await principalOfSession(world.deps, token)
  expect(later?.principal.steppedUp).toBe(false)

  const session = { token, actor: principal.actor, expiresAt }
  const refused = await stepUp(world.deps, visitor(), session, 'wrong wrong')
  expect(refused).toEqual({ ok: false, error: { code: 'wrong-credentials' } })
  expect(await principalOfSession(world.deps, token)).toBeDefined()

  const renewed = await stepUp(world.deps, visitor(), session, password)
  if (!renewed.ok) throw new Error(renewed.error.code)
  expect(await principalOfSession(world.deps, token)).toBeUndefined()
  const again = await principalOfSession(world.deps, renewed.value.token)
  expect(again?.principal.steppedUp).toBe(true)
  expect(again?.expiresAt).toEqual(expiresAt)
})

test('a password hash of an older cost is made anew at the next sign-in', async () => {
  const email = await newPerson()
  const { hash } = await import('@node-rs/argon2')
  const pepper = world.deps.keys.mac('password-pepper', 'argon2id')
  const old = await hash(password, {
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1,
    secret: pepper,
  })
  await world.asOperator('update identity.person set password_hash = $2 where email = $1', [
    email,
    old,
  ])
  await enter(email)
  const rows = await world.asOperator(
    'select password_hash from identity.person where email = $1',
    [email],
  )
  expect(JSON.stringify(rows)).toContain('$argon2id$v=19$m=47104,t=1,p=1$')
  await enter(email)
})

test('guessing gets exponentially slower, at the same pace for unknown addresses, and ends', async () => {
  const known = await newPerson()
  const waits = async (email: string, network: string) => {
    const seconds: number[] = []
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const answer = await signIn(world.deps, visitor(network), { email, password: 'wrong wrong' })
      if (!answer.ok && answer.error.code === 'too-many-attempts') {
        seconds.push(answer.error.retryAfterSeconds)
        world.pass(answer.error.retryAfterSeconds * 1000)
      }
    }
    return seconds
  }
  const ofKnown = await waits(known, '203.0.113.20')
  expect(ofKnown).toEqual([1, 2])
  expect(await waits('nobody2@shop.example', '203.0.113.21')).toEqual(ofKnown)
  world.pass(hourMs)
  await enter(known)
})

test('guesses sent at once are counted before any password is compared', async () => {
  const email = await newPerson()
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      signIn(world.deps, visitor('203.0.113.30'), { email, password: 'wrong wrong' }),
    ),
  )
  const compared = answers.filter(
    (answer) => !answer.ok && answer.error.code === 'wrong-credentials',
  )
  expect(compared.length).toBe(6)
})

test('whoever guesses elsewhere does not keep a person out of where they usually sign in', async () => {
  const email = await newPerson()
  const home = visitor('198.51.100.5')
  expect((await signIn(world.deps, home, { email, password })).ok).toBe(true)
  for (let attempt = 0; attempt < 8; attempt += 1)
    await signIn(world.deps, visitor('203.0.113.40'), { email, password: 'wrong wrong' })
  expect(await signIn(world.deps, visitor('203.0.113.41'), { email, password })).toMatchObject({
    error: { code: 'too-many-attempts' },
  })
  expect((await signIn(world.deps, home, { email, password })).ok).toBe(true)
})

test('a network that tries many addresses has to wait too', async () => {
  const answers: string[] = []
  for (let attempt = 0; attempt < 53; attempt += 1) {
    const answer = await signIn(world.deps, visitor('203.0.113.50'), {
      email: `made-up-${attempt}@shop.example`,
      password: 'wrong wrong',
    })
    if (!answer.ok) answers.push(answer.error.code)
  }
  expect(answers.slice(0, 51)).not.toContain('too-many-attempts')
  expect(answers.slice(51)).toEqual(['too-many-attempts', 'too-many-attempts'])
})

test('roles that must not meet are refused, by the service and by the database', async () => {
  const made = await createPerson(world.deps, system, {
    email: 'both@shop.example',
    displayName: 'Both',
    roles: ['marketer', 'reviewer'],
    password,
  })
  expect(made).toEqual({
    ok: false,
    error: { code: 'roles-forbidden', pair: ['marketer', 'reviewer'] },
  })
  await expect(
    world.asOperator(
      `insert into identity.person (email, display_name, roles) values ('b@x.example', 'B', '{marketer,reviewer}')`,
    ),
  ).rejects.toThrow(/check constraint/)
})

test('passwords that anybody would try first are refused', async () => {
  for (const [bad, code] of [
    ['short', 'password-too-short'],
    ['password123', 'password-too-common'],
    ['aaaaaaaaaa', 'password-too-common'],
    ['Weak.Person', 'password-too-common'],
    ['x'.repeat(257), 'password-too-long'],
  ] as const) {
    const made = await createPerson(world.deps, system, {
      email: 'weak.person@shop.example',
      displayName: 'Weak',
      roles: ['marketer'],
      password: bad,
    })
    expect(made).toEqual({ ok: false, error: { code } })
  }
})

test('one click signs in only a demo person, only in the demo world, only on the machine itself', async () => {
  await newPerson(['marketer'], true)
  const here = visitor('127.0.0.1', true)
  expect(await demoSignIn(world.deps, here, 'marketer')).toEqual({
    ok: false,
    error: { code: 'no-demo-here' },
  })
  await world.asOperator(`update meta.deployment set mode = 'demo'`)
  expect((await demoSignIn(world.deps, visitor('203.0.113.9'), 'marketer')).ok).toBe(false)
  expect((await demoSignIn(world.deps, here, 'reviewer')).ok).toBe(false)
  expect(await welcomeOf(world.deps, here)).toEqual({ mode: 'demo', demoRoles: ['marketer'] })
  expect((await welcomeOf(world.deps, visitor('203.0.113.9'))).demoRoles).toEqual([])
  const entered = await demoSignIn(world.deps, here, 'marketer')
  if (!entered.ok) throw new Error(entered.error.code)
  expect(entered.value.principal.actor.demo).toBe(true)
  expect(await lastEntry()).toMatchObject({ action: 'session.demo', decision: 'allow', demo: true })

  await world.asOperator(`update meta.deployment set mode = 'production'`)
  expect(await principalOfSession(world.deps, entered.value.token)).toBeUndefined()
  expect((await demoSignIn(world.deps, here, 'marketer')).ok).toBe(false)
})

test('a demo person cannot sign in with a password where the demo world has ended', async () => {
  const email = await newPerson(['marketer'], true)
  await world.asOperator(`update meta.deployment set mode = 'production'`)
  expect((await signIn(world.deps, visitor(), { email, password })).ok).toBe(false)
})
