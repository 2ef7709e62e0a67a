/** What the questions of one run stand on. */
import type { CheckedRule, ReadRule, Run, RuleCatalog, World } from '#grammar'
import type { Clock } from '../kernel/clock.ts'

/** One line out: the id of the line in, and what its kind gives, or errors. */
export type Answer = Readonly<Record<string, unknown>>

export interface Ground {
  /** Whose names a rule may use when its line brings no catalog. */
  readonly catalog: RuleCatalog
  readonly clock: Clock
  /** Of the dataset; without it every line that needs people brings its own. */
  readonly world?: GroundWorld
}

/** A rule without errors. */
export type SoundRule = ReadRule & { readonly rule: CheckedRule }

export interface GroundWorld {
  /** Source ids, in any order. */
  readonly members: (read: SoundRule, run: Run) => Promise<readonly string[]>
  /** The people as the evaluator takes them. */
  readonly people: () => Promise<People>
}

export interface People {
  readonly world: World
  /** What `sample` hashes, where it is not the customer's id. */
  readonly customerKey?: NonNullable<Run['customerKey']>
}
