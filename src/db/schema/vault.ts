/** Tables of the schema vault; written from the migrations (test/db/schema.test.ts). */
import type { Bytes, Defaulted, Int8, Moment } from '../column.ts'

export interface VaultContactTable {
  customer_id: Int8
  kind: string
  ciphertext: Bytes
  index_hash: Bytes | null
  key_id: string
}

export interface VaultPersonKeyTable {
  customer_id: Int8
  wrapped: Bytes
  key_id: string
}

export interface VaultPseudonymTable {
  customer_id: Int8
  recipient_id: string
  epoch: number
  pseudonym: string
  issued_at: Defaulted<Moment>
}

export interface VaultPseudonymOwnerTable {
  pseudonym: string
  recipient_id: string
  customer_id: Int8
}

export interface VaultSourceKeyTable {
  source_hash: Bytes
  customer_id: Int8
}
