export { clientKinds, forbiddenPairOf, forbiddenPairs, isRole, parties, roles } from './roles.ts'
export type { ClientKind, Party, Role } from './roles.ts'
export { actions, isAction, partiesByAction, stepUpActions } from './actions.ts'
export type { Action } from './actions.ts'
export { anonymous, decide } from './decide.ts'
export type {
  ActingParty,
  AnonymousPrincipal,
  Decision,
  DenyReason,
  MachinePrincipal,
  PersonPrincipal,
  Principal,
  Resource,
} from './decide.ts'
export { decisionTable } from './decision-table.ts'
