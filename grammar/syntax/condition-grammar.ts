/** The upper half of the grammar: conditions and what joins them. */
import type { ConditionNode, CountNode, NameNode } from '../ast/nodes.ts'
import type { Span } from '../source/span.ts'
import { BehaviourGrammar } from './behaviour-grammar.ts'
import type { Behaviour } from './behaviour-grammar.ts'
import { spanOfToken } from './lex.ts'
import type { Alternatives, Rule } from './literal-grammar.ts'
import { keywordToken, shapes } from './tokens.ts'

export class ConditionGrammar extends BehaviourGrammar {
  protected readonly condition: Rule<ConditionNode> = this.define('condition', () => {
    const items: ConditionNode[] = [this.SUBRULE(this.conjunction)]
    const operators: Span[] = []
    this.MANY(() => {
      operators.push(spanOfToken(this.CONSUME(keywordToken('Or'))))
      items.push(this.SUBRULE2(this.conjunction))
    })
    return this.joined('or', items, operators)
  })

  protected readonly conjunction: Rule<ConditionNode> = this.define('conjunction', () => {
    const items: ConditionNode[] = [this.SUBRULE(this.negation)]
    const operators: Span[] = []
    this.MANY(() => {
      operators.push(spanOfToken(this.CONSUME(keywordToken('And'))))
      items.push(this.SUBRULE2(this.negation))
    })
    return this.joined('and', items, operators)
  })

  private joined(
    kind: 'and' | 'or',
    items: readonly ConditionNode[],
    operators: readonly Span[],
  ): ConditionNode {
    return this.ACTION(() => {
      const [first] = items
      if (first === undefined) throw new Error('broken assertion: a condition has an item')
      if (items.length === 1) return first
      return { kind, items, operators, span: this.since(first.span.start) }
    })
  }

  protected readonly negation: Rule<ConditionNode> = this.define('negation', () => {
    const start = this.LA(1).startOffset
    return this.OR<Alternatives<ConditionNode>>([
      {
        ALT: () => {
          this.CONSUME(keywordToken('Not'))
          const inner = this.SUBRULE(this.negation)
          const item = this.ACTION(() => (inner.kind === 'group' ? inner.item : inner))
          return { kind: 'not', item, span: this.since(start) }
        },
      },
      { ALT: () => this.SUBRULE(this.clause) },
    ])
  })

  protected readonly clause: Rule<ConditionNode> = this.define('clause', () => {
    const start = this.LA(1).startOffset
    return this.OR<Alternatives<ConditionNode>>([
      {
        ALT: () => {
          const item = this.SUBRULE(this.parenthesised)
          return { kind: 'group', item, span: this.since(start) }
        },
      },
      { ALT: () => this.SUBRULE(this.atLeast) },
      { ALT: () => this.SUBRULE(this.behaviour) },
      { ALT: () => this.SUBRULE(this.occurrence) },
      { ALT: () => this.SUBRULE(this.metric) },
      { ALT: () => this.SUBRULE(this.rank) },
      { ALT: () => this.SUBRULE(this.audience) },
      { ALT: () => this.SUBRULE(this.tags) },
      { ALT: () => this.SUBRULE(this.attribute) },
      { ALT: () => ({ kind: 'hole', span: spanOfToken(this.CONSUME(shapes.Hole)) }) },
    ])
  })

  protected readonly parenthesised: Rule<ConditionNode> = this.define('parenthesised', () => {
    this.CONSUME(shapes.Open)
    const condition = this.SUBRULE(this.condition)
    this.CONSUME(shapes.Close)
    return condition
  })

  /** "at least 2 of (…; …)", 至少满足 2 项 (…；…). */
  protected readonly atLeast: Rule<ConditionNode> = this.define('atLeast', () => {
    const start = this.LA(1).startOffset
    const count = this.OR<Alternatives<CountNode>>([
      {
        ALT: () => {
          this.CONSUME(keywordToken('AtLeast'))
          const least = this.SUBRULE(this.count)
          this.CONSUME(keywordToken('Of'))
          return least
        },
      },
      {
        ALT: () => {
          this.CONSUME(keywordToken('AtLeastSatisfy'))
          const least = this.SUBRULE2(this.count)
          this.CONSUME(keywordToken('Items'))
          return least
        },
      },
    ])
    const items: ConditionNode[] = []
    this.CONSUME(shapes.Open)
    this.AT_LEAST_ONE_SEP({
      SEP: shapes.Semicolon,
      DEF: () => items.push(this.SUBRULE(this.condition)),
    })
    this.CONSUME(shapes.Close)
    return { kind: 'at-least', count, items, span: this.since(start) }
  })

  /** The window stands before the event or after it; that there is exactly one is checked afterwards. */
  protected readonly behaviour: Rule<ConditionNode> = this.define('behaviour', () => {
    const start = this.LA(1).startOffset
    const before = this.OPTION(() => this.SUBRULE(this.window))
    const { condition, windows } = this.OR<Alternatives<Behaviour>>([
      { ALT: () => this.SUBRULE(this.did) },
      { ALT: () => this.SUBRULE(this.inOrder) },
    ])
    const all = before === undefined ? windows : [before, ...(windows ?? [])]
    return { ...condition, windows: all, span: this.since(start) }
  })

  /** "in audience [VIP]", 在人群 [会员] 中. */
  protected readonly audience: Rule<ConditionNode> = this.define('audience', () => {
    const start = this.LA(1).startOffset
    const negated = this.OR<Alternatives<boolean>>([
      { ALT: () => this.word('InAudience', () => false) },
      { ALT: () => this.word('NotInAudience', () => true) },
    ])
    const name = this.SUBRULE(this.name)
    this.OPTION(() => this.CONSUME(keywordToken('Amid')))
    return { kind: 'audience', negated, name, span: this.since(start) }
  })

  protected readonly tags: Rule<ConditionNode> = this.define('tags', () => {
    const start = this.LA(1).startOffset
    const quantifier = this.OR<Alternatives<'any' | 'all' | 'none'>>([
      { ALT: () => this.word('HasTag', () => 'any') },
      { ALT: () => this.word('HasAllTags', () => 'all') },
      { ALT: () => this.word('HasNoTag', () => 'none') },
    ])
    const names: NameNode[] = []
    this.OR2([
      { ALT: () => names.push(this.SUBRULE(this.name)) },
      {
        ALT: () => {
          this.CONSUME(shapes.Open)
          this.AT_LEAST_ONE_SEP({
            SEP: shapes.Comma,
            DEF: () => names.push(this.SUBRULE2(this.name)),
          })
          this.CONSUME(shapes.Close)
        },
      },
    ])
    return { kind: 'tags', quantifier, names, span: this.since(start) }
  })

  protected readonly attribute: Rule<ConditionNode> = this.define('attribute', () => {
    const start = this.LA(1).startOffset
    const name = this.SUBRULE(this.name)
    const test = this.SUBRULE(this.valueTest)
    return { kind: 'attribute', name, test, span: this.since(start) }
  })
}
