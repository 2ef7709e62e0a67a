/** Tables of the schema consent; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Int8, Moment } from '../column.ts'

export interface ConsentChannelTable {
  id: string
  label_en: string
  label_zh: string
  identifier_kind: string | null
}

export interface ConsentContractTable {
  id: string
  recipient_id: string
  purposes: readonly string[]
  channels: readonly string[]
  categories: readonly string[]
  valid_from: Moment
  valid_until: Moment
}

export interface ConsentEligibleTable {
  customer_id: Int8
  run_id: Int8
}

export interface ConsentEventTable {
  customer_id: Int8
  source: string
  event_id: string
  kind: string
  purpose_id: string
  channels: readonly string[]
  categories: readonly string[]
  recipient_id: string | null
  state: 'requested' | 'deferred' | 'refused' | 'given' | 'renewed' | 'withdrawn' | 'revoked' | 'invalidated'
  effective_at: Moment
  recorded_at: Defaulted<Moment>
  valid_until: Defaulted<Moment>
  notice_id: string | null
  notice_version: number | null
  notice_sha256: string | null
  language: string | null
  mechanism: string
  evidence_ref: string | null
  double_opt_in_at: Moment | null
  actor: Defaulted<'subject' | 'guardian' | 'agent' | 'system'>
  guardian_ref: string | null
  body_digest: string
}

export interface ConsentLiveTable {
  customer_id: Int8
  purpose_id: string
  channel_id: string
  kind: string
  recipient_id: Defaulted<string>
  valid_until: Moment
  categories: Int8
}

export interface ConsentNoticeTable {
  id: string
  version: number
  sha256: string
  language: string
  text: string
  published_at: Defaulted<Moment>
}

export interface ConsentPersonTable {
  customer_id: Int8
  status: Defaulted<'active' | 'erased' | 'frozen' | 'restricted' | 'deceased'>
  born_on: string | null
  adult_declared: Defaulted<boolean>
  no_profiling: Defaulted<boolean>
  changed_at: Defaulted<Moment>
}

export interface ConsentPurposeTable {
  id: string
  label_en: string
  label_zh: string
  kind: Defaulted<'marketing' | 'price_offer' | 'service'>
  covered_by: readonly string[]
  notice_id: string | null
  min_notice_version: Defaulted<number>
  valid_until: Defaulted<Moment>
}

export interface ConsentRecipientTable {
  id: string
  label_en: string
  label_zh: string
  role: 'internal' | 'processor' | 'handler' | 'joint'
  country: Defaulted<string>
  contact: Defaulted<string>
  pseudonym_epoch: Defaulted<number>
}

export interface ConsentRunTable {
  id: Int8
}

export interface ConsentSuppressionTable {
  customer_id: Int8
  channel_id: string
  reason: 'opt-out' | 'complaint' | 'do-not-contact'
  since: Moment
  source: string
}
