/**
 * Types over a selection by ourselves.
 *
 * A browser that is left to do it keeps the look of the replaced words by writing a style attribute, which the content
 * security policy refuses, aloud. Compositions (Chinese input methods) are left to the browser, which does no such thing.
 */
import { EditorView } from '@codemirror/view'

export const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event
    const { from, to, empty } = view.state.selection.main
    if (inputType !== 'insertText' || isComposing || data === null || empty) return false
    const insert = () =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' })
    // Closing brackets and the like come first, as for any other typing.
    const isHandled = view.state
      .facet(EditorView.inputHandler)
      .some((handler) => handler(view, from, to, data, insert))
    if (!isHandled) view.dispatch(insert())
    event.preventDefault()
    return true
  },
})
