/** The customers file, and the file with their contact data where it stands apart. */
import type { DutyTx } from '../db/index.ts'
import { findCustomers } from '../pseudonyms/index.ts'
import { loadCustomers } from '../profiles/index.ts'
import type { CustomerOutcome, CustomerRow } from '../profiles/index.ts'
import { ok } from '../kernel/result.ts'
import { attributesOf, identifiersOf, personOf, tagsOf, titleOfField } from './customer-cells.ts'
import type { Read } from './customer-cells.ts'
import type { Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { DatasetContacts, DatasetCustomers } from './dataset.ts'
import type { Feed, FeedSetup } from './feed.ts'
import { emptyTally, feedCounter } from './report.ts'
import type { FeedCounter, Tally } from './report.ts'
import { seenIds } from './seen-ids.ts'

interface Candidate {
  readonly line: number
  readonly row: CustomerRow
}

/** What the two files differ in. */
interface Shape {
  readonly counter: FeedCounter
  readonly columns: Columns
  readonly id: string
  readonly read: Read<Omit<CustomerRow, 'id'>>
  /** The column that a field of a loaded row came from. */
  readonly columnOf: (field: string) => string
  /** Whether the file may name customers that are new. */
  readonly makesCustomers: boolean
}

export function customersFeed(
  setup: FeedSetup,
  columns: Columns,
  customers: DatasetCustomers,
): Feed {
  const { dataset, found } = setup
  const attributes = attributesOf(columns, customers, dataset.timeZone)
  const tags = tagsOf(columns, dataset, found)
  const contacts = contactsReader(setup, columns, customers)
  return feedOf(setup, {
    counter: feedCounter('customers', '', customers.file),
    columns,
    id: customers.id,
    makesCustomers: true,
    columnOf: (field) => customerColumn(customers, field),
    read: (row) => {
      const attributesRead = attributes(row)
      if (!attributesRead.ok) return attributesRead
      const tagsRead = tags(row)
      if (!tagsRead.ok) return tagsRead
      const rest = contacts(row)
      if (!rest.ok) return rest
      return ok({
        ...rest.value,
        attributes: attributesRead.value,
        ...(tagsRead.value === undefined ? {} : { tags: tagsRead.value }),
      })
    },
  })
}

export const contactsFeed = (setup: FeedSetup, columns: Columns, contacts: DatasetContacts): Feed =>
  feedOf(setup, {
    counter: feedCounter('contacts', '', contacts.file),
    columns,
    id: contacts.id,
    makesCustomers: false,
    columnOf: (field) => contactColumn(contacts, field),
    read: contactsReader(setup, columns, contacts),
  })

function contactsReader(
  setup: FeedSetup,
  columns: Columns,
  declared: DatasetCustomers | DatasetContacts,
): Read<Omit<CustomerRow, 'id'>> {
  const identifiers = identifiersOf(columns, declared.identifiers)
  const person = personOf(columns, declared, setup.now.toISOString().slice(0, 'YYYY-MM-DD'.length))
  return (row) => {
    const personRead = person(row)
    return personRead.ok
      ? ok({ identifiers: identifiers(row), person: personRead.value })
      : personRead
  }
}

function customerColumn(customers: DatasetCustomers, field: string): string {
  const [group, id = ''] = split(field)
  const attribute = group === 'attributes' ? customers.attributes?.[id] : undefined
  if (attribute !== undefined) return titleOfField(attribute)
  return field === 'tags' ? (customers.tags?.column ?? '') : contactColumn(customers, field)
}

function contactColumn(declared: DatasetCustomers | DatasetContacts, field: string): string {
  const [group, kind = ''] = split(field)
  if (group === 'identifiers') return declared.identifiers?.[kind] ?? ''
  if (field === 'id') return declared.id
  return field === 'birthDate' || field === 'status' ? (declared[field] ?? '') : ''
}

const split = (field: string): readonly [string, string?] => {
  const dot = field.indexOf('.')
  return dot < 0 ? [field] : [field.slice(0, dot), field.slice(dot + 1)]
}

function feedOf(setup: FeedSetup, shape: Shape): Feed {
  const seen = seenIds()
  const idCell = shape.columns.cell(shape.id)
  const readRow = (tally: Tally, row: CsvRow): Candidate | undefined => {
    const { line } = row
    const reject = (column: string, reason: string): undefined => {
      tally.rejects.push({ line, column, reason })
      return undefined
    }
    tally.read += 1
    if (row.fields.length !== shape.columns.count) return reject('', 'column-count')
    const id = idCell(row)
    if (id === undefined) {
      tally.withoutCustomer += 1
      return undefined
    }
    const before = seen.see(id, row.fields)
    if (before === 'same') tally.duplicate += 1
    // Which of two rows tells the truth is not ours to guess; the first one stands.
    if (before === 'other') return reject(shape.id, 'duplicate-id')
    if (before !== 'new') return undefined
    const read = shape.read(row)
    return read.ok
      ? { line, row: { id, ...read.value } }
      : reject(read.error.column, read.error.reason)
  }
  return {
    counter: shape.counter,
    prepare: (rows) => {
      const prepared = emptyTally()
      const candidates = rows
        .map((row) => readRow(prepared, row))
        .filter((candidate) => candidate !== undefined)
      return async (tx) => {
        const tally = copyOf(prepared)
        const known = shape.makesCustomers
          ? candidates
          : await knownOnly(setup, tx, shape, candidates, tally)
        const outcomes = await loadCustomers(
          tx,
          setup.deps.keys,
          setup.catalog,
          known.map(({ row }) => row),
        )
        for (const [index, { line }] of known.entries()) settle(tally, shape, line, outcomes[index])
        return tally
      }
    },
  }
}

/** So that a load that is tried again counts once. */
export const copyOf = (tally: Tally): Tally => ({
  ...tally,
  rejects: [...tally.rejects],
  refused: [...tally.refused],
})

async function knownOnly(
  setup: FeedSetup,
  tx: DutyTx,
  shape: Shape,
  candidates: readonly Candidate[],
  tally: Tally,
): Promise<readonly Candidate[]> {
  const found = await findCustomers(
    tx,
    setup.deps.keys,
    candidates.map(({ row }) => row.id),
  )
  return candidates.filter(({ line, row }) => {
    if (found.has(row.id)) return true
    tally.rejects.push({ line, column: shape.id, reason: 'unknown-customer' })
    return false
  })
}

function settle(
  tally: Tally,
  shape: Shape,
  line: number,
  outcome: CustomerOutcome | undefined,
): void {
  if (outcome === undefined) return
  if (outcome.status === 'rejected') {
    tally.rejects.push({ line, column: shape.columnOf(outcome.field), reason: outcome.code })
    return
  }
  for (const { kind, code } of outcome.refused) {
    tally.refused.push({ line, column: shape.columnOf(`identifiers.${kind}`), reason: code })
  }
  if (outcome.status === 'inserted') tally.loaded += 1
  else if (outcome.status === 'updated') tally.updated += 1
  else tally.duplicate += 1
}
