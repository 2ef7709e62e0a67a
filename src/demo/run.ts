/** Remembers a build that was begun, so that one that was broken off is completed as it was meant. */
import { sql } from 'kysely'
import { recorded } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { ok } from '../kernel/result.ts'
import type { DemoWorldSize } from './world.ts'

export interface DemoPlan extends DemoWorldSize {
  readonly seed: string
  readonly asOf: Date
}

export interface DemoRun extends DemoPlan {
  readonly id: string
}

const dataset = 'demo'

/** The run that is to be completed, this plan as a new one, or undefined when the demo world stands. */
export async function beginRun(deps: Deps, plan: DemoPlan): Promise<DemoRun | undefined> {
  return await asRole(deps.database, 'yq_ingest', {}, async (tx) => {
    const { mode } = await tx.selectFrom('meta.deployment').select('mode').executeTakeFirstOrThrow()
    if (mode === 'demo') return undefined
    assert(mode === 'empty', 'a deployment without real data')
    const { rows: begun } = await sql<StoredRun>`
      select id, report ->> 'seed' as seed, report ->> 'asOf' as as_of,
        (report ->> 'customers')::integer as customers, (report ->> 'events')::integer as events
      from ingest.run where dataset = ${dataset} and state = 'running' order by started_at limit 1`.execute(
      tx,
    )
    const [before] = begun
    if (before !== undefined) return { ...before, asOf: new Date(before.as_of) }
    const report = { ...plan, asOf: plan.asOf.toISOString() }
    const { id } = await tx
      .insertInto('ingest.run')
      .values({ dataset, state: 'running', report: JSON.stringify(report) })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { ...plan, id }
  })
}

interface StoredRun extends DemoWorldSize {
  readonly id: string
  readonly seed: string
  readonly as_of: string
}

/** From here on the deployment is the demo world. */
export async function finishRun(
  deps: Deps,
  context: RequestContext,
  run: DemoRun,
  name: string,
): Promise<void> {
  await recorded(deps.database, context, 'yq_ingest', {}, async (tx) => {
    await sql`select consent.refresh_statistics()`.execute(tx)
    await tx
      .updateTable('ingest.run')
      .set({ state: 'done', finished_at: deps.clock.now() })
      .where('id', '=', run.id)
      .execute()
    await tx.updateTable('meta.deployment').set({ mode: 'demo', name }).execute()
    return {
      result: ok(null),
      entry: {
        action: 'demo.load',
        decision: 'allow',
        detail: { what: 'world', seed: run.seed, customers: run.customers, events: run.events },
      },
    }
  })
}
