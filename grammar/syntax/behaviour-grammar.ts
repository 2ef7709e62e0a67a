/** Clauses about what customers did: events, counts, orders of events, aggregates and ranks. */
import type { TokenType } from 'chevrotain'
import type {
  AggregateName,
  AggregateNode,
  ConditionNode,
  CountComparison,
  CountNode,
  CountTestNode,
  EventNode,
  OccurrenceNode,
  PercentNode,
  RankNode,
  StepNode,
  WindowNode,
} from '../ast/nodes.ts'
import type { Concept } from './keywords.ts'
import type { Alternatives, Rule } from './literal-grammar.ts'
import { keywordToken, shapes } from './tokens.ts'
import { ValueGrammar } from './value-grammar.ts'

const countSigns = new Map<TokenType, CountComparison>([
  [keywordToken('AtLeast'), '>='],
  [keywordToken('AtMost'), '<='],
  [keywordToken('Exactly'), '='],
  [keywordToken('MoreThan'), '>'],
  [keywordToken('LessThan'), '<'],
  [shapes.GreaterOrEqual, '>='],
  [shapes.Greater, '>'],
  [shapes.LessOrEqual, '<='],
  [shapes.Less, '<'],
  [shapes.Equal, '='],
])

const aggregates = new Map<TokenType, AggregateName>([
  [keywordToken('Count'), 'count'],
  [keywordToken('Sum'), 'sum'],
  [keywordToken('Average'), 'average'],
  [keywordToken('Min'), 'min'],
  [keywordToken('Max'), 'max'],
  [keywordToken('Distinct'), 'distinct'],
])

type Measure = CountTestNode['measure']

export interface Behaviour {
  readonly condition: ConditionNode
  readonly windows: readonly WindowNode[]
}

export abstract class BehaviourGrammar extends ValueGrammar {
  /** A condition in parentheses; it belongs to the class that knows all conditions. */
  protected abstract readonly parenthesised: Rule<ConditionNode>

  protected readonly did: Rule<Behaviour> = this.define('did', () => {
    const start = this.LA(1).startOffset
    const windows: WindowNode[] = []
    const counts: CountTestNode[] = []
    const negated = this.OR<Alternatives<boolean>>([
      { ALT: () => this.word('Did', () => false) },
      { ALT: () => this.word('DidNot', () => true) },
      {
        ALT: () =>
          this.word('NeverDid', (span) => {
            windows.push({ kind: 'ever', span })
            return true
          }),
      },
    ])
    const event = this.SUBRULE(this.event)
    this.MANY(() =>
      this.OR2([
        { ALT: () => counts.push(this.SUBRULE(this.countTest)) },
        { ALT: () => windows.push(this.SUBRULE(this.window)) },
      ]),
    )
    const span = this.since(start)
    return { condition: { kind: 'did', negated, event, counts, windows, span }, windows }
  })

  protected readonly inOrder: Rule<Behaviour> = this.define('inOrder', () => {
    const start = this.LA(1).startOffset
    const negated = this.OR<Alternatives<boolean>>([
      { ALT: () => this.word('InOrder', () => false) },
      { ALT: () => this.word('NotInOrder', () => true) },
    ])
    this.CONSUME(shapes.Open)
    const first = this.SUBRULE(this.event)
    const steps: StepNode[] = []
    this.AT_LEAST_ONE(() => steps.push(this.SUBRULE(this.step)))
    this.CONSUME(shapes.Close)
    const windows: WindowNode[] = []
    this.MANY(() => windows.push(this.SUBRULE(this.window)))
    const span = this.since(start)
    return { condition: { kind: 'sequence', negated, first, steps, windows, span }, windows }
  })

