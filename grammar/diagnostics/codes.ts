/**
 * Every diagnostic code with the type of its arguments.
 *
 * E1xx lexical, E2xx syntax, E3xx names and values, E4xx types, E5xx header, E6xx limits, W2xx and P2xx missing data.
 * A code keeps its meaning for ever; messages are written from the arguments in the reader's language.
 */

/** Pieces of rule text, in the author's own words. */
type Words = readonly string[]

/** What could stand here, when there are too many words to list. */
export type Expectation =
  | 'condition'
  | 'value'
  | 'comparison'
  | 'name'
  | 'unit'
  | 'number'
  | 'window'
  | 'header'
  | 'end'
  | 'clause-end'

export interface Expected {
  /** At most three words of the author's language; empty when there are more. */
  readonly expected: Words
  readonly category: Expectation
}

interface UnknownName {
  readonly name: string
  readonly suggestions: Words
}

export type TypeWord =
  | 'integer'
  | 'decimal'
  | 'money'
  | 'percent'
  | 'score'
  | 'text'
  | 'enum'
  | 'boolean'
  | 'region'
  | 'date'
  | 'timestamp'
  | 'month-day'

interface Nothing {
  readonly [name: string]: never
}

export interface DiagnosticArguments {
  readonly E101: { readonly character: string }
  readonly E102: Nothing
  readonly E103: Nothing
  readonly E104: { readonly date: string }
  readonly E105: { readonly name: string }
  readonly E106: { readonly escape: string }

  readonly E201: { readonly found: string } & Expected
  readonly E202: Expected
  readonly E203: Nothing
  readonly E204: { readonly words: Words }
  readonly E205: { readonly word: string; readonly suggestions: Words }
  readonly E206: { readonly found: number }
  readonly E207: { readonly found: string }
  readonly E208: Nothing
  readonly E209: Nothing

  readonly E301: UnknownName
  readonly E302: UnknownName
  readonly E303: UnknownName & { readonly event: string }
  readonly E304: UnknownName
  readonly E305: UnknownName & { readonly field: string }
  readonly E306: UnknownName
  readonly E307: UnknownName
  readonly E308: UnknownName
  readonly E309: UnknownName
  readonly E310: UnknownName
  readonly E311: { readonly name: string }
  readonly E312: { readonly name: string; readonly candidates: Words }
  readonly E313: UnknownName
  readonly E314: { readonly name: string }
  readonly E315: { readonly name: string; readonly suggestions: Words }
  readonly E316: { readonly value: string; readonly field: string }

  readonly E401: { readonly field: string; readonly type: TypeWord; readonly comparison: string }
  readonly E402: { readonly currency: string }
  readonly E403: { readonly found: string; readonly currency: string }
  readonly E404: { readonly field: string; readonly type: TypeWord; readonly found: string }
  readonly E405: { readonly scale: number }
  readonly E406: { readonly field: string; readonly low: number; readonly high: number }
  readonly E407: {
    readonly field: string
    readonly type: TypeWord
    readonly other: string
    readonly otherType: TypeWord
  }
  readonly E408: { readonly found: string; readonly least: number; readonly most: number }
  readonly E409: Nothing
  readonly E410: Nothing
  readonly E411: Nothing
  readonly E412: { readonly aggregate: string; readonly wanted: boolean }
  readonly E413: { readonly aggregate: string; readonly field: string; readonly type: TypeWord }
  readonly E414: { readonly found: string }
  readonly E415: { readonly field: string; readonly type: TypeWord }
  readonly E416: Nothing
  readonly E417: Nothing
  readonly E418: { readonly name: string; readonly found: number }
  readonly E419: { readonly found: string }
  readonly E420: { readonly found: string }

  readonly E501: { readonly version: string }
  readonly E502: { readonly field: string }
  readonly E503: { readonly field: string }
  readonly E504: { readonly zone: string }
  readonly E506: { readonly name: string }
  readonly E507: { readonly name: string; readonly dataClass: string }

  readonly E602: { readonly limit: number }
  readonly E603: { readonly limit: number }
  readonly E604: { readonly event: string; readonly days: number }
  readonly E605: { readonly limit: number }
  readonly E606: { readonly limit: number; readonly found: number }
  readonly E607: { readonly limit: number; readonly found: number }
  readonly E608: { readonly limit: number; readonly found: number }
  readonly E609: { readonly wholeDigits: number; readonly decimals: number }
  readonly E610: { readonly years: number }

  readonly W203: { readonly field: string }
  readonly W204: { readonly event: string }
  readonly W205: { readonly event: string }
  readonly P203: { readonly field: string }
}

export type DiagnosticCode = keyof DiagnosticArguments
