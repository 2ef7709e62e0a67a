/** Colours of the editor come from the page's variables, so that light and dark follow the page. */
import { EditorView } from '@codemirror/view'

export const editorTheme = EditorView.theme({
  '&': { fontSize: '16px', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.75' },
  '.cm-content': { padding: '14px 0', minHeight: '8.5em', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-line': { padding: '0 20px' },
  '.cm-placeholder': { color: 'var(--quiet)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    border: '1px solid var(--edge)',
    borderRadius: '8px',
    overflow: 'hidden',
    maxWidth: '92vw',
    boxShadow: '0 6px 20px rgb(0 0 0 / 18%)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: '15px',
    maxHeight: '15em',
    minWidth: '14em',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '5px 12px',
    lineHeight: '1.5',
    display: 'flex',
    justifyContent: 'space-between',
    gap: '1.5em',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-ink)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '1', marginLeft: '0' },
  '.cm-diagnostic': { padding: '6px 12px', borderLeftWidth: '4px', maxWidth: '32em' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  // The library draws its underlines as pictures of one colour; ours follow the page's.
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '4px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline dotted var(--warn)',
    textUnderlineOffset: '4px',
  },
  '.cm-panels': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    borderTop: '1px solid var(--line)',
  },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'light-dark(#bcd9f7, #2b4a6b)' },
  '.tok-name': { color: 'var(--name)' },
  '.tok-text': { color: 'var(--value)' },
  '.tok-number': { color: 'var(--number)' },
  '.tok-parameter': { color: 'var(--number)' },
  '.tok-keyword': { color: 'var(--accent)', fontWeight: '600' },
  '.tok-comment': { color: 'var(--quiet)' },
  '.tok-error': { color: 'var(--bad)' },
})