  protected readonly step: Rule<StepNode> = this.define('step', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Then'))
    const within = this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(keywordToken('Within'))
            return this.SUBRULE(this.length)
          },
        },
        {
          ALT: () => {
            const length = this.SUBRULE2(this.length)
            this.CONSUME(keywordToken('Inside'))
            return length
          },
        },
      ]),
    )
    const absent = this.OPTION2(() =>
      this.OR2(this.anyOf([keywordToken('No'), keywordToken('NotYet')])),
    )
    const event = this.SUBRULE(this.event)
    const limit = within === undefined ? {} : { within }
    return { kind: 'step', ...limit, absent: absent !== undefined, event, span: this.since(start) }
  })

  protected readonly event: Rule<EventNode> = this.define('event', () => {
    const start = this.LA(1).startOffset
    const name = this.SUBRULE(this.name)
    const where = this.OPTION(() => {
      this.CONSUME(keywordToken('Where'))
      return this.SUBRULE(this.parenthesised)
    })
    const filter = where === undefined ? {} : { where }
    return { kind: 'event', name, ...filter, span: this.since(start) }
  })

  protected readonly countTest: Rule<CountTestNode> = this.define('countTest', () => {
    const start = this.LA(1).startOffset
    const parts = this.OR<Alternatives<Pick<CountTestNode, 'test' | 'measure'>>>([
      {
        ALT: () => {
          const token = this.OR2(this.anyOf(countSigns.keys()))
          const op = countSigns.get(token.tokenType) ?? '='
          const value = this.SUBRULE(this.count)
          return { test: { kind: 'compare', op, value }, measure: this.SUBRULE(this.measure) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(keywordToken('Between'))
          const low = this.SUBRULE2(this.count)
          this.OR3(this.anyOf([keywordToken('And'), keywordToken('To')]))
          const high = this.SUBRULE3(this.count)
          const measure = this.SUBRULE2(this.measure)
          this.OPTION(() => this.CONSUME(keywordToken('BetweenEnd')))
          return { test: { kind: 'between', low, high }, measure }
        },
      },
      {
        ALT: () => {
          const value = this.SUBRULE4(this.count)
          const measure = this.SUBRULE3(this.measure)
          const op = this.OR4<Alternatives<CountComparison>>([
            { ALT: () => this.word('OrMore', () => '>=') },
            { ALT: () => this.word('OrLess', () => '<=') },
          ])
          return { test: { kind: 'compare', op, value }, measure }
        },
      },
    ])
    return { kind: 'count', ...parts, span: this.since(start) }
  })

  /** "times", "different days", 天, "different [Category]", 种 [品类]. */
  protected readonly measure: Rule<Measure> = this.define('measure', () =>
    this.OR<Alternatives<Measure>>([
      { ALT: () => this.word('Times', () => ({ kind: 'times' })) },
      { ALT: () => this.word('Day', () => ({ kind: 'days' })) },
      {
        ALT: () => {
          this.CONSUME(keywordToken('Different'))
          return this.OR2<Alternatives<Measure>>([
            { ALT: () => this.days('Day') },
            { ALT: () => this.days('Dates') },
            { ALT: () => ({ kind: 'different', property: this.SUBRULE(this.name) }) },
          ])
        },
      },
    ]),
  )

  private days(concept: Concept): Measure {
    this.CONSUME2(keywordToken(concept))
    return { kind: 'days' }
  }

  protected readonly occurrence: Rule<ConditionNode> = this.define('occurrence', () => {
    const start = this.LA(1).startOffset
    const which = this.OR<Alternatives<'first' | 'last'>>([
      { ALT: () => this.word('First', () => 'first') },
      { ALT: () => this.word('LastOne', () => 'last') },
    ])
    const event = this.SUBRULE(this.event)
    const test = this.OR2<Alternatives<OccurrenceNode['test']>>([
      {
        ALT: () => {
          this.CONSUME(keywordToken('Happened'))
          return { kind: 'happened', when: this.SUBRULE(this.timeTest) }
        },
      },
      { ALT: () => ({ kind: 'happened', when: this.SUBRULE(this.fromNow) }) },
      {
        ALT: () => {
          this.CONSUME(keywordToken('Having'))
          return { kind: 'had', where: this.SUBRULE(this.parenthesised) }
        },
      },
    ])
    return { kind: 'occurrence', which, event, test, span: this.since(start) }
  })

  protected readonly metric: Rule<ConditionNode> = this.define('metric', () => {
    const start = this.LA(1).startOffset
    const over = this.SUBRULE(this.aggregate)
    const under = this.OPTION(() => {
      this.CONSUME(shapes.Slash)
      return this.SUBRULE2(this.aggregate)
    })
    const test = this.SUBRULE(this.valueTest)
    const ratio = under === undefined ? {} : { under }
    return { kind: 'metric', over, ...ratio, test, span: this.since(start) }
  })

  protected readonly aggregate: Rule<AggregateNode> = this.define('aggregate', () => {
    const start = this.LA(1).startOffset
    const windows: WindowNode[] = []
    const token = this.OR(this.anyOf(aggregates.keys()))
    const fn = aggregates.get(token.tokenType) ?? 'count'
    this.CONSUME(shapes.Open)
    this.OPTION(() => windows.push(this.SUBRULE(this.window)))
    const event = this.SUBRULE(this.event)
    const property = this.OPTION2(() => {
      this.OR2(this.anyOf([shapes.Dot, keywordToken('Possessive')]))
      return this.SUBRULE(this.name)
    })
    this.MANY(() => windows.push(this.SUBRULE2(this.window)))
    this.CONSUME(shapes.Close)
    const of = property === undefined ? {} : { property }
    return { kind: 'aggregate', fn, event, ...of, windows, span: this.since(start) }
  })

  /** "rank in top 10% by sum(…)", 按 合计(…) 排名前 10%. */
  protected readonly rank: Rule<ConditionNode> = this.define('rank', () => {
    const start = this.LA(1).startOffset
    const parts = this.OR<Alternatives<Pick<RankNode, 'side' | 'limit' | 'by'>>>([
      {
        ALT: () => {
          const place = this.SUBRULE(this.place)
          return { ...place, by: this.SUBRULE(this.rankedBy) }
        },
      },
      {
        ALT: () => {
          const by = this.SUBRULE2(this.rankedBy)
          return { ...this.SUBRULE2(this.place), by }
        },
      },
    ])
    const among = this.OPTION(() => {
      this.CONSUME(keywordToken('Among'))
      return this.SUBRULE(this.name)
    })
    const population = among === undefined ? {} : { among }
    return { kind: 'rank', ...parts, ...population, span: this.since(start) }
  })

  protected readonly place: Rule<Pick<RankNode, 'side' | 'limit'>> = this.define('place', () => {
    const side = this.OR<Alternatives<'top' | 'bottom'>>([
      { ALT: () => this.word('Top', () => 'top') },
      { ALT: () => this.word('Bottom', () => 'bottom') },
    ])
    const limit = this.OR2<Alternatives<PercentNode | CountNode>>([
      { ALT: () => this.SUBRULE(this.percent) },
      { ALT: () => this.SUBRULE(this.count) },
    ])
    return { side, limit }
  })

  protected readonly rankedBy: Rule<RankNode['by']> = this.define('rankedBy', () => {
    this.CONSUME(keywordToken('By'))
    return this.OR<Alternatives<RankNode['by']>>([
      { ALT: () => this.SUBRULE(this.aggregate) },
      { ALT: () => this.SUBRULE(this.name) },
    ])
  })
}
