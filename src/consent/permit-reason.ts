/** Why somebody may not be used, in the order in which the decision asks. Source: privacy.md B.3. */

export const permitReasons = [
  'status',
  'age',
  'general',
  'sensitive',
  'recipient',
  'border',
  'profiling',
  'suppression',
] as const

export type PermitReason = (typeof permitReasons)[number]

export const isPermitReason = (word: string): word is PermitReason =>
  permitReasons.some((reason) => reason === word)
