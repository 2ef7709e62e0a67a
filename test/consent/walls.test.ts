import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  appendConsentEvents,
  closeRun,
  judge,
  openRun,
  setPersons,
  suppress,
} from '../../src/consent/index.ts'
import { dutyRoles } from '../../src/db/index.ts'
import type { DutyRole, DutyTx } from '../../src/db/index.ts'
import { everyServer } from '../support/database.ts'
import { adult, consentWorld, context, grant, noon, putPeople } from './support.ts'
import type { ConsentTestWorld } from './support.ts'

const use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'own' }
const rule = { categories: ['transaction'], personalised: true, at: noon }
const mayNot = /permission denied/

everyServer('the walls of consent', (server) => {
  let world: ConsentTestWorld

  beforeAll(async () => {
    world = await consentWorld({ server, connectionsMax: 6 })
    await putPeople(world, [
      { customerId: '1', subject: 's1', facts: adult },
      { customerId: '2', subject: 's2', facts: adult },
      { customerId: '3', subject: 's3' },
      { customerId: '9', subject: 's9', facts: { ...adult, status: 'erased' } },
    ])
    await appendConsentEvents(world.deps, context, [grant('s1')])
  })
  afterAll(async () => {
    await world.close()
  })

  const others = (...allowed: DutyRole[]) => dutyRoles.filter((role) => !allowed.includes(role))
  const visible = async (tx: DutyTx): Promise<string[]> =>
    (
      await sql<{ id: string }>`select customer_id as id from profile.customer`.execute(tx)
    ).rows.map(({ id }) => id)

  describe('refuse', () => {
    test.each(others('yq_consent', 'yq_ingest'))('%s to append', async (role) => {
      await expect(
        world.asRole(role, {}, (tx) => sql`select consent.append('[]'::jsonb)`.execute(tx)),
      ).rejects.toThrow(mayNot)
    })

    test.each(others('yq_analyst', 'yq_builder'))('%s to open a run', async (role) => {
      await expect(world.asRole(role, {}, (tx) => openRun(tx, use, rule))).rejects.toThrow(mayNot)
    })

    test.each(others('yq_builder', 'yq_exporter', 'yq_privacy'))('%s to judge', async (role) => {
      await expect(world.asRole(role, {}, (tx) => judge(tx, ['1'], use, rule))).rejects.toThrow(
        mayNot,
      )
    })

    test.each(others('yq_ingest', 'yq_privacy'))('%s to set persons', async (role) => {
      await expect(
        world.asRole(role, {}, (tx) => setPersons(tx, [{ customerId: '1', status: 'active' }])),
      ).rejects.toThrow(mayNot)
    })

    test.each(others('yq_consent', 'yq_exporter'))('%s to suppress', async (role) => {
      await expect(
        world.asRole(role, {}, (tx) => suppress(tx, ['1'], 'sms', 'opt-out', 'test', noon)),
      ).rejects.toThrow(mayNot)
    })

    test.each(others('yq_privacy'))(
      '%s to read the ledger or what follows from it',
      async (role) => {
        for (const table of ['event', 'live', 'person', 'suppression'])
          await expect(
            world.asRole(role, {}, (tx) =>
              sql`select 1 from ${sql.table(`consent.${table}`)}`.execute(tx),
            ),
          ).rejects.toThrow(mayNot)
      },
    )

    test.each(dutyRoles)('%s to write the ledger or what follows from it by hand', async (role) => {
      for (const table of ['event', 'live', 'person', 'suppression', 'eligible', 'run'])
        for (const verb of [
          sql`insert into ${sql.table(`consent.${table}`)} default values`,
          sql`delete from ${sql.table(`consent.${table}`)}`,
        ])
          await expect(world.asRole(role, {}, (tx) => verb.execute(tx))).rejects.toThrow(mayNot)
    })

    test('the officer, too, to change what somebody said', async () => {
      await expect(
        world.asRole('yq_privacy', {}, (tx) =>
          sql`update consent.event set state = 'given'`.execute(tx),
        ),
      ).rejects.toThrow(mayNot)
    })

    test('to bring back an erased person by loading them again', async () => {
      await world.asRole('yq_ingest', {}, (tx) =>
        setPersons(tx, [{ customerId: '9', status: 'active', bornOn: '1990-01-01' }]),
      )
      const reasons = await world.asRole('yq_privacy', {}, (tx) => judge(tx, ['9'], use, rule))
      expect(reasons.get('9')).toBe('status')
    })

    test('a channel that nobody knows, rather than suppress nothing', async () => {
      await expect(
        world.asRole('yq_consent', {}, (tx) =>
          suppress(tx, ['2'], 'smss', 'opt-out', 'test', noon),
        ),
      ).rejects.toThrow('no such channel')
    })

    test('a run for a category that the catalogue does not know', async () => {
      await expect(
        world.asRole('yq_analyst', {}, (tx) =>
          openRun(tx, use, { ...rule, categories: ['unheard'] }),
        ),
      ).rejects.toThrow('a category that the catalogue does not know')
    })
  })

  describe('a run', () => {
    test('shows the people permitted and nobody else, until it is closed', async () => {
      await world.asRole('yq_analyst', {}, async (tx) => {
        expect(await visible(tx)).toEqual([])
        const opened = await openRun(tx, use, rule)
        expect(await visible(tx)).toEqual(['1'])
        expect(opened.everyone).toBe(4)
        expect(opened.counts).toMatchObject({ eligible: 1, general: 1, status: 2 })
        await closeRun(tx)
        expect(await visible(tx)).toEqual([])
      })
    })

    test('that nobody closed ends with its transaction, for whoever knows its number too', async () => {
      const { run } = await world.asRole('yq_analyst', {}, (tx) => openRun(tx, use, rule))
      await world.asRole('yq_analyst', { run }, async (tx) => {
        expect(await visible(tx)).toEqual([])
        const { rows } = await sql`select 1 from consent.eligible`.execute(tx)
        expect(rows).toEqual([])
      })
    })

    test('of another transaction is invisible while it is open', async () => {
      await world.asRole('yq_builder', {}, async (tx) => {
        const { run } = await openRun(tx, use, rule)
        const elsewhere = await world.asRole('yq_builder', { run }, visible)
        expect(elsewhere).toEqual([])
        expect(await visible(tx)).toEqual(['1'])
      })
    })

    test('replaces the run before it', async () => {
      await world.asRole('yq_builder', {}, async (tx) => {
        await openRun(tx, use, rule)
        await openRun(tx, { ...use, channel: 'email' }, rule)
        expect(await visible(tx)).toEqual([])
      })
    })
  })
})
