import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The program itself, in processes of its own, on one data folder from its first start on. */
let folder: string
const started: ChildProcess[] = []
const password = 'a lantern on the bridge'
const startMs = 60_000

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'yunqun-serve-'))
})

afterAll(async () => {
  for (const child of started.filter(isRunning)) await end(child, 'SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null

interface Program {
  readonly child: ChildProcess
  readonly out: () => string
  readonly said: () => string
}

function start(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Program {
  const { PATH } = process.env
  const child = spawn(process.execPath, ['src/main.ts', ...words], {
    env: { PATH, PORT: '0', YUNQUN_DATA: path.join(folder, 'data'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let out = ''
  let said = ''
  child.stdout.on('data', (text: Buffer) => (out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  return { child, out: () => out, said: () => said }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (isRunning(child)) child.once('close', (code) => resolve(code))
    else resolve(child.exitCode)
  })

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const code = ended(child)
  child.kill(signal)
  return await code
}

async function run(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const program = start(words, variables)
  const code = await ended(program.child)
  return { code, out: program.out().trim(), said: program.said().trim() }
}

/** Starts the service and gives its address when it says that it is ready. */
async function serve(...words: readonly string[]): Promise<Program & { readonly url: string }> {
  const program = start(['serve', ...words])
  const url = await new Promise<string>((resolve, reject) => {
    program.child.stdout?.on('data', () => {
      const found = /ready: (\S+)/.exec(program.out())?.[1]
      if (found !== undefined) resolve(found)
    })
    program.child.once('close', () => reject(new Error(program.said())))
  })
  return { ...program, url }
}

test('a taken port is one sentence, and nothing is made', async () => {
  const holder = createServer()
  const port = await new Promise<number>((resolve) => {
    holder.listen(0, '127.0.0.1', () => {
      const address = holder.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const refused = await run(['serve', '--empty'], { PORT: String(port) })
  holder.close()
  expect(refused).toEqual({
    code: 1,
    out: '',
    said: `yunqun: the port ${port} of 127.0.0.1 is taken by another program; set PORT to another one`,
  })
  expect(readdirSync(folder)).toEqual([])
})

test('an address that is not this machine’s is one sentence', async () => {
  const refused = await run(['serve', '--empty'], { HOST: '203.0.113.1' })
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.said).toMatch(/^yunqun: 203\.0\.113\.1 is no address of this machine[^\n]*$/)
})

test(
  'an empty start serves API and pages, lets the first administrator in, and ends in order',
  async () => {
    const service = await serve('--empty')
    const { url } = service
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    const page = await fetch(url)
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    const assets = [...(await page.text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
      ([, asset]) => asset,
    )
    expect(assets.length).toBeGreaterThan(0)
    for (const asset of assets) expect((await fetch(`${url}${asset}`)).status).toBe(200)
    expect(await (await fetch(`${url}/v1/welcome`)).json()).toEqual({
      mode: 'production',
      demoRoles: [],
    })

    const invited = await run(['admin', 'create', 'admin@shop.example'], { BASE_URL: url })
    expect(invited.code).toBe(0)
    const token = new RegExp(`^${url}/invitation#([\\w-]{43})$`).exec(invited.out)?.[1]
    const post = async (where: string, body: unknown) =>
      await fetch(`${url}${where}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post('/v1/invitations/accept', { token, password })).status).toBe(200)
    const entered = await post('/v1/session', { email: 'admin@shop.example', password })
    expect(entered.headers.get('set-cookie')).toContain('HttpOnly')
    expect((await run(['admin', 'create', 'admin@shop.example'])).said).toContain('already')

    expect(await end(service.child, 'SIGTERM')).toBe(0)
    expect(service.out().trim().split('\n').length).toBe(1)
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  },
  startMs,
)

test(
  'after a kill the next start adopts what is left, and finds everything again',
  async () => {
    const killed = await serve()
    await end(killed.child, 'SIGKILL')
    const service = await serve()
    const entered = await fetch(`${service.url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@shop.example', password }),
    })
    expect(entered.status).toBe(200)
    expect(await end(service.child, 'SIGINT')).toBe(0)
  },
  startMs,
)

test('a real deployment does not become the demo world', async () => {
  const refused = await run(['serve', '--demo'])
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.said).toMatch(/^yunqun: this data folder holds a real deployment[^\n]*$/)
  expect((await run(['serve', '--demo', '--empty'])).code).toBe(1)
})

test('a database that is up to date says so, and the answer names no migration', async () => {
  const migrated = await run(['migrate'])
  expect(migrated).toMatchObject({ code: 0, out: '', said: expect.stringContaining('up to date') })
})

test('a folder without a dataset is one sentence', async () => {
  const refused = await run(['import', folder])
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.said).toMatch(/yunqun: the folder [^\n]* has no dataset\.json$/)
})

test('a data folder that cannot be made is one sentence', async () => {
  for (const place of ['/proc/yunqun-nowhere', path.join('package.json', 'below'), '/dev/null/x']) {
    const refused = await run(['serve'], { YUNQUN_DATA: place })
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.said).toMatch(/^yunqun: [^\n]*$/)
  }
})

test('keys that others could read are refused', async () => {
  const key = path.join(folder, 'data', 'keys', 'root.key')
  chmodSync(key, 0o644)
  const refused = await run(['migrate'])
  chmodSync(key, 0o600)
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.said).toMatch(/^yunqun: the key file [^\n]* can be read by others[^\n]*$/)
})

test('a database that is not there is one sentence', async () => {
  const refused = await run(['serve', '--empty'], {
    DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/none',
  })
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.said).toMatch(/^yunqun: the database cannot be reached[^\n]*$/)
  expect(refused.said).not.toContain('hunter2')
})
