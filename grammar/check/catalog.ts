/**
 * What a rule may speak of. The checker sees the catalogue through this interface only: names and types,
 * never where anything is stored. Implemented by src/catalog over the database and by plain data in tests.
 */

export type Language = 'en' | 'zh'

/** Both labels; the first of each list is canonical, the others are accepted on input. */
export interface Label {
  readonly en: string
  readonly zh: string
}

export type ValueType =
  | { readonly kind: 'integer' }
  | { readonly kind: 'decimal' }
  /** Amounts are whole numbers of the smallest unit, `scale` decimals below the unit of the ISO 4217 code. */
  | { readonly kind: 'money'; readonly currency: string; readonly scale: number }
  /** A ratio: 70% is the decimal 0.7. */
  | { readonly kind: 'percent' }
  | { readonly kind: 'score'; readonly low: number; readonly high: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'enum'; readonly values: readonly EnumValue[] }
  | { readonly kind: 'boolean' }
  /** Codes of GB/T 2260; a listed code includes everything below it. */
  | { readonly kind: 'region'; readonly values: readonly RegionValue[] }
  | { readonly kind: 'date' }
  | { readonly kind: 'timestamp' }
  /** A birthday without its year. */
  | { readonly kind: 'month-day' }

export interface EnumValue {
  readonly id: string
  readonly label: Label
}

export interface RegionValue extends EnumValue {
  readonly parent?: string
}

/** Sensitivity after privacy.md C.2; `ID` is a direct identifier, which no rule may compare. */
export type DataClass = 'S0' | 'S1' | 'S2' | 'S3' | 'S4' | 'ID'

interface Described {
  /** Stable, language-neutral: `[a-z0-9_.-]`, starts with a letter. */
  readonly id: string
  readonly label: Label
  /** Dotted data category, e.g. `demographic.location`; undefined means not labelled, and then not usable. */
  readonly category?: string
  readonly dataClass?: DataClass
}

export interface CatalogAttribute extends Described {
  readonly type: ValueType
}

export interface CatalogProperty {
  readonly id: string
  readonly label: Label
  readonly type: ValueType
}

export interface CatalogEvent extends Described {
  readonly properties: readonly CatalogProperty[]
  /** Events older than this are gone, so a window may not reach further back. */
  readonly retentionDays?: number
}

export interface CatalogTag extends Described {}

/** Purposes, channels and recipients that a header may propose. */
export interface CatalogName {
  readonly id: string
  readonly label: Label
}

export interface CatalogAudience {
  /** Segment id: a rule speaks of the saved rule of that name. */
  readonly id: string
  readonly label: Label
}

export interface RuleCatalog {
  readonly version: string
  readonly timeZone: string
  readonly currency: string
  readonly attributes: readonly CatalogAttribute[]
  readonly events: readonly CatalogEvent[]
  readonly tags: readonly CatalogTag[]
  readonly purposes: readonly CatalogName[]
  readonly channels: readonly CatalogName[]
  readonly recipients: readonly CatalogName[]
  readonly audiences: readonly CatalogAudience[]
}
