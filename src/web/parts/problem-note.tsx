/** A problem, in the words the service chose for this reader. */
import type { Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import type { Messages } from '../messages/zh-CN.ts'

export function ProblemNote(props: { readonly problem: Problem; readonly onRetry?: () => void }) {
  const { t } = useWords()
  const { problem } = props
  const errors = problem.errors ?? []
  return (
    <div class="note note-bad" role="alert" data-code={problem.code}>
      <strong>{titleOf(problem, t)}</strong>
      {problem.detail !== undefined && <p>{problem.detail}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map((error) => (
            <li key={`${error.pointer ?? ''}${error.code}`}>
              {error.pointer !== undefined && <code>{error.pointer}</code>}{' '}
              {error.message ?? error.code}
            </li>
          ))}
        </ul>
      )}
      {props.onRetry !== undefined && (
        <button type="button" class="button small" onClick={props.onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  )
}

function titleOf(problem: Problem, t: Messages): string {
  if (problem.code === 'offline') return t.offline
  return problem.title === '' ? t.unknownError : problem.title
}
