import { expect, test } from 'vitest'
import {
  actions,
  anonymous,
  clientKinds,
  decide,
  decisionTable,
  forbiddenPairOf,
  partiesByAction,
  roles,
} from '../../src/access/index.ts'
import type { MachinePrincipal, PersonPrincipal, Role } from '../../src/access/index.ts'

const person = (held: readonly Role[], steppedUp = true): PersonPrincipal => ({
  kind: 'person',
  actor: { kind: 'person', id: 'p-1', role: held[0] ?? 'none', demo: false },
  roles: held,
  steppedUp,
})

const tool: MachinePrincipal = {
  kind: 'machine',
  actor: { kind: 'machine', id: 'sms-tool', role: 'campaign_tool', demo: false },
  clientKind: 'campaign_tool',
  recipient: 'sms-gateway',
}

test('the decision table is the one that was reviewed', async () => {
  await expect(decisionTable()).toMatchFileSnapshot('decision-table.txt')
})

test('a person without a role may do no more than somebody who is not signed in', () => {
  for (const action of actions) {
    expect(decide(person([]), action).allow).toBe(decide(anonymous, action).allow)
  }
})

test('a stranger is told to sign in, and somebody signed in that the role is missing', () => {
  expect(decide(anonymous, 'segment.create')).toEqual({ allow: false, reason: 'not-signed-in' })
  expect(decide(person(['reviewer']), 'segment.create')).toEqual({
    allow: false,
    reason: 'role-missing',
  })
})

test('a reviewer changes nothing', () => {
  const mayChange = actions.filter(
    (action) =>
      /\.(create|update|request|cancel|decide|edit|append|ingest|opt-out|acknowledge|pull)$/.test(
        action,
      ) && decide(person(['reviewer']), action).allow,
  )
  expect(mayChange).toEqual([])
})

test('an admin sees neither rules, counts, audiences, exports nor the access log', () => {
  const sees = actions.filter(
    (action) =>
      /^(rule|count|segment|audience|export|access-log|catalog|customer|consent)\./.test(action) &&
      decide(person(['admin']), action).allow,
  )
  expect(sees).toEqual([])
})

test('no action on data is for somebody who is not signed in', () => {
  const open = actions.filter((action) => decide(anonymous, action).allow)
  expect(open).toEqual([
    'service.read',
    'page.read',
    'session.read',
    'session.start',
    'session.demo',
    'token.issue',
    'invitation.accept',
  ])
})

test('nobody decides on an export they asked for, even with both roles', () => {
  const both = person(['marketer', 'approver'])
  expect(decide(both, 'export.decide', { requestedBy: 'p-2' }).allow).toBe(true)
  expect(decide(both, 'export.decide', { requestedBy: 'p-1' })).toEqual({
    allow: false,
    reason: 'own-request',
  })
})

test('a decision on an export asks for the password again', () => {
  expect(decide(person(['approver'], false), 'export.decide', { requestedBy: 'p-2' })).toEqual({
    allow: false,
    reason: 'step-up-needed',
  })
})

test('an export is taken back by whoever asked for it or by an approver', () => {
  const asked = { requestedBy: 'p-1' }
  expect(decide(person(['marketer']), 'export.cancel', asked).allow).toBe(true)
  expect(decide(person(['marketer']), 'export.cancel', { requestedBy: 'p-2' })).toEqual({
    allow: false,
    reason: 'not-own-request',
  })
  expect(decide(person(['approver']), 'export.cancel', { requestedBy: 'p-2' }).allow).toBe(true)
})

test('a campaign tool reaches the exports of its own recipient only', () => {
  expect(decide(tool, 'export.pull', { recipient: 'sms-gateway' }).allow).toBe(true)
  expect(decide(tool, 'export.pull', { recipient: 'ad-platform' })).toEqual({
    allow: false,
    reason: 'other-recipient',
  })
})

test('the allowing role is named', () => {
  expect(decide(person(['steward', 'marketer']), 'count.read')).toEqual({
    allow: true,
    party: 'marketer',
  })
})

test('whoever watches or says who may act does nothing else', () => {
  for (const other of roles.filter((role) => role !== 'reviewer')) {
    expect(forbiddenPairOf([other, 'reviewer'])).toBeDefined()
  }
  for (const other of roles.filter((role) => role !== 'admin')) {
    expect(forbiddenPairOf(['admin', other])).toBeDefined()
  }
  expect(forbiddenPairOf(['marketer', 'approver', 'steward', 'officer'])).toBeUndefined()
})

test('every action is for somebody, and every party has one', () => {
  for (const action of actions) expect(partiesByAction[action].length).toBeGreaterThan(0)
  for (const kind of clientKinds) {
    const machine: MachinePrincipal = { ...tool, clientKind: kind }
    const only = actions.filter(
      (action) => decide(machine, action).allow && !decide(anonymous, action).allow,
    )
    expect(only.length).toBeGreaterThan(0)
  }
})
