/** Whoever sends a request, before it is known who that is. */
import { anonymous } from '../access/index.ts'
import type { ActingParty } from '../access/index.ts'
import type { RequestContext } from '../audit/index.ts'

export interface Visitor {
  readonly requestId: string
  readonly clientIp?: string
  /** The request came from this machine, under one of its own names, and through no proxy. */
  readonly loopback: boolean
}

/** The visitor's request in the log: as nobody until it is known who acts. */
export const contextOf = (
  visitor: Visitor,
  actor: ActingParty = anonymous.actor,
): RequestContext => ({
  actor,
  requestId: visitor.requestId,
  ...(visitor.clientIp === undefined ? {} : { clientIp: visitor.clientIp }),
})
