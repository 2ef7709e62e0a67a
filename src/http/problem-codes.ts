/** Every problem there is, by its stable code, with the status it is answered under. */

export const statusByCode = {
  'not-signed-in': 401,
  'token-refused': 401,
  'wrong-credentials': 401,
  'client-refused': 401,

  'role-missing': 403,
  'own-request': 403,
  'not-own-request': 403,
  'step-up-needed': 403,
  'origin-refused': 403,
  'no-demo-here': 403,

  'not-found': 404,

  'idempotency-key-reused': 409,
  'name-taken': 409,
  'segment-cycle': 409,
  'audience-finished': 409,
  'audience-not-ready': 409,
  'contract-missing': 409,
  'already-decided': 409,
  'export-not-available': 409,
  'export-cancelled': 409,
  'export-expired': 409,
  'export-rejected': 409,
  'digest-differs': 409,
  'already-there': 409,
  'type-differs': 409,
  'category-differs': 409,
  'class-differs': 409,
  'too-many-categories': 409,
  'notice-changed': 409,
  'event-conflict': 409,
  'email-taken': 409,
  'client-id-taken': 409,
  'invitation-void': 409,

  'body-too-large': 413,
  'media-type-unsupported': 415,

  'fields-invalid': 422,
  'body-malformed': 422,
  'item-refused': 422,
  'too-many-items': 422,
  'rule-refused': 422,
  'idempotency-key-invalid': 422,
  'cursor-unknown': 422,
  'name-invalid': 422,
  'purpose-unknown': 422,
  'channel-unknown': 422,
  'recipient-unknown': 422,
  'category-unknown': 422,
  'catalog-invalid': 422,
  'column-unknown': 422,
  'column-not-allowed': 422,
  'expiry-invalid': 422,
  'text-invalid': 422,
  'reason-invalid': 422,
  'translation-refused': 422,
  'unknown-id': 422,
  'email-invalid': 422,
  'roles-missing': 422,
  'roles-forbidden': 422,
  'password-too-short': 422,
  'password-too-long': 422,
  'password-too-common': 422,
  'client-id-invalid': 422,
  'recipient-needed': 422,
  'recipient-not-needed': 422,
  'key-refused': 422,
  'scope-refused': 422,
  'grant-unsupported': 422,

  'too-many-requests': 429,
  'too-many-attempts': 429,

  internal: 500,
  'database-unavailable': 503,
} as const satisfies Readonly<Record<string, number>>

export type ProblemCode = keyof typeof statusByCode
export type ProblemStatus = (typeof statusByCode)[ProblemCode]

/** Title and detail; `{name}` stands for an argument. */
export type ProblemTexts = Readonly<Record<ProblemCode, readonly [title: string, detail: string]>>
