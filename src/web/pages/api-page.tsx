/** The HTTP interface as the service describes it, without a foreign script. */
import { useWords } from '../i18n.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAnswer } from '../parts/use-answer.ts'

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export function ApiPage() {
  const { t } = useWords()
  const loaded = useAnswer<OpenApi>('/openapi.json')
  if (loaded.problem !== undefined)
    return <ProblemNote problem={loaded.problem} onRetry={loaded.reload} />
  return (
    <section>
      <h1>{t.apiTitle}</h1>
      <p class="lead">
        {t.apiLead} <a href="/openapi.json">openapi.json</a>
      </p>
      {Object.entries(loaded.value?.paths ?? {}).map(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => (
          <details class="card" key={`${method} ${path}`}>
            <summary>
              <code>
                {method.toUpperCase()} {path}
              </code>{' '}
              {operation.summary}
            </summary>
            {operation.description !== undefined && <p>{operation.description}</p>}
            <p class="quiet">{t.answers}</p>
            <ul>
              {Object.entries(operation.responses ?? {}).map(([status, response]) => (
                <li key={status}>
                  <code>{status}</code> {response.description}
                </li>
              ))}
            </ul>
          </details>
        )),
      )}
    </section>
  )
}
