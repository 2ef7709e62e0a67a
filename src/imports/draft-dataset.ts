/** A first dataset.json for a folder of CSV files: what can be seen in them is guessed, the rest is left to people. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { assert } from '../kernel/assert.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { findFile, readCsv } from './csv.ts'
import { readDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { fieldsOf, idOf, labelOf, personOf } from './draft-fields.ts'
import { ImportStopped } from './error.ts'
import type { ImportError } from './error.ts'
import { watchColumn } from './guess-column.ts'
import type { GuessedColumn } from './guess-column.ts'

export interface DraftedDataset {
  readonly dataset: Dataset
  /** CSV files of the folder that seem to hold neither customers nor events nor consents. */
  readonly unused: readonly string[]
}

interface GuessedFile {
  readonly file: string
  readonly columns: readonly GuessedColumn[]
}

const rowsPerBatch = 5_000

/** Reads every file of the folder once. Errors: those of its files, and a folder without any. */
export async function draftDataset(
  folder: string,
): Promise<Result<DraftedDataset, ImportError | { readonly code: 'no-customers' }>> {
  try {
    const files: GuessedFile[] = []
    for (const file of await csvFiles(folder)) files.push(await guessFile(file, folder))
    const draft = draftOf(path.basename(path.resolve(folder)), files)
    if (draft === undefined) return err({ code: 'no-customers' })
    // Read back, so that what is printed is what an import takes.
    const dataset = readDataset(JSON.stringify(draft))
    assert(dataset.ok, 'a draft that an import takes')
    const { customers, events = [], consents = [] } = dataset.value
    const used = new Set([customers, ...events, ...consents].map((each) => each?.file))
    const unused = files.map(({ file }) => file).filter((file) => !used.has(file))
    return ok({ dataset: dataset.value, unused })
  } catch (error) {
    if (error instanceof ImportStopped) return err(error.reason)
    throw error
  }
}

async function csvFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((file) => /\.csv(?:\.gz)?$/i.test(file)).sort()
  } catch {
    throw new ImportStopped({ code: 'file-missing', file: '*.csv', folders: [folder] })
  }
}

async function guessFile(file: string, folder: string): Promise<GuessedFile> {
  let watches: ReturnType<typeof watchColumn>[] | undefined
  for await (const batch of readCsv(await findFile(file, [folder]), rowsPerBatch)) {
    const rows = watches === undefined ? batch.slice(1) : batch
    watches ??= (batch[0]?.fields ?? []).map((title) => watchColumn(title.trim()))
    for (const { fields } of rows)
      for (const [place, watch] of watches.entries()) watch.see(fields[place] ?? '')
  }
  const columns = (watches ?? []).map((watch) => watch.guess())
  const names = columns.map(({ name }) => name)
  // A column that is there twice, or has no name, cannot be spoken of.
  const isNamed = ({ name }: GuessedColumn) =>
    name !== '' && names.indexOf(name) === names.lastIndexOf(name)
  return { file, columns: columns.filter(isNamed) }
}

const customerName =
  /^(?:customer|cust|client|member|user|household|buyer|shopper|consumer|客户|会员|用户)[_ -]?(?:id|no|key|number|code|号|编号)$/i

interface CustomerFile extends GuessedFile {
  readonly id: GuessedColumn
}

const customersFileName = /customer|client|member|user|household|客户|会员|用户/i

/** The file that has each customer once, or else one that names them; a column of another file refers to it. */
function customersOf(files: readonly GuessedFile[]): CustomerFile | undefined {
  const all = files
    .filter((file) => !isConsents(file))
    .flatMap((file) =>
      file.columns
        .filter(({ name }) => customerName.test(name))
        .map((id): CustomerFile => ({ ...file, id })),
    )
  const rank = ({ file, id }: CustomerFile): number =>
    (id.isUnique && id.isFull ? 2 : 0) + (customersFileName.test(file) ? 1 : 0)
  return all.toSorted((a, b) => rank(b) - rank(a) || b.id.values - a.id.values)[0]
}

function draftOf(name: string, files: readonly GuessedFile[]): object | undefined {
  const customers = customersOf(files)
  if (customers === undefined) return undefined
  const happened = files.flatMap((file) => happenedOf(file, customers))
  const times = happened.flatMap(({ columns }) =>
    columns.filter(({ type }) => type === 'timestamp'),
  )
  const events = happened.filter((file) => !isConsents(file))
  const consents = happened.filter(isConsents)
  const inUtc = times.length > 0 && times.every(({ hasOffsets }) => hasOffsets)
  return {
    version: 1,
    name,
    timeZone: inUtc ? 'UTC' : 'Asia/Shanghai',
    currency: 'CNY',
    customers: customersDraft(customers),
    ...(events.length === 0 ? {} : { events: events.map(eventDraft) }),
    ...(consents.length === 0 ? {} : { consents: consents.map(consentsDraft) }),
  }
}

function customersDraft({ file, id, columns }: CustomerFile): object {
  const missing = missingOf(columns)
  // Rows of something that happened say nothing of the customer as such.
  if (!id.isUnique) return { file, id: id.name, missing }
  const { person, identifiers, others } = personOf(columns.filter((column) => column !== id))
  const attributes = fieldsOf(others, 'attribute')
  return {
    file,
    id: id.name,
    missing,
    attributes,
    ...(Object.keys(identifiers).length === 0 ? {} : { identifiers }),
    ...person,
  }
}

/** Words that mean nothing in some column of the file, blank before all. */
const missingOf = (columns: readonly GuessedColumn[]): readonly string[] => [
  ...new Set(['', ...columns.flatMap(({ missing }) => missing.filter((word) => word !== '-'))]),
]

interface HappenedFile extends GuessedFile {
  readonly customer: GuessedColumn
  readonly time: GuessedColumn
}

function happenedOf(file: GuessedFile, customers: CustomerFile): readonly HappenedFile[] {
  if (file.file === customers.file && customers.id.isUnique) return []
  const customer = file.columns.find(({ name }) => name === customers.id.name)
  const times = file.columns.filter(({ type }) => type === 'timestamp' || type === 'date')
  const time = times.find(({ isFull }) => isFull) ?? times[0]
  return customer === undefined || time === undefined ? [] : [{ ...file, customer, time }]
}

const named = (columns: readonly GuessedColumn[], name: string): boolean =>
  columns.some((column) => column.name === name)

const isConsents = ({ columns }: GuessedFile): boolean =>
  ['purpose', 'channel', 'state'].every((name) => named(columns, name))

const consentsDraft = ({ file, columns, customer, time }: HappenedFile): object => ({
  file,
  columns: {
    subject: customer.name,
    purpose: 'purpose',
    channel: 'channel',
    state: 'state',
    effectiveAt: time.name,
  },
  missing: missingOf(columns),
})

function eventDraft({ file, columns, customer, time }: HappenedFile): object {
  const stem = file.replace(/\.csv(?:\.gz)?$/i, '').replace(/(?<=[a-z]{3})s$/i, '')
  const id = columns.find(
    (column) => column.isUnique && column.isFull && /(?:id|no|number|key)$/i.test(column.name),
  )
  const others = columns.filter((column) => ![customer, time, id].includes(column))
  return {
    file,
    name: idOf(stem),
    label: labelOf(stem),
    customer: customer.name,
    time: time.name,
    ...(id === undefined ? {} : { id: id.name }),
    category: 'transaction',
    class: 'S1',
    missing: missingOf(columns),
    // Contact data has no place outside the vault, whatever file it stands in.
    properties: fieldsOf(personOf(others).others, 'property'),
  }
}
