/** The record of an import in `ingest.run`, and what the deployment becomes by it. No value of anybody stands there. */
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole, retryOnConflict } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import type { Dataset } from './dataset.ts'

export const importAction = 'data.import'

/** Of statements over a whole batch, on a slow disk. */
const statementTimeoutMs = 600_000

/** One transaction of the loader; done again as a whole when it lost a race. */
export const inLoad = <T>(
  deps: Deps,
  context: RequestContext,
  signal: AbortSignal | undefined,
  work: (tx: DutyTx) => Promise<T>,
): Promise<T> =>
  retryOnConflict(() =>
    asRole(
      deps.database,
      'yq_ingest',
      { actor: context.actor.id, requestId: context.requestId },
      work,
      { statementTimeoutMs, ...(signal === undefined ? {} : { signal }) },
    ),
  )

/** Opens the run. Real data ends the demo: from here on the deployment is in production. */
export async function beginRun(
  deps: Deps,
  context: RequestContext,
  dataset: Dataset,
): Promise<string> {
  return await inLoad(deps, context, undefined, async (tx) => {
    await tx
      .updateTable('ingest.run')
      .set({ state: 'failed', finished_at: deps.clock.now() })
      .where('dataset', '=', dataset.name)
      .where('state', '=', 'running')
      .execute()
    const opened = await tx
      .insertInto('ingest.run')
      .values({ dataset: dataset.name, state: 'running', finished_at: null })
      .returning('id')
      .executeTakeFirst()
    assert(opened !== undefined, 'the run that was just inserted')
    const { name, timeZone, currency } = dataset
    await tx
      .updateTable('meta.deployment')
      .set({ mode: 'production', name, time_zone: timeZone, currency })
      // An empty deployment may have been declared real before its first data came.
      .where((row) => row.or([row('mode', '<>', 'production'), row('name', '=', '')]))
      .execute()
    await appendEntry(tx, context, {
      action: importAction,
      decision: 'allow',
      objectKind: 'import',
      objectId: opened.id,
      detail: { dataset: dataset.name, step: 'begin' },
    })
    return opened.id
  })
}

export async function endRun(
  deps: Deps,
  context: RequestContext,
  run: string,
  state: 'done' | 'failed',
  report: unknown,
): Promise<void> {
  await inLoad(deps, context, undefined, async (tx) => {
    if (state === 'done') await sql`select consent.refresh_statistics()`.execute(tx)
    await tx
      .updateTable('ingest.run')
      .set({ state, report: JSON.stringify(report), finished_at: deps.clock.now() })
      .where('id', '=', run)
      .execute()
    await appendEntry(tx, context, {
      action: importAction,
      decision: 'allow',
      objectKind: 'import',
      objectId: run,
      detail: { step: state },
    })
  })
}
