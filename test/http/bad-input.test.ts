import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveParties, openHttpWorld } from './world.ts'
import type { Asking, HttpWorld } from './world.ts'

let world: HttpWorld
let byParty: ReadonlyMap<string, Asking> = new Map()

beforeAll(async () => {
  world = await openHttpWorld()
  await giveParties(world.service)
  const roles = ['marketer', 'approver', 'steward', 'officer', 'reviewer', 'admin'] as const
  const people = await Promise.all(
    roles.map(async (role) => [role, { cookie: (await world.personWith([role])).cookie }] as const),
  )
  const kinds = [
    ['campaign_tool', 'sms-gateway'],
    ['consent_source', undefined],
    ['data_source', undefined],
  ] as const
  const machines = await Promise.all(
    kinds.map(
      async ([kind, recipient]) =>
        [kind, { token: (await world.machine(kind, recipient)).token }] as const,
    ),
  )
  byParty = new Map<string, Asking>([...people, ...machines])
})

afterAll(async () => {
  await world.close()
})

interface Operation {
  readonly method: string
  readonly path: string
  readonly fields: readonly string[]
  /** One who may. */
  readonly asking: Asking
}

/** The routes that take a body, with the names of its fields, as the description tells them. */
async function operations(): Promise<readonly Operation[]> {
  const { text } = await world.ask('/openapi.json')
  const parsed: {
    paths: Record<
      string,
      Record<
        string,
        {
          description: string
          requestBody?: {
            content: Record<string, { schema: { $ref?: string; properties?: object } }>
          }
        }
      >
    >
    components: { schemas: Record<string, { properties?: object }> }
  } = JSON.parse(text)
  return Object.entries(parsed.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).flatMap(([method, { description, requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema
      if (schema === undefined) return []
      const named = parsed.components.schemas[schema.$ref?.split('/').at(-1) ?? '']
      const party = description
        .split(': ')[1]
        ?.split(', ')
        .find((word) => byParty.has(word))
      const asking = byParty.get(party ?? 'marketer') ?? {}
      const fields = Object.keys(schema.properties ?? named?.properties ?? {})
      return [{ method: method.toUpperCase(), path, fields, asking }]
    }),
  )
}

/** What is well-formed but wrong: odd texts, numbers out of bounds, other types, and now and then the right one. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    'marketing.sms',
    'sms',
    'sms-gateway',
    'everyone',
    'general',
    'given',
    'approve',
    'id',
    '2026-01-01T00:00:00Z',
    '2026-13-45T99:00:00Z',
    '9999-12-31T23:59:59Z',
    '0000-00-00',
    "'; drop schema audit cascade; --",
    '%00',
    '\u202e',
    'x'.repeat(300),
    '00000000-0000-4000-8000-000000000000',
    'a@b.example',
    '=cmd|1',
    '🦊',
    '',
  ),
  fc.constantFrom(0, -1, 1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, -0),
  fc.constantFrom(
    null,
    true,
    [],
    {},
    [[]],
    ['id'],
    ['marketing.sms'],
    [null],
    { en: 'a', zh: 'b' },
    { kind: 'enum', values: [] },
    { kind: 'money', currency: 'CNY', scale: 99 },
    { purpose: 'marketing.sms', channel: 'sms', recipient: 'sms-gateway' },
    { id: 'privacy', version: 1 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

test('no body, however odd, is a fault of ours or tells of the inside', async () => {
  const all = (await operations()).filter(
    ({ path }) => !path.startsWith('/v1/session') && path !== '/v1/invitations/accept',
  )
  const request = fc.constantFrom(...all).chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record(Object.fromEntries(operation.fields.map((field) => [field, odd])), {
            requiredKeys: [],
          }),
        },
        { weight: 1, arbitrary: odd },
      ),
    }),
  )
  await fc.assert(
    fc.asyncProperty(request, async ({ operation, body }) => {
      world.pass(5000)
      const path = operation.path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
      const asking = { ...operation.asking, method: operation.method, body }
      const { status, text } = await world.ask(path, asking)
      expect(status).toBeLessThan(500)
      expect(text).not.toMatch(/zod|postgres|yq_|\bselect\b|node_modules|at \//i)
      expect(world.faults).toEqual([])
    }),
    { numRuns: 600 },
  )
})
