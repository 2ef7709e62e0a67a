/** dataset.json: which CSV files hold customers, events and consents, and what their columns mean. */
import { z } from 'zod'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { readDecimal } from './decimal.ts'
import type { ImportError } from './error.ts'
import { partiesSchema } from './parties.ts'

const label = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) })
const column = z.string().min(1)
const file = z
  .string()
  .min(1)
  .refine((name) => !/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name), {
    message: 'must be a name inside the folder',
  })
const missing = z.array(z.string()).optional()
const dataClass = z.enum(['S0', 'S1', 'S2', 'S3', 'S4', 'ID'])

const listedValue = z.strictObject({
  id: z.string().min(1),
  en: z.string().min(1),
  zh: z.string().min(1),
  /** Spellings in the data besides the id. */
  source: z.array(z.string()).optional(),
  parent: z.string().optional(),
})

const valueTypes = [
  'integer',
  'decimal',
  'money',
  'percent',
  'score',
  'text',
  'enum',
  'boolean',
  'region',
  'date',
  'timestamp',
  'month-day',
] as const

const field = z.strictObject({
  column: column.optional(),
  /** The exact product of the columns. */
  product: z.array(column).min(2).max(8).optional(),
  /** Changes the sign of the number. */
  negate: z.boolean().optional(),
  type: z.enum([...valueTypes, 'tags']),
  label: label.optional(),
  /** "auto": every value that the column holds. */
  values: z.union([z.literal('auto'), z.array(listedValue).min(1)]).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  scale: z.int().min(0).max(9).optional(),
  low: z.int().optional(),
  high: z.int().optional(),
  separator: z.string().min(1).optional(),
  missing,
})

const numeric: ReadonlySet<string> = new Set(['integer', 'decimal', 'money', 'percent', 'score'])

const listed: ReadonlySet<string> = new Set(['enum', 'region', 'tags'])

type FieldShape = z.infer<typeof field>

/** What a field's type asks of its other members. */
const checkField = (context: z.core.ParsePayload<FieldShape>): void => {
  const { value } = context
  const refuse = (path: string, message: string): void => {
    context.issues.push({ code: 'custom', message, input: value, path: [path] })
  }
  if ((value.column === undefined) === (value.product === undefined))
    refuse('column', 'give either column or product')
  if (value.product !== undefined && !numeric.has(value.type))
    refuse('product', 'a product is a number')
  if (value.negate !== undefined && !numeric.has(value.type))
    refuse('negate', 'only a number has a sign')
  if (value.values !== undefined && !listed.has(value.type))
    refuse('values', 'only an enum, a region or tags have values')
  if (value.type === 'tags' && value.column === undefined)
    refuse('column', 'tags stand in a column')
  if (value.type === 'score' && (value.low === undefined || value.high === undefined))
    refuse('low', 'a score has low and high')
}

const property = field
  .check(checkField)
  .refine(({ type }) => type !== 'tags', { path: ['type'], message: 'only customers have tags' })
const attribute = field
  .extend({ category: z.string().optional(), class: dataClass.optional() })
  .check(checkField)

const identifiers = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), column)

const tags = z.strictObject({
  column,
  separator: z.string().min(1),
  category: z.string().optional(),
  class: dataClass.optional(),
  values: z.union([z.literal('auto'), z.array(listedValue).min(1)]).optional(),
})

/** What the decision needs to know of a person. */
const person = {
  birthDate: column.optional(),
  adult: column.optional(),
  status: column.optional(),
  noProfiling: column.optional(),
}

const customers = z.strictObject({
  file,
  id: column,
  missing,
  attributes: z.record(z.string(), attribute).optional(),
  identifiers: identifiers.optional(),
  tags: tags.optional(),
  ...person,
  /** Contact data that stands in a file of its own. */
  contacts: z
    .strictObject({ file, id: column, missing, identifiers: identifiers.optional(), ...person })
    .optional(),
})

const plainNumber = z.number().refine((number) => readDecimal(String(number)) !== undefined, {
  message: 'must be a number without exponent',
})
const scalar = z.union([z.string(), plainNumber, z.boolean()])
const comparison = z.union([
  scalar,
  z
    .strictObject({
      '>': scalar.optional(),
      '>=': scalar.optional(),
      '<': scalar.optional(),
      '<=': scalar.optional(),
      '=': scalar.optional(),
      '!=': scalar.optional(),
      in: z.array(scalar).min(1).optional(),
    })
    .refine((tests) => Object.keys(tests).length > 0, { message: 'give a comparison' }),
])

