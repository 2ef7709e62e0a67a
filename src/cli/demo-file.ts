/** `.yunqun/demo.json`: who is who in the demo world, for the walk and for whoever tries it out. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

export interface DemoWorld {
  readonly people: readonly {
    readonly role: string
    readonly email: string
    readonly password: string
  }[]
  readonly clients: readonly {
    readonly id: string
    readonly kind: string
    readonly recipient?: string | undefined
    readonly privateJwk: unknown
  }[]
}

const fileOf = (dataDir: string): string => path.join(dataDir, 'demo.json')
const keysOf = (dataDir: string): string => path.join(dataDir, 'demo-keys')

/** Writes the keys of the demo's machines, and last the file that names them. */
export async function writeDemoFile(
  dataDir: string,
  baseUrl: string,
  world: DemoWorld,
): Promise<void> {
  await mkdir(keysOf(dataDir), { recursive: true, mode: 0o700 })
  const clients: object[] = []
  for (const { id, kind, recipient, privateJwk } of world.clients) {
    const keyFile = path.join(keysOf(dataDir), `${id}.jwk.json`)
    await writePrivate(keyFile, JSON.stringify(privateJwk))
    clients.push({ id, kind, ...(recipient === undefined ? {} : { recipient }), keyFile })
  }
  const people = world.people.map(({ role, email, password }) => ({ role, email, password }))
  const text = JSON.stringify({ baseUrl, people, clients }, null, 2)
  await writePrivate(fileOf(dataDir), `${text}\n`)
}

/** The demo world has ended: its passwords and keys are worth nothing, and gone. */
export async function removeDemoFile(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true })
  await rm(keysOf(dataDir), { recursive: true, force: true })
}

async function writePrivate(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, file)
}
