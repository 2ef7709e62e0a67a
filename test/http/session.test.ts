import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPerson } from '../../src/identity/index.ts'
import { cookieIn, openHttpWorld, password, system } from './world.ts'
import type { HttpWorld } from './world.ts'

let world: HttpWorld

beforeAll(async () => {
  world = await openHttpWorld()
})

afterAll(async () => {
  await world.close()
})

const lastEntry = async () => {
  const rows = await world.asOperator('select * from audit.entry order by seq desc limit 1')
  return rows[0]
}

test('the cookie is out of reach of scripts and of other sites, and of one path', async () => {
  const { email } = await world.personWith(['marketer'])
  const entered = await world.ask('/v1/session', { method: 'POST', body: { email, password } })
  expect(entered.status).toBe(200)
  expect(entered.body).toMatchObject({ email, roles: ['marketer'], demo: false })
  expect(entered.headers.get('set-cookie')).toMatch(
    /^yunqun=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
})

test('a cookie that was planted before signing in is not the one afterwards', async () => {
  const { email } = await world.personWith(['marketer'])
  const planted = `yunqun=${'A'.repeat(43)}`
  const entered = await world.ask('/v1/session', {
    method: 'POST',
    body: { email, password },
    cookie: planted,
  })
  expect(cookieIn(entered)).not.toBe(planted)
  expect((await world.ask('/v1/me', { cookie: planted })).status).toBe(401)
  expect((await world.ask('/v1/me', { cookie: cookieIn(entered) })).status).toBe(200)
  const twice = `${cookieIn(entered)}; ${planted}`
  expect((await world.ask('/v1/me', { cookie: twice })).status).toBe(401)
})

test('signing in again ends the session before, and signing out ends the session', async () => {
  const { email, cookie } = await world.personWith(['marketer'])
  const again = await world.ask('/v1/session', {
    method: 'POST',
    body: { email, password },
    cookie,
  })
  expect((await world.ask('/v1/me', { cookie })).status).toBe(401)
  const left = await world.ask('/v1/session', { method: 'DELETE', cookie: cookieIn(again) })
  expect(left.status).toBe(204)
  expect(left.headers.get('set-cookie')).toContain('Max-Age=0')
  expect((await world.ask('/v1/me', { cookie: cookieIn(again) })).status).toBe(401)
})

test('a wrong password and an unknown address get the same answer, byte for byte but for its number', async () => {
  const { email } = await world.personWith(['marketer'])
  const answer = async (asked: string) => {
    const { status, body } = await world.ask('/v1/session', {
      method: 'POST',
      body: { email: asked, password: 'not this one' },
    })
    return { status, body: { ...body, instance: '' } }
  }
  expect(await answer(email)).toEqual(await answer('nobody@shop.example'))
  expect((await answer(email)).status).toBe(401)
})

test('guessing is answered with 429 and the time to wait', async () => {
  const { email } = await world.personWith(['marketer'])
  const statuses: number[] = []
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const { status, headers } = await world.ask('/v1/session', {
      method: 'POST',
      body: { email, password: 'not this one' },
      address: '203.0.113.4',
    })
    statuses.push(status)
    if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429])
})

test('a page of another site cannot write with a cookie, nor sign anybody in', async () => {
  const { email, cookie } = await world.personWith(['marketer'])
  const elsewhere: readonly Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:9999' },
    { origin: 'http://127.0.0.1.evil.example:8080' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of elsewhere) {
    const refused = await world.ask('/v1/session', { method: 'DELETE', cookie, headers })
    expect([refused.status, refused.body['code']]).toEqual([403, 'origin-refused'])
    const entering = { method: 'POST', body: { email, password }, headers }
    expect((await world.ask('/v1/session', entering)).status).toBe(403)
  }
  expect(await lastEntry()).toMatchObject({ decision: 'deny', reason: 'origin-refused' })
  expect((await world.ask('/v1/me', { cookie })).status).toBe(200)
  for (const origin of ['http://127.0.0.1:8080', 'http://localhost:8080']) {
    const step = { method: 'POST', body: { password: 'wrong wrong' }, cookie, headers: { origin } }
    expect((await world.ask('/v1/session/step-up', step)).status).toBe(401)
  }
})

