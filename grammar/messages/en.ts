/** Messages in English: lower case, no final stop, the author's words in backticks. */
import type { Expectation, Expected, TypeWord } from '../diagnostics/codes.ts'
import type { Messages } from './messages.ts'

function oneOf(words: readonly string[], joint = 'or'): string {
  const all = words.map((word) => `\`${word}\``)
  const last = all.at(-1) ?? ''
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${joint} ${last}`
}

const types: Readonly<Record<TypeWord, string>> = {
  integer: 'a whole number',
  decimal: 'a number',
  money: 'an amount of money',
  percent: 'a percentage',
  score: 'a score',
  text: 'a text',
  enum: 'one of a list of values',
  boolean: 'yes or no',
  region: 'a region',
  date: 'a date',
  timestamp: 'a point in time',
  'month-day': 'a month and day such as "06-18"',
}

const places: Readonly<Record<Expectation, string>> = {
  condition: 'a condition',
  value: 'a value',
  comparison: 'a comparison such as `is`, `>=` or `in`',
  name: 'a name in brackets',
  unit: 'a unit such as `days`',
  number: 'a number',
  window: 'a time window such as `in last 90 days`',
  header: '`customers who`',
  end: 'the end of the rule',
  'clause-end': '`and`, `or` or the end of the condition',
}

const awaited = ({ expected, category }: Expected): string =>
  expected.length > 0 ? oneOf(expected) : places[category]

const perhaps = (suggestions: readonly string[]): string =>
  suggestions.length === 0 ? '' : `; perhaps ${oneOf(suggestions)}`

export const en: Messages = {
  E101: ({ character }) => `\`${character}\` has no meaning outside quotation marks`,
  E102: () => 'the text has no closing quotation mark on its line',
  E103: () => 'the name has no closing bracket',
  E104: ({ date }) => `\`${date}\` is not in the calendar`,
  E105: ({ name }) => `\`${name}\` cannot be a name: 1 to 64 characters without brackets or quotes`,
  E106: ({ escape }) => `\`${escape}\` is no escape; a text knows \`\\"\`, \`\\\\\` and \`\\n\``,

  E201: ({ found, ...expected }) => `\`${found}\` stands where ${awaited(expected)} should be`,
  E202: (expected) => `the rule ends where ${awaited(expected)} should be`,
  E203: () => 'this parenthesis is never closed',
  E204: ({ words }) =>
    `${oneOf([...new Set(words)], 'and')} are mixed without parentheses, which can be read two ways`,
  E205: ({ word, suggestions }) => `\`${word}\` is no word of the language${perhaps(suggestions)}`,
  E206: ({ found }) =>
    found === 0
      ? 'a time window is required, such as `in last 90 days` or `ever`'
      : 'only one time window can stand here',
  E207: ({ found }) => `\`${found}\` closes nothing`,
  E208: () => 'inside `where` only properties of the event can be tested',
  E209: () => 'only one count can stand here',

  E301: ({ name, suggestions }) => `there is no attribute \`${name}\`${perhaps(suggestions)}`,
  E302: ({ name, suggestions }) => `there is no event \`${name}\`${perhaps(suggestions)}`,
  E303: ({ name, event, suggestions }) =>
    `the event \`${event}\` has no property \`${name}\`${perhaps(suggestions)}`,
  E304: ({ name, suggestions }) => `there is no tag \`${name}\`${perhaps(suggestions)}`,
  E305: ({ name, field, suggestions }) =>
    `\`${field}\` has no value \`${name}\`${perhaps(suggestions)}`,
  E306: ({ name, suggestions }) => `there is no audience \`${name}\`${perhaps(suggestions)}`,
  E307: ({ name, suggestions }) => `there is no purpose \`${name}\`${perhaps(suggestions)}`,
  E308: ({ name, suggestions }) => `there is no channel \`${name}\`${perhaps(suggestions)}`,
  E309: ({ name, suggestions }) => `there is no recipient \`${name}\`${perhaps(suggestions)}`,
  E310: ({ name, suggestions }) =>
    `the parameter \`${name}\` is not declared${perhaps(suggestions)}`,
  E311: ({ name }) => `the parameter \`${name}\` has no value`,
  E312: ({ name, candidates }) => `\`${name}\` can mean ${oneOf(candidates)}`,
  E313: ({ name, suggestions }) => `there is no legal basis \`${name}\`${perhaps(suggestions)}`,
  E314: ({ name }) => `the parameter \`${name}\` is declared twice`,
  E315: ({ name, suggestions }) =>
    `a value was given for \`${name}\`, which the rule does not declare${perhaps(suggestions)}`,
  E316: ({ value, field }) =>
    `\`${value}\` is a value of \`${field}\` and belongs in quotation marks`,

  E401: ({ field, type, comparison }) =>
    `\`${field}\` is ${types[type]}, to which \`${comparison}\` does not apply`,
  E402: ({ currency }) => `an amount needs its currency, such as \`${currency}\``,
  E403: ({ found, currency }) => `\`${found}\` cannot be compared with \`${currency}\``,
  E404: ({ field, type, found }) => `\`${field}\` is ${types[type]}, and \`${found}\` is not`,
  E405: ({ scale }) => `the amount has more than ${scale} decimals`,
  E406: ({ field, low, high }) => `\`${field}\` lies between ${low} and ${high}`,
  E407: ({ field, type, other, otherType }) =>
    `\`${field}\` is ${types[type]} and \`${other}\` is ${types[otherType]}: they cannot be compared`,
  E408: ({ found, least, most }) =>
    `\`${found}\` should be a whole number between ${least} and ${most}`,
  E409: () => 'the range ends before it begins',
  E410: () => 'events lie in the past, so this window holds none',
  E411: () => 'before `ago` only `more than`, `at least`, `at most` or `less than` can stand',
  E412: ({ aggregate, wanted }) =>
    wanted
      ? `\`${aggregate}\` needs a property of the event`
      : `\`${aggregate}\` counts events and takes no property`,
  E413: ({ aggregate, field, type }) =>
    `\`${field}\` is ${types[type]}, to which \`${aggregate}\` does not apply`,
  E414: ({ found }) => `\`${found}\` should be above 0% and at most 100%`,
  E415: ({ field, type }) => `\`${field}\` is ${types[type]}, which has no order to rank by`,
  E416: () => 'the two sides of the ratio do not divide',
  E417: () => 'a last step with `no` needs `within`: without it the absence never comes to an end',
  E418: ({ name, found }) => `the parameter \`${name}\` holds ${found} values where one is needed`,
  E419: ({ found }) => `\`${found}\` is no length of time such as \`30 days\``,
  E420: ({ found }) => `\`${found}\` is no date`,

  E501: ({ version }) => `language version \`${version}\` is not known; this is version 1`,
  E502: ({ field }) => `\`${field}\` stands in the header twice`,
  E503: ({ field }) => `this value does not belong to \`${field}\``,
  E504: ({ zone }) => `\`${zone}\` is no time zone such as \`Asia/Shanghai\``,
  E506: ({ name }) => `\`${name}\` has no data category yet, so no rule may read it`,
  E507: ({ name, dataClass }) =>
    dataClass === 'ID'
      ? `\`${name}\` identifies people directly, so no rule may read it`
      : `\`${name}\` is sensitive (${dataClass}), so no rule may read it`,

  E602: ({ limit }) => `conditions stand more than ${limit} deep inside each other`,
  E603: ({ limit }) => `the rule is longer than ${limit} bytes`,
  E604: ({ event, days }) =>
    `\`${event}\` is kept for ${days} days only, which this window exceeds`,
  E605: ({ limit }) => `the rule has more than ${limit} words and signs`,
  E606: ({ limit, found }) => `the rule has ${found} tests, more than ${limit}`,
  E607: ({ limit, found }) => `the list has ${found} values, more than ${limit}`,
  E608: ({ limit, found }) => `the sequence has ${found} steps, more than ${limit}`,
  E609: ({ wholeDigits, decimals }) =>
    `the number has more than ${wholeDigits} digits or ${decimals} decimals`,
  E610: ({ years }) => `the length of time exceeds ${years} years`,

  W203: ({ field }) => `this also matches customers whose \`${field}\` is unknown`,
  W204: ({ event }) => `this includes customers without any \`${event}\``,
  W205: ({ event }) => `this leaves out customers who never had \`${event}\``,
  P203: ({ field }) => `this exclusion keeps customers whose \`${field}\` is unknown`,
}
