/** Tables of the schema audience; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Int8, Json, Moment } from '../column.ts'

export interface AudienceAudienceTable {
  id: Defaulted<string>
  segment_id: string
  version: number
  purpose_id: string
  channel_id: string
  recipient_id: string
  use_hash: string
  rule_hash: string
  categories: readonly string[]
  personalised: boolean
  time_zone: string
  as_of: Moment
  state: Defaulted<'queued' | 'running' | 'ready' | 'failed' | 'cancelled'>
  progress: Defaulted<number>
  cancel_requested: Defaulted<boolean>
  failure: string | null
  waterfall: Json | null
  member_count: Int8 | null
  member_root: string | null
  watermark: Moment | null
  pseudonym_epoch: number | null
  requested_by: string
  demo: Defaulted<boolean>
  created_at: Defaulted<Moment>
  finished_at: Moment | null
  leased_by: string | null
  leased_until: Moment | null
  attempts: Defaulted<number>
}

export interface AudienceMemberTable {
  customer_id: Int8
  audience_id: string
  pseudonym: string
}
