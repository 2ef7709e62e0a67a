/** Which words make sense beside a value of a type; the grammar alone would allow them all. */
import type { ValueType } from '../check/catalog.ts'
import type { Concept } from '../syntax/keywords.ts'

type Kind = ValueType['kind']

const ordered: readonly Kind[] = [
  'integer',
  'decimal',
  'money',
  'percent',
  'score',
  'date',
  'timestamp',
]
const temporal: readonly Kind[] = ['date', 'timestamp']
const yearly: readonly Kind[] = [...temporal, 'month-day']
const textual: readonly Kind[] = ['text']
const truth: readonly Kind[] = ['boolean']

const windows: readonly Concept[] = [
  ...(['Last', 'Next', 'LastFull', 'Yesterday', 'From', 'Since', 'Ever', 'At'] as const),
  ...(['ThisWeek', 'ThisMonth', 'ThisQuarter', 'ThisYear'] as const),
  ...(['PreviousWeek', 'PreviousMonth', 'PreviousQuarter', 'PreviousYear'] as const),
]

const kindsByConcept = new Map<Concept, readonly Kind[]>([
  ...(['AtLeast', 'AtMost', 'MoreThan', 'LessThan', 'Between'] as const).map(
    (concept) => [concept, ordered] as const,
  ),
  ...(['Before', 'After', 'On', 'FromNow', 'Ago'] as const).map(
    (concept) => [concept, temporal] as const,
  ),
  ...[...windows, 'Anniversary' as const, 'Today' as const].map(
    (concept) => [concept, yearly] as const,
  ),
  ...(['Contains', 'NotContains', 'StartsWith', 'NotStartsWith'] as const).map(
    (concept) => [concept, textual] as const,
  ),
  ...(['Yes', 'No', 'False', 'Shi'] as const).map((concept) => [concept, truth] as const),
])

/** Words without an entry stand beside any value. */
export const fitsType = (concept: Concept, type: ValueType): boolean =>
  kindsByConcept.get(concept)?.includes(type.kind) ?? true

const insideWhere: ReadonlySet<Concept> = new Set<Concept>(['Not', 'AtLeast', 'AtLeastSatisfy'])

/** Where a condition begins inside `where`, only these keywords begin one that can be checked. */
export const fitsWhere = (concept: Concept): boolean => insideWhere.has(concept)
