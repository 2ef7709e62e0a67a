/**
 * Builds audiences: claim, one transaction that makes the members or nothing, small ones that tell the progress.
 *
 * INVARIANT: members, numbers, the state `ready` and the log entry commit together, and only while the worker holds
 * its lease; a worker killed anywhere leaves nothing behind (test/audiences/build.test.ts, test/faults).
 */
import { setInterval } from 'node:timers'
import type { Deps } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import { claimNext, giveBack, renewLease } from './lease.ts'
import type { BuildStop, BuildWorker, Claim, LeaseWatch } from './lease.ts'
import { BuildInterrupted, BuildRefused, makeMembers } from './members.ts'

export type { BuildWorker } from './lease.ts'

/** `queued`: put back, to be built again. `lost`: another worker has it. `idle`: nothing waits. */
export type BuildOutcome = 'built' | 'failed' | 'cancelled' | 'queued' | 'lost' | 'idle'

/** A build over millions of customers takes minutes; one that takes longer than this is broken. */
const buildTimeoutMs = 30 * 60_000
const renewalsPerLease = 3

/** Builds the audience that waits longest, if one does. Throws only when the database cannot be reached. */
export async function buildNextAudience(deps: Deps, worker: BuildWorker): Promise<BuildOutcome> {
  if (worker.signal?.aborted === true) return 'idle'
  const claim = await claimNext(deps, worker)
  if (claim === undefined) return 'idle'
  if (claim.kind !== 'claim') return claim.kind
  const watch = watchLease(deps, worker, claim)
  try {
    await asRole(
      deps.database,
      'yq_builder',
      { actor: worker.id, ...claim.use },
      (tx) => makeMembers(deps, tx, worker, claim, watch),
      {
        signal: watch.signal,
        statementTimeoutMs: buildTimeoutMs,
        // It may wait for another build that issues pseudonyms for the same people.
        lockTimeoutMs: buildTimeoutMs,
      },
    )
    return 'built'
  } catch (error) {
    const why = stopOf(error)
    if (why === 'failed') worker.onError?.(error)
    return await giveBack(deps, worker, claim, why, failureOf(error))
  } finally {
    await watch.end()
  }
}

function watchLease(deps: Deps, worker: BuildWorker, claim: Claim): LeaseWatch {
  const controller = new AbortController()
  let progress = 0
  const interrupt = (why: BuildInterrupted['why']) => {
    if (!controller.signal.aborted) controller.abort(new BuildInterrupted(why))
  }
  const onStop = () => interrupt('stopped')
  worker.signal?.addEventListener('abort', onStop, { once: true })
  if (worker.signal?.aborted === true) onStop()
  let renewing: Promise<void> | undefined
  const renew = async () => {
    const renewal = await renewLease(deps, worker, claim, progress)
    if (renewal !== 'kept') interrupt(renewal)
  }
  const timer = setInterval(
    () => {
      // A renewal that fails is tried again; if none succeeds the lease runs out, and the last statement sees it.
      renewing ??= renew()
        .catch(() => undefined)
        .finally(() => {
          renewing = undefined
        })
    },
    Math.max(1, Math.floor(worker.leaseMs / renewalsPerLease)),
  )
  return {
    signal: controller.signal,
    report: async (reached) => {
      progress = reached
      await renew()
      controller.signal.throwIfAborted()
    },
    end: async () => {
      clearInterval(timer)
      worker.signal?.removeEventListener('abort', onStop)
      await renewing
    },
  }
}

function stopOf(error: unknown): BuildStop {
  if (error instanceof BuildRefused) return 'refused'
  if (!(error instanceof BuildInterrupted)) return 'failed'
  // Where the lease was lost nothing is given back: the row says so itself.
  return error.why === 'cancelled' ? 'cancelled' : 'stopped'
}

const queryCanceled = '57014'

/** A code for people; what happened exactly goes to the operator. */
function failureOf(error: unknown): string {
  if (error instanceof BuildRefused) return error.code
  const isTimeout = error instanceof Error && 'code' in error && error.code === queryCanceled
  return isTimeout ? 'build-timeout' : 'build-failed'
}
