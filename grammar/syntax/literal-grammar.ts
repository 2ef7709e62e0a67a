/** The leaves of the grammar: names, texts, numbers, dates, lengths and lists of them. */
import { EmbeddedActionsParser } from 'chevrotain'
import type { IParserErrorMessageProvider, IToken, ParserMethod, TokenType } from 'chevrotain'
import type {
  BooleanNode,
  CountNode,
  DateNode,
  LengthNode,
  LiteralNode,
  NameNode,
  NumberNode,
  OperandNode,
  PercentNode,
  PointNode,
  TextNode,
  TodayNode,
  UnitName,
  VariableNode,
} from '../ast/nodes.ts'
import { spanOf } from '../source/span.ts'
import type { Span } from '../source/span.ts'
import { currencyOf } from './currencies.ts'
import { normaliseDate } from './dates.ts'
import { normaliseDecimal, shiftDecimal } from './decimals.ts'
import type { Concept } from './keywords.ts'
import { spanOfToken } from './lex.ts'
import { keywordToken, shapes, vocabulary } from './tokens.ts'

export type Rule<Node> = ParserMethod<[], Node>
export type Alternatives<Node> = { ALT: () => Node }[]

const unitsByToken = new Map<TokenType, UnitName>([
  [keywordToken('Minute'), 'minute'],
  [keywordToken('Hour'), 'hour'],
  [keywordToken('Day'), 'day'],
  [keywordToken('DayLength'), 'day'],
  [keywordToken('Week'), 'week'],
  [keywordToken('Month'), 'month'],
  [keywordToken('Quarter'), 'quarter'],
  [keywordToken('Year'), 'year'],
])

const nowhere = spanOf(0, 0)

const escapes: Readonly<Record<string, string>> = { n: '\n' }

/** `$min` and `${最低次数}` without their signs. */
const variableName = (image: string): string => image.replace(/^\$\{?|\}$/g, '')

const textNode = (token: IToken): TextNode => ({
  kind: 'text',
  // An unclosed text has no last quotation mark; it is read as if it had, and reported by the lexer.
  value: token.image
    .slice(1, token.tokenType === shapes.Text ? -1 : undefined)
    .replace(/\\([^\r\n])/g, (_, letter: string) => escapes[letter] ?? letter),
  span: spanOfToken(token),
})

const nameNode = (token: IToken): NameNode => {
  const closed = token.tokenType === shapes.Name || token.tokenType === shapes.BadName
  const bare = token.tokenType === shapes.Word
  const text = bare ? token.image : token.image.slice(1, closed ? -1 : undefined)
  return { kind: 'name', text: text.trim(), span: spanOfToken(token) }
}

/** The place of an error is enough; what to say of it is found by probing. */
const silent: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: () => '',
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
}

