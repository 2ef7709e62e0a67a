/** Completion by the language itself; matching is its own, since `\w` knows no Han. */
import { completionsAt } from '#grammar'
import type { Romanise, RuleCatalog } from '#grammar'
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'

interface Known {
  readonly catalog: RuleCatalog
  readonly romanise: Romanise | undefined
}

export const completionSource =
  (known: () => Known) =>
  (context: CompletionContext): CompletionResult | null => {
    const { catalog } = known()
    const found = completionsAt(context.state.doc.toString(), context.pos, catalog)
    if (found.items.length === 0) return null
    if (!context.explicit && context.pos <= found.from) return null
    return {
      from: found.from,
      filter: false,
      options: found.items.map(({ text, detail }) => ({
        label: text,
        ...(detail === undefined ? {} : { detail }),
      })),
    }
  }
