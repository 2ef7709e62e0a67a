/** The reviewer's log: the newest entries, a search, and what each entry says. */
import { useEffect, useState } from 'preact/hooks'
import { call } from '../api.ts'
import type { Problem } from '../api.ts'
import { filled, useWords } from '../i18n.ts'
import { actionLabels } from '../messages/actions.ts'
import { PageHead } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { usePeople } from '../parts/use-people.ts'
import type { LogEntry, Page, PageProps } from '../shapes.ts'
import { LogEntries } from './log-entries.tsx'

const blank = { actor: '', action: '', decision: '', subject: '', exportId: '', from: '', to: '' }
type Fields = typeof blank

const pageLength = 50

export function LogPage(props: PageProps) {
  const { t, locale, language } = useWords()
  const nameOf = usePeople(props.me)
  const [fields, setFields] = useState<Fields>(blank)
  const [entries, setEntries] = useState<readonly LogEntry[] | undefined>(undefined)
  const [next, setNext] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const search = async (wanted: Fields, cursor: string | null): Promise<void> => {
    const body = { ...bodyOf(wanted), limit: pageLength }
    const answer = await call<Page<LogEntry>>(locale, '/v1/access-log/search', {
      method: 'POST',
      body: cursor === null ? body : { ...body, cursor },
    })
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    const { items, nextCursor } = answer.value
    setEntries((before) => (cursor === null ? items : [...(before ?? []), ...items]))
    setNext(nextCursor)
  }
  useEffect(() => {
    search(blank, null).catch(() => undefined)
    // Once: each search is an entry of its own.
  }, [])
  const set =
    (name: keyof Fields) => (event: { readonly currentTarget: { readonly value: string } }) =>
      setFields({ ...fields, [name]: event.currentTarget.value })
  return (
    <section>
      <PageHead title={t.logTitle} lead={t.logLead} />
      <form
        class="card filters"
        onSubmit={(event) => {
          event.preventDefault()
          void search(fields, null)
        }}
      >
        <label>
          {t.action}
          <select name="action" value={fields.action} onChange={set('action')}>
            <option value="">{t.anyAction}</option>
            {Object.entries(actionLabels).map(([code, label]) => (
              <option key={code} value={code}>
                {label[language]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.decisionField}
          <select name="decision" value={fields.decision} onChange={set('decision')}>
            <option value="">{t.anyDecision}</option>
            <option value="allow">{t.allowed}</option>
            <option value="deny">{t.denied}</option>
          </select>
        </label>
        <label>
          {t.subject}
          <input
            name="subject"
            autocomplete="off"
            value={fields.subject}
            placeholder={t.subjectHint}
            onInput={set('subject')}
          />
        </label>
        <label>
          {t.exportId}
          <input
            name="exportId"
            autocomplete="off"
            value={fields.exportId}
            placeholder={t.exportIdHint}
            onInput={set('exportId')}
          />
        </label>
        <label>
          {t.actor}
          <input name="actor" autocomplete="off" value={fields.actor} onInput={set('actor')} />
        </label>
        <label>
          {t.from}
          <input type="datetime-local" name="from" value={fields.from} onInput={set('from')} />
        </label>
        <label>
          {t.to}
          <input type="datetime-local" name="to" value={fields.to} onInput={set('to')} />
        </label>
        <div class="actions">
          <button type="submit" class="button primary" data-test="search-log">
            {t.search}
          </button>
          <button type="button" class="button" onClick={() => setFields(blank)}>
            {t.clear}
          </button>
        </div>
      </form>
      {problem !== undefined && <ProblemNote problem={problem} />}
      <p class="quiet list-note" aria-live="polite" data-test="entry-count">
        {entries !== undefined &&
          (entries.length === 0
            ? t.noEntries
            : filled(next === null ? t.entriesFound : t.entriesFoundMore, {
                count: entries.length,
              }))}
      </p>
      {entries === undefined && problem === undefined && <Skeleton lines={8} />}
      {entries !== undefined && entries.length > 0 && (
        <LogEntries entries={entries} nameOf={nameOf} />
      )}
      {next !== null && (
        <p class="after-list">
          <button type="button" class="button" onClick={() => void search(fields, next)}>
            {t.more}
          </button>
        </p>
      )}
    </section>
  )
}

/** What is filled in; times become instants. */
function bodyOf(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== '')
      .map(([name, value]) =>
        name === 'from' || name === 'to' ? [name, new Date(value).toISOString()] : [name, value],
      ),
  )
}
