/** Colours words by the language's own lexer: one grammar in editor and service, nothing to keep equal. */
import { tokenise } from '#grammar'
import { RangeSetBuilder } from '@codemirror/state'
import { Decoration, ViewPlugin } from '@codemirror/view'
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view'

function decorationsOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { kind, span } of tokenise(view.state.doc.toString())) {
    if (span.end > span.start)
      builder.add(span.start, span.end, Decoration.mark({ class: `tok-${kind}` }))
  }
  return builder.finish()
}

export const highlight = ViewPlugin.define(
  (view) => ({
    decorations: decorationsOf(view),
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = decorationsOf(update.view)
    },
  }),
  { decorations: (plugin) => plugin.decorations },
)