export class LiteralGrammar extends EmbeddedActionsParser {
  constructor(skipValidations: boolean) {
    super(vocabulary, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: silent,
    })
  }

  protected define<Node>(name: string, body: () => Node): Rule<Node> {
    return this.RULE(name, body)
  }

  protected readonly name: Rule<NameNode> = this.define('name', () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(shapes.Name) },
      { ALT: () => this.CONSUME(shapes.Word) },
      { ALT: () => this.CONSUME(shapes.BadName) },
      { ALT: () => this.CONSUME(shapes.UnclosedName) },
    ])
    return this.ACTION(() => nameNode(token))
  })

  protected readonly text: Rule<TextNode> = this.define('text', () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(shapes.Text) },
      { ALT: () => this.CONSUME(shapes.UnclosedText) },
    ])
    return this.ACTION(() => textNode(token))
  })

  protected readonly variable: Rule<VariableNode> = this.define('variable', () => {
    const token = this.CONSUME(shapes.Variable)
    return { kind: 'variable', name: variableName(token.image), span: spanOfToken(token) }
  })

  protected readonly number: Rule<NumberNode> = this.define('number', () => {
    const token = this.CONSUME(shapes.Number)
    return { kind: 'number', value: normaliseDecimal(token.image), span: spanOfToken(token) }
  })

  protected readonly percent: Rule<PercentNode> = this.define('percent', () => {
    const token = this.CONSUME(shapes.Percent)
    const value = normaliseDecimal(token.image.slice(0, -1))
    return { kind: 'percent', value, span: spanOfToken(token) }
  })

  protected readonly date: Rule<DateNode> = this.define('date', () => {
    const token = this.CONSUME(shapes.Date)
    return { kind: 'date', value: normaliseDate(token.image), span: spanOfToken(token) }
  })

  protected readonly today: Rule<TodayNode> = this.define('today', () => {
    const token = this.CONSUME(keywordToken('Today'))
    return { kind: 'today', span: spanOfToken(token) }
  })

  protected readonly count: Rule<CountNode> = this.define('count', () =>
    this.OR<Alternatives<CountNode>>([
      { ALT: () => this.SUBRULE(this.number) },
      { ALT: () => this.SUBRULE(this.variable) },
    ]),
  )

  protected readonly unit: Rule<UnitName> = this.define('unit', () => {
    const token = this.OR(this.anyOf(unitsByToken.keys()))
    return unitsByToken.get(token.tokenType) ?? 'day'
  })

  /** `7 days`, `$n days`, or a parameter that holds the whole length. */
  protected readonly length: Rule<LengthNode> = this.define('length', () => {
    const start = this.LA(1).startOffset
    return this.OR<Alternatives<LengthNode>>([
      {
        ALT: () => {
          const count = this.SUBRULE(this.number)
          const unit = this.SUBRULE(this.unit)
          return { kind: 'length', count, unit, span: this.since(start) }
        },
      },
      {
        ALT: () => {
          const count = this.SUBRULE(this.variable)
          const unit = this.OPTION(() => this.SUBRULE2(this.unit))
          return {
            kind: 'length',
            count,
            ...(unit === undefined ? {} : { unit }),
            span: this.since(start),
          }
        },
      },
    ])
  })

  /** A number with its currency or unit, or a percentage. */
  protected readonly amount: Rule<LiteralNode> = this.define('amount', () =>
    this.OR<Alternatives<LiteralNode>>([
      { ALT: () => this.SUBRULE(this.percent) },
      { ALT: () => this.SUBRULE(this.quantity) },
    ]),
  )

  protected readonly quantity: Rule<LiteralNode> = this.define('quantity', () => {
    const number = this.SUBRULE(this.scaledNumber)
    const { start } = this.ACTION(() => number.span) ?? nowhere
    const measured = this.OPTION(() =>
      this.OR<Alternatives<LiteralNode>>([
        {
          ALT: () => {
            const currency = currencyOf(this.CONSUME(shapes.Currency).image)
            return { kind: 'money', value: number.value, currency, span: this.since(start) }
          },
        },
        {
          ALT: () => {
            const unit = this.SUBRULE(this.unit)
            return { kind: 'length', count: number, unit, span: this.since(start) }
          },
        },
      ]),
    )
    return measured ?? number
  })

  /** `1.5 万` is 15000, exactly. */
  protected readonly scaledNumber: Rule<NumberNode> = this.define('scaledNumber', () => {
    const number = this.SUBRULE(this.number)
    const places = this.OPTION(() =>
      this.OR<Alternatives<number>>([
        { ALT: () => this.word('TenThousand', () => 4) },
        { ALT: () => this.word('HundredMillion', () => 8) },
      ]),
    )
    return this.ACTION(() => ({
      kind: 'number',
      value: shiftDecimal(number.value, places ?? 0),
      span: this.since(number.span.start),
    }))
  })

  readonly literal: Rule<LiteralNode> = this.define('literal', () =>
    this.OR<Alternatives<LiteralNode>>([
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.date) },
      { ALT: () => this.SUBRULE(this.today) },
      { ALT: () => this.SUBRULE(this.amount) },
      { ALT: () => this.truth('Yes', true) },
      { ALT: () => this.truth('Shi', true) },
      { ALT: () => this.truth('False', false) },
      { ALT: () => this.truth('No', false) },
    ]),
  )

  protected readonly operand: Rule<OperandNode> = this.define('operand', () =>
    this.OR<Alternatives<OperandNode>>([
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.measuredVariable) },
    ]),
  )

  /** `$n`, or `$n days`. */
  protected readonly measuredVariable: Rule<VariableNode | LengthNode> = this.define(
    'measuredVariable',
    () => {
      const variable = this.SUBRULE(this.variable)
      const unit = this.OPTION(() => this.SUBRULE(this.unit))
      if (unit === undefined) return variable
      const { start } = this.ACTION(() => variable.span) ?? nowhere
      return { kind: 'length', count: variable, unit, span: this.since(start) }
    },
  )

  protected readonly list: Rule<OperandNode[]> = this.define('list', () =>
    this.OR<Alternatives<OperandNode[]>>([
      {
        ALT: () => {
          const operands: OperandNode[] = []
          this.CONSUME(shapes.Open)
          this.AT_LEAST_ONE_SEP({
            SEP: shapes.Comma,
            DEF: () => operands.push(this.SUBRULE(this.operand)),
          })
          this.CONSUME(shapes.Close)
          return operands
        },
      },
      { ALT: () => [this.SUBRULE(this.variable)] },
    ]),
  )

  protected readonly point: Rule<PointNode> = this.define('point', () =>
    this.OR<Alternatives<PointNode>>([
      { ALT: () => this.SUBRULE(this.date) },
      { ALT: () => this.SUBRULE(this.today) },
      { ALT: () => this.SUBRULE(this.variable) },
    ]),
  )

  protected word<Node>(concept: Concept, make: (span: Span) => Node): Node {
    return make(spanOfToken(this.CONSUME(keywordToken(concept))))
  }

  private truth(concept: Concept, value: boolean): BooleanNode {
    return this.word(concept, (span) => ({ kind: 'boolean', value, span }))
  }

  protected anyOf(types: Iterable<TokenType>): Alternatives<IToken> {
    return [...types].map((type) => ({ ALT: () => this.CONSUME(type) }))
  }

  /** From `start` to the end of the last token read. */
  protected since(start: number): Span {
    return spanOf(start, Math.max(start, spanOfToken(this.LA(0)).end))
  }
}
