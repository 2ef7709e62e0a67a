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

/** An audience whose members are in, built as a worker would. */
async function readyAudience(world: TestDatabase, plan: ExportPlan): Promise<string> {
  const author = { actor: 'marketer' }
  const id = await world.asRole('yq_author', author, async (tx) => {
    const name = `${plan.recipient} ${plan.columns.join(' ')}`
    const { rows: segments } = await sql<{ id: string }>`
      insert into segment.segment (name, created_by) values (${name}, 'marketer') returning id`.execute(
      tx,
    )
    const segment = segments[0]?.id
    await sql`
      insert into segment.version
        (segment_id, version, text, rule_hash, rule, categories, personalised, catalog_revision, created_by)
      values (${segment}, 1, '', 'h', '{}', array['transaction'], false, 1, 'marketer')`.execute(tx)
    const { rows } = await sql<{ id: string }>`
      insert into audience.audience
        (segment_id, version, purpose_id, channel_id, recipient_id, use_hash, time_zone, as_of, requested_by)
      values (${segment}, 1, 'marketing', 'sms', ${plan.recipient}, 'u', 'UTC', now(), 'marketer')
      returning id`.execute(tx)
    return rows[0]?.id ?? ''
  })
  await world.asRole('yq_builder', { actor: 'builder', recipient: plan.recipient }, async (tx) => {
    const members = plan.members.map((member) => ({ ...member, audience_id: id }))
    await sql`insert into audience.member (customer_id, audience_id, pseudonym)
      select "customerId", audience_id, pseudonym
      from jsonb_to_recordset(${JSON.stringify(members)}::jsonb)
        as member ("customerId" bigint, audience_id uuid, pseudonym text)`.execute(tx)
    await sql`update audience.audience set state = 'ready' where id = ${id}`.execute(tx)
  })
  return id
}

/** An export in the state `available` on the first of January 2026. */
export async function availableExport(world: TestDatabase, plan: ExportPlan): Promise<string> {
  const audience = await readyAudience(world, plan)
  const id = await world.asRole('yq_author', { actor: 'marketer' }, async (tx) => {
    const columns = [...plan.columns]
    const { rows } = await sql<{ id: string }>`
      insert into export.export
        (audience_id, destination, columns, reason, requested_by, requested_at, expires_at, gates)
      values (${audience}, 'file', ${columns}::text[], 'test', 'marketer', '2025-12-20', '2026-01-10', '[]')
      returning id`.execute(tx)
    return rows[0]?.id ?? ''
  })
  await world.asRole('yq_approver', { actor: 'approver' }, async (tx) => {
    await sql`insert into export.approval (export_id, decision, approver, reason, rule_hash)
      values (${id}, 'approved', 'approver', 'fine', 'h')`.execute(tx)
    await sql`select export.move(${id}, array['requested'], 'approved')`.execute(tx)
    await sql`select export.move(${id}, array['approved'], 'available')`.execute(tx)
  })
  return id
}
