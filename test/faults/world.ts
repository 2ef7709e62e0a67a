/** A service in processes of its own, with real customers in it, that is killed and started again. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { startEmbedded } from '../../src/embedded/index.ts'
import { dataFolder, killServer } from '../support/launched.ts'
import type { DataFolder } from '../support/launched.ts'
import { connectMachine, signIn } from '../walk/client.ts'
import type { Caller } from '../walk/client.ts'
import { letIn } from '../walk/dataset.ts'
import type { Approver } from '../walk/marketer.ts'
import type { WalkPlan } from '../walk/plan.ts'
import { command, startServer } from '../walk/server-process.ts'
import type { Place, ServerProcess } from '../walk/server-process.ts'

export interface FaultWorld {
  readonly plan: Pick<WalkPlan, 'people' | 'machines' | 'use' | 'rules' | 'columns'>
  readonly server: () => ServerProcess
  readonly marketer: () => Promise<Caller>
  readonly approver: () => Promise<Approver>
  readonly tool: () => Promise<Caller>
  readonly source: () => Promise<Caller>
  /** SIGKILL to the service; the database stays behind without it. */
  readonly killService: () => Promise<void>
  /** SIGKILL to the database; the service is then told to end, as an operator would. */
  readonly killDatabase: () => Promise<void>
  /** Starts the service where it was before. */
  readonly startAgain: () => Promise<void>
  /** As the superuser, past every wall: to see what is really there. The service must run. */
  readonly look: <Row>(statement: string, values?: readonly unknown[]) => Promise<readonly Row[]>
  /** Makes whoever writes into the table wait until `letGo`. */
  readonly hold: (table: string) => Promise<{ readonly letGo: () => Promise<void> }>
  readonly close: () => Promise<void>
}

export const customers = 4_000
export const subjectOf = (place: number): string => `c-${place}`
const use = { purpose: 'marketing', channel: 'sms', recipient: 'gateway' }
const label = { en: 'A', zh: '甲' }

export async function openFaultWorld(): Promise<FaultWorld> {
  const folder = await dataFolder()
  try {
    return await openIn(folder)
  } catch (error) {
    await folder.close()
    throw error
  }
}

async function openIn(folder: DataFolder): Promise<FaultWorld> {
  const place: Place = { folder: folder.dataDir }
  let server = await startServer(place, ['--empty'])
  const port = Number(new URL(server.baseUrl).port)
  const dataset = path.join(folder.dataDir, '..', 'dataset')
  await writeDataset(dataset)
  await command(place, ['import', dataset])
  const staff = await letIn(place, server.baseUrl, use.recipient, 'ads')
  const { baseUrl } = server
  const { people, machines } = staff
  return {
    plan: {
      ...staff,
      use,
      rules: {
        wrong: '',
        en: 'customers who [City] is "Shanghai"',
        zh: '客户满足 [城市] 为 "上海"',
      },
      columns: ['id', 'mobile'],
    },
    server: () => server,
    marketer: () => signIn(baseUrl, 'the marketer', people.marketer),
    approver: () => signIn(baseUrl, 'the approver', people.approver),
    tool: () => connectMachine(baseUrl, 'the tool', machines.tool),
    source: () => connectMachine(baseUrl, 'the source', machines.consentSource),
    killService: () => server.kill(),
    killDatabase: async () => {
      await killServer(await folder.serverPid())
      await server.stop()
    },
    startAgain: async () => {
      server = await startServer(place, [], port)
    },
    look: (statement, values = []) => look(folder, statement, values),
    hold: (table) => hold(folder, table),
    close: async () => {
      await server.stop()
      await folder.close()
    },
  }
}

async function connect(folder: DataFolder) {
  const embedded = await startEmbedded({ dataDir: folder.dataDir })
  if (!embedded.ok) throw new Error(embedded.error.code)
  const client = new Client({ connectionString: embedded.value.connectionString })
  // The database may be killed under it.
  client.on('error', () => undefined)
  await client.connect()
  return { client, embedded: embedded.value }
}

async function look<Row>(
  folder: DataFolder,
  statement: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const { client, embedded } = await connect(folder)
  try {
    const { rows } = await client.query(statement, [...values])
    return rows
  } finally {
    await client.end()
    await embedded.stop()
  }
}

async function hold(folder: DataFolder, table: string) {
  const { client, embedded } = await connect(folder)
  await client.query('begin')
  await client.query(`lock table ${table} in share mode`)
  return {
    letGo: async () => {
      await client.end().catch(() => undefined)
      await embedded.stop()
    },
  }
}

/** Everybody agreed; one of ten lives elsewhere. */
async function writeDataset(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const places = Array.from({ length: customers }, (_, place) => place)
  await writeFile(
    path.join(folder, 'customers.csv'),
    [
      'id,city,mobile,adult',
      ...places.map(
        (place) =>
          `${subjectOf(place)},${place % 10 === 0 ? 'Beijing' : 'Shanghai'},139${String(place).padStart(8, '0')},yes`,
      ),
    ].join('\n'),
  )
  await writeFile(
    path.join(folder, 'consents.csv'),
    [
      'event,id,purpose,channel,categories,state,at,notice,version',
      ...places.map(
        (place) =>
          `e-${place},${subjectOf(place)},marketing,sms,demographic,given,2024-01-01T00:00:00Z,privacy,1`,
      ),
    ].join('\n'),
  )
  await writeFile(path.join(folder, 'dataset.json'), JSON.stringify(declared))
}

const declared = {
  version: 1,
  name: 'faults',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  parties: {
    notices: [{ id: 'privacy', version: 1, language: 'en', text: 'Fictional notice.' }],
    purposes: [{ id: 'marketing', label, notice: 'privacy' }],
    channels: [{ id: 'sms', label, identifierKind: 'mobile' }],
    recipients: [
      { id: 'gateway', label, role: 'processor' },
      { id: 'ads', label, role: 'handler' },
    ],
    contracts: [
      {
        id: 'c-1',
        recipient: 'gateway',
        purposes: ['marketing'],
        channels: ['sms'],
        categories: ['demographic'],
        validFrom: '2020-01-01T00:00:00Z',
        validUntil: '2100-01-01T00:00:00Z',
      },
    ],
  },
  customers: {
    file: 'customers.csv',
    id: 'id',
    attributes: {
      city: {
        column: 'city',
        type: 'enum',
        label: { en: 'City', zh: '城市' },
        category: 'demographic.location',
        class: 'S1',
        values: [
          { id: 'shanghai', en: 'Shanghai', zh: '上海', source: ['Shanghai'] },
          { id: 'beijing', en: 'Beijing', zh: '北京', source: ['Beijing'] },
        ],
      },
    },
    identifiers: { mobile: 'mobile' },
    adult: 'adult',
  },
  events: [],
  consents: [
    {
      file: 'consents.csv',
      columns: {
        eventId: 'event',
        subject: 'id',
        purpose: 'purpose',
        channel: 'channel',
        categories: 'categories',
        state: 'state',
        effectiveAt: 'at',
        notice: 'notice',
        noticeVersion: 'version',
      },
    },
  ],
}

/** The ids as a digest, so that a failing comparison stays readable. */
export const digest = (ids: readonly string[]): string =>
  `${ids.length} ${createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 12)}`
