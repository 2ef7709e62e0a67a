/** How many people a rule reaches under a use: released numbers, eligible first, each asking on record. */
import { readRule } from '#grammar'
import type { Diagnostic } from '#grammar'
import { recorded } from '../audit/index.ts'
import type { Deps, Done, RequestContext, Use } from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import { closeRun, openRun } from '../consent/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { release } from '../releases/index.ts'
import type { Released } from '../releases/index.ts'
import { countMatched } from './matching.ts'
import { readNamedRules } from '../segments/index.ts'
import { findUnknownUse } from './use.ts'
import type { UseError } from './use.ts'
import { exactWaterfall, readExact, releaseExact } from './waterfall.ts'
import type { WaterfallStep } from './waterfall.ts'

export type CountError =
  | { readonly code: 'rule-refused'; readonly diagnostics: readonly Diagnostic[] }
  | UseError

export interface Reach {
  readonly waterfall: readonly WaterfallStep[]
  readonly reachable: Released
  readonly ruleHash: string
  readonly categories: readonly string[]
  /** Warnings of the rule; it has no errors. */
  readonly diagnostics: readonly Diagnostic[]
}

const action = 'count.read'

/** Errors: `rule-refused`, `purpose-unknown`, `channel-unknown`, `recipient-unknown`. Aborting cancels the query. */
export async function countReach(
  deps: Deps,
  context: RequestContext,
  input: { readonly text: string; readonly use: Use },
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Result<Reach, CountError>> {
  // A count is a question, not a write: it is asked anew each time, whatever key comes with it.
  const { idempotency: _, ...asking } = context
  const counted = await recorded(
    deps.database,
    asking,
    'yq_analyst',
    {},
    (tx) => count(tx, input, deps.clock.now()),
    { signal: options.signal },
  )
  if (counted.ok) return counted
  assert(counted.error.code !== 'idempotency-key-reused', 'a count without a key')
  return err(counted.error)
}

async function count(
  tx: DutyTx,
  { text, use }: { readonly text: string; readonly use: Use },
  at: Date,
): Promise<Done<Reach, CountError>> {
  const catalog = await loadCatalog(tx)
  const read = readRule(text, catalog.rules)
  const { rule, ruleHash } = read
  if (rule === undefined || ruleHash === undefined)
    return refused({ code: 'rule-refused', diagnostics: read.diagnostics })
  const unknown = findUnknownUse(catalog.rules, use)
  if (unknown !== undefined) return refused(unknown, ruleHash)
  const named = await readNamedRules(tx, rule)
  const categories = [...new Set([...read.categories, ...named.categories])]
  const opened = await openRun(tx, use, { categories, personalised: read.personalised, at })
  const timeZone = catalog.rules.timeZone
  const found = await countMatched(tx, {
    rule,
    audiences: named.rules,
    catalog,
    use,
    asOf: at,
    timeZone,
  })
  await closeRun(tx)
  const exact = exactWaterfall(opened, found)
  const epoch = at.toISOString()
  const reachable = readExact(exact, 'reachable')
  return {
    result: ok({
      waterfall: releaseExact(exact, epoch),
      reachable: release(reachable, epoch),
      ruleHash,
      categories,
      diagnostics: read.diagnostics,
    }),
    entry: {
      action,
      decision: 'allow',
      use,
      ruleHash,
      categories,
      // How many people's data the count looked at.
      rowCount: opened.counts.eligible,
      detail: { personalised: read.personalised, asOf: epoch },
    },
  }
}

const refused = (error: CountError, ruleHash?: string): Done<never, CountError> => ({
  result: err(error),
  entry: {
    action,
    decision: 'deny',
    reason: error.code,
    ...(ruleHash === undefined ? {} : { ruleHash }),
  },
})
