/** Says whether somebody may do something. Pure: who, what and on which thing go in, a decision with its reason comes out. */
import { partiesByAction, stepUpActions } from './actions.ts'
import type { Action } from './actions.ts'
import type { ClientKind, Party, Role } from './roles.ts'

/** Who acts, as the access log names them. */
export interface ActingParty {
  readonly kind: 'person' | 'machine' | 'system'
  readonly id: string
  readonly role: string
  readonly sessionRef?: string
  readonly demo: boolean
}

export type Principal = AnonymousPrincipal | PersonPrincipal | MachinePrincipal

export interface AnonymousPrincipal {
  readonly kind: 'anonymous'
  readonly actor: ActingParty
}

export interface PersonPrincipal {
  readonly kind: 'person'
  readonly actor: ActingParty
  readonly roles: readonly Role[]
  /** Has shown the password a short while ago. */
  readonly steppedUp: boolean
}

export interface MachinePrincipal {
  readonly kind: 'machine'
  readonly actor: ActingParty
  readonly clientKind: ClientKind
  /** The one recipient a campaign tool works for. */
  readonly recipient?: string
}

/** What of a thing matters to the decision. */
export interface Resource {
  /** The recipient the thing belongs to. */
  readonly recipient?: string
  /** Who asked for the thing. */
  readonly requestedBy?: string
}

export type DenyReason =
  /** Nobody is signed in, and the action is not for everybody. */
  | 'not-signed-in'
  | 'role-missing'
  | 'step-up-needed'
  /** The thing belongs to another recipient; the answer must look as if it did not exist. */
  | 'other-recipient'
  /** Nobody approves what they asked for. */
  | 'own-request'
  /** Only who asked for the thing, or somebody who decides on it, may take it back. */
  | 'not-own-request'

export type Decision =
  /** `party` is the role under which it is allowed. */
  | { readonly allow: true; readonly party: Party }
  | { readonly allow: false; readonly reason: DenyReason }

export const anonymous: AnonymousPrincipal = {
  kind: 'anonymous',
  actor: { kind: 'person', id: 'anonymous', role: 'anonymous', demo: false },
}

/** Denies whatever the table of actions does not allow. */
export function decide(principal: Principal, action: Action, resource: Resource = {}): Decision {
  const allowed: readonly Party[] = partiesByAction[action]
  const party = partiesOf(principal).find((held) => allowed.includes(held))
  if (party === undefined)
    return deny(principal.kind === 'anonymous' ? 'not-signed-in' : 'role-missing')
  if (principal.kind === 'machine' && !reaches(principal, resource)) return deny('other-recipient')
  if (action === 'export.decide' && resource.requestedBy === principal.actor.id)
    return deny('own-request')
  if (action === 'export.cancel' && !mayTakeBack(principal, resource))
    return deny('not-own-request')
  if (principal.kind === 'person' && !principal.steppedUp && stepUpActions.includes(action))
    return deny('step-up-needed')
  return { allow: true, party }
}

/** What is for everybody is also for whoever is signed in. */
function partiesOf(principal: Principal): readonly Party[] {
  switch (principal.kind) {
    case 'anonymous':
      return ['anonymous']
    case 'person':
      return [...principal.roles, 'anonymous']
    case 'machine':
      return [principal.clientKind, 'anonymous']
  }
}

const reaches = (machine: MachinePrincipal, { recipient }: Resource): boolean =>
  recipient === undefined || recipient === machine.recipient

const mayTakeBack = (principal: Principal, { requestedBy }: Resource): boolean =>
  requestedBy === undefined ||
  requestedBy === principal.actor.id ||
  (principal.kind === 'person' && principal.roles.includes('approver'))

const deny = (reason: DenyReason): Decision => ({ allow: false, reason })
