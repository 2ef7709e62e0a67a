/** Rows in and out of a transaction in pieces, so that memory does not grow with the data. */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CompiledQuery } from 'kysely'
import type { Compilable } from 'kysely'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { assert } from '../kernel/assert.ts'
import { clientOf } from './as-principal.ts'
import type { DutyTx } from './as-principal.ts'

/**
 * Feeds `copy … from stdin` with text, in the transaction's own connection; gives the number of rows loaded.
 *
 * `sqlText` is a constant or built from the physical catalogue, never from what people wrote.
 */
export async function copyIn(
  tx: DutyTx,
  sqlText: string,
  source: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<number> {
  const sink = clientOf(tx).query(copyFrom(sqlText))
  await pipeline(Readable.from(source), sink)
  return sink.rowCount
}

/** Gives the bytes of `copy … to stdout` as the server sends them. */
export async function* copyOut(tx: DutyTx, sqlText: string): AsyncGenerator<Buffer> {
  for await (const chunk of clientOf(tx).query(copyTo(sqlText))) yield chunk
}

/** Gives a query's rows in chunks of at most `rowsMax`, through a cursor of this transaction. */
export async function* readRows<Row>(
  tx: DutyTx,
  query: Compilable<Row>,
  rowsMax: number,
): AsyncGenerator<readonly Row[]> {
  assert(Number.isSafeInteger(rowsMax) && rowsMax > 0, 'a chunk has at least one row')
  const compiled = query.compile()
  const cursor = `rows_${randomBytes(6).toString('hex')}`
  await tx.executeQuery(
    CompiledQuery.raw(`declare ${cursor} no scroll cursor for ${compiled.sql}`, [
      ...compiled.parameters,
    ]),
  )
  while (true) {
    const { rows } = await tx.executeQuery<Row>(
      CompiledQuery.raw(`fetch forward ${rowsMax} from ${cursor}`),
    )
    if (rows.length > 0) yield rows
    if (rows.length < rowsMax) break
  }
  await tx.executeQuery(CompiledQuery.raw(`close ${cursor}`))
}
