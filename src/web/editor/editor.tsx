/**
 * The rule editor: CodeMirror with the language's lexer, checker and completion.
 *
 * It stands in a shadow root, where CodeMirror brings its styles as constructed sheets; in the page itself it would
 * write style elements, which the content security policy refuses.
 */
import type { Span } from '#grammar'
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { lintKeymap, setDiagnostics } from '@codemirror/lint'
import type { Diagnostic as Mark } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view'
import { useEffect, useRef } from 'preact/hooks'
import { completionSource } from './completion.ts'
import type { Known } from './completion.ts'
import { highlight } from './highlight.ts'
import { editorTheme } from './theme.ts'
import { typing } from './typing.ts'

export interface EditorHandle {
  /** Puts another text in; the editor is the only keeper of what stands in it. */
  readonly replace: (text: string) => void
  readonly select: (span: Span) => void
}

export interface EditorProps extends Known {
  /** What stands in it at first. */
  readonly text: string
  /** What the editor is, for those who do not see it. */
  readonly label: string
  readonly placeholder: string
  readonly marks: readonly Mark[]
  readonly onChange: (text: string) => void
  readonly handle: { current: EditorHandle | null }
}

/** What changes with the reader's language. */
const spoken = new Compartment()

const spokenOf = (props: EditorProps) => [
  EditorView.contentAttributes.of({ 'aria-label': props.label, spellcheck: 'false' }),
  placeholder(props.placeholder),
]

export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    if (host.current === null) return undefined
    const made = openEditor(host.current, latest)
    view.current = made
    props.handle.current = {
      replace: (text) =>
        made.dispatch({
          changes: { from: 0, to: made.state.doc.length, insert: text },
          selection: { anchor: Math.min(made.state.selection.main.head, text.length) },
        }),
      select: ({ start, end }) => {
        const length = made.state.doc.length
        made.dispatch({
          selection: { anchor: Math.min(start, length), head: Math.min(end, length) },
          scrollIntoView: true,
        })
        made.focus()
      },
    }
    return () => {
      made.destroy()
      view.current = null
    }
  }, [])
  useEffect(() => {
    view.current?.dispatch({ effects: spoken.reconfigure(spokenOf(latest.current)) })
  }, [props.label, props.placeholder])
  useEffect(() => {
    const shown = view.current
    if (shown === null) return
    const { length } = shown.state.doc
    const inside = props.marks.filter((mark) => mark.from <= length && mark.to <= length)
    shown.dispatch(setDiagnostics(shown.state, inside))
  }, [props.marks])
  return <div class="editor" ref={host} data-test="editor" />
}

function openEditor(host: HTMLDivElement, latest: { readonly current: EditorProps }): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true })
  return new EditorView({
    parent: root,
    root,
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
          override: [completionSource(() => latest.current)],
          activateOnTyping: true,
          icons: false,
        }),
        // Tab is left to the page, so that the keyboard can leave the editor.
        keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        typing,
        highlight,
        editorTheme,
        spoken.of(spokenOf(latest.current)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
}
