/** One example of every diagnostic, so that each code can be looked up with a sentence that says what it means. */
import type { Diagnostic, DiagnosticArguments, DiagnosticCode, DiagnosticOf } from '#grammar'

const none: readonly string[] = []

const argumentsByCode: { readonly [Code in DiagnosticCode]: DiagnosticArguments[Code] } = {
  E101: { character: '§' },
  E102: {},
  E103: {},
  E104: { date: '2026-02-30' },
  E105: { name: '' },
  E106: { escape: '\\q' },
  E201: { found: 'and', expected: none, category: 'condition' },
  E202: { expected: none, category: 'condition' },
  E203: {},
  E204: { words: ['and', 'or'] },
  E205: { word: 'custmers', suggestions: ['customers'] },
  E206: { found: 0 },
  E207: { found: ')' },
  E208: {},
  E209: {},
  E301: { name: 'Ctiy', suggestions: ['City'] },
  E302: { name: 'Purchse', suggestions: ['Purchase'] },
  E303: { name: 'Amout', event: 'Purchase', suggestions: ['Amount'] },
  E304: { name: 'vpi', suggestions: ['vip'] },
  E305: { name: 'Shangai', field: 'City', suggestions: ['Shanghai'] },
  E306: { name: 'Regulars', suggestions: none },
  E307: { name: 'marketing.smss', suggestions: ['marketing.sms'] },
  E308: { name: 'smss', suggestions: ['sms'] },
  E309: { name: 'sms-gatewy', suggestions: ['sms-gateway'] },
  E310: { name: 'since', suggestions: none },
  E311: { name: 'since' },
  E312: { name: 'City', candidates: ['Home city', 'Shipping city'] },
  E313: { name: 'intrest', suggestions: ['interest'] },
  E314: { name: 'since' },
  E315: { name: 'until', suggestions: none },
  E316: { value: 'Shanghai', field: 'City' },
  E401: { field: 'City', type: 'enum', comparison: '>' },
  E402: { currency: 'CNY' },
  E403: { found: 'USD', currency: 'CNY' },
  E404: { field: 'Age', type: 'integer', found: 'young' },
  E405: { scale: 2 },
  E406: { field: 'Satisfaction', low: 1, high: 5 },
  E407: { field: 'Age', type: 'integer', other: 'City', otherType: 'enum' },
  E408: { found: '0', least: 1, most: 2_147_483_647 },
  E409: {},
  E410: {},
  E411: {},
  E412: { aggregate: 'sum', wanted: true },
  E413: { aggregate: 'sum', field: 'City', type: 'enum' },
  E414: { found: '120%' },
  E415: { field: 'City', type: 'enum' },
  E416: {},
  E417: {},
  E418: { name: 'cities', found: 2 },
  E419: { found: 'soon' },
  E420: { found: 'soon' },
  E501: { version: '2' },
  E502: { field: 'purpose' },
  E503: { field: 'purpose' },
  E504: { zone: 'Mars/Olympus' },
  E506: { name: 'Note' },
  E507: { name: 'Mobile', dataClass: 'ID' },
  E602: { limit: 24 },
  E603: { limit: 16_384 },
  E604: { event: 'Purchase', days: 1100 },
  E605: { limit: 2000 },
  E606: { limit: 64, found: 65 },
  E607: { limit: 500, found: 501 },
  E608: { limit: 5, found: 6 },
  E609: { wholeDigits: 15, decimals: 9 },
  E610: { years: 100 },
  W203: { field: 'City' },
  W204: { event: 'Purchase' },
  W205: { event: 'Purchase' },
  P203: { field: 'City' },
}

function sample<Code extends DiagnosticCode>(code: Code): DiagnosticOf<Code> {
  return {
    code,
    severity: code.startsWith('E') ? 'error' : 'warning',
    span: { start: 0, end: 0 },
    args: argumentsByCode[code],
  }
}

const isCode = (word: string): word is DiagnosticCode => Object.hasOwn(argumentsByCode, word)

/** Every code, in the order in which they are numbered. */
export const codes: readonly DiagnosticCode[] = Object.keys(argumentsByCode).filter((word) =>
  isCode(word),
)

/** An example of the diagnostic; undefined for what is no code. */
export const sampleOf = (word: string): Diagnostic | undefined => {
  const code = word.toUpperCase()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the union over all codes is what a diagnostic is
  return isCode(code) ? (sample(code) as Diagnostic) : undefined
}
