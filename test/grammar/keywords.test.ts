import { describe, expect, test } from 'vitest'
import { concepts, keywords } from '../../grammar/syntax/keywords.ts'
import type { Concept, Spellings } from '../../grammar/syntax/keywords.ts'
import { lex } from '../../grammar/syntax/lex.ts'

const conceptsIn = (text: string): string =>
  lex(text)
    .tokens.map(({ tokenType }) => tokenType.name)
    .join(' ')

interface Word {
  readonly concept: Concept
  readonly spelling: string
}

const wordsOf = (language: 'en' | 'zh'): readonly Word[] =>
  concepts.flatMap((concept) => {
    const spellings: Spellings = keywords[concept]
    return spellings[language].map((spelling) => ({ concept, spelling }))
  })

/** Pairs that join into something else. None of them can stand side by side in a rule: after `is` no condition. */
const joining = {
  zh: [
    '日期 + 为 = On',
    '未 + 做过 = DidNot',
    '未 + 依次做过 = NotInOrder',
    '没有 + 做过 = DidNot',
    '没有 + 依次做过 = NotInOrder',
    '从 + 未做过 = NeverDid',
    '在 + 人群 = InAudience',
    '属于 + 人群 = InAudience',
    '不属于 + 人群 = NotInAudience',
    '是 + 的 = Yes',
  ],
  en: [
    'not + in audience = NotInAudience',
    'not + in = NotIn',
    'did + not = DidNot',
    'did + not in audience = DidNot InAudience',
    'did + not in = DidNot In',
    'no + more than = AtMost',
    'last + week = PreviousWeek',
    'last + month = PreviousMonth',
    'last + quarter = PreviousQuarter',
    'last + year = PreviousYear',
    'in + audience = InAudience',
    'in + last week = Last Week',
    'in + last month = Last Month',
    'in + last quarter = Last Quarter',
    'in + last year = Last Year',
    'in + last = Last',
    'not in + audience = NotInAudience',
    'not in + last week = Not Last Week',
    'not in + last month = Not Last Month',
    'not in + last quarter = Not Last Quarter',
    'not in + last year = Not Last Year',
    'not in + last = Not Last',
    'is + not = IsNot',
    'is + not in audience = IsNot InAudience',
    'is + not in = IsNot In',
  ],
} as const

test.each(['en', 'zh'] as const)(
  'every %s spelling is one keyword and belongs to one concept',
  (to) => {
    const words = wordsOf(to)
    for (const { concept, spelling } of words) expect(conceptsIn(spelling)).toBe(concept)
    expect(new Set(words.map(({ spelling }) => spelling)).size).toBe(words.length)
  },
)

function joins(language: 'en' | 'zh', gap: string): string[] {
  const words = wordsOf(language)
  return words.flatMap((first) =>
    words.flatMap((second) => {
      const found = conceptsIn(`${first.spelling}${gap}${second.spelling}`)
      return found === `${first.concept} ${second.concept}`
        ? []
        : [`${first.spelling} + ${second.spelling} = ${found}`]
    }),
  )
}

describe('every ordered pair of keywords is read as meant', () => {
  test.each([
    ['glued', ''],
    ['spaced', ' '],
    ['on two lines', '\n  '],
  ])('in Chinese, %s', (_, gap) => {
    expect(joins('zh', gap)).toEqual(joining.zh)
  })

  test('in English, on one line or two', () => {
    expect(joins('en', ' ')).toEqual(joining.en)
    expect(joins('en', '\n  ')).toEqual(joining.en)
  })
})

test('spaces inside a Chinese keyword mean nothing, and the case of English letters neither', () => {
  for (const { concept, spelling } of wordsOf('zh')) {
    expect(conceptsIn(Array.from(spelling).join(' '))).toBe(concept)
  }
  for (const { concept, spelling } of wordsOf('en')) {
    expect(conceptsIn(spelling.toUpperCase().replaceAll(' ', '\t '))).toBe(concept)
  }
})

test('a run of Chinese that is no sequence of keywords is one bare name', () => {
  expect(conceptsIn('城市为')).toBe('Word')
  expect(conceptsIn('城市 为')).toBe('Word Is')
  expect(conceptsIn('天内未做过')).toBe('Day Inside DidNot')
})
