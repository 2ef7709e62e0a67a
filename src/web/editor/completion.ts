/** Completion by the language itself; matching is its own, since `\w` knows no Han. */
import { completionsAt } from '#grammar'
import type { Language, Romanise, RuleCatalog } from '#grammar'
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'

export interface Known {
  readonly catalog: RuleCatalog
  readonly romanise: Romanise | undefined
  /** The reader's language, for a text that has none yet. */
  readonly language: Language
}

export const completionSource =
  (known: () => Known) =>
  (context: CompletionContext): CompletionResult | null => {
    const { catalog, romanise, language } = known()
    const found = completionsAt(context.state.doc.toString(), context.pos, catalog, {
      surface: language,
      ...(romanise === undefined ? {} : { romanise }),
    })
    if (found.items.length === 0) return null
    if (!context.explicit && context.pos <= found.from) return null
    return {
      from: found.from,
      filter: false,
      options: found.items.map(({ text, detail }) => ({
        label: text,
        apply: insert,
        ...(detail === undefined ? {} : { detail }),
      })),
    }
  }

/** A closing sign that the editor put in by itself is written over. */
function insert(view: EditorView, { label }: Completion, from: number, to: number): void {
  const closes = /[\])"】）”]$/.exec(label)?.[0]
  const end = closes !== undefined && view.state.sliceDoc(to, to + 1) === closes ? to + 1 : to
  view.dispatch({
    changes: { from, to: end, insert: label },
    selection: { anchor: from + label.length },
    scrollIntoView: true,
    userEvent: 'input.complete',
  })
}
