/** Tables of the schema edge; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Json, Moment } from '../column.ts'

export interface EdgeIdempotencyTable {
  actor: string
  key: string
  route: string
  body_digest: string
  status: number | null
  response: Json | null
  created_at: Defaulted<Moment>
}
