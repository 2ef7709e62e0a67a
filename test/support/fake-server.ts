/** A server that speaks just enough of PostgreSQL's protocol to tell its version. */
import { createServer } from 'node:net'

export interface FakeServer {
  readonly url: string
  readonly close: () => void
}

const cString = (text: string): Buffer => Buffer.from(`${text}\0`)

function int(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeIntBE(value, 0, bytes)
  return buffer
}

const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int(body.length + 4, 4), body])
}

const ready = message('Z', Buffer.from('I'))
const textOid = 25

/** Answers every query with one row of these texts. */
export function answering(row: Readonly<Record<string, string>>): Promise<FakeServer> {
  const names = Object.keys(row)
  const fields = names.map((name) =>
    Buffer.concat([
      cString(name),
      int(0, 4),
      int(0, 2),
      int(textOid, 4),
      int(-1, 2),
      int(-1, 4),
      int(0, 2),
    ]),
  )
  const values = Object.values(row).map((value) =>
    Buffer.concat([int(Buffer.byteLength(value), 4), Buffer.from(value)]),
  )
  const answer = Buffer.concat([
    message('T', int(names.length, 2), ...fields),
    message('D', int(names.length, 2), ...values),
    message('C', cString('SELECT 1')),
    ready,
  ])
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      // The first message has no type: it is the start of the session, let in without a password.
      socket.write(Buffer.concat([message('R', int(0, 4)), ready]))
      socket.on('data', (asked) => {
        if (asked.toString('latin1').startsWith('Q')) socket.write(answer)
        else socket.end()
      })
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      resolve({ url: `postgresql://somebody@127.0.0.1:${port}/any`, close: () => server.close() })
    })
  })
}
