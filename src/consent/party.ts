/** Those a consent speaks of: purposes, channels, notices, recipients and the contracts with them. */

export interface Label {
  readonly en: string
  readonly zh: string
}

export interface Purpose {
  readonly id: string
  readonly label: Label
  readonly kind: 'marketing' | 'price_offer' | 'service'
  /** Wider purposes whose consents reach down to this one. */
  readonly coveredBy: readonly string[]
  /** The notice that tells people of it; where none is named, any may have. */
  readonly notice?: string
  /** Consents on an older version no longer count. */
  readonly minNoticeVersion: number
  readonly validUntil?: Date
}

export interface Channel {
  readonly id: string
  readonly label: Label
  /** Kind of contact data that it needs, or null. */
  readonly identifierKind: string | null
}

export interface Notice {
  readonly id: string
  readonly version: number
  readonly language: string
  readonly text: string
}

/** PIPL: internal is the handler itself, processor Art. 21, handler Art. 23, joint Art. 20. */
export type RecipientRole = 'internal' | 'processor' | 'handler' | 'joint'

export interface Recipient {
  readonly id: string
  readonly label: Label
  readonly role: RecipientRole
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly contact: string
  readonly pseudonymEpoch: number
}

export interface Contract {
  readonly id: string
  readonly recipient: string
  readonly purposes: readonly string[]
  readonly channels: readonly string[]
  readonly categories: readonly string[]
  readonly validFrom: Date
  readonly validUntil: Date
}

export interface Parties {
  readonly purposes: readonly Purpose[]
  readonly channels: readonly Channel[]
  readonly notices: readonly Notice[]
  readonly recipients: readonly Recipient[]
  readonly contracts: readonly Contract[]
}

type Draft<T, Defaults extends keyof T> = Omit<T, Defaults> & Partial<Pick<T, Defaults>>

/** What an officer writes; what is left out takes the careful default. */
export interface PartiesDraft {
  readonly purposes?: readonly Draft<Purpose, 'kind' | 'coveredBy' | 'minNoticeVersion'>[]
  readonly channels?: readonly Channel[]
  readonly notices?: readonly Notice[]
  readonly recipients?: readonly Draft<Recipient, 'country' | 'contact' | 'pseudonymEpoch'>[]
  readonly contracts?: readonly Contract[]
}
