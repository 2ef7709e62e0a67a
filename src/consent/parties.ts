/** Reads and keeps the purposes, channels, notices, recipients and contracts. The privacy officer's work. */
import { createHash } from 'node:crypto'
import { recorded } from '../audit/index.ts'
import type { Deps, IdempotencyError, RequestContext } from '../audit/index.ts'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { Notice, Parties, PartiesDraft } from './party.ts'

export type PartiesError =
  | {
      readonly code: 'purpose-unknown' | 'channel-unknown' | 'recipient-unknown'
      readonly id: string
    }
  /** A notice is what people read: another text needs another version. */
  | { readonly code: 'notice-changed'; readonly id: string; readonly version: number }

/** Adds and changes; leaves what is not named as it is. A second time changes nothing. */
export async function defineParties(
  deps: Deps,
  context: RequestContext,
  draft: PartiesDraft,
): Promise<Result<null, PartiesError | IdempotencyError>> {
  return await recorded(deps.database, context, 'yq_privacy', {}, async (tx) => {
    const refusal = findRefusal(await listParties(tx), draft)
    if (refusal === undefined) await write(tx, draft)
    return {
      result: refusal === undefined ? ok(null) : err(refusal),
      entry: {
        action: 'party.edit',
        decision: refusal === undefined ? 'allow' : 'deny',
        ...(refusal === undefined ? {} : { reason: refusal.code }),
        detail: {
          purposes: idsOf(draft.purposes),
          channels: idsOf(draft.channels),
          notices: (draft.notices ?? []).map(({ id, version }) => `${id} ${version}`),
          recipients: idsOf(draft.recipients),
          contracts: idsOf(draft.contracts),
        },
      },
    }
  })
}

const idsOf = (items: readonly { readonly id: string }[] | undefined): string[] =>
  (items ?? []).map(({ id }) => id)

function findRefusal(known: Parties, draft: PartiesDraft): PartiesError | undefined {
  const purposes = new Set([...idsOf(known.purposes), ...idsOf(draft.purposes)])
  const channels = new Set([...idsOf(known.channels), ...idsOf(draft.channels)])
  const recipients = new Set([...idsOf(known.recipients), ...idsOf(draft.recipients)])
  const contracts = draft.contracts ?? []
  const missing = (
    code: 'purpose-unknown' | 'channel-unknown' | 'recipient-unknown',
    ids: readonly string[],
    among: ReadonlySet<string>,
  ): PartiesError | undefined => {
    const id = ids.find((id) => !among.has(id))
    return id === undefined ? undefined : { code, id }
  }
  const purposesNamed = [
    ...(draft.purposes ?? []).flatMap(({ coveredBy }) => coveredBy ?? []),
    ...contracts.flatMap((contract) => contract.purposes),
  ]
  return (
    missing('purpose-unknown', purposesNamed, purposes) ??
    missing(
      'channel-unknown',
      contracts.flatMap((contract) => contract.channels),
      channels,
    ) ??
    missing(
      'recipient-unknown',
      contracts.map(({ recipient }) => recipient),
      recipients,
    ) ??
    findChangedNotice(known.notices, draft.notices ?? [])
  )
}

function findChangedNotice(
  known: readonly Notice[],
  drafts: readonly Notice[],
): PartiesError | undefined {
  for (const [index, draft] of drafts.entries()) {
    const same = [...known, ...drafts.slice(0, index)].find(
      ({ id, version }) => id === draft.id && version === draft.version,
    )
    if (same !== undefined && (same.text !== draft.text || same.language !== draft.language))
      return { code: 'notice-changed', id: draft.id, version: draft.version }
  }
  return undefined
}

