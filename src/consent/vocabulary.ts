/** The words of the consent ledger. Source: W3C DPV consent states, ISO/IEC TS 27560; privacy.md B.2. */

export const consentStates = [
  'requested',
  'deferred',
  'refused',
  'given',
  'renewed',
  'withdrawn',
  'revoked',
  'invalidated',
] as const

export type ConsentState = (typeof consentStates)[number]

export const isConsentState = (word: string): word is ConsentState =>
  consentStates.some((state) => state === word)

export const isGrant = (state: ConsentState): boolean => state === 'given' || state === 'renewed'

export const consentKinds = [
  'general',
  'guardian',
  'separate:sensitive',
  'separate:recipient',
  'separate:cross_border',
  'separate:publication',
] as const

export type ConsentKind = (typeof consentKinds)[number]

export const isConsentKind = (word: string): word is ConsentKind =>
  consentKinds.some((kind) => kind === word)

/** Kinds that speak of one recipient each. */
export const namesRecipient = (kind: ConsentKind): boolean =>
  kind === 'separate:recipient' || kind === 'separate:cross_border'

/** Whether a dotted category stands at or below another: a consent reaches down, never up. */
export const isWithin = (category: string, named: string): boolean =>
  category === named || category.startsWith(`${named}.`)
