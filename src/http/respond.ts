/** From a reply to a response: status, headers, language, and a stream that a reader paces and may leave. */
import { statusByCode } from './problem-codes.ts'
import { problemBody } from './problem.ts'
import type { Problem } from './problem.ts'
import type { Locale } from './locale.ts'
import { BrokenOff } from './reply.ts'
import type { Reply, StreamReply } from './reply.ts'

export interface Answered {
  readonly locale: Locale
  readonly requestId: string
  /** Told of a fault of ours in the middle of a stream, when the status has long been sent. */
  readonly onBroken: (error: unknown) => void
}

export function responseOf(reply: Reply<unknown>, answered: Answered): Response {
  switch (reply.kind) {
    case 'json':
      return new Response(JSON.stringify(reply.value), {
        status: reply.status,
        headers: headersOf(reply, 'application/json; charset=utf-8'),
      })
    case 'empty':
      return new Response(null, { status: 204, headers: headersOf(reply) })
    case 'bytes':
      return new Response(reply.status === 304 ? null : reply.bytes, {
        status: reply.status,
        headers: headersOf(reply, reply.contentType),
      })
    case 'stream':
      return new Response(streamOf(reply, answered), { headers: streamHeaders(reply) })
    case 'problem':
      return problemResponse(reply, answered)
  }
}

interface Headed {
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string
}

function headersOf({ headers, cookie }: Headed, contentType?: string): Headers {
  const made = new Headers({ 'cache-control': 'no-store', ...headers })
  if (contentType !== undefined) made.set('content-type', contentType)
  if (cookie !== undefined) made.set('set-cookie', cookie)
  return made
}

function problemResponse(found: Problem, { locale, requestId }: Answered): Response {
  const status = statusByCode[found.code]
  const headers = new Headers({
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': locale,
    'cache-control': 'no-store',
    vary: 'Accept-Language',
  })
  if (status === 401)
    headers.set(
      'www-authenticate',
      found.code === 'token-refused' ? 'Bearer error="invalid_token"' : 'Bearer',
    )
  if (found.retryAfterSeconds !== undefined)
    headers.set('retry-after', `${found.retryAfterSeconds}`)
  return new Response(JSON.stringify(problemBody(found, locale, requestId)), { status, headers })
}

/** Said aloud, so that the server sends the head at once and asks for no piece before the reader does. */
function streamHeaders(reply: StreamReply): Headers {
  const headers = headersOf(reply, reply.contentType)
  headers.set('transfer-encoding', 'chunked')
  return headers
}

/**
 * Pulled piece by piece: a slow reader makes the generator wait, one that leaves ends it. What breaks off ends without
 * the last chunk, so that no reader takes it for whole.
 */
function streamOf({ pieces }: StreamReply, { onBroken }: Answered): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const next = await pieces.next()
          if (next.done === true) controller.close()
          else controller.enqueue(encoder.encode(next.value))
        } catch (error) {
          if (!(error instanceof BrokenOff)) onBroken(error)
          // The server prints what it is given here, so it is given nothing that could be somebody's.
          controller.error(new BrokenOff())
        }
      },
      cancel: async () => {
        await pieces.return(undefined)
      },
    },
    // Nothing is made ahead of what is asked for: every piece is a decision of its moment.
    { highWaterMark: 0 },
  )
}
