/** Reads what a request brings, by the route's schemas. Nothing deeper in the house checks shapes again. */
import { createHash } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { IdempotencyKey } from '../audit/index.ts'
import { parseBody, parseItems, readBody } from './body.ts'
import type { BodyError, ReadBody } from './body.ts'
import type { Incoming } from './incoming.ts'
import { problem } from './problem.ts'
import type { Problem } from './problem.ts'
import { fieldErrors } from './validate.ts'
import type { FieldError } from './validate.ts'

/** A rule at its longest with room; what is larger comes in batches. */
export const jsonBytesMax = 256 * 1024
/** Ten thousand items of more than a kilobyte. */
export const batchBytesMax = 16 * 1024 * 1024
const idempotencyKey = /^[\x21-\x7e]{1,255}$/

export interface InputSchemas<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  I extends z.ZodType,
> {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Also takes the body as a form. */
  readonly form?: boolean
  /** One item of a body that may be one JSON object, a JSON array or NDJSON. */
  readonly item?: I
  readonly itemsMax?: number
  readonly bytesMax?: number
}

export interface ItemsInput<I> {
  /** One object that is no batch. */
  readonly single: boolean
  readonly items: readonly ItemInput<I>[]
}

export type ItemInput<I> =
  | { readonly ok: true; readonly value: I }
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly raw: unknown }

/**
 * What a schema gives, with fields that are there or not, but never there and undefined: JSON and queries know no
 * undefined, and zod leaves out what is absent.
 */
export type Given<S extends z.ZodType> = Exact<z.output<S>>

type Exact<T> = T extends readonly (infer E)[]
  ? readonly Exact<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Exact<Exclude<T[K], undefined>> }
    : T

interface Input<P, Q, B, I> {
  readonly kind: 'input'
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly items: ItemsInput<I>
  readonly idempotency?: IdempotencyKey
}

interface Place {
  readonly route: string
  readonly write: boolean
  readonly bytesMax: number
}

export async function readInput<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  I extends z.ZodType,
>(
  schemas: InputSchemas<P, Q, B, I>,
  { request, params: given }: Incoming,
  place: Place,
): Promise<Input<Given<P>, Given<Q>, Given<B>, Given<I>> | Problem> {
  const params = parseAs(schemas.params, given)
  // A path that cannot name a thing names nothing.
  if (!params.ok) return problem('not-found')
  const query = parseAs(schemas.query, queryOf(request), '?')
  if (!query.ok) return problem('fields-invalid', { errors: query.errors })
  const needsBody = schemas.body !== undefined || schemas.item !== undefined
  const read = needsBody || place.write ? await readBody(request, place.bytesMax) : undefined
  if (read?.ok === false) return bodyProblem(read.error)
  const idempotency = place.write ? keyOf(request, place.route, read?.value) : undefined
  if (idempotency === 'invalid') return problem('idempotency-key-invalid')
  const items = readItems(schemas, read?.value)
  if (items.kind === 'problem') return items
  const body = readOne(schemas, read?.value)
  if (body.kind === 'problem') return body
  return {
    kind: 'input',
    params: params.value,
    query: query.value,
    body: body.value,
    items,
    ...(idempotency === undefined ? {} : { idempotency }),
  }
}

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] }

/** Without a schema nothing is expected, and nothing is looked at. */
function parseAs<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  prefix = '',
): Parsed<Given<S>> {
  if (schema === undefined) return { ok: true, value: undeclared<S>() }
  const unstorable = unstorableText(value, '')
  if (unstorable !== undefined)
    return { ok: false, errors: [{ pointer: prefix + unstorable, code: 'wrong-format' }] }
  const parsed = schema.safeParse(value, { reportInput: true })
  if (!parsed.success) return { ok: false, errors: fieldErrors(schema, parsed.error, prefix) }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON holds no undefined, as `Given` says
  return { ok: true, value: parsed.data as Given<S> }
}

/** For an input that the route does not declare: its type parameter is then ZodUndefined. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of ZodUndefined is undefined
const undeclared = <S extends z.ZodType>(): Given<S> => undefined as Given<S>

const depthMax = 20

/** Where a text stands that no database takes: half a character, or the character zero. */
function unstorableText(value: unknown, pointer: string, depth = 0): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() && !value.includes('\0') ? undefined : pointer
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > depthMax) return pointer
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed() || key.includes('\0')) return pointer
    const found = unstorableText(
      inner,
      `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      depth + 1,
    )
    if (found !== undefined) return found
  }
  return undefined
}

/** A name given twice keeps its last value out: it becomes a list, which no schema of ours takes. */
function queryOf(request: Request): Readonly<Record<string, string | readonly string[]>> {
  const { searchParams } = new URL(request.url)
  const names = [...new Set(searchParams.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = searchParams.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function keyOf(
  request: Request,
  route: string,
  read: ReadBody | undefined,
): IdempotencyKey | 'invalid' | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null) return undefined
  if (!idempotencyKey.test(key)) return 'invalid'
  const digest = createHash('sha256').update(read?.bytes ?? '')
  return { key, route, bodyDigest: `sha256:${digest.digest('hex')}` }
}

function readOne<B extends z.ZodType>(
  schemas: { readonly body?: B; readonly form?: boolean },
  read: ReadBody | undefined,
): { readonly kind: 'body'; readonly value: Given<B> } | Problem {
  if (schemas.body === undefined || read === undefined)
    return { kind: 'body', value: undeclared<B>() }
  const raw = parseBody(read, schemas.form === true ? 'form' : 'json')
  if (!raw.ok) return bodyProblem(raw.error)
  const parsed = parseAs(schemas.body, raw.value)
  return parsed.ok
    ? { kind: 'body', value: parsed.value }
    : problem('fields-invalid', { errors: parsed.errors })
}

function readItems<I extends z.ZodType>(
  schemas: { readonly item?: I; readonly itemsMax?: number },
  read: ReadBody | undefined,
): (ItemsInput<Given<I>> & { readonly kind: 'items' }) | Problem {
  const { item } = schemas
  if (item === undefined || read === undefined) return { kind: 'items', single: false, items: [] }
  const raw = parseItems(read)
  if (!raw.ok) return bodyProblem(raw.error)
  const limit = schemas.itemsMax ?? Infinity
  if (raw.value.items.length > limit) return problem('too-many-items', { args: { limit } })
  const items = raw.value.items.map((value): ItemInput<Given<I>> => {
    const parsed = parseAs(item, value)
    return parsed.ok ? parsed : { ok: false, errors: parsed.errors, raw: value }
  })
  return { kind: 'items', single: raw.value.single, items }
}

function bodyProblem(error: BodyError): Problem {
  switch (error.code) {
    case 'body-too-large':
      return problem(error.code, { args: { bytesMax: error.bytesMax } })
    case 'media-type-unsupported':
      return problem(error.code)
    case 'body-malformed':
      return problem(error.code, error.line === undefined ? {} : { extra: { line: error.line } })
  }
}
