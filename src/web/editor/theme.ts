/** Colours of the editor come from the page's variables, so that light and dark follow the page. */
import { EditorView } from '@codemirror/view'

export const editorTheme = EditorView.theme({
  '&': { fontSize: '16px', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace",
    padding: '10px 6px',
    minHeight: '8em',
    caretColor: 'var(--ink)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-line': { padding: '0 4px' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    maxWidth: '90vw',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-ink)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--soft) !important',
  },
  '.tok-name': { color: 'var(--name)', backgroundColor: 'var(--soft)', borderRadius: '4px' },
  '.tok-text': { color: 'var(--value)' },
  '.tok-number': { color: 'var(--number)' },
  '.tok-keyword': { color: 'var(--accent)', fontWeight: '600' },
  '.tok-comment': { color: 'var(--quiet)', fontStyle: 'italic' },
  '.tok-error': { textDecoration: 'underline wavy var(--bad)' },
})
