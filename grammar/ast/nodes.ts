/**
 * The tree of a rule as written, the same for both surfaces: plain JSON, every node with its span.
 *
 * Names and values are still text; groups, comments and the order of clauses are kept, spellings are not.
 */
import type { Span } from '../source/span.ts'

interface Node {
  readonly span: Span
}

export interface RuleAst extends Node {
  readonly kind: 'rule'
  readonly version?: NumberNode
  readonly name?: TextNode
  readonly fields: readonly FieldNode[]
  readonly parameters: readonly ParameterNode[]
  /** The words "customers who". */
  readonly head: Span
  readonly include: ConditionNode
  readonly exclude: readonly ExclusionNode[]
  readonly sample?: SampleNode
  /** In the order of the text; each belongs to the first clause that begins after it. */
  readonly comments: readonly CommentNode[]
}

export interface CommentNode extends Node {
  readonly kind: 'comment'
  /** Without the sign that opens it. */
  readonly text: string
}

export type FieldName =
  | 'purpose'
  | 'channel'
  | 'recipient'
  | 'basis'
  | 'owner'
  | 'refresh'
  | 'expires'
  | 'time-zone'
  | 'as-of'
  | 'note'

export interface FieldNode extends Node {
  readonly kind: 'field'
  readonly field: FieldName
  readonly values: readonly FieldValueNode[]
}

export type FieldValueNode = NameNode | TextNode | DateNode | TodayNode | RhythmNode

export interface RhythmNode extends Node {
  readonly kind: 'rhythm'
  readonly rhythm: 'daily' | 'weekly' | 'manual'
}

export interface ParameterNode extends Node {
  readonly kind: 'parameter'
  readonly variable: VariableNode
  readonly value?: LiteralNode
}

export interface ExclusionNode extends Node {
  readonly kind: 'exclusion'
  readonly condition: ConditionNode
}

export interface SampleNode extends Node {
  readonly kind: 'sample'
  readonly percent: PercentNode
  readonly seed: TextNode
}

export type ConditionNode =
  | EveryoneNode
  | LogicNode
  | NotNode
  | GroupNode
  | AtLeastNode
  | DidNode
  | SequenceNode
  | OccurrenceNode
  | MetricNode
  | RankNode
  | AudienceNode
  | TagsNode
  | AttributeNode
  | HoleNode

export interface EveryoneNode extends Node {
  readonly kind: 'everyone'
}

/** Two or more items; `operators` are the spans of the words between them. */
export interface LogicNode extends Node {
  readonly kind: 'and' | 'or'
  readonly items: readonly ConditionNode[]
  readonly operators: readonly Span[]
}

/** Parentheses directly after "not" are part of it and no group. */
export interface NotNode extends Node {
  readonly kind: 'not'
  readonly item: ConditionNode
}

export interface GroupNode extends Node {
  readonly kind: 'group'
  readonly item: ConditionNode
}

export interface AtLeastNode extends Node {
  readonly kind: 'at-least'
  readonly count: CountNode
  readonly items: readonly ConditionNode[]
}

/** `windows` should hold exactly one; E206 otherwise. */
export interface DidNode extends Node {
  readonly kind: 'did'
  readonly negated: boolean
  readonly event: EventNode
  readonly counts: readonly CountTestNode[]
  readonly windows: readonly WindowNode[]
}

export interface CountTestNode extends Node {
  readonly kind: 'count'
  readonly test:
    | { readonly kind: 'compare'; readonly op: CountComparison; readonly value: CountNode }
    | { readonly kind: 'between'; readonly low: CountNode; readonly high: CountNode }
  readonly measure:
    | { readonly kind: 'times' }
    | { readonly kind: 'days' }
    | { readonly kind: 'different'; readonly property: NameNode }
}

export type CountComparison = '=' | '<' | '<=' | '>' | '>='
export type ComparisonSign = CountComparison | '!='

export interface EventNode extends Node {
  readonly kind: 'event'
  readonly name: NameNode
  readonly where?: ConditionNode
}

export interface SequenceNode extends Node {
  readonly kind: 'sequence'
  readonly negated: boolean
  readonly first: EventNode
  readonly steps: readonly StepNode[]
  readonly windows: readonly WindowNode[]
}

export interface StepNode extends Node {
  readonly kind: 'step'
  readonly within?: LengthNode
  readonly absent: boolean
  readonly event: EventNode
}

export interface OccurrenceNode extends Node {
  readonly kind: 'occurrence'
  readonly which: 'first' | 'last'
  readonly event: EventNode
  readonly test:
    | { readonly kind: 'happened'; readonly when: TimeTestNode }
    | { readonly kind: 'had'; readonly where: ConditionNode }
}

