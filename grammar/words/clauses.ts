/** Conditions in words: one sentence per clause, with what becomes of those whose value is unknown. */
import type {
  AttributeTest,
  CountTest,
  DidTest,
  MetricTest,
  RankTest,
  Test,
} from '../check/checked-rule.ts'
import { isTrueOfCount } from '../evaluate/metric.ts'
import {
  aggregateInWords,
  didInWords,
  didNotInWords,
  isAtLeastOnce,
  isZeroOfNothing,
  metricInWords,
  namesInWords,
  occurrenceInWords,
  sequenceInWords,
} from './events.ts'
import { attributeName, listed, nameIn, type Speaker } from './speaker.ts'
import { fieldsOf, oppositeOf, passesMissing, valueTestInWords, type Subject } from './values.ts'

/** One clause, or a group whose parts are clauses. */
export type Clause =
  | { readonly kind: 'sentence'; readonly text: string; readonly notes: readonly string[] }
  | {
      readonly kind: 'group'
      readonly title: string
      readonly predicate: string
      readonly parts: readonly Clause[]
    }

/** `meets` words a note: does it count as meeting a condition, or as being excluded? */
export type Role = 'condition' | 'exclusion'

export function clauseOf(test: Test, role: Role, speaker: Speaker, negated = false): Clause {
  switch (test.kind) {
    case 'not':
      return clauseOf(test.test, role, speaker, !negated)
    case 'and':
    case 'or':
    case 'at-least': {
      // Inside anything but a plain list of exclusions, meeting a part decides nothing yet.
      const partRole = test.kind === 'or' && !negated ? role : 'condition'
      return {
        kind: 'group',
        ...groupTitle(test, negated, speaker),
        parts: test.tests.map((part) => clauseOf(part, partRole, speaker)),
      }
    }
    case 'everyone':
    case 'attribute':
    case 'tags':
    case 'did':
    case 'metric':
    case 'occurrence':
    case 'sequence':
    case 'rank':
    case 'audience':
      return sentenceOf(test, role, speaker, negated)
  }
}

/** `title` stands alone above the parts, `predicate` follows "customers who". */
function groupTitle(
  test: Extract<Test, { readonly tests: readonly Test[] }>,
  negated: boolean,
  { say }: Speaker,
): { readonly title: string; readonly predicate: string } {
  const both = (en: string, zh: string, predicate = `meet ${en}`) => ({
    title: say(en, zh),
    predicate: say(predicate, zh),
  })
  switch (test.kind) {
    case 'and':
      return negated
        ? both('not all of these', '未同时满足以下全部条件', 'do not meet all of these')
        : both('all of these', '同时满足以下全部条件')
    case 'or':
      return negated
        ? both('none of these', '以下条件均不满足')
        : both('at least one of these', '满足以下任意一项')
    case 'at-least':
      return negated
        ? both(`fewer than ${test.count} of these`, `满足以下条件不到 ${test.count} 项`)
        : both(`at least ${test.count} of these`, `至少满足以下 ${test.count} 项`)
  }
}

type Leaf = Exclude<Test, { readonly kind: 'and' | 'or' | 'not' | 'at-least' }>

function sentenceOf(test: Leaf, role: Role, speaker: Speaker, negated: boolean): Clause {
  const notes = notesOf(test, role, speaker, negated)
  const plain = negated ? negatedLeaf(test, speaker) : leafInWords(test, speaker)
  if (plain !== undefined) return { kind: 'sentence', text: plain, notes }
  const text = leafInWords(test, speaker)
  return {
    kind: 'sentence',
    text: speaker.say(`it is not true that ${text}`, `不满足：${text}`),
    notes,
  }
}

function leafInWords(test: Leaf, speaker: Speaker): string {
  const { say, catalog } = speaker
  switch (test.kind) {
    case 'everyone':
      return say('everybody', '全部客户')
    case 'attribute':
      return valueTestInWords(attributeSubject(test, speaker), test.test, speaker)
    case 'tags': {
      const word = test.quantifier === 'all' ? 'and' : 'or'
      const tags = listed(
        test.tags.map((tag) => nameIn(catalog.tags, tag, speaker)),
        word,
        speaker,
      )
      if (test.quantifier === 'none') return say(`does not have the tag ${tags}`, `没有标签${tags}`)
      return test.quantifier === 'all' || test.tags.length === 1
        ? say(`has the tag ${tags}`, `有标签${tags}`)
        : say(`has any of the tags ${tags}`, `有任一标签${tags}`)
    }
    case 'did':
      return didInWords(test, speaker)
    case 'metric':
      return valueTestInWords(metricSubject(test, speaker), test.test, speaker)
    case 'occurrence':
      return occurrenceInWords(test, speaker)
    case 'sequence':
      return sequenceInWords(test, speaker)
    case 'rank':
      return rankInWords(test, speaker)
    case 'audience': {
      const audience = nameIn(catalog.audiences, test.audience, speaker)
      return say(`is in audience ${audience}`, `属于人群${audience}`)
    }
  }
}

