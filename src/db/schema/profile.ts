/** Tables of the schema profile; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Int8, Moment, Numeric } from '../column.ts'

export interface ProfileCustomerTable {
  customer_id: Int8
  recorded_from: Defaulted<Moment>
  tags: Defaulted<readonly string[]>
  identifier_kinds: Defaulted<readonly string[]>
}

export interface ProfileCustomerHistoryTable {
  recorded_to: Moment
  customer_id: Int8
  recorded_from: Moment
  tags: readonly string[]
  identifier_kinds: readonly string[]
}

export interface ProfileEventTable {
  customer_id: Int8
  event_key: string
  event_number: number
  occurred_at: Moment
  ingested_at: Defaulted<Moment>
  i1: Int8 | null
  i2: Int8 | null
  n1: Numeric | null
  t1: string | null
  t2: string | null
}
