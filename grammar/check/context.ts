/** What every part of the checker needs: the catalogue, the parameters, and a place for what is wrong. */
import type { NameNode, RuleAst } from '../ast/nodes.ts'
import { diagnostic, replacement } from '../diagnostics/diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { suggest } from '../diagnostics/suggest.ts'
import type { Romanise } from '../diagnostics/suggest.ts'
import type { Span } from '../source/span.ts'
import type { DataClass, Language, RuleCatalog } from './catalog.ts'
import { labelsOf, lookUp } from './names.ts'
import type { Named } from './names.ts'

/** A parameter from outside the text; a text stands for a literal of whatever type its place asks for. */
export type ParameterScalar = string | number | boolean
export type ParameterValue = ParameterScalar | readonly ParameterScalar[]

export interface CheckOptions {
  readonly params?: Readonly<Record<string, ParameterValue>>
  /** Language of the words that fixes insert. */
  readonly surface?: Language
  /** Lets "did you mean" find Chinese names by their pinyin. */
  readonly romanise?: Romanise
}

export interface Context {
  readonly catalog: RuleCatalog
  readonly rule: RuleAst
  readonly options: CheckOptions
  readonly surface: Language
  readonly found: Diagnostic[]
}

/** Undefined, so that a caller can report and give up on a clause in one statement. */
export function report(context: Context, problem: Diagnostic): undefined {
  context.found.push(problem)
  return undefined
}

type UnknownCode = 'E301' | 'E302' | 'E304' | 'E306' | 'E307' | 'E308' | 'E309' | 'E313'

/** The entry that a name stands for; reports and gives nothing when there is none, or more than one. */
export function resolve<Entry extends Named>(
  context: Context,
  name: NameNode,
  entries: readonly Entry[],
  code: UnknownCode,
): Entry | undefined {
  const result = lookUp(entries, name.text)
  if (result.kind === 'found') return result.entry
  if (result.kind === 'ambiguous') return reportAmbiguous(context, name, result.entries)
  const suggestions = nearest(context, name.text, entries)
  const fixes = bracketFixes(name.span, suggestions)
  return report(context, diagnostic(code, name.span, { name: name.text, suggestions }, fixes))
}

export const bracketFixes = (span: Span, names: readonly string[]) =>
  names.map((name) => replacement(span, `[${name}]`))

export const nearest = (context: Context, text: string, entries: readonly Named[]) =>
  suggest(text, labelsOf(entries), context.options.romanise)

export function reportAmbiguous(
  context: Context,
  name: NameNode,
  entries: readonly Named[],
): undefined {
  const candidates = entries.map(({ id }) => id)
  const fixes = bracketFixes(name.span, candidates)
  return report(context, diagnostic('E312', name.span, { name: name.text, candidates }, fixes))
}

interface Labelled {
  readonly category?: string
  readonly dataClass?: DataClass
}

/** Direct identifiers, and what only its own protected processing may read. */
const refusedClasses: ReadonlySet<DataClass | undefined> = new Set<DataClass>(['ID', 'S3', 'S4'])

/** Whether rules may read it: labelled, no identifier, not sensitive. */
export const isReadable = ({ category, dataClass }: Labelled): boolean =>
  category !== undefined && category !== '' && !refusedClasses.has(dataClass)

/** Whether a rule may read this at all: without a label nobody can have consented to its use. */
export function mayRead(
  context: Context,
  name: NameNode,
  { category, dataClass }: Labelled,
): boolean {
  if (dataClass !== undefined && refusedClasses.has(dataClass)) {
    report(context, diagnostic('E507', name.span, { name: name.text, dataClass }))
    return false
  }
  if (category === undefined || category === '') {
    report(context, diagnostic('E506', name.span, { name: name.text }))
    return false
  }
  return true
}
