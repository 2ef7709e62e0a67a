/** The brand's own ids of a dataset's customers, as its file has them: the database keeps none of them. */
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { columnsOf } from './columns.ts'
import { findFile, readCsv } from './csv.ts'
import type { Dataset } from './dataset.ts'
import { ImportStopped } from './error.ts'
import type { ImportError } from './error.ts'

const rowsPerBatch = 5_000

/** Each once, in the order of the file; empty for a dataset without customers. */
export async function readCustomerIds(
  { customers }: Dataset,
  folders: readonly string[],
): Promise<Result<readonly string[], ImportError>> {
  if (customers === undefined) return ok([])
  const ids = new Set<string>()
  try {
    const source = await findFile(customers.file, folders)
    let header: readonly string[] | undefined
    for await (const batch of readCsv(source, rowsPerBatch)) {
      const rows = header === undefined ? batch.slice(1) : batch
      header ??= batch[0]?.fields ?? []
      const cell = columnsOf(customers.file, header, customers.missing).cell(customers.id)
      for (const row of rows) {
        const id = cell(row)
        if (id !== undefined) ids.add(id)
      }
    }
  } catch (error) {
    if (error instanceof ImportStopped) return err(error.reason)
    throw error
  }
  return ok([...ids])
}
