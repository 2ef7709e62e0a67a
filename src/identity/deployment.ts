/** What this deployment is: the demo world, or the real one. */
import { recorded } from '../audit/index.ts'
import type { Deps, RequestContext } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import { ok } from '../kernel/result.ts'

export type DeploymentMode = 'empty' | 'demo' | 'production'

export interface Deployment {
  readonly mode: DeploymentMode
  /** Whether anybody works here or was invited to. */
  readonly hasPeople: boolean
}

export async function readDeployment(deps: Pick<Deps, 'database'>): Promise<Deployment> {
  return await asRole(deps.database, 'yq_identity', {}, async (tx) => {
    const { mode } = await tx.selectFrom('meta.deployment').select('mode').executeTakeFirstOrThrow()
    const person = await tx.selectFrom('identity.person').select('id').limit(1).executeTakeFirst()
    return { mode, hasPeople: person !== undefined }
  })
}

/** Makes an empty deployment a real one: no demo people, no sign-in by one click, from now on. */
export async function declareProduction(deps: Deps, context: RequestContext): Promise<void> {
  await recorded(deps.database, context, 'yq_steward', {}, async (tx) => {
    await tx
      .updateTable('meta.deployment')
      .set({ mode: 'production' })
      .where('mode', '=', 'empty')
      .execute()
    return {
      result: ok(null),
      entry: { action: 'deployment.declare', decision: 'allow', detail: { mode: 'production' } },
    }
  })
}
