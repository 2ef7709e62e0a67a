/** What a campaign tool does with its exports: pull, check, confirm, keep up with removals, report opt-outs. */
import { z } from '@hono/zod-openapi'
import {
  acknowledge,
  checkPermitted,
  listRemovals,
  optOut,
  pullRows,
  readManifest,
} from '../../exports/index.ts'
import type { OptOutReason, Pull, RemovalPage, RemovalsError } from '../../exports/index.ts'
import type { Result } from '../../kernel/result.ts'
import { formatOf, headOf, piece, typeByFormat } from '../delivery.ts'
import type { RowFormat } from '../delivery.ts'
import { guarded } from '../guard.ts'
import type { Call, GuardedRoute } from '../guard.ts'
import { batchBytesMax } from '../input.ts'
import { problem } from '../problem.ts'
import { BrokenOff, json } from '../reply.ts'
import type { StreamReply } from '../reply.ts'
import { idParams } from '../schemas.ts'
import { recipientOf } from './exports.ts'
import { deliveryProblem } from './room-problems.ts'

const pseudonyms = z.array(z.string().min(1).max(100)).min(1)
const cursor = z.string().min(1).max(200)
const rowTypes = ['application/x-ndjson', 'text/csv']

const removalSchema = z.object({
  op: z.literal('remove'),
  id: z.string(),
  reason: z.string(),
  at: z.string(),
  cursor: z.string(),
})

