/** Events of one kind from the rows of a file. */
import { LRUCache } from 'lru-cache'
import type { DutyTx } from '../db/index.ts'
import { findCustomers } from '../pseudonyms/index.ts'
import { eventReader, futureToleranceMs, insertEvents, isSourceId } from '../profiles/index.ts'
import type { CheckedEvent, CustomerEvent, EventDraft, FieldError } from '../profiles/index.ts'
import type { Result } from '../kernel/result.ts'
import { timeReader } from './cells.ts'
import { fieldOf, titleOfField } from './customer-cells.ts'
import { copyOf } from './customers.ts'
import type { Cell, Columns } from './columns.ts'
import type { CsvRow } from './csv.ts'
import type { DatasetEvent } from './dataset.ts'
import type { Feed, FeedSetup } from './feed.ts'
import { emptyTally, feedCounter } from './report.ts'
import type { Tally } from './report.ts'
import { whereOf } from './where.ts'

interface Candidate {
  readonly line: number
  /** The brand's own id. */
  readonly customer: string
  /** Checked before the transaction, but told only of a customer that is known. */
  readonly event: Result<CheckedEvent, FieldError>
}

/** Internal keys of the customers that were asked for lately, shared by the feeds of an import. */
export interface CustomerFinder {
  readonly find: (tx: DutyTx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const customersKept = 50_000

export function customerFinder({ deps }: Pick<FeedSetup, 'deps'>): CustomerFinder {
  const kept = new LRUCache<string, string>({ max: customersKept })
  return {
    find: async (tx, ids) => {
      const found = new Map<string, string>()
      const asked = new Set<string>()
      for (const id of ids) {
        const known = kept.get(id)
        if (known === undefined) asked.add(id)
        else found.set(id, known)
      }
      for (const [id, customerId] of await findCustomers(tx, deps.keys, asked)) {
        found.set(id, customerId)
        kept.set(id, customerId)
      }
      return found
    },
  }
}

export function eventsFeed(
  setup: FeedSetup,
  columns: Columns,
  declared: DatasetEvent,
  finder: CustomerFinder,
): Feed {
  const readRow = rowReader(setup, columns, declared)
  return {
    counter: feedCounter('events', declared.name, declared.file),
    prepare: (rows) => {
      const prepared = emptyTally()
      const candidates = rows
        .map((row) => readRow(prepared, row))
        .filter((candidate) => candidate !== undefined)
      return async (tx) => {
        const tally = copyOf(prepared)
        const customers = await finder.find(
          tx,
          candidates.map(({ customer }) => customer),
        )
        const events: CustomerEvent[] = []
        for (const { line, customer, event } of candidates) {
          const customerId = customers.get(customer)
          if (customerId === undefined) {
            tally.rejects.push({ line, column: declared.customer, reason: 'unknown-customer' })
          } else if (event.ok) {
            events.push({ customerId, event: event.value })
          } else {
            const { code, field } = event.error
            tally.rejects.push({ line, column: columnOf(declared, field), reason: code })
          }
        }
        const inserted = await insertEvents(tx, events)
        tally.loaded += inserted
        tally.duplicate += events.length - inserted
        return tally
      }
    },
  }
}

function rowReader(setup: FeedSetup, columns: Columns, declared: DatasetEvent) {
  const { timeZone, name: dataset } = setup.dataset
  const customerCell = columns.cell(declared.customer)
  const timeCell = columns.cell(declared.time)
  const readTime = timeReader(timeZone)
  const latest = new Date(setup.now.getTime() + futureToleranceMs)
  const check = eventReader(setup.catalog, { latest })
  const readId = idReader(columns, declared)
  const where = whereOf(columns, declared.where)
  const fields = Object.entries(declared.properties ?? {}).map(
    ([id, field]) => [id, fieldOf(columns, field, timeZone)] as const,
  )
  // One row may be an event of two kinds, so the kind is part of who names it.
  const source = `${dataset}/${declared.name}`
  return (tally: Tally, row: CsvRow): Candidate | undefined => {
    const { line } = row
    const reject = (column: string, reason: string): undefined => {
      tally.rejects.push({ line, column, reason })
      return undefined
    }
    tally.read += 1
    if (row.fields.length !== columns.count) return reject('', 'column-count')
    const customer = customerCell(row)
    if (customer === undefined) {
      tally.withoutCustomer += 1
      return undefined
    }
    if (!isSourceId(customer)) return reject(declared.customer, 'not-an-id')
    const isWanted = where(row)
    if (!isWanted.ok) return reject(isWanted.error.column, isWanted.error.code)
    if (!isWanted.value) {
      tally.filtered += 1
      return undefined
    }
    const id = readId(row)
    if (id === undefined) return reject(columnOf(declared, 'id'), 'not-an-id')
    const time = timeCell(row)
    const at = time === undefined ? undefined : readTime(time)
    if (at?.ok !== true) return reject(declared.time, at?.error ?? 'not-a-time')
    const properties: Record<string, EventDraft['properties'][string]> = {}
    for (const [property, read] of fields) {
      const value = read(row)
      if (!value.ok) return reject(value.error.column, value.error.reason)
      properties[property] = value.value
    }
    const draft = { event: declared.name, source, id, at: at.value, properties }
    return { line, customer, event: check(draft) }
  }
}

/**
 * Names an event within its customer. The customer's own id is left out of it: the key that is made of this stands
 * outside the vault, and who guesses ids must not find them there.
 */
function idReader(columns: Columns, declared: DatasetEvent): (row: CsvRow) => string | undefined {
  const names = idColumns(declared)
  if (names.length === 0) return ({ line }) => `${declared.file}:${line}`
  const cells: readonly Cell[] = names
    .filter((name) => name !== declared.customer)
    .map((name) => columns.cell(name))
  return (row) => {
    const parts: string[] = []
    for (const cell of cells) {
      const part = cell(row)
      if (part === undefined) return undefined
      parts.push(part)
    }
    return parts.length === 1 ? parts[0] : JSON.stringify(parts)
  }
}

const idColumns = ({ id }: DatasetEvent): readonly string[] =>
  id === undefined ? [] : typeof id === 'string' ? [id] : id

function columnOf(declared: DatasetEvent, field: string): string {
  if (field === 'time') return declared.time
  if (field === 'id') return idColumns(declared).join('*')
  const property = declared.properties?.[field.slice('properties.'.length)]
  return property === undefined ? '' : titleOfField(property)
}
