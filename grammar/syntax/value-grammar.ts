/** The middle of the grammar: windows and tests of one value. */
import type { TokenType } from 'chevrotain'
import type {
  ComparisonSign,
  LengthNode,
  OperandNode,
  TextNode,
  TimeTestNode,
  UnitName,
  ValueTestNode,
  VariableNode,
  WindowNode,
} from '../ast/nodes.ts'
import { spanOf } from '../source/span.ts'
import type { Concept } from './keywords.ts'
import { spanOfToken } from './lex.ts'
import { LiteralGrammar } from './literal-grammar.ts'
import type { Alternatives, Rule } from './literal-grammar.ts'
import { keywordToken, shapes } from './tokens.ts'

const fullUnitsByToken = new Map<TokenType, UnitName>([
  [keywordToken('FullMinute'), 'minute'],
  [keywordToken('FullHour'), 'hour'],
  [keywordToken('FullDay'), 'day'],
  [keywordToken('FullWeek'), 'week'],
  [keywordToken('FullMonth'), 'month'],
  [keywordToken('FullQuarter'), 'quarter'],
  [keywordToken('FullYear'), 'year'],
])

interface CalendarWindow {
  readonly kind: 'this' | 'previous'
  readonly unit: 'week' | 'month' | 'quarter' | 'year'
}

const calendarWindows = new Map<TokenType, CalendarWindow>([
  [keywordToken('ThisWeek'), { kind: 'this', unit: 'week' }],
  [keywordToken('ThisMonth'), { kind: 'this', unit: 'month' }],
  [keywordToken('ThisQuarter'), { kind: 'this', unit: 'quarter' }],
  [keywordToken('ThisYear'), { kind: 'this', unit: 'year' }],
  [keywordToken('PreviousWeek'), { kind: 'previous', unit: 'week' }],
  [keywordToken('PreviousMonth'), { kind: 'previous', unit: 'month' }],
  [keywordToken('PreviousQuarter'), { kind: 'previous', unit: 'quarter' }],
  [keywordToken('PreviousYear'), { kind: 'previous', unit: 'year' }],
])

const signsByToken = new Map<TokenType, ComparisonSign>([
  [shapes.Greater, '>'],
  [keywordToken('MoreThan'), '>'],
  [shapes.GreaterOrEqual, '>='],
  [keywordToken('AtLeast'), '>='],
  [shapes.Less, '<'],
  [keywordToken('LessThan'), '<'],
  [shapes.LessOrEqual, '<='],
  [keywordToken('AtMost'), '<='],
  [shapes.Equal, '='],
  [keywordToken('Exactly'), '='],
  [keywordToken('Is'), '='],
  [keywordToken('Shi'), '='],
  [shapes.NotEqual, '!='],
  [keywordToken('IsNot'), '!='],
])

/** How far away: the words that may stand before a length. */
const distances = (['AtLeast', 'AtMost', 'MoreThan', 'LessThan', 'Exactly'] as const).map(
  keywordToken,
)

export class ValueGrammar extends LiteralGrammar {
  protected readonly window: Rule<WindowNode> = this.define('window', () => {
    const start = this.LA(1).startOffset
    return this.OR<Alternatives<WindowNode>>([
      { ALT: () => this.SUBRULE(this.lastWindow) },
      { ALT: () => this.SUBRULE(this.lastFullWindow) },
      { ALT: () => this.SUBRULE(this.nextWindow) },
      ...[...calendarWindows].map(([type, window]) => ({
        ALT: (): WindowNode => ({ ...window, span: spanOfToken(this.CONSUME(type)) }),
      })),
      { ALT: () => ({ kind: 'today', span: this.SUBRULE(this.today).span }) },
      { ALT: () => this.word('Yesterday', (span) => ({ kind: 'yesterday', span })) },
      { ALT: () => this.word('Ever', (span) => ({ kind: 'ever', span })) },
      {
        ALT: () => {
          this.CONSUME(keywordToken('From'))
          const from = this.SUBRULE(this.point)
          this.CONSUME(keywordToken('To'))
          const to = this.SUBRULE2(this.point)
          return { kind: 'from-to', from, to, span: this.since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keywordToken('Since'))
          const from = this.SUBRULE3(this.point)
          this.OPTION(() => this.CONSUME(keywordToken('SinceEnd')))
          return { kind: 'since', from, span: this.since(start) }
        },
      },
    ])
  })

