/** A rule as a Boolean formula over leaves that are computed apart. */
import { sql } from 'kysely'
import { unreachable } from '../kernel/assert.ts'
import { allOf, anyOf, atLeastOf, int8, notTrue } from './sql.ts'
import type { Sql } from './sql.ts'

export type Formula =
  | { readonly kind: 'always' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  | { readonly kind: 'at-least'; readonly count: number; readonly parts: readonly Formula[] }
  /** A bit that is set where the leaf differs from what it is for customers without any row. */
  | { readonly kind: 'vote'; readonly place: number; readonly ofNothing: boolean }
  /** A predicate on the customer's row, or on rows joined to it. */
  | { readonly kind: 'customer'; readonly predicate: Sql }
  /** A predicate on nothing but the customer's id. */
  | { readonly kind: 'id'; readonly predicate: (id: Sql) => Sql }

/** Bits in one bigint, its sign left alone. */
export const bitsPerWord = 60

export const wordOf = (place: number): number => Math.floor(place / bitsPerWord)
export const bitOf = (place: number): bigint => 1n << BigInt(place % bitsPerWord)

export interface Printing {
  /** The word of votes with that number. */
  readonly word: (word: number) => Sql
  readonly id: Sql
}

export function printFormula(formula: Formula, printing: Printing): Sql {
  const each = (parts: readonly Formula[]) => parts.map((part) => printFormula(part, printing))
  switch (formula.kind) {
    case 'always':
      return sql`true`
    case 'and':
      return allOf(each(formula.parts))
    case 'or':
      return anyOf(each(formula.parts))
    case 'not':
      return notTrue(printFormula(formula.part, printing))
    case 'at-least':
      return atLeastOf(formula.count, each(formula.parts))
    case 'vote': {
      const bit = sql`${printing.word(wordOf(formula.place))} & ${int8(bitOf(formula.place))}`
      return formula.ofNothing ? sql`(${bit}) = 0` : sql`(${bit}) <> 0`
    }
    case 'customer':
      return formula.predicate
    case 'id':
      return formula.predicate(printing.id)
    default:
      return unreachable(formula)
  }
}

type Verdict = 'true' | 'false' | 'open'

/** What the formula is for a customer without any row of the votes; open where it depends on the customer. */
export function ofNobody(formula: Formula): Verdict {
  switch (formula.kind) {
    case 'always':
      return 'true'
    case 'and':
      return atLeast(formula.parts.length, formula.parts)
    case 'or':
      return atLeast(1, formula.parts)
    case 'at-least':
      return atLeast(formula.count, formula.parts)
    case 'not': {
      const verdict = ofNobody(formula.part)
      if (verdict === 'open') return 'open'
      return verdict === 'true' ? 'false' : 'true'
    }
    case 'vote':
      return formula.ofNothing ? 'true' : 'false'
    case 'customer':
    case 'id':
      return 'open'
    default:
      return unreachable(formula)
  }
}

function atLeast(count: number, parts: readonly Formula[]): Verdict {
  const verdicts = parts.map(ofNobody)
  const certain = verdicts.filter((verdict) => verdict === 'true').length
  const possible = verdicts.filter((verdict) => verdict !== 'false').length
  if (certain >= count) return 'true'
  return possible < count ? 'false' : 'open'
}
