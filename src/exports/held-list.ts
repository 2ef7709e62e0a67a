/** The list that a recipient should hold of an export: what was delivered and not removed since. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { readRows } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'

export interface HeldList {
  readonly rows: number
  /** SHA-256 over the ids in the order of their bytes, each followed by a line feed. */
  readonly digest: string
}

const idsPerChunk = 10_000

/** Duties: yq_exporter with its recipient, yq_auditor. */
export async function readHeldList(tx: DutyTx, exportId: string): Promise<HeldList> {
  const hash = createHash('sha256')
  let count = 0
  const query = sql<{ pseudonym: string }>`
    select delivery.pseudonym from export.delivery
    where delivery.export_id = ${exportId}::uuid and not exists (
      select from export.removal
      where removal.export_id = delivery.export_id and removal.pseudonym = delivery.pseudonym)
    order by delivery.pseudonym`
  for await (const rows of readRows(tx, { compile: () => query.compile(tx) }, idsPerChunk)) {
    for (const { pseudonym } of rows) hash.update(`${pseudonym}\n`)
    count += rows.length
  }
  return { rows: count, digest: `sha256:${hash.digest('hex')}` }
}
