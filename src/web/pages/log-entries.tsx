/** Entries of the access log, one a row; on a narrow screen one a card. */
import { useWords } from '../i18n.ts'
import { actionLabels } from '../messages/actions.ts'
import { roleInWords } from '../parts/roles.ts'
import type { Messages } from '../messages/zh-CN.ts'
import type { NameOf } from '../parts/use-people.ts'
import type { LogEntry } from '../shapes.ts'

export function LogEntries(props: {
  readonly entries: readonly LogEntry[]
  readonly nameOf: NameOf
}) {
  const { t } = useWords()
  return (
    <div class="card scroll stacking log-table" tabIndex={0} role="region" aria-label={t.logTitle}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              #
            </th>
            <th scope="col">{t.at}</th>
            <th scope="col">{t.actor}</th>
            <th scope="col">{t.action}</th>
            <th scope="col">{t.outcome}</th>
            <th scope="col" class="number">
              {t.rows}
            </th>
            <th scope="col">{t.details}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <Row key={entry.seq} entry={entry} name={props.nameOf(entry.actor)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row(props: { readonly entry: LogEntry; readonly name: string | undefined }) {
  const { t, locale, language } = useWords()
  const { entry } = props
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' })
  const label = actionLabels[entry.action]
  return (
    <tr data-action={entry.action} data-decision={entry.decision}>
      <td class="number" data-label="#">
        {entry.seq}
      </td>
      <td class="nowrap" data-label={t.at}>
        {time.format(new Date(entry.at))}
      </td>
      <td data-label={t.actor}>
        <span title={entry.actor}>{props.name ?? actorInWords(entry, t)}</span>{' '}
        {entry.demo && <span class="tag">{t.demoMark}</span>}
      </td>
      <td data-label={t.action}>
        {label === undefined ? <code>{entry.action}</code> : label[language]}
      </td>
      <td data-label={t.outcome}>
        <span class={`state state-${entry.decision === 'allow' ? 'good' : 'bad'}`}>
          {entry.decision === 'allow' ? t.allowed : t.denied}
        </span>
        {entry.reason !== null && (
          <>
            {' '}
            {entry.reasonInWords === null ? (
              <code class="quiet">{entry.reason}</code>
            ) : (
              <span class="quiet" title={entry.reason}>
                {entry.reasonInWords}
              </span>
            )}
          </>
        )}
      </td>
      <td class="number" data-label={t.rows}>
        {entry.rowCount ?? ''}
      </td>
      <td>
        <details>
          <summary>{t.details}</summary>
          <pre>{JSON.stringify(detailsOf(entry), null, 1)}</pre>
        </details>
      </td>
    </tr>
  )
}

/** Machines and workers are known by their ids, strangers by nothing. */
function actorInWords(entry: LogEntry, t: Messages): string {
  const role = roleInWords(t, entry.actorRole ?? entry.actorKind)
  if (entry.actor === 'anonymous') return role
  const id = entry.actorKind === 'person' ? entry.actor.slice(0, 8) : entry.actor
  return `${role} ${id}`
}

const inTheRow: ReadonlySet<string> = new Set([
  'seq',
  'at',
  'actorRole',
  'decision',
  'reason',
  'reasonInWords',
  'rowCount',
  'demo',
])

/** What is set, and not already in the row. */
function detailsOf(entry: LogEntry): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([name, value]) =>
        !inTheRow.has(name) &&
        value !== null &&
        !(name === 'detail' && Object.keys(entry.detail).length === 0),
    ),
  )
}
