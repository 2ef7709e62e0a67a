/** A problem, in the words the service chose for this reader. */
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'

export function ProblemNote(props: { readonly problem: Problem; readonly onRetry?: () => void }) {
  const { t } = useWords()
  const { problem } = props
  const title =
    problem.code === 'offline'
      ? t.offline
      : problem.title === ''
        ? problem.status === 403
          ? t.notAllowed
          : t.unknownError
        : problem.title
  return (
    <div class="note note-bad" role="alert">
      <strong>{title}</strong>
      {problem.detail !== undefined && <p>{problem.detail}</p>}
      {(problem.errors ?? []).length > 0 && (
        <ul>
          {(problem.errors ?? []).map((error) => (
            <li key={`${error.pointer ?? ''}${error.code}`}>
              {error.pointer !== undefined && <code>{error.pointer}</code>}{' '}
              {error.message ?? error.code}
            </li>
          ))}
        </ul>
      )}
      {props.onRetry !== undefined && (
        <button type="button" class="button" onClick={props.onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  )
}
