/** Reads one customer as it was sent into what the columns hold. */
import type { PersonChange } from '../consent/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isDate } from './calendar-text.ts'
import { isSourceId, textOf } from './physical.ts'
import type { FieldError, LoadValue, Placed } from './physical.ts'

export interface CustomerRow {
  /** The brand's own id. */
  readonly id: string
  /** By attribute id; null is missing, an absent attribute stays as it is. */
  readonly attributes?: Readonly<Record<string, LoadValue | null>>
  /** Tag ids: all of them; absent leaves them as they are. */
  readonly tags?: readonly string[]
  /** Contact data by kind; what is absent stays. */
  readonly identifiers?: Readonly<Record<string, string>>
  readonly person?: Omit<PersonChange, 'customerId'>
}

export interface ReadCustomer {
  readonly row: CustomerRow
  readonly attributes: ReadonlyMap<Placed, string | null>
  readonly tags: readonly string[] | undefined
}

interface Names {
  readonly attributes: ReadonlyMap<string, Placed>
  readonly tags: ReadonlySet<string>
}

const statuses: ReadonlySet<string> = new Set([
  'active',
  'erased',
  'frozen',
  'restricted',
  'deceased',
])
const kindPattern = /^[a-z][a-z0-9-]{0,63}$/

/** The first thing that is wrong is the error; nothing of such a row is loaded. */
export function readCustomer(names: Names, row: CustomerRow): Result<ReadCustomer, FieldError> {
  if (!isSourceId(row.id)) return err({ code: 'not-an-id', field: 'id' })
  const attributes = new Map<Placed, string | null>()
  for (const [id, value] of Object.entries(row.attributes ?? {})) {
    const place = names.attributes.get(id)
    if (place === undefined) return err({ code: 'unknown-attribute', field: `attributes.${id}` })
    const stored = place.read(value)
    if (!stored.ok) return err({ ...stored.error, field: `attributes.${id}` })
    attributes.set(place, textOf(stored.value))
  }
  if (row.tags?.every((tag) => names.tags.has(tag)) === false)
    return err({ code: 'unknown-tag', field: 'tags' })
  if (!Object.keys(row.identifiers ?? {}).every((kind) => kindPattern.test(kind)))
    return err({ code: 'not-an-id', field: 'identifiers' })
  const { status, bornOn } = row.person ?? {}
  if (status !== undefined && !statuses.has(status))
    return err({ code: 'unknown-status', field: 'status' })
  if (typeof bornOn === 'string' && !isDate(bornOn))
    return err({ code: 'not-a-date', field: 'birthDate' })
  return ok({ row, attributes, tags: row.tags })
}
