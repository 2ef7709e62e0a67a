import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  appendConsentEvents,
  judge,
  openRun,
  permit,
  permitReasons,
} from '../../src/consent/index.ts'
import { everyServer } from '../support/database.ts'
import { people, questions } from './arbitraries.ts'
import { consentWorld, context, putPeople, sent, worldOf } from './support.ts'
import type { ConsentTestWorld, TestPerson } from './support.ts'

everyServer('the decision in the database', (server) => {
  let world: ConsentTestWorld
  let nextId = 1

  beforeAll(async () => {
    world = await consentWorld({ server })
  })
  afterAll(async () => {
    await world.close()
  })

  test('is the decision of the oracle for every person, use, rule and moment', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(people, { freq: 20, nil: undefined }), { minLength: 25, maxLength: 40 }),
        fc.array(questions, { minLength: 20, maxLength: 20 }),
        fc.constantFrom('exclude' as const, 'include' as const),
        fc.infiniteStream(fc.nat(1_000_000)),
        async (facts, asked, unknownAge, random) => {
          const known: TestPerson[] = facts.map((fact) => {
            const customerId = String(nextId++)
            return {
              customerId,
              subject: `s${customerId}`,
              ...(fact === undefined ? {} : { facts: fact }),
            }
          })
          await putPeople(world, known)
          await world.asRole('yq_privacy', { actor: 'test' }, (tx) =>
            tx.updateTable('meta.deployment').set({ unknown_age: unknownAge }).execute(),
          )
          await sendShuffled(world, known, random)
          const oracle = worldOf(unknownAge)
          for (const question of asked) {
            const { use, ...rule } = question
            const expected = new Map(
              known.map(({ customerId, facts }) => [
                customerId,
                permit(oracle, facts, use, rule, rule.at),
              ]),
            )
            const { judged, visible, counts } = await world.asRole('yq_builder', {}, async (tx) => {
              const { counts } = await openRun(tx, use, rule)
              const { rows } = await sql<{ customer_id: string }>`
                select customer_id from profile.customer`.execute(tx)
              const judged = await judge(tx, [...expected.keys()], use, rule)
              return { counts, judged, visible: rows.map((row) => row.customer_id) }
            })
            expect(judged).toEqual(expected)
            const ours = visible.filter((id) => expected.has(id)).sort()
            expect(ours).toEqual(
              [...expected]
                .filter(([, reason]) => reason === null)
                .map(([id]) => id)
                .sort(),
            )
            expect(counts.eligible).toBe(visible.length)
            for (const reason of expected.values())
              seen.set(reason ?? 'eligible', (seen.get(reason ?? 'eligible') ?? 0) + 1)
          }
        },
      ),
      { numRuns: server === 'embedded' ? 25 : 8 },
    )
    // The property says little when some reason never comes up.
    expect([...seen.keys()].sort()).toEqual([...permitReasons, 'eligible'].sort())
  }, 120_000)
})

/** Everybody's events in a random order and in random batches: neither may matter. */
async function sendShuffled(
  world: ConsentTestWorld,
  known: readonly TestPerson[],
  random: Iterator<number>,
): Promise<void> {
  const draw = (): number => random.next().value ?? 0
  const events = known
    .flatMap(({ subject, facts }) =>
      (facts?.events ?? []).map((event) =>
        sent(subject, { ...event, eventId: `${event.eventId}-${subject}` }),
      ),
    )
    .map((event) => ({ event, place: draw() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ event }) => event)
  const cut = events.length === 0 ? 0 : draw() % events.length
  for (const batch of [events.slice(0, cut), events.slice(cut)]) {
    const outcomes = await appendConsentEvents(world.deps, context, batch)
    if (!outcomes.ok) throw new Error(outcomes.error.code)
    expect(outcomes.value.filter(({ status }) => status !== 'inserted')).toEqual([])
  }
}
