/** The HTTP server: takes its port at once, and answers as soon as there is an app to answer. */
import { createAdaptorServer } from '@hono/node-server'
import type { HttpBindings, ServerType } from '@hono/node-server'
import type { Connection } from '../http/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

/** Whatever answers requests, such as the app. */
export interface Answering {
  readonly fetch: (
    request: Request,
    env: { readonly connection: Connection },
  ) => Response | Promise<Response>
}

export interface Listening {
  readonly port: number
  /** Requests that came before wait until then. */
  readonly answerWith: (app: Answering) => void
  /** Takes no more, lets what runs come to its end, and after a while breaks it off. */
  readonly stop: () => Promise<void>
}

/** Long enough for an answer, and for a pull's chunk to be committed. */
const graceMs = 3000

export async function listen(host: string, port: number): Promise<Result<Listening, string>> {
  let answerWith: (app: Answering) => void = () => undefined
  const ready = new Promise<Answering>((resolve) => {
    answerWith = resolve
  })
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request, env) => {
      const app = await ready
      const address = 'incoming' in env ? addressOf(env) : undefined
      return await app.fetch(request, {
        connection: address === undefined ? {} : { address },
      })
    },
  })
  const taken = await takePort(server, host, port)
  if (!taken.ok) return taken
  return ok({ port: taken.value, answerWith, stop: () => stop(server) })
}

const addressOf = (
  env: Pick<HttpBindings, 'incoming'> | { readonly incoming: unknown },
): string | undefined => {
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return undefined
  const { socket } = incoming
  if (typeof socket !== 'object' || socket === null || !('remoteAddress' in socket))
    return undefined
  return typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined
}

function takePort(server: ServerType, host: string, port: number): Promise<Result<number, string>> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(err(portSentence(error, host, port))))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}

function portSentence(error: Error, host: string, port: number): string {
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `the port ${port} of ${host} is taken by another program; set PORT to another one`
    case 'EACCES':
      return `this account may not listen on port ${port}; set PORT to one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; set HOST to one that is`
    default:
      return `the port ${port} of ${host} cannot be used (${String(code)})`
  }
}

async function stop(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  const timer = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(timer)
}
