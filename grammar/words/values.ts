/** Values and tests of one value in words. */
import type { ValueType } from '../check/catalog.ts'
import type { Comparison, Operand, Scalar, ValueTest } from '../check/checked-rule.ts'
import { formatRational, multiply, parseDecimal, wholeNumber } from '../evaluate/rational.ts'
import { bracketed, listed, spaceAfter, spaceBefore, type Speaker } from './speaker.ts'
import { pointInWords, timeInWords, windowInWords } from './times.ts'

/** Whose value it is, and how the other fields beside it are called. */
export interface Subject {
  readonly name: string
  readonly type: ValueType
  fieldName(id: string): string
}

/** A whole clause: "[Age] is at least 18". */
export function valueTestInWords(subject: Subject, test: ValueTest, speaker: Speaker): string {
  const { say } = speaker
  const { name } = subject
  const operand = (one: Operand) => operandInWords(one, subject, speaker)
  switch (test.kind) {
    case 'compare':
      return comparison(subject, test.op, operand(test.operand), speaker)
    case 'between':
      return say(
        `${name} is between ${operand(test.low)} and ${operand(test.high)}`,
        `${name}介于${spaced(operand(test.low))}到${spaced(operand(test.high))}之间`,
      )
    case 'in': {
      const list = listed(test.operands.map(operand), 'or', speaker)
      return test.negated
        ? say(`${name} is not ${list}`, `${name}不为${spaceBefore(list)}`)
        : say(`${name} is ${list}`, `${name}为${spaceBefore(list)}`)
    }
    case 'contains':
      return textTest(
        subject,
        test,
        [say('contains', '包含'), say('does not contain', '不包含')],
        speaker,
      )
    case 'starts-with':
      return textTest(
        subject,
        test,
        [say('starts with', '开头为'), say('does not start with', '开头不为')],
        speaker,
      )
    case 'known':
      return say(`${name} is known`, `${name}有值`)
    case 'unknown':
      return say(`${name} is unknown`, `${name}无值`)
    case 'when':
      return say(
        `${name} ${timeInWords(test.when, 'value', speaker)}`,
        `${name}${timeInWords(test.when, 'value', speaker)}`,
      )
    case 'anniversary':
      return subject.type.kind === 'month-day'
        ? say(
            `${name} falls ${windowInWords(test.window, speaker)}`,
            `${name}在${windowInWords(test.window, speaker)}`,
          )
        : say(
            `the anniversary of ${name} falls ${windowInWords(test.window, speaker)}`,
            `${name}的周年日在${windowInWords(test.window, speaker)}`,
          )
  }
}

function comparison(
  { name, type }: Subject,
  op: Comparison,
  operand: string,
  { say }: Speaker,
): string {
  const after = spaceBefore(operand)
  const isTime = type.kind === 'date' || type.kind === 'timestamp'
  switch (op) {
    case '=':
      return say(`${name} is ${operand}`, `${name}为${after}`)
    case '!=':
      return say(`${name} is not ${operand}`, `${name}不为${after}`)
    case '<':
      return isTime
        ? say(`${name} is before ${operand}`, `${name}早于${after}`)
        : say(`${name} is less than ${operand}`, `${name}低于${after}`)
    case '<=':
      return isTime
        ? say(`${name} is not after ${operand}`, `${name}不晚于${after}`)
        : say(`${name} is at most ${operand}`, `${name}不超过${after}`)
    case '>':
      return isTime
        ? say(`${name} is after ${operand}`, `${name}晚于${after}`)
        : say(`${name} is more than ${operand}`, `${name}超过${after}`)
    case '>=':
      return isTime
        ? say(`${name} is not before ${operand}`, `${name}不早于${after}`)
        : say(`${name} is at least ${operand}`, `${name}至少${after}`)
  }
}

function textTest(
  { name }: Subject,
  test: Extract<ValueTest, { readonly kind: 'contains' | 'starts-with' }>,
  [verb, negatedVerb]: readonly [string, string],
  { say }: Speaker,
): string {
  const text = `“${test.text}”`
  const said = test.negated ? negatedVerb : verb
  const caseNote = test.ignoreCase ? say(', ignoring case', '（不分大小写）') : ''
  return say(`${name} ${said} ${text}${caseNote}`, `${name}${said}${text}${caseNote}`)
}

function operandInWords(operand: Operand, subject: Subject, speaker: Speaker): string {
  switch (operand.kind) {
    case 'literal':
      return scalarInWords(operand.value, subject.type, speaker)
    case 'field':
      return subject.fieldName(operand.field)
    case 'today':
      return pointInWords({ kind: 'today' }, speaker)
  }
}

function scalarInWords(scalar: Scalar, type: ValueType, speaker: Speaker): string {
  const { say } = speaker
  switch (scalar.kind) {
    case 'number':
      return scalar.value
    case 'money':
      return say(
        `${scalar.value} ${scalar.currency}`,
        `${scalar.value} ${scalar.currency === 'CNY' ? '元' : scalar.currency}`,
      )
    case 'percent':
      return `${formatRational(multiply(parseDecimal(scalar.value), wholeNumber(100)))}%`
    case 'text':
      return `“${scalar.value}”`
    case 'enum':
    case 'region': {
      const values = type.kind === 'enum' || type.kind === 'region' ? type.values : []
      const label = values.find(({ id }) => id === scalar.value)?.label
      const text = `“${bracketed(label, scalar.value, speaker).slice(1, -1)}”`
      return scalar.kind === 'region' && scalar.codes.length > 1
        ? say(`${text} (with everything in it)`, `${text}（含下辖地区）`)
        : text
    }
    case 'boolean':
      return scalar.value ? say('yes', '是') : say('no', '否')
    case 'date':
    case 'month-day':
      return scalar.value
    case 'timestamp':
      return scalar.value.replace('T', ' ')
  }
}

const spaced = (text: string): string => spaceAfter(spaceBefore(text))

/** Whether a missing value passes; undefined for tests of being known, which say so themselves. */
export function passesMissing(test: ValueTest): boolean | undefined {
  switch (test.kind) {
    case 'known':
    case 'unknown':
      return undefined
    case 'compare':
      return test.op === '!='
    case 'in':
    case 'contains':
    case 'starts-with':
      return test.negated
    case 'between':
    case 'when':
    case 'anniversary':
      return false
  }
}

/** The exact opposite as a test, where the language has one; "not at least" is not "less than", for example. */
export function oppositeOf(test: ValueTest): ValueTest | undefined {
  switch (test.kind) {
    case 'known':
      return { kind: 'unknown' }
    case 'unknown':
      return { kind: 'known' }
    case 'in':
    case 'contains':
    case 'starts-with':
      return { ...test, negated: !test.negated }
    case 'compare':
      if (test.op === '=') return { ...test, op: '!=' }
      return test.op === '!=' ? { ...test, op: '=' } : undefined
    case 'between':
    case 'when':
    case 'anniversary':
      return undefined
  }
}

/** The other fields that the test reads. */
export function fieldsOf(test: ValueTest): readonly string[] {
  const operands =
    test.kind === 'compare'
      ? [test.operand]
      : test.kind === 'between'
        ? [test.low, test.high]
        : test.kind === 'in'
          ? test.operands
          : []
  return operands.flatMap((operand) => (operand.kind === 'field' ? [operand.field] : []))
}
