/** A server of its own in an empty folder, a data set imported into it, and people and machines let in over HTTP. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { JWK } from 'jose'
import { z } from 'zod'
import { describe, signIn, stranger } from './client.ts'
import type { Caller, MachineLogin, PersonLogin } from './client.ts'
import { rulesSchema, useSchema } from './plan.ts'
import type { WalkPlan } from './plan.ts'
import { command, removePlace, startServer } from './server-process.ts'
import type { Place } from './server-process.ts'
import { check, checkEqual } from './story.ts'

export interface OpenedDataset {
  readonly plan: WalkPlan
  /** Stops the server and removes its folder. */
  readonly close: () => Promise<void>
}

/** `walk.json` of a data set: a rule for it, its use, and among whom members may be found. */
const walkFile = z.strictObject({
  use: useSchema,
  otherRecipient: z.string(),
  rules: rulesSchema,
  columns: z.array(z.string()),
  subjects: z.strictObject({ from: z.int(), to: z.int() }),
})

export async function openDataset(
  folder: string,
  data: string | undefined,
  write: (line: string) => void,
): Promise<OpenedDataset> {
  const walk = walkFile.parse(JSON.parse(await readFile(path.join(folder, 'walk.json'), 'utf8')))
  const place: Place = { folder: await mkdtemp(path.join(os.tmpdir(), 'yunqun-walk-')) }
  write(`An empty service in ${place.folder}`)
  const server = await startServer(place, ['--empty'])
  const close = async () => {
    await server.stop()
    await removePlace(place)
  }
  try {
    write(`It answers at ${server.baseUrl}; importing ${folder}`)
    const report = await command(place, [
      'import',
      path.resolve(folder),
      ...(data === undefined ? [] : ['--data', path.resolve(data)]),
    ])
    write(`Imported: ${report.replaceAll(/\s+/g, ' ').slice(0, 300)}…`)
    const staff = await letIn(place, server.baseUrl, walk.use.recipient, walk.otherRecipient)
    write('An administrator came in by a link, and let in everybody else')
    const { from, to } = walk.subjects
    const plan: WalkPlan = {
      baseUrl: server.baseUrl,
      ...staff,
      use: walk.use,
      rules: walk.rules,
      columns: walk.columns,
      subjects: Array.from({ length: to - from + 1 }, (_, index) => String(from + index)),
      withdrawals: 5,
    }
    return { plan, close }
  } catch (error) {
    await close()
    throw error
  }
}

const invitedShape = z.looseObject({ invitation: z.looseObject({ url: z.string() }) })

/** People by invitations, machines by their public keys. */
export async function letIn(
  place: Place,
  baseUrl: string,
  recipient: string,
  otherRecipient: string,
): Promise<Pick<WalkPlan, 'people' | 'machines'>> {
  const nobody = stranger(baseUrl)
  const email = 'admin@walk.example'
  const link = await command(place, ['admin', 'create', email])
  const admin = await signIn(baseUrl, 'the administrator', await accept(nobody, email, link))
  await admin.stepUp()
  const person = async (role: string): Promise<PersonLogin> => {
    const address = `${role}@walk.example`
    const body = { email: address, displayName: `The ${role}`, roles: [role] }
    const made = await admin.post('/v1/people', body)
    check(made.status === 201, `inviting the ${role}: ${describe(made)}`)
    return await accept(nobody, address, invitedShape.parse(made.body).invitation.url)
  }
  const people = {
    marketer: await person('marketer'),
    approver: await person('approver'),
    reviewer: await person('reviewer'),
  }
  const machines = {
    tool: await machine(admin, 'walk-tool', 'campaign_tool', recipient),
    otherTool: await machine(admin, 'walk-other-tool', 'campaign_tool', otherRecipient),
    consentSource: await machine(admin, 'walk-source', 'consent_source'),
  }
  return { people, machines }
}

/** Chooses a password with the link; the secret stands behind the hash sign. */
async function accept(nobody: Caller, email: string, link: string): Promise<PersonLogin> {
  const password = randomBytes(18).toString('base64url')
  const token = link.trim().split('#')[1] ?? ''
  const accepted = await nobody.post('/v1/invitations/accept', { token, password })
  checkEqual(accepted.status, 200, `accepting an invitation (${describe(accepted)})`)
  return { email, password }
}

const privateShape = z.looseObject({ kty: z.string() })

async function machine(
  admin: Caller,
  id: string,
  kind: string,
  recipient?: string,
): Promise<MachineLogin> {
  const pair = generateKeyPairSync('ed25519')
  const publicJwk = pair.publicKey.export({ format: 'jwk' })
  const privateJwk: JWK = privateShape.parse(pair.privateKey.export({ format: 'jwk' }))
  const made = await admin.post('/v1/clients', {
    id,
    kind,
    label: id,
    publicJwk,
    ...(recipient === undefined ? {} : { recipient }),
  })
  check(made.status === 201, `letting a machine in: ${describe(made)}`)
  return { id, privateJwk }
}
