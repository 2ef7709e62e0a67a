import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../src/access/index.ts'
import { createApp } from '../../src/http/index.ts'
import type { App } from '../../src/http/index.ts'
import { createClient, createPerson } from '../../src/identity/index.ts'
import { startWorkers } from '../../src/jobs/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { customers, openCampaign, person, sms, subjectOf } from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import type { MachineLogin, PersonLogin } from './client.ts'
import type { WalkPlan } from './plan.ts'
import { WalkFailed } from './story.ts'
import { runWalk } from './walk.ts'

let campaign: Campaign
let plan: WalkPlan
const faults: unknown[] = []
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  campaign = await openCampaign({ clock: systemClock, connectionsMax: 12 })
  endings.push(campaign.close)
  const workers = startWorkers(campaign.deps, { onError: (error) => faults.push(error) })
  endings.push(workers.stop)
  const baseUrl = await listen(campaign, workers.wake)
  plan = {
    baseUrl,
    people: {
      marketer: await letIn(campaign, 'marketer'),
      approver: await letIn(campaign, 'approver'),
      reviewer: await letIn(campaign, 'reviewer'),
    },
    machines: {
      tool: await machine(campaign, 'gateway-tool', 'campaign_tool', sms.recipient),
      otherTool: await machine(campaign, 'ads-tool', 'campaign_tool', 'ads'),
      consentSource: await machine(campaign, 'consents', 'consent_source'),
    },
    use: sms,
    rules: {
      wrong: 'customers who [Citty] is "Shanghai"',
      en: 'customers who [City] is "Shanghai"',
      zh: '客户满足 [城市] 为 "上海"',
    },
    columns: ['id', 'mobile'],
    subjects: Array.from({ length: customers }, (_, place) => subjectOf(place)),
    withdrawals: 5,
  }
})
afterAll(async () => {
  for (const end of endings.toReversed()) await end()
})

test('the whole way goes over HTTP, from a sentence to a consented list', async () => {
  const lines: string[] = []
  await runWalk({ plan, write: (line) => lines.push(line) })
  expect(lines.at(-1)).toContain('every step was as it must be')
  expect(lines.length).toBeGreaterThan(50)
  expect(faults).toEqual([])
})

test('a walk fails loudly where a step is not as it must be', async () => {
  const write = () => undefined
  await expect(
    runWalk({
      plan: { ...plan, rules: { ...plan.rules, zh: '客户满足 [城市] 为 "北京"' } },
      write,
    }),
  ).rejects.toThrow(WalkFailed)
  const { tool } = plan.machines
  const swapped = { ...plan.machines, otherTool: tool }
  await expect(runWalk({ plan: { ...plan, machines: swapped }, write })).rejects.toThrow(
    "the rows of another recipient's list: 200 instead of 404",
  )
})

/** The service in this process, on a port of its own. */
async function listen({ deps }: Campaign, onQueued: () => void): Promise<string> {
  let app: App | undefined
  const server = createAdaptorServer({
    fetch: (request) =>
      app?.fetch(request, { connection: { address: '127.0.0.1' } }) ?? new Response(null),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has a port')
  endings.push(async () => {
    server.close()
    await once(server, 'close')
  })
  const baseUrl = `http://127.0.0.1:${address.port}`
  app = createApp({
    ...deps,
    baseUrl,
    version: 'test',
    onFault: (fault) => faults.push(fault),
    onQueued,
  })
  return baseUrl
}

async function letIn({ deps }: Campaign, role: Role): Promise<PersonLogin> {
  const login = {
    email: `${role}@walk.example`,
    password: randomBytes(18).toString('base64url'),
  }
  const made = await createPerson(deps, person('admin'), {
    ...login,
    displayName: role,
    roles: [role],
  })
  if (!made.ok) throw new Error(made.error.code)
  return login
}

async function machine(
  { deps }: Campaign,
  id: string,
  kind: 'campaign_tool' | 'consent_source',
  recipient?: string,
): Promise<MachineLogin> {
  const pair = generateKeyPairSync('ed25519')
  const publicJwk = { ...pair.publicKey.export({ format: 'jwk' }) }
  const made = await createClient(deps, person('admin'), {
    id,
    kind,
    label: id,
    publicJwk,
    ...(recipient === undefined ? {} : { recipient }),
  })
  if (!made.ok) throw new Error(made.error.code)
  return { id, privateJwk: { kty: 'OKP', ...pair.privateKey.export({ format: 'jwk' }) } }
}
