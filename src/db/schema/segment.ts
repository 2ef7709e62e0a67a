/** Tables of the schema segment; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Int8, Json, Moment } from '../column.ts'

export interface SegmentReferenceTable {
  segment_id: string
  version: number
  refers_to: string
}

export interface SegmentSegmentTable {
  id: Defaulted<string>
  name: string
  created_by: string
  created_at: Defaulted<Moment>
}

export interface SegmentVersionTable {
  segment_id: string
  version: number
  text: string
  rule_hash: string
  rule: Json
  categories: readonly string[]
  personalised: boolean
  catalog_revision: Int8
  created_by: string
  created_at: Defaulted<Moment>
}
