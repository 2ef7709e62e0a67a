/** What a route answers, before it becomes a response. */
import type { Problem } from './problem.ts'

export type Reply<T> = JsonReply<T> | EmptyReply | BytesReply | StreamReply | Problem

interface Headed {
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string
}

export interface JsonReply<T> extends Headed {
  readonly kind: 'json'
  readonly status: 200 | 201 | 202
  readonly value: T
}

export interface EmptyReply extends Headed {
  readonly kind: 'empty'
}

export interface BytesReply extends Headed {
  readonly kind: 'bytes'
  readonly status: 200 | 304 | 302
  readonly contentType: string
  readonly bytes: string | Uint8Array<ArrayBuffer>
}

/** Pieces are asked for as fast as the reader takes them, and no longer than it listens. */
export interface StreamReply extends Headed {
  readonly kind: 'stream'
  readonly contentType: string
  readonly pieces: AsyncGenerator<string>
}

export const json = <T>(
  value: T,
  headed: Headed & { readonly status?: 200 | 201 | 202 } = {},
): JsonReply<T> => ({
  kind: 'json',
  status: 200,
  value,
  ...headed,
})

export const created = <T>(value: T): JsonReply<T> => ({ kind: 'json', status: 201, value })

export const empty = (headed: Headed = {}): EmptyReply => ({ kind: 'empty', ...headed })

export const page = (html: string): BytesReply => ({
  kind: 'bytes',
  status: 200,
  contentType: 'text/html; charset=utf-8',
  bytes: html,
})

/** Thrown by the pieces of a stream that has to end before it is whole, for a reason that is nobody's fault. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff'
}
