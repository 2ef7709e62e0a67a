/** A process that starts the embedded database as the service does, and tells its parent by lines of JSON. */
import { createInterface } from 'node:readline'
import { startEmbedded } from '../../src/embedded/index.ts'

const [dataDir = '', bin] = process.argv.slice(2)
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`)

const server = await startEmbedded({
  dataDir,
  settings: { fsync: 'off' },
  ...(bin === undefined ? {} : { bin }),
})
if (!server.ok) {
  say(server)
  process.exitCode = 1
} else {
  const { connectionString, adopted, version } = server.value
  say({ ok: true, value: { connectionString, adopted, version } })
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== 'stop') continue
    say(await server.value.stop())
    break
  }
  process.stdin.destroy()
}