export const deliveryRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/v1/exports/{id}/rows',
    action: 'export.pull',
    summary: 'The rows, each checked at the moment it leaves; or what changed since',
    input: {
      params: idParams,
      query: z.strictObject({
        cursor: cursor
          .optional()
          .openapi({ description: 'The last id received: the rows after it follow.' }),
        since: z
          .string()
          .regex(/^\d{1,18}$/)
          .optional()
          .openapi({ description: 'The cursor of the last removal known, or 0: deltas follow.' }),
        limit: z.coerce.number().int().min(1).max(10_000_000).optional(),
      }),
    },
    output: {
      description: 'One row a line, by Accept. A transfer that breaks off is not complete.',
      mediaTypes: rowTypes,
    },
    handle: async (call) => {
      const { service, context, params, query, signal, headers } = call
      const format = formatOf(headers.get('accept'))
      const recipient = recipientOf(call.principal)
      const place = { recipient, exportId: params.id }
      if (query.since !== undefined) {
        const first = await listRemovals(service, context, {
          ...place,
          cursor: sinceOf(query.since),
        })
        return first.ok
          ? stream(format, deltas(call, place, format, first.value))
          : deliveryProblem(first.error)
      }
      const pulled = await pullRows(service, context, {
        ...place,
        cursor: query.cursor,
        limit: query.limit,
        signal,
      })
      return pulled.ok ? stream(format, rows(pulled.value, format)) : deliveryProblem(pulled.error)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/exports/{id}/manifest',
    action: 'export.manifest',
    summary: 'What was approved and what has left, exactly',
    input: { params: idParams },
    output: {
      description: 'The manifest.',
      schema: z.looseObject({ version: z.literal(1), exportId: z.string(), auditSeq: z.string() }),
    },
    handle: async (call) => {
      const reader =
        call.party === 'reviewer'
          ? ({ kind: 'reviewer' } as const)
          : ({ kind: 'campaign_tool', recipient: recipientOf(call.principal) } as const)
      const read = await readManifest(call.service, call.context, reader, call.params.id)
      return read.ok ? json({ ...read.value }) : deliveryProblemOf(read.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/exports/{id}/acknowledgement',
    action: 'export.acknowledge',
    summary: 'Confirm the list that is held',
    write: true,
    input: {
      params: idParams,
      body: z.strictObject({ digest: z.string().min(1).max(200), rowCount: z.int().min(0) }),
    },
    output: {
      description: 'It is the list that was delivered.',
      schema: z.object({
        exportId: z.string(),
        digest: z.string(),
        rowCount: z.int(),
        at: z.string(),
      }),
    },
    handle: async ({ service, context, params, principal, body }) => {
      const place = { recipient: recipientOf(principal), exportId: params.id }
      const confirmed = await acknowledge(service, context, { ...place, ...body })
      return confirmed.ok ? json(confirmed.value) : deliveryProblem(confirmed.error)
    },
  }),
  guarded({
    method: 'get',
    path: '/v1/exports/{id}/removals',
    action: 'export.removals',
    summary: 'Whom to take off the list, in the order in which that became known',
    input: {
      params: idParams,
      query: z.strictObject({
        cursor: cursor.optional(),
        limit: z.coerce.number().int().min(1).max(10_000).optional(),
      }),
    },
    output: {
      description: 'One page; the last item’s own cursor stays good.',
      schema: z.object({ items: z.array(removalSchema), nextCursor: z.string().nullable() }),
    },
    handle: async ({ service, context, params, principal, query }) => {
      const place = { recipient: recipientOf(principal), exportId: params.id }
      const listed = await listRemovals(service, context, { ...place, ...query })
      return listed.ok ? json(listed.value) : deliveryProblem(listed.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/permitted',
    action: 'pseudonym.check',
    summary: 'Whether these people may be used at this moment',
    input: {
      bytesMax: batchBytesMax,
      body: z.strictObject({ ids: pseudonyms, exportId: z.uuid().toLowerCase().optional() }),
    },
    output: {
      description: 'One answer for each id, in order.',
      schema: z.object({
        items: z.array(
          z.object({
            id: z.string(),
            permitted: z.boolean(),
            exports: z.array(z.object({ exportId: z.string(), permitted: z.boolean() })),
          }),
        ),
      }),
    },
    handle: async ({ service, context, principal, body }) => {
      const recipient = recipientOf(principal)
      const checked = await checkPermitted(service, context, { recipient, ...body })
      return checked.ok ? json(checked.value) : deliveryProblem(checked.error)
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/opt-outs',
    action: 'pseudonym.opt-out',
    summary: 'People who said no to the recipient; it holds when the answer comes',
    write: true,
    input: {
      bytesMax: batchBytesMax,
      body: z.strictObject({
        ids: pseudonyms,
        reason: z.string().min(1).max(100).default('opt-out').openapi({
          description: 'opt-out, complaint or do-not-contact; any other word is an opt-out.',
        }),
      }),
    },
    output: {
      description: 'One answer for each id, in order.',
      schema: z.object({
        items: z.array(z.object({ id: z.string(), status: z.enum(['suppressed', 'unknown']) })),
      }),
    },
    handle: async ({ service, context, principal, body }) => {
      const recipient = recipientOf(principal)
      const reason = reasonOf(body.reason)
      const done = await optOut(service, context, { recipient, ids: body.ids, reason })
      return done.ok ? json(done.value) : deliveryProblem(done.error)
    },
  }),
]

/** A no is a no in whatever words: nobody is contacted because a tool has its own name for it. */
const reasonOf = (word: string): OptOutReason =>
  word === 'complaint' || word === 'do-not-contact' ? word : 'opt-out'

const deliveryProblemOf = (error: { readonly code: 'export-unknown' | 'export-not-available' }) =>
  error.code === 'export-unknown' ? problem('not-found') : problem(error.code)

const stream = (format: RowFormat, pieces: AsyncGenerator<string>): StreamReply => ({
  kind: 'stream',
  contentType: typeByFormat[format],
  pieces,
})

/** Breaks off, instead of ending, where the export ended while it was pulled: the reader must not take it for whole. */
async function* rows({ columns, chunks }: Pull, format: RowFormat): AsyncGenerator<string> {
  try {
    const head = headOf(format, columns)
    if (head !== '') yield head
    for await (const chunk of chunks) {
      if (chunk.kind === 'rows') yield piece(format, columns, chunk.rows)
      else if (chunk.outcome !== 'complete' && chunk.outcome !== 'limit') throw new BrokenOff()
    }
  } finally {
    await chunks.return()
  }
}

const deltaColumns = ['op', 'id', 'reason'] as const

/** An export's members never grow, so its deltas are its removals. */
async function* deltas<P, Q, B, I>(
  { service, context }: Call<P, Q, B, I>,
  place: { readonly recipient: string; readonly exportId: string },
  format: RowFormat,
  first: RemovalPage,
): AsyncGenerator<string> {
  const head = headOf(format, deltaColumns)
  if (head !== '') yield head
  let shown: RemovalPage = first
  while (true) {
    const lines = shown.items.map(({ op, id, reason }) => ({ op, id, reason }))
    if (lines.length > 0) yield piece(format, deltaColumns, lines)
    if (shown.nextCursor === null) return
    const next: Result<RemovalPage, RemovalsError> = await listRemovals(service, context, {
      ...place,
      cursor: shown.nextCursor,
    })
    if (!next.ok) throw new BrokenOff()
    shown = next.value
  }
}

/** Zero is before every removal. */
const sinceOf = (since: string): string | undefined => (/^0+$/.test(since) ? undefined : since)
