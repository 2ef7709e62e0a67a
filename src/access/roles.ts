/** Who can act, and which duties one person may not hold together. */

export const roles = ['marketer', 'approver', 'steward', 'officer', 'reviewer', 'admin'] as const
export type Role = (typeof roles)[number]

export const clientKinds = ['campaign_tool', 'consent_source', 'data_source'] as const
export type ClientKind = (typeof clientKinds)[number]

/** Everybody who is on the other side of a request. */
export const parties = ['anonymous', ...roles, ...clientKinds] as const
export type Party = (typeof parties)[number]

export const isRole = (word: string): word is Role => roles.some((role) => role === word)

/**
 * Whoever watches must not act, and whoever says who may act must not act themselves. Marketer and approver may be one
 * person, who then still cannot approve an own request. The database checks the same (identity.person).
 * Source: privacy.md F.1.
 */
const alone: readonly Role[] = ['reviewer', 'admin']

/** The pairs of roles that nobody may hold together, each once, in the order of `roles`. */
export const forbiddenPairs: readonly (readonly [Role, Role])[] = roles.flatMap((role, place) =>
  roles
    .slice(place + 1)
    .filter((other) => alone.includes(role) || alone.includes(other))
    .map((other) => [role, other] as const),
)

/** The first forbidden pair among these roles. */
export const forbiddenPairOf = (held: readonly Role[]): readonly [Role, Role] | undefined =>
  forbiddenPairs.find(([one, other]) => held.includes(one) && held.includes(other))
