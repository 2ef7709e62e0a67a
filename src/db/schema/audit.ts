/** Tables of the schema audit; written from the migrations (test/db/schema.test.ts). */
import type { Always, Bytes, Defaulted, Int8, Json, Moment } from '../column.ts'

export interface AuditCheckpointTable {
  tree_size: Int8
  root_hash: Bytes
  note: string
  sealed_at: Defaulted<Moment>
}

export interface AuditEntryTable {
  seq: Always<Int8>
  at: Defaulted<Moment>
  request_id: string | null
  actor_kind: 'person' | 'machine' | 'system'
  actor: string
  actor_role: string | null
  session_ref: string | null
  on_behalf_of: string | null
  demo: Defaulted<boolean>
  action: string
  decision: 'allow' | 'deny'
  reason: string | null
  purpose: string | null
  channel: string | null
  recipient: string | null
  object_kind: string | null
  object_id: string | null
  rule_hash: string | null
  categories: readonly string[] | null
  audience_id: string | null
  export_id: string | null
  chunk: number | null
  row_count: Int8 | null
  digest: string | null
  member_root: string | null
  subject_ref: Bytes | null
  client_ip: string | null
  detail: Defaulted<Json>
}

export interface AuditLeafTable {
  leaf_index: Int8
  seq: Int8
  leaf_hash: Bytes
}