const event = z.strictObject({
  file,
  name: z.string(),
  label: label.optional(),
  customer: column,
  time: column,
  /** Names the event; the row's place in the file does where there is none. */
  id: z.union([column, z.array(column).min(1)]).optional(),
  where: z.record(z.string(), comparison).optional(),
  category: z.string().optional(),
  class: dataClass.optional(),
  retentionDays: z.int().positive().optional(),
  missing,
  properties: z.record(z.string(), property).optional(),
})

const consentColumns = z.strictObject({
  subject: column,
  effectiveAt: column,
  purpose: column.optional(),
  channel: column.optional(),
  state: column.optional(),
  eventId: column.optional(),
  kind: column.optional(),
  categories: column.optional(),
  recipient: column.optional(),
  validUntil: column.optional(),
  notice: column.optional(),
  noticeVersion: column.optional(),
  mechanism: column.optional(),
  evidence: column.optional(),
})

const consents = z.strictObject({
  file,
  columns: consentColumns,
  /** For what no column says. */
  defaults: z
    .strictObject({
      purpose: z.string().optional(),
      channel: z.string().optional(),
      state: z.string().optional(),
      kind: z.string().optional(),
      categories: z.array(z.string()).optional(),
      recipient: z.string().optional(),
      notice: z.string().optional(),
      noticeVersion: z.int().positive().optional(),
      mechanism: z.string().optional(),
    })
    .optional(),
  /** The file's words for states: `{"Y": "given"}`. */
  states: z.record(z.string(), z.string()).optional(),
  /** Between several channels or categories of one cell. */
  separator: z.string().min(1).optional(),
  missing,
})

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const dataset = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[^\p{Cc}]{1,100}$/u),
  timeZone: z.string().refine(isTimeZone, { message: 'must be an IANA time zone' }),
  currency: z.string().regex(/^[A-Z]{3}$/),
  categories: z.array(z.strictObject({ id: z.string(), label, class: dataClass })).optional(),
  parties: partiesSchema.optional(),
  customers: customers.optional(),
  events: z.array(event).optional(),
  consents: z.array(consents).optional(),
})

export type Dataset = z.infer<typeof dataset>
export type DatasetCustomers = NonNullable<Dataset['customers']>
export type DatasetContacts = NonNullable<DatasetCustomers['contacts']>
export type DatasetEvent = NonNullable<Dataset['events']>[number]
export type DatasetConsents = NonNullable<Dataset['consents']>[number]
export type DatasetField = z.infer<typeof property>
export type DatasetAttribute = z.infer<typeof attribute>
export type DatasetTags = z.infer<typeof tags>
export type ListedValue = z.infer<typeof listedValue>
export type Comparison = z.infer<typeof comparison>

/** Errors name the first wrong place by its JSON pointer. */
export function readDataset(text: string): Result<Dataset, ImportError> {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'it is no JSON'
    return err({ code: 'dataset-invalid', pointer: '', cause })
  }
  const parsed = dataset.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const issue = deepest(parsed.error.issues[0])
  const pointer = (issue?.path ?? []).map((part) => `/${escapePointer(String(part))}`).join('')
  return err({ code: 'dataset-invalid', pointer, cause: issue?.message ?? 'it is not a dataset' })
}

type Issue = z.core.$ZodIssue

/** Of a choice of shapes, the complaint that goes deepest is about the shape that was meant. */
function deepest(issue: Issue | undefined): Pick<Issue, 'path' | 'message'> | undefined {
  if (issue === undefined) return undefined
  if (issue.code === 'unrecognized_keys')
    return { path: [...issue.path, issue.keys[0] ?? ''], message: 'there is no such member' }
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .flatMap((issues) => issues.slice(0, 1))
    .map((nested) => deepest(nested))
    .filter((nested) => nested !== undefined)
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner === undefined || inner.path.length === 0
    ? issue
    : { path: [...issue.path, ...inner.path], message: inner.message }
}

const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')
