import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listen } from '../../src/cli/listen.ts'
import type { Answering, Listening } from '../../src/cli/listen.ts'

let listening: Listening
let url = ''

beforeEach(async () => {
  const taken = await listen('127.0.0.1', 0)
  if (!taken.ok) throw new Error(taken.error)
  listening = taken.value
  url = `http://127.0.0.1:${listening.port}`
})

afterEach(async () => {
  await listening.stop()
})

const pieceBytes = 256 * 1024
/** More than the buffers of a connection on one machine hold. */
const piecesMax = 400

interface Watched {
  asked: number
  readonly left: Promise<void>
  readonly aborted: Promise<void>
}

/** Streams pieces as they are asked for; `breakAfter` lets it fail in the middle. */
function streaming(breakAfter = Infinity): { readonly app: Answering; readonly watched: Watched } {
  let leave: () => void = () => undefined
  let abort: () => void = () => undefined
  const watched: Watched = {
    asked: 0,
    left: new Promise((resolve) => {
      leave = resolve
    }),
    aborted: new Promise((resolve) => {
      abort = resolve
    }),
  }
  const app: Answering = {
    fetch: (request) => {
      request.signal.addEventListener('abort', abort)
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            watched.asked += 1
            if (watched.asked > breakAfter) controller.error(new Error('broken off'))
            else if (watched.asked > piecesMax) controller.close()
            else controller.enqueue(new Uint8Array(pieceBytes))
          },
          cancel: () => leave(),
        },
        { highWaterMark: 0 },
      )
      return new Response(body, { headers: { 'transfer-encoding': 'chunked' } })
    },
  }
  return { app, watched }
}

const begin = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, (message) => {
      message.once('data', () => {
        message.pause()
        resolve(message)
      })
    }).once('error', reject)
  })

const readOn = (message: IncomingMessage): Promise<{ readonly whole: boolean }> =>
  new Promise((resolve) => {
    message.on('data', () => undefined)
    message.once('error', () => resolve({ whole: false }))
    message.once('close', () => resolve({ whole: message.complete }))
    message.resume()
  })

test('a request that comes before there is an app waits for it, and its address is known', async () => {
  const early = fetch(url)
  listening.answerWith({ fetch: (_, { connection }) => new Response(connection.address) })
  expect(await (await early).text()).toBe('127.0.0.1')
})

test('a reader that rests is not read to', async () => {
  const { app, watched } = streaming()
  listening.answerWith(app)
  const message = await begin()
  // The connection's buffers fill, and then nothing more is asked for.
  let before = -1
  while (watched.asked !== before) {
    before = watched.asked
    await fetchesPass()
  }
  expect(watched.asked).toBeLessThan(piecesMax)
  expect(await readOn(message)).toEqual({ whole: true })
})

/** Some turns of the loop in which the server could go on, without waiting for the clock. */
async function fetchesPass(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

test('a reader that leaves ends its stream, and its request is told', async () => {
  const { app, watched } = streaming()
  listening.answerWith(app)
  const message = await begin()
  message.destroy()
  await watched.left
  await watched.aborted
  expect(watched.asked).toBeLessThan(piecesMax)
})

test('a stream that breaks off is never taken for whole', async () => {
  const { app } = streaming(3)
  listening.answerWith(app)
  const message = await begin()
  expect(await readOn(message)).toEqual({ whole: false })
})

test('stopping breaks off whoever reads on for too long, who notices', async () => {
  const { app, watched } = streaming()
  listening.answerWith(app)
  const message = await begin()
  await listening.stop()
  expect(await readOn(message)).toEqual({ whole: false })
  await watched.left
  await expect(fetch(url)).rejects.toThrow()
})
