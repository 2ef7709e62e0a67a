/** The whole rule: header, parameters, whom to include and exclude, sample. */
import type { IToken, TokenType } from 'chevrotain'
import type {
  ConditionNode,
  ExclusionNode,
  FieldName,
  FieldNode,
  FieldValueNode,
  LiteralNode,
  ParameterNode,
  RuleAst,
  SampleNode,
} from '../ast/nodes.ts'
import type { Span } from '../source/span.ts'
import { ConditionGrammar } from './condition-grammar.ts'
import { spanOfToken } from './lex.ts'
import type { Alternatives, Rule } from './literal-grammar.ts'
import { keywordToken, shapes } from './tokens.ts'

const fieldsByToken = new Map<TokenType, FieldName>([
  [keywordToken('Purpose'), 'purpose'],
  [keywordToken('Channel'), 'channel'],
  [keywordToken('Recipient'), 'recipient'],
  [keywordToken('Basis'), 'basis'],
  [keywordToken('Owner'), 'owner'],
  [keywordToken('Refresh'), 'refresh'],
  [keywordToken('Expires'), 'expires'],
  [keywordToken('TimeZone'), 'time-zone'],
  [keywordToken('AsOf'), 'as-of'],
  [keywordToken('Note'), 'note'],
])

export class RuleGrammar extends ConditionGrammar {
  constructor(skipValidations = true) {
    super(skipValidations)
    this.performSelfAnalysis()
  }

  /** The tree, when the tokens are a rule; otherwise the first token that is out of place. */
  read(tokens: readonly IToken[]): { readonly ast: RuleAst } | { readonly unexpected: IToken } {
    return this.run(tokens, () => this.rule())
  }

  readLiteral(
    tokens: readonly IToken[],
  ): { readonly ast: LiteralNode } | { readonly unexpected: IToken } {
    return this.run(tokens, () => this.literal())
  }

  private run<Ast>(tokens: readonly IToken[], parse: () => Ast) {
    this.input = [...tokens]
    const ast = parse()
    const [error] = this.errors
    return error === undefined ? { ast } : { unexpected: error.token }
  }

  readonly rule: Rule<RuleAst> = this.define('rule', () => {
    const start = this.LA(1).startOffset
    const version = this.OPTION(() => {
      this.CONSUME(keywordToken('LanguageVersion'))
      return this.SUBRULE(this.number)
    })
    const name = this.OPTION2(() => {
      this.CONSUME(keywordToken('Audience'))
      return this.SUBRULE(this.text)
    })
    const fields: FieldNode[] = []
    this.MANY(() => fields.push(this.SUBRULE(this.field)))
    const parameters: ParameterNode[] = []
    this.MANY2(() => parameters.push(this.SUBRULE(this.parameter)))
    const { head, include } = this.SUBRULE(this.inclusion)
    const exclude: ExclusionNode[] = []
    this.MANY3(() => exclude.push(this.SUBRULE(this.exclusion)))
    const sample = this.OPTION3(() => this.SUBRULE(this.sample))
    return {
      kind: 'rule',
      ...(version === undefined ? {} : { version }),
      ...(name === undefined ? {} : { name }),
      fields,
      parameters,
      head,
      include,
      exclude,
      ...(sample === undefined ? {} : { sample }),
      comments: [],
      span: this.since(start),
    }
  })

  protected readonly field: Rule<FieldNode> = this.define('field', () => {
    const start = this.LA(1).startOffset
    const token = this.OR(this.anyOf(fieldsByToken.keys()))
    const field = fieldsByToken.get(token.tokenType) ?? 'note'
    this.CONSUME(shapes.Colon)
    const values: FieldValueNode[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: shapes.Comma,
      DEF: () => values.push(this.SUBRULE(this.fieldValue)),
    })
    return { kind: 'field', field, values, span: this.since(start) }
  })

  protected readonly fieldValue: Rule<FieldValueNode> = this.define('fieldValue', () =>
    this.OR<Alternatives<FieldValueNode>>([
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.date) },
      { ALT: () => this.SUBRULE(this.today) },
      { ALT: () => this.word('Daily', (span) => ({ kind: 'rhythm', rhythm: 'daily', span })) },
      { ALT: () => this.word('Weekly', (span) => ({ kind: 'rhythm', rhythm: 'weekly', span })) },
      { ALT: () => this.word('Manual', (span) => ({ kind: 'rhythm', rhythm: 'manual', span })) },
    ]),
  )

  protected readonly parameter: Rule<ParameterNode> = this.define('parameter', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Parameter'))
    const variable = this.SUBRULE(this.variable)
    const value = this.OPTION(() => {
      this.CONSUME(shapes.Equal)
      return this.SUBRULE(this.literal)
    })
    const given = value === undefined ? {} : { value }
    return { kind: 'parameter', variable, ...given, span: this.since(start) }
  })

  protected readonly inclusion: Rule<{ head: Span; include: ConditionNode }> = this.define(
    'inclusion',
    () => {
      const start = this.LA(1).startOffset
      this.OPTION(() => this.CONSUME(keywordToken('Include')))
      return this.OR<Alternatives<{ head: Span; include: ConditionNode }>>([
        {
          ALT: () => {
            this.CONSUME(keywordToken('CustomersWho'))
            const head = this.since(start)
            return { head, include: this.SUBRULE(this.condition) }
          },
        },
        {
          ALT: () => {
            const span = spanOfToken(this.CONSUME(keywordToken('Everyone')))
            return { head: this.since(start), include: { kind: 'everyone', span } }
          },
        },
      ])
    },
  )

  protected readonly exclusion: Rule<ExclusionNode> = this.define('exclusion', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Exclude'))
    this.OPTION(() => this.CONSUME(keywordToken('CustomersWho')))
    const condition = this.SUBRULE(this.condition)
    return { kind: 'exclusion', condition, span: this.since(start) }
  })

  protected readonly sample: Rule<SampleNode> = this.define('sample', () => {
    const start = this.LA(1).startOffset
    this.CONSUME(keywordToken('Sample'))
    const percent = this.SUBRULE(this.percent)
    this.CONSUME(keywordToken('Seed'))
    const seed = this.SUBRULE(this.text)
    return { kind: 'sample', percent, seed, span: this.since(start) }
  })
}