async function write(tx: DutyTx, draft: PartiesDraft): Promise<void> {
  for (const notice of draft.notices ?? []) {
    await tx
      .insertInto('consent.notice')
      .values({
        id: notice.id,
        version: notice.version,
        language: notice.language,
        text: notice.text,
        sha256: createHash('sha256').update(notice.text).digest('hex'),
      })
      .onConflict((conflict) => conflict.columns(['id', 'version']).doNothing())
      .execute()
  }
  for (const channel of draft.channels ?? []) {
    const row = { ...labels(channel), identifier_kind: channel.identifierKind }
    await tx
      .insertInto('consent.channel')
      .values({ id: channel.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }
  await writePurposes(tx, draft)
  await writeRecipients(tx, draft)
}

async function writePurposes(tx: DutyTx, draft: PartiesDraft): Promise<void> {
  for (const purpose of draft.purposes ?? []) {
    const row = {
      ...labels(purpose),
      kind: purpose.kind ?? ('marketing' as const),
      covered_by: [...new Set([purpose.id, ...(purpose.coveredBy ?? [])])],
      notice_id: purpose.notice ?? null,
      min_notice_version: purpose.minNoticeVersion ?? 1,
      valid_until: purpose.validUntil ?? 'infinity',
    }
    await tx
      .insertInto('consent.purpose')
      .values({ id: purpose.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }
}

async function writeRecipients(tx: DutyTx, draft: PartiesDraft): Promise<void> {
  for (const recipient of draft.recipients ?? []) {
    const row = {
      ...labels(recipient),
      role: recipient.role,
      country: recipient.country ?? 'CN',
      contact: recipient.contact ?? '',
      pseudonym_epoch: recipient.pseudonymEpoch ?? 1,
    }
    await tx
      .insertInto('consent.recipient')
      .values({ id: recipient.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }
  for (const contract of draft.contracts ?? []) {
    const row = {
      recipient_id: contract.recipient,
      purposes: contract.purposes,
      channels: contract.channels,
      categories: contract.categories,
      valid_from: contract.validFrom,
      valid_until: contract.validUntil,
    }
    await tx
      .insertInto('consent.contract')
      .values({ id: contract.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }
}

const labels = ({ label }: { readonly label: { readonly en: string; readonly zh: string } }) => ({
  label_en: label.en,
  label_zh: label.zh,
})

const labelOf = (row: { readonly label_en: string; readonly label_zh: string }) => ({
  en: row.label_en,
  zh: row.label_zh,
})

/** Everything there is, for any duty but none in particular: it is nobody's personal data. */
export async function listParties(tx: DutyTx): Promise<Parties> {
  const purposes = await tx.selectFrom('consent.purpose').selectAll().orderBy('id').execute()
  const channels = await tx.selectFrom('consent.channel').selectAll().orderBy('id').execute()
  const recipients = await tx.selectFrom('consent.recipient').selectAll().orderBy('id').execute()
  const contracts = await tx.selectFrom('consent.contract').selectAll().orderBy('id').execute()
  const notices = await tx
    .selectFrom('consent.notice')
    .select(['id', 'version', 'language', 'text'])
    .orderBy('id')
    .orderBy('version')
    .execute()
  return {
    purposes: purposes.map((row) => ({
      id: row.id,
      label: labelOf(row),
      kind: row.kind,
      coveredBy: row.covered_by.filter((id) => id !== row.id),
      ...(row.notice_id === null ? {} : { notice: row.notice_id }),
      minNoticeVersion: row.min_notice_version,
      ...(isFinite(row.valid_until.valueOf()) ? { validUntil: row.valid_until } : {}),
    })),
    channels: channels.map((row) => ({
      id: row.id,
      label: labelOf(row),
      identifierKind: row.identifier_kind,
    })),
    notices,
    recipients: recipients.map((row) => ({
      id: row.id,
      label: labelOf(row),
      role: row.role,
      country: row.country,
      contact: row.contact,
      pseudonymEpoch: row.pseudonym_epoch,
    })),
    contracts: contracts.map((row) => ({
      id: row.id,
      recipient: row.recipient_id,
      purposes: row.purposes,
      channels: row.channels,
      categories: row.categories,
      validFrom: row.valid_from,
      validUntil: row.valid_until,
    })),
  }
}
