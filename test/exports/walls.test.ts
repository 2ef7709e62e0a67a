import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DutyRole } from '../../src/db/index.ts'
import { openCampaign } from '../audiences/world.ts'
import type { Campaign } from '../audiences/world.ts'
import { everyServer } from '../support/database.ts'
import { available, pull } from './world.ts'

/** What each duty tries in vain; the database refuses, whatever the service does. */
const refused: readonly (readonly [DutyRole, string])[] = [
  ['yq_author', 'select customer_id from audience.member'],
  ['yq_author', 'select pseudonym from export.delivery'],
  ['yq_author', 'select pseudonym from export.removal'],
  ['yq_author', "update export.export set state = 'available'"],
  ['yq_author', "update audience.audience set state = 'ready'"],
  [
    'yq_author',
    "insert into export.approval values (gen_random_uuid(), 'approved', 'x', 'x', 'x')",
  ],
  ['yq_analyst', 'select id from audience.audience'],
  ['yq_analyst', 'select customer_id from audience.member'],
  ['yq_analyst', 'select id from export.export'],
  ['yq_builder', 'select id from export.export'],
  ['yq_builder', 'select pseudonym from export.delivery'],
  ['yq_builder', 'select ciphertext from vault.contact'],
  ['yq_builder', "insert into segment.segment (name, created_by) values ('x', 'x')"],
  ['yq_approver', 'select customer_id from audience.member'],
  ['yq_approver', "update export.approval set decision = 'approved'"],
  ['yq_approver', 'delete from export.approval'],
  ['yq_exporter', 'select customer_id from audience.member'],
  ['yq_exporter', 'select customer_id from export.delivery'],
  ['yq_exporter', 'select ciphertext from vault.contact'],
  ['yq_exporter', "update export.export set expires_at = 'infinity'"],
  ['yq_exporter', 'update export.chunk set row_count = 0'],
  ['yq_exporter', 'delete from export.delivery'],
  ['yq_auditor', 'select customer_id from audience.member'],
  ['yq_auditor', 'delete from export.chunk'],
  ['yq_consent', 'select id from export.export'],
  ['yq_steward', 'select id from audience.audience'],
]

everyServer('the walls around audiences and exports', (server) => {
  let campaign: Campaign
  let exportId: string
  beforeAll(async () => {
    campaign = await openCampaign({ server })
    exportId = await available(campaign, 'shanghai')
    await pull(campaign, exportId)
  })
  afterAll(async () => {
    await campaign.close()
  })

  test.each(refused)('%s cannot: %s', async (role, statement) => {
    await expect(
      campaign.world.asRole(role, { actor: 'somebody', recipient: 'gateway' }, (tx) =>
        sql.raw(statement).execute(tx),
      ),
    ).rejects.toThrow('permission denied')
  })

  test('a recipient sees nothing of what was delivered to another', async () => {
    const seen = (recipient: string | undefined) =>
      campaign.world.asRole('yq_exporter', { recipient }, async (tx) => {
        const count = async (table: 'export.export' | 'export.chunk' | 'export.delivery') => {
          const { rows } = await sql<{ count: string }>`
            select count(*) from ${sql.table(table)}`.execute(tx)
          return Number(rows[0]?.count)
        }
        return [
          await count('export.export'),
          await count('export.chunk'),
          await count('export.delivery'),
        ]
      })
    expect(await seen('ads')).toEqual([0, 0, 0])
    expect(await seen(undefined)).toEqual([0, 0, 0])
    expect((await seen('gateway')).every((count) => count > 0)).toBe(true)
  })

  test('a recipient asks for the rows and contact data of no other', async () => {
    for (const call of [
      sql`select pseudonym from export.next_rows(${exportId}, null, 10, now())`,
      sql`select kind from vault.resolve(${exportId}, array[1]::bigint[], now())`,
    ])
      await expect(
        campaign.world.asRole('yq_exporter', { recipient: 'ads' }, (tx) => call.execute(tx)),
      ).rejects.toThrow(/no such export is available|for nobody/)
  })

  test('no chunk is kept without its entry in the log', async () => {
    await expect(
      campaign.world.asRole('yq_exporter', { recipient: 'gateway' }, (tx) =>
        sql`insert into export.chunk (
            export_id, pull_id, number, row_count, withheld_count, digest, member_root, audit_seq)
          values (${exportId}, gen_random_uuid(), 1, 1, 0, 'x', 'x', 999999999)`.execute(tx),
      ),
    ).rejects.toThrow('foreign key')
  })

  test('an audience runs the rule and categories of its version, whatever the request says', async () => {
    await expect(
      campaign.world.asRole('yq_author', { actor: 'somebody' }, (tx) =>
        sql`insert into audience.audience (
            segment_id, version, purpose_id, channel_id, recipient_id, use_hash, time_zone, as_of, requested_by,
            categories)
          select segment_id, version, 'marketing.winback', 'sms', 'gateway', 'x', 'UTC', now(), 'somebody', '{}'
          from segment.version limit 1`.execute(tx),
      ),
    ).rejects.toThrow('permission denied')
  })
})