test('showing the password again renews the cookie', async () => {
  const { cookie } = await world.personWith(['approver'])
  const renewed = await world.ask('/v1/session/step-up', {
    method: 'POST',
    body: { password },
    cookie,
  })
  expect(renewed.status).toBe(200)
  expect((await world.ask('/v1/me', { cookie })).status).toBe(401)
  expect((await world.ask('/v1/me', { cookie: cookieIn(renewed) })).status).toBe(200)
})

test('one click is for the demo world, on the machine itself, asked for directly', async () => {
  const person = {
    email: 'demo@shop.example',
    displayName: '演示',
    roles: ['marketer'] as const,
    password,
    demo: true,
  }
  await createPerson(world.service, system, person)
  const click = { method: 'POST', body: { role: 'marketer' } }
  expect((await world.ask('/v1/demo-session', click)).status).toBe(403)
  await world.asOperator(`update meta.deployment set mode = 'demo'`)
  const elsewhere = [
    { ...click, address: '203.0.113.9' },
    { ...click, headers: { host: 'shop.example' } },
    { ...click, headers: { 'x-forwarded-for': '203.0.113.9' } },
    { ...click, headers: { host: 'rebound.evil.example:8080' } },
  ]
  for (const asking of elsewhere) {
    expect((await world.ask('/v1/demo-session', asking)).body['code']).toBe('no-demo-here')
    const welcome = await world.ask('/v1/welcome', { ...asking, method: 'GET', body: undefined })
    expect(welcome.body).toEqual({ mode: 'demo', demoRoles: [] })
  }
  expect((await world.ask('/v1/welcome')).body).toEqual({ mode: 'demo', demoRoles: ['marketer'] })
  const entered = await world.ask('/v1/demo-session', click)
  expect(entered.body).toMatchObject({ demo: true, roles: ['marketer'] })
  await world.asOperator(`update meta.deployment set mode = 'production'`)
  expect((await world.ask('/v1/me', { cookie: cookieIn(entered) })).status).toBe(401)
})

test('an invited person comes in by the link, and the administrator needs the password again after a while', async () => {
  const { cookie } = await world.personWith(['admin'])
  const invite = {
    method: 'POST',
    body: { email: 'steward@shop.example', displayName: '数据管理员', roles: ['steward'] },
    cookie,
  }
  const invited = await world.ask('/v1/people', invite)
  expect(invited.status).toBe(201)
  const url = JSON.stringify(invited.body['invitation'])
  const token = /invitation#([\w-]{43})/.exec(url)?.[1]
  const accept = { method: 'POST', body: { token, password } }
  expect((await world.ask('/v1/invitations/accept', accept)).status).toBe(200)
  expect((await world.ask('/v1/invitations/accept', accept)).status).toBe(409)
  const enter = { method: 'POST', body: { email: 'steward@shop.example', password } }
  expect((await world.ask('/v1/session', enter)).body).toMatchObject({ roles: ['steward'] })

  world.pass(10 * 60_000)
  const listed = await world.ask('/v1/people', { cookie })
  expect(listed.status).toBe(200)
  expect(JSON.stringify(listed.body)).toContain('steward@shop.example')
  const reviewer = await world.personWith(['reviewer'])
  const names = JSON.stringify((await world.ask('/v1/people', { cookie: reviewer.cookie })).body)
  expect(names).toContain('数据管理员')
  expect(names).not.toContain('@')
  world.pass(6 * 60_000)
  const late = await world.ask('/v1/people', invite)
  expect([late.status, late.body['code']]).toEqual([403, 'step-up-needed'])
})
