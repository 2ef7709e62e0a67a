/** A checked rule as sentences in both languages, with its windows come to dates. */
import type { Language, RuleCatalog } from '../check/catalog.ts'
import type { CheckedRule, Test } from '../check/checked-rule.ts'
import { calendarOf, formatLocal } from '../evaluate/calendar.ts'
import { clauseOf, type Clause } from './clauses.ts'
import { capitalised, listed, nameIn, speakerOf, type Speaker } from './speaker.ts'

export interface RuleWords {
  readonly en: string[]
  readonly zh: string[]
}

export interface WordsRun {
  /** RFC 3339 instant; the rule's own header wins, as it does for the evaluator. */
  readonly asOf: string
  readonly timeZone: string
  /** Ids of the catalogue; what the rule's header proposes when absent. */
  readonly use?: { readonly purpose: string; readonly channel: string; readonly recipient: string }
}

/**
 * Says what a rule means: who is in, who is left out, what happens to people whose value is unknown, and the consent
 * that is always asked. One sentence per clause, numbered; the same number is the same clause in both languages.
 */
export function ruleInWords(rule: CheckedRule, catalog: RuleCatalog, run: WordsRun): RuleWords {
  const lines = (language: Language) =>
    linesOf(rule, speakerOf(language, catalog, calendarOf(rule.header, run)), run)
  return { en: lines('en'), zh: lines('zh') }
}

function linesOf(rule: CheckedRule, speaker: Speaker, run: WordsRun): string[] {
  return [
    ...includeLines(rule.include, speaker),
    ...rule.exclude.flatMap((test) => excludeLines(test, speaker)),
    ...sampleLines(rule, speaker),
    consentLine(rule, speaker, run),
  ]
}

function includeLines(include: Test, speaker: Speaker): string[] {
  const { say, calendar } = speaker
  const now = formatLocal(calendar.asOf, calendar.timeZone)
  const asOf = say(`As of ${now} ${calendar.timeZone}`, `截至 ${now}（${calendar.timeZone}）`)
  if (include.kind === 'everyone') return [say(`${asOf}, all customers.`, `${asOf}，全部客户。`)]
  const clause = clauseOf(include, 'condition', speaker)
  if (clause.kind === 'sentence') {
    const title = say(`${asOf}, customers who meet this:`, `${asOf}，满足以下条件的客户：`)
    return [title, ...numbered([clause], '', speaker)]
  }
  const title = say(
    `${asOf}, customers who ${clause.predicate}:`,
    `${asOf}，${clause.predicate}的客户：`,
  )
  return [title, ...numbered(clause.parts, '', speaker)]
}

function excludeLines(test: Test, speaker: Speaker): string[] {
  const { say } = speaker
  const clause = clauseOf(test, 'exclusion', speaker)
  if (clause.kind === 'sentence') {
    return [say(`Left out: ${sentence(clause, speaker)}`, `排除：${sentence(clause, speaker)}`)]
  }
  return [
    say(`Left out are customers who ${clause.predicate}:`, `排除${clause.predicate}的客户：`),
    ...numbered(clause.parts, '', speaker),
  ]
}

/** "1. …", and "1.2. …" for parts of a group. */
function numbered(clauses: readonly Clause[], prefix: string, speaker: Speaker): string[] {
  return clauses.flatMap((clause, index) => {
    const number = `${prefix}${index + 1}.`
    return clause.kind === 'sentence'
      ? [`${number} ${capitalised(sentence(clause, speaker))}`]
      : [
          `${number} ${capitalised(clause.title)}${speaker.say(':', '：')}`,
          ...numbered(clause.parts, number, speaker),
        ]
  })
}

function sentence(
  clause: Extract<Clause, { readonly kind: 'sentence' }>,
  { say }: Speaker,
): string {
  const notes = clause.notes.map((note) => say(` ${capitalised(note)}`, note)).join('')
  return `${clause.text}${say('.', '。')}${notes}`
}

function sampleLines({ sample }: CheckedRule, { say }: Speaker): string[] {
  if (!sample) return []
  return [
    say(
      `Of these, ${sample.percent}% are kept, always the same people for the seed “${sample.seed}”.`,
      `从中抽取 ${sample.percent}%；种子“${sample.seed}”不变，抽中的人就不变。`,
    ),
  ]
}

function consentLine({ header }: CheckedRule, speaker: Speaker, run: WordsRun): string {
  const { say, catalog } = speaker
  const purpose = run.use?.purpose ?? header.purpose
  const channels = run.use ? [run.use.channel] : header.channels
  const recipient = run.use?.recipient ?? header.recipient
  const what =
    purpose === undefined
      ? say('the purpose chosen for the run', '运行时所选用途')
      : nameIn(catalog.purposes, purpose, speaker)
  const how =
    channels.length === 0
      ? say('the channel chosen for the run', '运行时所选渠道')
      : listed(
          channels.map((channel) => nameIn(catalog.channels, channel, speaker)),
          'or',
          speaker,
        )
  const whom =
    recipient === undefined
      ? say('the recipient chosen for the run', '运行时所选接收方')
      : nameIn(catalog.recipients, recipient, speaker)
  return say(
    `Then, automatically: only people who agreed to ${what} by ${how} from ${whom}, as things stand at the moment of the run. No record of consent means no; minors are left out.`,
    `然后自动：只包含已同意${whom}通过${how}用于${what}的人，以运行当时的状态为准。没有同意记录即视为不同意；未成年人一律不包含。`,
  )
}
