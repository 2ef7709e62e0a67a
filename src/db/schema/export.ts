/** Tables of the schema export; written from the migrations (test/db/schema.test.ts). */
import type { Always, Defaulted, Int8, Json, Moment } from '../column.ts'

export interface ExportAcknowledgementTable {
  export_id: string
  client_id: string
  digest: string
  row_count: Int8
  at: Defaulted<Moment>
}

export interface ExportApprovalTable {
  export_id: string
  decision: 'approved' | 'rejected'
  approver: string
  reason: string
  rule_hash: string
  at: Defaulted<Moment>
}

export interface ExportChunkTable {
  export_id: string
  pull_id: string
  number: number
  first_pseudonym: string | null
  last_pseudonym: string | null
  row_count: number
  withheld_count: number
  digest: string
  member_root: string
  audit_seq: Int8
  at: Defaulted<Moment>
}

export interface ExportDeliveryTable {
  customer_id: Int8
  export_id: string
  pseudonym: string
  delivered_at: Defaulted<Moment>
}

export interface ExportExportTable {
  id: Defaulted<string>
  audience_id: string
  recipient_id: string
  purpose_id: string
  channel_id: string
  rule_hash: string
  categories: readonly string[]
  personalised: boolean
  destination: string
  columns: readonly string[]
  reason: string
  state: Defaulted<'requested' | 'approved' | 'rejected' | 'available' | 'expired' | 'cancelled'>
  requested_by: string
  requested_at: Defaulted<Moment>
  expires_at: Moment
  gates: Json
  demo: Defaulted<boolean>
  delivered_count: Defaulted<Int8>
}

export interface ExportRemovalTable {
  seq: Always<Int8>
  export_id: string
  recipient_id: string
  customer_id: Int8
  pseudonym: string
  reason: 'rule' | 'consent' | 'erased' | 'expired'
  at: Defaulted<Moment>
}