/** A sentence of its own for "not", where the opposite is exact; undefined where it would say something else. */
function negatedLeaf(test: Leaf, speaker: Speaker): string | undefined {
  const { say, catalog } = speaker
  switch (test.kind) {
    case 'everyone':
      return say('nobody', '没有任何客户')
    case 'attribute':
    case 'metric': {
      const opposite = oppositeOf(test.test)
      return opposite && leafInWords({ ...test, test: opposite }, speaker)
    }
    case 'tags':
      if (test.quantifier === 'all') return undefined
      return leafInWords(
        { ...test, quantifier: test.quantifier === 'any' ? 'none' : 'any' },
        speaker,
      )
    case 'did': {
      if (isAtLeastOnce(test)) return didNotInWords(test, speaker)
      const count = oppositeCount(test.count)
      return count && didInWords({ ...test, count }, speaker)
    }
    case 'sequence':
      return sequenceInWords(test, speaker, true)
    case 'audience': {
      const audience = nameIn(catalog.audiences, test.audience, speaker)
      return say(`is not in audience ${audience}`, `不属于人群${audience}`)
    }
    case 'occurrence':
    case 'rank':
      return undefined
  }
}

/** Counts are never missing, so "not at least 3" is exactly "fewer than 3". */
function oppositeCount(count: CountTest): CountTest | undefined {
  if (count.kind === 'between') return undefined
  const opposite = { '=': '!=', '!=': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const
  return { ...count, op: opposite[count.op] }
}

const attributeSubject = (test: AttributeTest, speaker: Speaker): Subject => ({
  name: attributeName(test.attribute, speaker),
  type: test.type,
  fieldName: (id) => attributeName(id, speaker),
})

const metricSubject = (test: MetricTest, speaker: Speaker): Subject => ({
  name: metricInWords(test.metric, speaker),
  type: test.type,
  fieldName: (id) => attributeName(id, speaker),
})

function rankInWords(test: RankTest, speaker: Speaker): string {
  const { say, catalog } = speaker
  const by =
    test.by.kind === 'aggregate'
      ? aggregateInWords(test.by, speaker)
      : attributeName(test.by.attribute, speaker)
  const places = test.limit.kind === 'percent' ? `${test.limit.percent}%` : String(test.limit.count)
  const side = test.side === 'top' ? say('top', '前') : say('bottom', '后')
  const among =
    test.among === undefined
      ? ''
      : say(
          ` among ${nameIn(catalog.audiences, test.among, speaker)}`,
          `在人群${nameIn(catalog.audiences, test.among, speaker)}中`,
        )
  const unit = test.limit.kind === 'percent' ? '' : ' 名'
  return say(
    `is in the ${side} ${places} by ${by}${among}`,
    `${among}按${by}排名${side} ${places}${unit}`,
  )
}

function notesOf(test: Leaf, role: Role, speaker: Speaker, negated: boolean): readonly string[] {
  const { say } = speaker
  switch (test.kind) {
    case 'attribute': {
      const passes = passesMissing(test.test)
      if (passes === undefined) return []
      const names = namesInWords([test.attribute, ...fieldsOf(test.test)], speaker)
      const who = say(`someone whose ${names} is unknown`, `${names}未知的客户`)
      return [noteOf(who, passes !== negated, role, speaker)]
    }
    case 'did':
      return didNotes(test, role, speaker, negated)
    case 'metric':
      return metricNotes(test, role, speaker, negated)
    case 'occurrence': {
      const who = say('someone who never did it', '从未做过的客户')
      return [noteOf(who, negated, role, speaker)]
    }
    case 'sequence':
      return test.then.some((step) => step.absent)
        ? [
            say(
              'nobody counts as not having done it before the time for it is over.',
              '期限届满之前，不会把任何人算作“未做过”。',
            ),
          ]
        : []
    case 'rank':
      return [
        say(
          'people with equal values are in or out together; who has no value takes no part.',
          '数值并列者一并计入；没有数值的客户不参与排名。',
        ),
      ]
    case 'everyone':
    case 'tags':
    case 'audience':
      return []
  }
}

/** Only where zero times passes and the sentence does not say so itself. */
function didNotes(test: DidTest, role: Role, speaker: Speaker, negated: boolean): string[] {
  const passes = isTrueOfCount(0, test.count) !== negated
  if (!passes || isAtLeastOnce(test)) return []
  const who = speaker.say('someone who never did it', '从未做过的客户')
  return [noteOf(who, true, role, speaker)]
}

function metricNotes(test: MetricTest, role: Role, speaker: Speaker, negated: boolean): string[] {
  const passes = passesMissing(test.test)
  const fields = fieldsOf(test.test)
  if (passes !== undefined && fields.length > 0) {
    const names = namesInWords(fields, speaker)
    const who = speaker.say(`someone whose ${names} is unknown`, `${names}未知的客户`)
    return [
      ...figureNotes(test, role, speaker, negated),
      noteOf(who, passes !== negated, role, speaker),
    ]
  }
  return figureNotes(test, role, speaker, negated)
}

function figureNotes(test: MetricTest, role: Role, speaker: Speaker, negated: boolean): string[] {
  if (isZeroOfNothing(test.metric)) {
    return [
      speaker.say(
        'for someone who never did it, the figure is 0.',
        '从未做过的客户，该数值按 0 计算。',
      ),
    ]
  }
  const passes = passesMissing(test.test)
  if (passes === undefined) return []
  const who = speaker.say('someone for whom there is no such figure', '没有该数值的客户')
  return [noteOf(who, passes !== negated, role, speaker)]
}

function noteOf(who: string, passes: boolean, role: Role, { say }: Speaker): string {
  if (role === 'exclusion') {
    return passes
      ? say(`${who} is left out too.`, `${who}也会被排除。`)
      : say(`${who} is not left out.`, `${who}不会被排除。`)
  }
  return passes
    ? say(`${who} meets this too.`, `${who}也算满足此条。`)
    : say(`${who} does not meet this.`, `${who}不满足此条。`)
}