export interface MetricNode extends Node {
  readonly kind: 'metric'
  readonly over: AggregateNode
  /** Present in a ratio. */
  readonly under?: AggregateNode
  readonly test: ValueTestNode
}

export type AggregateName = 'count' | 'sum' | 'average' | 'min' | 'max' | 'distinct'

export interface AggregateNode extends Node {
  readonly kind: 'aggregate'
  readonly fn: AggregateName
  readonly event: EventNode
  readonly property?: NameNode
  readonly windows: readonly WindowNode[]
}

export interface RankNode extends Node {
  readonly kind: 'rank'
  readonly side: 'top' | 'bottom'
  readonly limit: PercentNode | CountNode
  readonly by: AggregateNode | NameNode
  readonly among?: NameNode
}

export interface AudienceNode extends Node {
  readonly kind: 'audience'
  readonly negated: boolean
  readonly name: NameNode
}

export interface TagsNode extends Node {
  readonly kind: 'tags'
  readonly quantifier: 'any' | 'all' | 'none'
  readonly names: readonly NameNode[]
}

/** Inside `where` the name is one of the event's properties. */
export interface AttributeNode extends Node {
  readonly kind: 'attribute'
  readonly name: NameNode
  readonly test: ValueTestNode
}

/** Where a clause could not be read; a diagnostic says why. */
export interface HoleNode extends Node {
  readonly kind: 'hole'
}

export type ValueTestNode =
  | (Node & {
      readonly kind: 'compare'
      readonly op: ComparisonSign
      readonly operand: OperandNode
    })
  | (Node & { readonly kind: 'between'; readonly low: OperandNode; readonly high: OperandNode })
  | (Node & {
      readonly kind: 'in'
      readonly negated: boolean
      readonly operands: readonly OperandNode[]
    })
  | (Node & {
      readonly kind: 'contains' | 'starts-with'
      readonly negated: boolean
      readonly ignoreCase: boolean
      readonly text: TextNode | VariableNode
    })
  | (Node & { readonly kind: 'known' | 'unknown' })
  | (Node & { readonly kind: 'anniversary'; readonly window: WindowNode })
  | TimeTestNode

export type TimeTestNode =
  | (Node & { readonly kind: 'ago'; readonly op: ComparisonSign; readonly length: OperandNode })
  | (Node & { readonly kind: 'before' | 'after' | 'on'; readonly point: PointNode })
  | (Node & { readonly kind: 'window'; readonly window: WindowNode })

export type OperandNode = LiteralNode | NameNode | VariableNode

export type LiteralNode =
  | TextNode
  | NumberNode
  | MoneyNode
  | PercentNode
  | DateNode
  | TodayNode
  | BooleanNode
  | LengthNode

export type PointNode = DateNode | TodayNode | VariableNode

/** A whole number, or a parameter for one. */
export type CountNode = NumberNode | VariableNode

export interface NameNode extends Node {
  readonly kind: 'name'
  readonly text: string
}

export interface TextNode extends Node {
  readonly kind: 'text'
  readonly value: string
}

/** `value` is a decimal string without needless zeros; 1.5 万 is "15000". */
export interface NumberNode extends Node {
  readonly kind: 'number'
  readonly value: string
}

export interface MoneyNode extends Node {
  readonly kind: 'money'
  readonly value: string
  readonly currency: string
}

/** `value` is in hundredths: 70% is "70". */
export interface PercentNode extends Node {
  readonly kind: 'percent'
  readonly value: string
}

/** `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM[:SS]` with a time of day. */
export interface DateNode extends Node {
  readonly kind: 'date'
  readonly value: string
}

export interface TodayNode extends Node {
  readonly kind: 'today'
}

export interface BooleanNode extends Node {
  readonly kind: 'boolean'
  readonly value: boolean
}

export type UnitName = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

/** Without a unit the count is a parameter that holds the whole length. */
export interface LengthNode extends Node {
  readonly kind: 'length'
  readonly count: CountNode
  readonly unit?: UnitName
}

export interface VariableNode extends Node {
  readonly kind: 'variable'
  /** Without the dollar sign and braces. */
  readonly name: string
}

export type WindowNode = Node &
  (
    | { readonly kind: 'last' | 'last-full' | 'next'; readonly length: LengthNode }
    | {
        readonly kind: 'this' | 'previous'
        readonly unit: 'week' | 'month' | 'quarter' | 'year'
      }
    | { readonly kind: 'today' | 'yesterday' | 'ever' }
    | { readonly kind: 'from-to'; readonly from: PointNode; readonly to: PointNode }
    | { readonly kind: 'since'; readonly from: PointNode }
  )
