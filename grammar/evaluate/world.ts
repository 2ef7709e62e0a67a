/** The data a rule is evaluated on, as plain JSON: what an inline world of a conformance case holds. */

export interface World {
  /** Everyone who may be matched at all; who is eligible has been decided before. */
  readonly customers: readonly WorldCustomer[]
  /** Customer ids by audience id. */
  readonly audiences?: Readonly<Record<string, readonly string[]>>
}

export interface WorldCustomer {
  readonly id: string
  readonly attributes: WorldValues
  readonly tags: readonly string[]
  readonly events: readonly WorldEvent[]
}

/** Rows that repeat an id are one event; the first row of an id is the one that counts. */
export interface WorldEvent {
  readonly id: string
  readonly event: string
  /** RFC 3339 instant, at most microseconds. */
  readonly at: string
  readonly properties: WorldValues
}

/** An absent key, `undefined` and `null` are all "missing". */
export type WorldValues = Readonly<Record<string, WorldValue | null | undefined>>

/**
 * Numbers and ratios as decimals ("12.5"), money as a decimal in units of its currency ("12.50"), enum value ids,
 * region codes, dates `YYYY-MM-DD`, timestamps RFC 3339, month-days `MM-DD`. A JSON number is read by its digits.
 */
export type WorldValue = string | number | boolean

export interface Run {
  /** RFC 3339 instant; the rule's own header wins. */
  readonly asOf: string
  /** IANA name; the rule's own header wins. */
  readonly timeZone: string
  /** What `sample` hashes beside its seed; the customer's id when absent. */
  readonly customerKey?: (customer: WorldCustomer) => string
}
