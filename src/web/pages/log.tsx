/** The reviewer's log: search it, page through it, open an entry. */
import { useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { LogEntry, Page, Problem } from '../api.ts'
import { useWords } from '../i18n.ts'
import { ProblemNote } from '../parts/problem-note.tsx'

interface Fields {
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly exportId: string
  readonly from: string
  readonly to: string
}
const blank: Fields = { actor: '', action: '', subject: '', exportId: '', from: '', to: '' }

export function LogPage() {
  const { t, locale } = useWords()
  const [fields, setFields] = useState<Fields>(blank)
  const [entries, setEntries] = useState<readonly LogEntry[] | undefined>(undefined)
  const [next, setNext] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const search = async (cursor: string | null): Promise<void> => {
    const filled = Object.entries(fields).filter(([, value]) => value !== '')
    const body = Object.fromEntries(
      filled.map(([name, value]) =>
        name === 'from' || name === 'to'
          ? [name, new Date(value).toISOString()]
          : [name, value.trim()],
      ),
    )
    const answer = await call<Page<LogEntry>>(locale, '/v1/access-log/search', {
      method: 'POST',
      body: cursor === null ? body : { ...body, cursor },
    })
    if (!answer.ok) {
      setProblem(answer.problem)
      return
    }
    setProblem(undefined)
    setEntries(cursor === null ? answer.value.items : [...(entries ?? []), ...answer.value.items])
    setNext(answer.value.nextCursor)
  }
  const set =
    (name: keyof Fields) => (event: { readonly currentTarget: { readonly value: string } }) =>
      setFields({ ...fields, [name]: event.currentTarget.value })
  return (
    <section>
      <h1>{t.logTitle}</h1>
      <p class="lead">{t.logLead}</p>
      <form
        class="card filters"
        onSubmit={(event) => {
          event.preventDefault()
          void search(null)
        }}
      >
        <label>
          {t.actor}
          <input name="actor" value={fields.actor} onInput={set('actor')} />
        </label>
        <label>
          {t.action}
          <input name="action" value={fields.action} onInput={set('action')} />
        </label>
        <label>
          {t.subject}
          <input
            name="subject"
            value={fields.subject}
            title={t.subjectHint}
            placeholder={t.subjectHint}
            onInput={set('subject')}
          />
        </label>
        <label>
          {t.exportId}
          <input name="exportId" value={fields.exportId} onInput={set('exportId')} />
        </label>
        <label>
          {t.from}
          <input type="datetime-local" name="from" value={fields.from} onInput={set('from')} />
        </label>
        <label>
          {t.to}
          <input type="datetime-local" name="to" value={fields.to} onInput={set('to')} />
        </label>
        <button type="submit" class="button primary" data-test="search-log">
          {t.search}
        </button>
      </form>
      {problem !== undefined && <ProblemNote problem={problem} />}
      {entries?.length === 0 && <p class="note">{t.noEntries}</p>}
      {entries !== undefined && entries.length > 0 && <Entries entries={entries} />}
      {next !== null && (
        <button type="button" class="button" onClick={() => void search(next)}>
          {t.more}
        </button>
      )}
    </section>
  )
}

function Entries(props: { readonly entries: readonly LogEntry[] }) {
  const { t, locale } = useWords()
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' })
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.logTitle}>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t.at}</th>
            <th scope="col">{t.actor}</th>
            <th scope="col">{t.action}</th>
            <th scope="col">{t.outcome}</th>
            <th scope="col">{t.rows}</th>
            <th scope="col">{t.details}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <tr key={entry.seq} data-action={entry.action}>
              <td>{entry.seq}</td>
              <td>{time.format(new Date(entry.at))}</td>
              <td>
                {entry.actorName ?? entry.actor}
                <span class="quiet"> {entry.actorRole}</span>
                {entry.demo && <span class="state"> {t.demoMark}</span>}
              </td>
              <td>
                <code>{entry.action}</code>
              </td>
              <td>
                <span class={`state state-${entry.decision}`}>
                  {entry.decision === 'allow' ? t.allowed : t.denied}
                </span>
                {entry.reason !== null && <span class="quiet"> {entry.reason}</span>}
              </td>
              <td class="number">{entry.rowCount ?? ''}</td>
              <td>
                <details>
                  <summary>{t.details}</summary>
                  <pre>{JSON.stringify(detailsOf(entry), null, 1)}</pre>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What is set, and not already in the row. */
function detailsOf(entry: LogEntry): Readonly<Record<string, unknown>> {
  const shown = new Set([
    'seq',
    'at',
    'actor',
    'actorName',
    'actorRole',
    'action',
    'decision',
    'rowCount',
    'demo',
  ])
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([name, value]) =>
        !shown.has(name) &&
        value !== null &&
        !(name === 'detail' && Object.keys(entry.detail).length === 0),
    ),
  )
}
