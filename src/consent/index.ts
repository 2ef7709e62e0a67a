export { permitReasons } from './permit-reason.ts'
export type { PermitReason } from './permit-reason.ts'
export { permit } from './permit.ts'
export type { ConsentWorld, PersonFacts, RuleFacts, Suppression } from './permit.ts'
export { isLive, latestWord } from './fold.ts'
export type { ConsentQuestion, LedgerEvent } from './fold.ts'
export { closeRun, judge, openRun } from './run.ts'
export type { OpenedRun, RunFacts } from './run.ts'
export { checkConsentEvent, readVocabulary } from './check-event.ts'
export type {
  CheckedConsentEvent,
  ConsentEventInput,
  ConsentRejection,
  ConsentVocabulary,
} from './check-event.ts'
export { consentKinds, consentStates, isConsentState, isGrant, isWithin } from './vocabulary.ts'
export type { ConsentKind, ConsentState } from './vocabulary.ts'
export { appendConsentEvents, appendForCustomers, consentEventsMax } from './append.ts'
export type { AppendOutcome, ConsentOutcome, CustomerConsent } from './append.ts'
export { setPersons, suppress } from './persons.ts'
export type { PersonChange } from './persons.ts'
export { defineParties, listParties } from './parties.ts'
export type { PartiesError } from './parties.ts'
export type {
  Channel,
  Contract,
  Label,
  Notice,
  Parties,
  PartiesDraft,
  Purpose,
  Recipient,
  RecipientRole,
} from './party.ts'
