/** A small vault with an approved export over it, made by the duties that would make it. */
import { sql } from 'kysely'
import type { TestDatabase } from '../support/database.ts'

export const processor = 'sms-gateway'
export const handler = 'partner'

export interface ExportPlan {
  readonly recipient: string
  readonly columns: readonly string[]
  readonly members: readonly { readonly customerId: string; readonly pseudonym: string }[]
}

/** Purpose, channel, recipients, a contract with the processor. */
export async function defineWorld(world: TestDatabase): Promise<void> {
  await world.asRole('yq_steward', { actor: 'steward' }, async (tx) => {
    await sql`insert into catalog.category (id, bit, label_en, label_zh, data_class)
      values ('transaction', 40, 'Purchases', '购买记录', 'S1') on conflict do nothing`.execute(tx)
  })
  await world.asRole('yq_privacy', { actor: 'officer' }, async (tx) => {
    await sql`insert into consent.purpose (id, label_en, label_zh, covered_by)
      values ('marketing', 'Marketing', '营销', array['marketing'])`.execute(tx)
    await sql`insert into consent.notice (id, version, sha256, language, text)
      values ('privacy', 1, 'sha256:0', 'zh', '告知书')`.execute(tx)
    await sql`insert into consent.channel (id, label_en, label_zh, identifier_kind)
      values ('sms', 'SMS', '短信', 'mobile')`.execute(tx)
    await sql`insert into consent.recipient (id, label_en, label_zh, role) values
      (${processor}, 'SMS gateway', '短信网关', 'processor'), (${handler}, 'Partner', '合作方', 'handler')`.execute(
      tx,
    )
    await sql`insert into consent.contract
        (id, recipient_id, purposes, channels, categories, valid_from, valid_until)
      values ('c1', ${processor}, array['marketing'], array['sms'], array['transaction'],
        '2020-01-01', '2090-01-01')`.execute(tx)
  })
}

/** People who said yes to SMS. */
export async function consentTo(
  world: TestDatabase,
  customerIds: readonly string[],
  state: 'given' | 'withdrawn',
): Promise<void> {
  await world.asRole('yq_ingest', { actor: 'loader' }, async (tx) => {
    const persons = customerIds.map((id) => ({ customer_id: id, adult_declared: true }))
    await sql`select consent.set_persons(${JSON.stringify(persons)}::jsonb)`.execute(tx)
    const events = customerIds.map((id) => ({
      customer_id: id,
      source: 'test',
      event_id: `${state}-${id}`,
      kind: 'general',
      purpose_id: 'marketing',
      channels: ['sms'],
      categories: ['transaction'],
      state,
      effective_at: state === 'given' ? '2025-01-01T00:00:00Z' : '2025-06-01T00:00:00Z',
      notice_id: 'privacy',
      notice_version: 1,
      mechanism: 'form',
      body_digest: state,
    }))
    await sql`select outcome from consent.append(${JSON.stringify(events)}::jsonb)`.execute(tx)
  })
}

/** An export in the state `available`. */
export async function availableExport(world: TestDatabase, plan: ExportPlan): Promise<string> {
  const ids = await world.asRole('yq_author', { actor: 'marketer' }, async (tx) => {
    const { rows } = await sql<{ audience_id: string; export_id: string }>`
      with saved as (
        insert into segment.segment (name, created_by)
        values (${`${plan.recipient} ${plan.columns.join(' ')}`}, 'marketer') returning id
      ), version as (
        insert into segment.version
          (segment_id, version, text, rule_hash, rule, categories, personalised, catalog_revision, created_by)
        select id, 1, '', 'h', '{}', array['transaction'], false, 1, 'marketer' from saved returning segment_id
      ), audience as (
        insert into audience.audience (segment_id, version, purpose_id, channel_id, recipient_id, use_hash, rule_hash,
          categories, personalised, time_zone, as_of, requested_by)
        select segment_id, 1, 'marketing', 'sms', ${plan.recipient}, 'u', 'h', array['transaction'], false, 'UTC',
          now(), 'marketer' from version returning id
      )
      insert into export.export (audience_id, recipient_id, purpose_id, channel_id, rule_hash, categories,
        personalised, destination, columns, reason, requested_by, expires_at, gates)
      select id, ${plan.recipient}, 'marketing', 'sms', 'h', array['transaction'], false, 'file',
        ${[...plan.columns]}::text[], 'test', 'marketer', '2090-01-01', '[]' from audience
      returning audience_id, id as export_id`.execute(tx)
    return rows[0]
  })
  if (ids === undefined) throw new Error('the export was not made')
  await world.asRole('yq_builder', { actor: 'builder', recipient: plan.recipient }, async (tx) => {
    const members = plan.members.map((member) => ({ ...member, audience_id: ids.audience_id }))
    await sql`insert into audience.member (customer_id, audience_id, pseudonym)
      select "customerId", audience_id, pseudonym
      from jsonb_to_recordset(${JSON.stringify(members)}::jsonb)
        as member ("customerId" bigint, audience_id uuid, pseudonym text)`.execute(tx)
  })
  await world.asRole('yq_approver', { actor: 'approver' }, async (tx) => {
    await sql`insert into export.approval (export_id, decision, approver, reason, rule_hash)
      values (${ids.export_id}, 'approved', 'approver', 'fine', 'h')`.execute(tx)
    await sql`select export.move(${ids.export_id}, array['requested'], 'approved')`.execute(tx)
    await sql`select export.move(${ids.export_id}, array['approved'], 'available')`.execute(tx)
  })
  return ids.export_id
}
