/** What a walk needs to know of the world it walks through. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { MachineLogin, PersonLogin } from './client.ts'

export interface Use {
  readonly purpose: string
  readonly channel: string
  readonly recipient: string
}

export interface WalkRules {
  /** Has an error whose first suggested fix makes it `en`. */
  readonly wrong: string
  readonly en: string
  readonly zh: string
}

export interface WalkPlan {
  readonly baseUrl: string
  readonly people: {
    readonly marketer: PersonLogin
    readonly approver: PersonLogin
    readonly reviewer: PersonLogin
  }
  readonly machines: {
    /** The campaign tool of the use's recipient. */
    readonly tool: MachineLogin
    /** The campaign tool of another recipient. */
    readonly otherTool: MachineLogin
    readonly consentSource: MachineLogin
  }
  readonly use: Use
  readonly rules: WalkRules
  readonly columns: readonly string[]
  /** The brand's ids of customers among whom members will be found. */
  readonly subjects: readonly string[]
  /** How many of them withdraw in the middle of the second pull. */
  readonly withdrawals: number
}

export const useSchema = z.object({
  purpose: z.string(),
  channel: z.string(),
  recipient: z.string(),
})
export const rulesSchema = z.object({ wrong: z.string(), en: z.string(), zh: z.string() })

const demoSchema = z.looseObject({
  baseUrl: z.string(),
  people: z.array(z.looseObject({ role: z.string(), email: z.string(), password: z.string() })),
  clients: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      recipient: z.string().optional(),
      keyFile: z.string(),
    }),
  ),
})

const jwkSchema = z.looseObject({ kty: z.string() })

/** Members of it are about a tenth of the demo world's customers. */
const demoRules: WalkRules = {
  wrong:
    'customers who [Citty] in ("Shanghai", "Hangzhou") and did [Order paid] at least 2 times in last 365 days',
  en: 'customers who [City] in ("Shanghai", "Hangzhou") and did [Order paid] at least 2 times in last 365 days',
  zh: '客户满足 [城市] 属于 ("上海", "杭州") 且 近 365 天 内 做过 [支付订单] 至少 2 次',
}
const demoCustomers = 20_000

/** The demo world, from the file that says who is who. `baseUrl` overrides the file's. */
export async function demoPlan(dataFolder: string, baseUrl?: string): Promise<WalkPlan> {
  const file = path.join(dataFolder, 'demo.json')
  const demo = demoSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  const use: Use = { purpose: 'marketing.winback', channel: 'sms', recipient: 'sms-gateway' }
  const person = (role: string): PersonLogin => {
    const found = demo.people.find((one) => one.role === role)
    if (found === undefined) throw new Error(`${file} names no ${role}`)
    return found
  }
  const machine = async (
    what: string,
    isIt: (client: (typeof demo.clients)[number]) => boolean,
  ): Promise<MachineLogin> => {
    const found = demo.clients.find(isIt)
    if (found === undefined) throw new Error(`${file} names no ${what}`)
    return { id: found.id, privateJwk: await readJwk(path.resolve(dataFolder, found.keyFile)) }
  }
  const isTool = (client: { kind: string }) => client.kind === 'campaign_tool'
  return {
    baseUrl: baseUrl ?? demo.baseUrl,
    people: {
      marketer: person('marketer'),
      approver: person('approver'),
      reviewer: person('reviewer'),
    },
    machines: {
      tool: await machine(
        `campaign tool of ${use.recipient}`,
        (client) => isTool(client) && client.recipient === use.recipient,
      ),
      otherTool: await machine(
        'campaign tool of another recipient',
        (client) => isTool(client) && client.recipient !== use.recipient,
      ),
      consentSource: await machine('consent source', (client) => client.kind === 'consent_source'),
    },
    use,
    rules: demoRules,
    columns: ['id', 'mobile'],
    subjects: Array.from(
      { length: demoCustomers },
      (_, index) => `D${String(index + 1).padStart(7, '0')}`,
    ),
    withdrawals: 5,
  }
}

async function readJwk(file: string): Promise<JWK> {
  return jwkSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}
