/** A rule text → the same rule in the other language. */
import type { Language, RuleCatalog } from '../check/catalog.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { parse } from '../syntax/parse.ts'
import { format } from './format.ts'

export type Translated =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Keywords, names and values are translated; free texts and comments stay as they are. */
export function translate(text: string, to: Language, catalog: RuleCatalog): Translated {
  const { ast, diagnostics } = parse(text)
  return ast === undefined
    ? { ok: false, diagnostics }
    : { ok: true, text: format(ast, to, catalog) }
}
