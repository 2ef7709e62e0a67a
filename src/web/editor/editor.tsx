/** The rule editor: CodeMirror with the language's lexer, checker and completion. */
import { completionsAt } from '#grammar'
import type { RuleCatalog } from '#grammar'
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { setDiagnostics } from '@codemirror/lint'
import type { Diagnostic as Mark } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap } from '@codemirror/view'
import { useEffect, useRef } from 'preact/hooks'
import { highlight } from './highlight.ts'
import { editorTheme } from './theme.ts'

export interface EditorProps {
  readonly text: string
  readonly label: string
  readonly catalog: RuleCatalog
  readonly marks: readonly Mark[]
  readonly onChange: (text: string) => void
}

export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    if (host.current === null) return undefined
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          closeBrackets(),
          EditorState.languageData.of(() => [
            { closeBrackets: { brackets: ['(', '[', '"', '（', '【', '“'] } },
          ]),
          autocompletion({
            override: [(context) => complete(context, latest.current.catalog)],
            activateOnTyping: true,
            icons: false,
          }),
          // Tab is left to the page, so that the keyboard can leave the editor.
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          highlight,
          editorTheme,
          EditorView.contentAttributes.of({
            'aria-label': latest.current.label,
            spellcheck: 'false',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => {
      made.destroy()
      view.current = null
    }
  }, [])
  useEffect(() => {
    const shown = view.current
    if (shown === null || shown.state.doc.toString() === props.text) return
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: props.text } })
  }, [props.text])
  useEffect(() => {
    const shown = view.current
    if (shown === null) return
    const length = shown.state.doc.length
    const inside = props.marks.filter((mark) => mark.from <= length && mark.to <= length)
    shown.dispatch(setDiagnostics(shown.state, [...inside]))
  }, [props.marks])
  return <div class="editor" ref={host} />
}

/** Completion of the language; matching is its own, since `\w` knows no Han. */
function complete(context: CompletionContext, catalog: RuleCatalog): CompletionResult | null {
  const text = context.state.doc.toString()
  const found = completionsAt(text, context.pos, catalog)
  if (found.items.length === 0) return null
  const typed = context.pos > found.from
  if (!context.explicit && !typed) return null
  return {
    from: found.from,
    filter: false,
    options: found.items.map((item) => ({
      label: item.text,
      ...(item.detail === undefined ? {} : { detail: item.detail }),
      apply: item.text,
    })),
  }
}
