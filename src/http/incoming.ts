/** A request on its way from the framework to a route's guard. */
import type { Visitor } from '../identity/index.ts'
import type { Locale } from './locale.ts'

/** A request as the guard gets it. */
export interface Incoming {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly visitor: Visitor
  readonly locale: Locale
}
