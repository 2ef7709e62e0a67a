/** The shape of a catalogue of messages: a sentence for every code, in one language. */
import type { DiagnosticArguments } from '../diagnostics/codes.ts'

export type Messages = {
  readonly [Code in keyof DiagnosticArguments]: (args: DiagnosticArguments[Code]) => string
}
