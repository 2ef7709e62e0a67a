/** What is wrong with the rule or worth a thought, in the reader's language, each with its fixes. */
import { renderDiagnostic } from '#grammar'
import type { Diagnostic, Edit, Fix, Span } from '#grammar'
import { filled, useWords } from '../../i18n.ts'
import { Spoken } from '../../parts/spoken.tsx'

export function Findings(props: {
  readonly diagnostics: readonly Diagnostic[]
  readonly text: string
  readonly onShow: (span: Span) => void
  readonly onFix: (text: string) => void
}) {
  const { t } = useWords()
  const errors = props.diagnostics.filter(({ severity }) => severity === 'error').length
  const hints = props.diagnostics.length - errors
  const isEmpty = props.text.trim() === ''
  return (
    <div class="findings" data-test="findings" data-errors={errors}>
      <p class="verdict" aria-live="polite">
        {errors > 0 ? (
          <strong class="bad">{filled(t.problemsFound, { count: errors })}</strong>
        ) : (
          <span class="good">✓ {t.noProblems}</span>
        )}
        {hints > 0 && <span class="quiet">{filled(t.hintsFound, { count: hints })}</span>}
        <span class="quiet">{t.editorHint}</span>
      </p>
      {!isEmpty && props.diagnostics.length > 0 && (
        <ul class="diagnostics">
          {props.diagnostics.map((found) => (
            <Finding
              key={`${found.code}${found.span.start}-${found.span.end}`}
              found={found}
              {...props}
            />
          ))}
        </ul>
      )}
    </div>
  )
}

function Finding(props: {
  readonly found: Diagnostic
  readonly text: string
  readonly onShow: (span: Span) => void
  readonly onFix: (text: string) => void
}) {
  const { t, language } = useWords()
  const { found, text } = props
  const line = text.slice(0, found.span.start).split('\n').length
  return (
    <li data-severity={found.severity} data-code={found.code}>
      <div>
        <span class="message">
          <Spoken text={renderDiagnostic(found, language)} />
        </span>{' '}
        <button type="button" class="place" onClick={() => props.onShow(found.span)}>
          {filled(t.line, { line })} · {found.code}
        </button>
      </div>
      {found.fixes !== undefined && (
        <div class="actions">
          <span class="quiet">{isAddition(found.fixes) ? t.addWords : t.replaceWith}</span>
          {found.fixes.map((fix) => (
            <button
              type="button"
              class="button small fix"
              key={fix.title}
              onClick={() => props.onFix(applied(text, fix.edits))}
              data-test="fix"
            >
              {fix.title}
            </button>
          ))}
        </div>
      )}
    </li>
  )
}

/** All of what the fixes show is new. */
const isAddition = (fixes: readonly Fix[]): boolean =>
  fixes.every(({ title, edits }) =>
    edits.every(({ span, text }) => span.start === span.end && text.trim() === title),
  )

/** From the end to the beginning, so that earlier places stay where they are. */
function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (now, { span, text: written }) => now.slice(0, span.start) + written + now.slice(span.end),
      text,
    )
}
