/** Tables of the schema ingest; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Json, Moment } from '../column.ts'

export interface IngestRunTable {
  id: Defaulted<string>
  dataset: string
  state: 'running' | 'done' | 'failed'
  report: Defaulted<Json>
  started_at: Defaulted<Moment>
  finished_at: Moment | null
}
