/** Consent events from the rows of a file. Where it says little, see assumed.ts for what that is taken to mean. */
import { hash } from 'node:crypto'
import { appendForCustomers, checkConsentEvent, isConsentState, isGrant } from '../consent/index.ts'
import type { ConsentEventInput, CustomerConsent } from '../consent/index.ts'
import { assumesCategories, assumesNotice, consentSeparator } from './assumed.ts'
import { timeReader } from './cells.ts'
import { splitCell } from './customer-cells.ts'
import { copyOf } from './customers.ts'
import type { Cell, Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { DatasetConsents } from './dataset.ts'
import type { CustomerFinder } from './events.ts'
import type { Feed, FeedSetup } from './feed.ts'
import { emptyTally, feedCounter } from './report.ts'
import type { Tally } from './report.ts'

type ColumnName = keyof DatasetConsents['columns']

interface Candidate {
  readonly line: number
  readonly subject: string
  /** Without an id where the file names none. */
  readonly event: Omit<ConsentEventInput, 'eventId' | 'subject'> & { readonly eventId?: string }
}

const kindDefault = 'general'
const mechanismDefault = 'imported'

export function consentsFeed(
  setup: FeedSetup,
  columns: Columns,
  declared: DatasetConsents,
  finder: CustomerFinder,
): Feed {
  const readRow = rowReader(setup, columns, declared)
  return {
    counter: feedCounter('consents', '', declared.file),
    prepare: (rows) => {
      const prepared = emptyTally()
      const candidates = rows
        .map((row) => readRow(prepared, row))
        .filter((candidate) => candidate !== undefined)
      return async (tx) => {
        const tally = copyOf(prepared)
        const customers = await finder.find(
          tx,
          candidates.map(({ subject }) => subject),
        )
        const good: (CustomerConsent & { readonly line: number })[] = []
        for (const { line, subject, event } of candidates) {
          const customerId = customers.get(subject)
          if (customerId === undefined) {
            tally.rejects.push({
              line,
              column: declared.columns.subject,
              reason: 'unknown-customer',
            })
            continue
          }
          const eventId = event.eventId ?? idOfContent(customerId, event)
          const input = { ...event, eventId, subject }
          const checked = checkConsentEvent(setup.vocabulary, input, setup.now)
          if (checked.ok) good.push({ line, customerId, event: checked.value })
          else {
            const { code, field } = checked.error
            tally.rejects.push({ line, column: columnOf(declared, field), reason: code })
          }
        }
        const outcomes = await appendForCustomers(tx, good)
        for (const [index, { line }] of good.entries()) {
          const outcome = outcomes[index]
          if (outcome === 'inserted') tally.loaded += 1
          else if (outcome === 'duplicate') tally.duplicate += 1
          else {
            const column = declared.columns.eventId ?? ''
            tally.rejects.push({ line, column, reason: 'event-id-conflict' })
          }
        }
        return tally
      }
    },
  }
}

function rowReader(setup: FeedSetup, columns: Columns, declared: DatasetConsents) {
  const { defaults = {}, separator = consentSeparator, states = {} } = declared
  const cells = cellsOf(columns, declared.columns)
  const unsaid = unsaidBy(setup, declared)
  const readTime = timeReader(setup.dataset.timeZone)
  return (tally: Tally, row: CsvRow): Candidate | undefined => {
    const { line } = row
    const reject = (column: string, reason: string): undefined => {
      tally.rejects.push({ line, column, reason })
      return undefined
    }
    tally.read += 1
    if (row.fields.length !== columns.count) return reject('', 'column-count')
    const text = (name: ColumnName): string | undefined => cells.get(name)?.(row)
    const subject = text('subject')
    if (subject === undefined) {
      tally.withoutCustomer += 1
      return undefined
    }
    const effective = text('effectiveAt')
    const effectiveAt = effective === undefined ? undefined : readTime(effective)
    if (effectiveAt?.ok !== true)
      return reject(declared.columns.effectiveAt, effectiveAt?.error ?? 'not-a-time')
    const until = text('validUntil')
    const validUntil = until === undefined ? undefined : readTime(until)
    if (validUntil?.ok === false) return reject(declared.columns.validUntil ?? '', validUntil.error)
    const named = noticeOf(text('notice') ?? defaults.notice, text('noticeVersion'), defaults)
    if (named === null) return reject(declared.columns.noticeVersion ?? '', 'not-a-number')
    const word = text('state') ?? defaults.state ?? ''
    const state = states[word] ?? word
    const kind = text('kind') ?? defaults.kind ?? kindDefault
    // A withdrawal that names nothing takes everything back, and needs no notice to stand on.
    const isGranted = isConsentState(state) && isGrant(state)
    const notice = named ?? (isGranted ? unsaid.notice : undefined)
    const covered = isGranted && kind === kindDefault ? unsaid.categories : []
    const recipient = text('recipient') ?? defaults.recipient
    const eventId = text('eventId')
    const evidence = text('evidence')
    return {
      line,
      subject,
      event: {
        kind,
        purpose: text('purpose') ?? defaults.purpose ?? '',
        channels: splitCell(text('channel') ?? defaults.channel, separator),
        categories: categoriesOf(text('categories'), separator, defaults.categories ?? covered),
        state,
        effectiveAt: effectiveAt.value,
        mechanism: text('mechanism') ?? defaults.mechanism ?? mechanismDefault,
        source: setup.dataset.name,
        ...(eventId === undefined ? {} : { eventId }),
        ...(recipient === undefined ? {} : { recipient }),
        ...(validUntil === undefined ? {} : { validUntil: validUntil.value }),
        ...(notice === undefined ? {} : { notice }),
        ...(evidence === undefined ? {} : { evidence }),
      },
    }
  }
}

/** What a grant stands on and covers where the file has no way to say so. */
const unsaidBy = ({ assumed }: FeedSetup, declared: DatasetConsents) => ({
  notice: assumesNotice(declared) ? (assumed.notice ?? undefined) : undefined,
  categories: assumesCategories(declared) ? assumed.categories : [],
})

const columnNames = [
  'subject',
  'effectiveAt',
  'purpose',
  'channel',
  'state',
  'eventId',
  'kind',
  'categories',
  'recipient',
  'validUntil',
  'notice',
  'noticeVersion',
  'mechanism',
  'evidence',
] as const satisfies readonly ColumnName[]

const cellsOf = (
  columns: Columns,
  declared: DatasetConsents['columns'],
): ReadonlyMap<ColumnName, Cell> =>
  new Map(
    columnNames.flatMap((name) => {
      const column = declared[name]
      return column === undefined ? [] : [[name, columns.cell(column)] as const]
    }),
  )

const categoriesOf = (
  text: string | undefined,
  separator: string,
  otherwise: readonly string[],
): readonly string[] => (text === undefined ? otherwise : splitCell(text, separator))

/** Null for a version that is no number. */
function noticeOf(
  id: string | undefined,
  version: string | undefined,
  defaults: NonNullable<DatasetConsents['defaults']>,
): ConsentEventInput['notice'] | null {
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) return null
  const number = version === undefined ? defaults.noticeVersion : Number(version)
  return id === undefined || number === undefined ? undefined : { id, version: number }
}

/** The same row is the same event. Made of the internal key, never of the brand's id, which could be guessed from it. */
const idOfContent = (customerId: string, event: Candidate['event']): string =>
  hash('sha256', JSON.stringify([customerId, event]), 'hex').slice(0, 32)

/** The column behind a field of a consent event. */
function columnOf({ columns }: DatasetConsents, field: string): string {
  const nameByField: Readonly<Record<string, ColumnName>> = { channels: 'channel' }
  const name = nameByField[field] ?? columnNames.find((known) => known === field)
  return name === undefined ? '' : (columns[name] ?? '')
}
