/** What the service answers, as far as the pages read it, and what a page is given. */

export interface Welcome {
  readonly mode: 'empty' | 'demo' | 'production'
  readonly demoRoles: readonly string[]
}

export interface Me {
  readonly id: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly demo: boolean
}

export interface Use {
  readonly purpose: string
  readonly channel: string
  readonly recipient: string
}

export interface Released {
  readonly value: number | null
  readonly error: number | null
  readonly suppressed: boolean
  readonly epoch: string
}

export interface WaterfallStep {
  readonly reason: string
  readonly count: Released
}

export interface ExactStep {
  readonly reason: string
  readonly count: number
}

export interface Named {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
}

export interface Parties {
  readonly purposes: readonly Named[]
  readonly channels: readonly (Named & { readonly identifierKind: string | null })[]
  readonly recipients: readonly (Named & { readonly role: string })[]
  readonly contracts: readonly {
    readonly recipient: string
    readonly purposes: readonly string[]
    readonly channels: readonly string[]
  }[]
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface SegmentSummary {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly ruleHash: string
  readonly changedAt: string
}

export interface Segment extends SegmentSummary {
  readonly text: string
  readonly versions: readonly {
    readonly version: number
    readonly text: string
    readonly ruleHash: string
    readonly createdAt: string
  }[]
}

export interface SavedSegment {
  readonly id: string
  readonly version: number
  readonly ruleHash: string
}

export interface AudienceSummary {
  readonly id: string
  readonly segmentId: string
  readonly segmentName: string
  readonly version: number
  readonly use: Use
  readonly ruleHash: string
  readonly state: 'queued' | 'running' | 'ready' | 'failed' | 'cancelled'
  /** 0 to 100. */
  readonly progress: number
  readonly cancelling: boolean
  readonly failure: string | null
  readonly asOf: string
  readonly createdAt: string
}

export interface Audience extends AudienceSummary {
  readonly categories: readonly string[]
  readonly waterfall: readonly WaterfallStep[] | null
  readonly reachable: Released | null
  /** For approver and reviewer. */
  readonly exact?: { readonly waterfall: readonly ExactStep[]; readonly members: number }
}

export interface Gate {
  readonly code: string
  readonly outcome: 'passed' | 'needs-review' | 'failed'
}

export interface Export {
  readonly id: string
  readonly audienceId: string
  readonly use: Use
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly destination: string
  readonly columns: readonly string[]
  readonly state: 'requested' | 'approved' | 'rejected' | 'available' | 'expired' | 'cancelled'
  readonly requestedAt: string
  readonly expiresAt: string
  readonly delivered: number
  readonly segment: { readonly id: string; readonly name: string; readonly version: number }
  readonly reason: string
  readonly requestedBy: string
  readonly gates: readonly Gate[]
  readonly approval: {
    readonly decision: 'approved' | 'rejected'
    readonly approver: string
    readonly reason: string
    readonly at: string
  } | null
  readonly rule?: { readonly text: string }
}

export interface LogEntry {
  readonly seq: string
  readonly at: string
  readonly actor: string
  readonly actorRole: string | null
  readonly actorKind: string
  readonly demo: boolean
  readonly action: string
  readonly decision: string
  readonly reason: string | null
  readonly reasonInWords: string | null
  readonly purpose: string | null
  readonly channel: string | null
  readonly recipient: string | null
  readonly objectKind: string | null
  readonly objectId: string | null
  readonly exportId: string | null
  readonly audienceId: string | null
  readonly ruleHash: string | null
  readonly categories: readonly string[] | null
  readonly chunk: number | null
  readonly rowCount: string | null
  readonly digest: string | null
  readonly memberRoot: string | null
  readonly requestId: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
  readonly roles: readonly string[]
  readonly state: 'invited' | 'active' | 'disabled'
  readonly demo: boolean
}

/** What every page is given. */
export interface PageProps {
  readonly me: Me
  /** The second part of the address. */
  readonly id: string | undefined
}
