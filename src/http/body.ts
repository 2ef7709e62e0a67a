/** Reads a request's body, with a limit, as one of the few kinds we take. */
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

export type BodyError =
  | { readonly code: 'body-too-large'; readonly bytesMax: number }
  | { readonly code: 'media-type-unsupported' }
  /** No JSON, or no UTF-8. `line` counts from 1 in a batch. */
  | { readonly code: 'body-malformed'; readonly line?: number }

export interface ReadBody {
  readonly bytes: Buffer
  readonly mediaType: string
}

/** Reads at most `bytesMax`; a declared length above it is not even read. */
export async function readBody(
  request: Request,
  bytesMax: number,
): Promise<Result<ReadBody, BodyError>> {
  const tooLarge = err({ code: 'body-too-large', bytesMax } as const)
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > bytesMax) return tooLarge
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return err({ code: 'media-type-unsupported' })
  const mediaType =
    (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body ?? []) {
    length += part.byteLength
    if (length > bytesMax) return tooLarge
    parts.push(part)
  }
  return ok({ bytes: Buffer.concat(parts), mediaType })
}

/** The value in a body that holds one; an empty body is an empty object, where the route needs no field. */
export function parseBody(
  { bytes, mediaType }: ReadBody,
  kind: 'json' | 'form',
): Result<unknown, BodyError> {
  if (bytes.length === 0) return ok({})
  const isForm = mediaType === 'application/x-www-form-urlencoded'
  if (!isJson(mediaType) && !(kind === 'form' && isForm))
    return err({ code: 'media-type-unsupported' })
  const text = textOf(bytes)
  if (text === undefined) return err({ code: 'body-malformed' })
  return isForm ? parseForm(text) : parseJson(text)
}

export interface Items {
  /** One object that is no batch: its refusal is the refusal of the request. */
  readonly single: boolean
  readonly items: readonly unknown[]
}

const ndjson: readonly string[] = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
]

export const isNdjson = (mediaType: string): boolean => ndjson.includes(mediaType)

/** One JSON object, a JSON array, or one object a line (NDJSON; blank lines are passed over). */
export function parseItems({ bytes, mediaType }: ReadBody): Result<Items, BodyError> {
  if (!isJson(mediaType) && !isNdjson(mediaType)) return err({ code: 'media-type-unsupported' })
  const text = textOf(bytes)
  if (text === undefined) return err({ code: 'body-malformed' })
  if (isNdjson(mediaType)) return parseLines(text)
  const parsed = parseJson(text)
  if (!parsed.ok) return parsed
  return ok(
    Array.isArray(parsed.value)
      ? { single: false, items: parsed.value }
      : { single: true, items: [parsed.value] },
  )
}

function parseLines(text: string): Result<Items, BodyError> {
  const items: unknown[] = []
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parsed = parseJson(line)
    if (!parsed.ok) return err({ code: 'body-malformed', line: place + 1 })
    items.push(parsed.value)
  }
  return ok({ single: false, items })
}

const isJson = (mediaType: string): boolean => mediaType === 'application/json'

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parseJson(text: string): Result<unknown, BodyError> {
  try {
    return ok(JSON.parse(text))
  } catch {
    return err({ code: 'body-malformed' })
  }
}

/** A field given twice has no meaning. RFC 6749 3.2. */
function parseForm(text: string): Result<unknown, BodyError> {
  const fields = new URLSearchParams(text)
  const names = [...fields.keys()]
  return names.length === new Set(names).size
    ? ok(Object.fromEntries(fields))
    : err({ code: 'body-malformed' })
}