  /** "in last 3 months", 近 3 个月 内, and the Chinese order of "in last full 3 months": 最近 3 个完整自然月. */
  protected readonly lastWindow: Rule<WindowNode> = this.define('lastWindow', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Last'))
    const { length, full } = this.SUBRULE(this.countedLength)
    this.OPTION(() => this.CONSUME(keywordToken('Inside')))
    return { kind: full ? 'last-full' : 'last', length, span: this.since(start) }
  })

  protected readonly countedLength: Rule<{ length: LengthNode; full: boolean }> = this.define(
    'countedLength',
    () => {
      const start = this.LA(1).startOffset
      return this.OR<Alternatives<{ length: LengthNode; full: boolean }>>([
        {
          ALT: () => {
            const count = this.SUBRULE(this.number)
            const { unit, full } = this.SUBRULE(this.anyUnit)
            return { length: { kind: 'length', count, unit, span: this.since(start) }, full }
          },
        },
        {
          ALT: () => {
            const count = this.SUBRULE(this.variable)
            const measured = this.OPTION(() => this.SUBRULE2(this.anyUnit))
            const unit = measured?.unit === undefined ? {} : { unit: measured.unit }
            const length: LengthNode = { kind: 'length', count, ...unit, span: this.since(start) }
            return { length, full: measured?.full === true }
          },
        },
      ])
    },
  )

  protected readonly anyUnit: Rule<{ unit: UnitName; full: boolean }> = this.define('anyUnit', () =>
    this.OR<Alternatives<{ unit: UnitName; full: boolean }>>([
      { ALT: () => ({ unit: this.SUBRULE(this.unit), full: false }) },
      {
        ALT: () => {
          const token = this.OR2(this.anyOf(fullUnitsByToken.keys()))
          return { unit: fullUnitsByToken.get(token.tokenType) ?? 'day', full: true }
        },
      },
    ]),
  )

  protected readonly lastFullWindow: Rule<WindowNode> = this.define('lastFullWindow', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('LastFull'))
    const length = this.SUBRULE(this.length)
    return { kind: 'last-full', length, span: this.since(start) }
  })

  protected readonly nextWindow: Rule<WindowNode> = this.define('nextWindow', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Next'))
    const length = this.SUBRULE(this.length)
    this.OPTION(() => this.CONSUME(keywordToken('Inside')))
    return { kind: 'next', length, span: this.since(start) }
  })

  /** 距今 超过 180 天, 距今 30 天 以内. */
  protected readonly fromNow: Rule<TimeTestNode> = this.define('fromNow', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('FromNow'))
    return this.OR<Alternatives<TimeTestNode>>([
      {
        ALT: () => {
          const token = this.OR2(this.anyOf(distances))
          const op = signsByToken.get(token.tokenType) ?? '='
          const length = this.SUBRULE(this.length)
          this.OPTION(() => this.SUBRULE(this.ago))
          return { kind: 'ago', op, length, span: this.since(start) }
        },
      },
      {
        ALT: () => {
          const length = this.SUBRULE2(this.length)
          this.CONSUME(keywordToken('Inside'))
          return { kind: 'ago', op: '<=', length, span: this.since(start) }
        },
      },
    ])
  })

  protected readonly ago: Rule<void> = this.define('ago', () => {
    this.OR(this.anyOf([keywordToken('Ago'), keywordToken('Earlier')]))
  })

  protected readonly pointTest: Rule<TimeTestNode> = this.define('pointTest', () => {
    const start = this.LA(1).startOffset
    const kind = this.OR<Alternatives<'before' | 'after' | 'on'>>([
      { ALT: () => this.word('Before', () => 'before') },
      { ALT: () => this.word('After', () => 'after') },
      { ALT: () => this.word('On', () => 'on') },
    ])
    const point = this.SUBRULE(this.point)
    return { kind, point, span: this.since(start) }
  })

  /** When an occurrence happened. */
  protected readonly timeTest: Rule<TimeTestNode> = this.define('timeTest', () => {
    const start = this.LA(1).startOffset
    return this.OR<Alternatives<TimeTestNode>>([
      {
        ALT: () => {
          const token = this.OR2(this.anyOf(distances))
          const op = signsByToken.get(token.tokenType) ?? '='
          const length = this.SUBRULE(this.length)
          this.SUBRULE(this.ago)
          return { kind: 'ago', op, length, span: this.since(start) }
        },
      },
      {
        ALT: () => {
          const length = this.SUBRULE2(this.length)
          const op = this.OR3<Alternatives<ComparisonSign>>([
            { ALT: () => this.word('Earlier', () => '>') },
            { ALT: () => this.word('Inside', () => '<=') },
          ])
          return { kind: 'ago', op, length, span: this.since(start) }
        },
      },
      { ALT: () => this.SUBRULE(this.pointTest) },
      {
        ALT: () => {
          const point = this.SUBRULE(this.date)
          return { kind: 'on', point, span: point.span }
        },
      },
      {
        ALT: () => {
          const window = this.SUBRULE(this.window)
          return { kind: 'window', window, span: window.span }
        },
      },
    ])
  })

  protected readonly valueTest: Rule<ValueTestNode> = this.define('valueTest', () =>
    this.OR<Alternatives<ValueTestNode>>([
      { ALT: () => this.SUBRULE(this.comparison) },
      { ALT: () => this.SUBRULE(this.postfixComparison) },
      { ALT: () => this.SUBRULE(this.between) },
      { ALT: () => this.SUBRULE(this.membership) },
      { ALT: () => this.SUBRULE(this.textTest) },
      { ALT: () => this.word('Known', (span) => ({ kind: 'known', span })) },
      { ALT: () => this.word('Unknown', (span) => ({ kind: 'unknown', span })) },
      { ALT: () => this.SUBRULE(this.fromNow) },
      { ALT: () => this.SUBRULE(this.pointTest) },
      { ALT: () => this.SUBRULE(this.windowTest) },
    ]),
  )

  /** `>= 4`, `is "Gold"`, and with "ago" behind it a test of how long ago: `more than 30 days ago`. */
  protected readonly comparison: Rule<ValueTestNode> = this.define('comparison', () => {
    const start = this.LA(1).startOffset
    const token = this.OR(this.anyOf(signsByToken.keys()))
    const op = signsByToken.get(token.tokenType) ?? '='
    const operand = this.SUBRULE(this.operand)
    let isAgo = false
    this.OPTION(() => {
      this.SUBRULE(this.ago)
      isAgo = true
    })
    const span = this.since(start)
    return isAgo
      ? { kind: 'ago', op, length: operand, span }
      : { kind: 'compare', op, operand, span }
  })

  /** 500 元 以上. */
  protected readonly postfixComparison: Rule<ValueTestNode> = this.define(
    'postfixComparison',
    () => {
      const operand = this.SUBRULE(this.amount)
      const op = this.OR<Alternatives<ComparisonSign>>([
        { ALT: () => this.word('OrMore', () => '>=') },
        { ALT: () => this.word('OrLess', () => '<=') },
      ])
      const { start } = this.ACTION(() => operand.span) ?? spanOf(0, 0)
      return { kind: 'compare', op, operand, span: this.since(start) }
    },
  )

  protected readonly between: Rule<ValueTestNode> = this.define('between', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Between'))
    const low = this.SUBRULE(this.operand)
    this.OR(this.anyOf([keywordToken('And'), keywordToken('To')]))
    const high = this.SUBRULE2(this.operand)
    this.OPTION(() => this.CONSUME(keywordToken('BetweenEnd')))
    return { kind: 'between', low, high, span: this.since(start) }
  })

  protected readonly membership: Rule<ValueTestNode> = this.define('membership', () => {
    const start = this.LA(1).startOffset
    const negated = this.OR<Alternatives<boolean>>([
      { ALT: () => this.word('In', () => false) },
      { ALT: () => this.word('NotIn', () => true) },
    ])
    const operands: readonly OperandNode[] = this.SUBRULE(this.list)
    return { kind: 'in', negated, operands, span: this.since(start) }
  })

  protected readonly textTest: Rule<ValueTestNode> = this.define('textTest', () => {
    const start = this.LA(1).startOffset
    type Kind = { kind: 'contains' | 'starts-with'; negated: boolean }
    const alternative = (concept: Concept, kind: Kind['kind'], negated: boolean) => ({
      ALT: (): Kind => this.word(concept, () => ({ kind, negated })),
    })
    const test = this.OR<Alternatives<Kind>>([
      alternative('Contains', 'contains', false),
      alternative('NotContains', 'contains', true),
      alternative('StartsWith', 'starts-with', false),
      alternative('NotStartsWith', 'starts-with', true),
    ])
    const text = this.OR2<Alternatives<TextNode | VariableNode>>([
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.variable) },
    ])
    const ignoring = this.OPTION(() => this.CONSUME(keywordToken('IgnoringCase')))
    return { ...test, ignoreCase: ignoring !== undefined, text, span: this.since(start) }
  })

  /** `in last 7 days`, 在 未来 7 天 内, `anniversary in next 7 days`. */
  protected readonly windowTest: Rule<ValueTestNode> = this.define('windowTest', () => {
    const start = this.LA(1).startOffset
    const anniversary = this.OPTION(() => this.CONSUME(keywordToken('Anniversary')))
    this.OPTION2(() => this.CONSUME(keywordToken('At')))
    const window = this.SUBRULE(this.window)
    const kind = anniversary === undefined ? 'window' : 'anniversary'
    return { kind, window, span: this.since(start) }
  })
}
