/** What the HTTP face is given, and what it keeps while it runs. */
import type { Deps } from '../audit/index.ts'
import { limiter } from './rate-limits.ts'
import type { Limiter } from './rate-limits.ts'
import { metrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'
import { readStaticFiles } from './static-files.ts'
import type { StaticFiles } from './static-files.ts'

/** Faults for the operator: never a value of a request, which could be somebody's. */
export interface Fault {
  readonly requestId: string
  readonly route: string
  readonly name: string
  readonly code?: string
  /** Places in the program, without the message. */
  readonly frames: readonly string[]
}

export interface Service extends Deps {
  /** Where people and machines reach this service, without a slash at the end. */
  readonly baseUrl: string
  readonly version: string
  /** Folder of the built pages; without one the API stands alone. */
  readonly webAssets?: string
  readonly onFault: (fault: Fault) => void
  /** Told when there is work for the workers, which would otherwise see it a little later. */
  readonly onQueued?: () => void
}

export interface Edge {
  readonly service: Service
  readonly limiter: Limiter
  readonly metrics: Metrics
  readonly files: StaticFiles
  /** The description of the API, made when it is first asked for. */
  readonly openApi: () => unknown
}

export const openEdge = (service: Service, openApi: () => unknown): Edge => ({
  service,
  limiter: limiter(),
  metrics: metrics(),
  files: readStaticFiles(service.webAssets),
  openApi,
})
