/** What the access log records of one access. No personal value ever stands in it. */
import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keys } from '../keys/index.ts'

/** What every acting room is handed. */
export interface Deps {
  readonly database: Database
  readonly keys: Keys
  readonly clock: Clock
}

/** Who acts. `id` is internal; the secret of a session or token never appears, only its keyed reference. */
export interface Actor {
  readonly kind: 'person' | 'machine' | 'system'
  readonly id: string
  readonly role: string
  readonly sessionRef?: string
  /** Signed in by the demo world's one click. */
  readonly demo: boolean
}

/** The request in which rooms act; an idempotency key makes the answer of a write repeatable. */
export interface RequestContext {
  readonly actor: Actor
  readonly requestId: string
  readonly clientIp?: string
  readonly idempotency?: IdempotencyKey
}

export interface IdempotencyKey {
  readonly key: string
  readonly route: string
  /** Digest of the body: the same key with another body is refused. */
  readonly bodyDigest: string
}

export interface Use {
  readonly purpose: string
  readonly channel: string
  readonly recipient: string
}

/** The facts of an entry that the acting room knows. `action` is one of access's actions. */
export interface EntryFacts {
  readonly action: string
  readonly decision: 'allow' | 'deny'
  readonly reason?: string
  readonly use?: Use
  readonly objectKind?: string
  readonly objectId?: string
  readonly ruleHash?: string
  readonly categories?: readonly string[]
  readonly audienceId?: string
  readonly exportId?: string
  readonly chunk?: number
  readonly rowCount?: number
  readonly digest?: string
  readonly memberRoot?: string
  /** Keyed reference to one customer, from `subjectRef`. */
  readonly subjectRef?: Uint8Array
  /** Counts, names and versions only; never a value of anybody. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>
}
