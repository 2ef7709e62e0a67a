/** The service with its built pages on a port, over a small demo world, and a Chromium to look at it. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { webAssets } from '../../src/cli/web-assets.ts'
import { buildDemoWorld } from '../../src/demo/index.ts'
import { createApp } from '../../src/http/index.ts'
import type { App, Fault } from '../../src/http/index.ts'
import { startWorkers } from '../../src/jobs/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { findBrowser } from '../support/browser.ts'
import { testDatabase } from '../support/database.ts'

export interface Visit {
  readonly page: Page
  /** What the browser said against the page, and what the page asked of anybody but this service. */
  readonly complaints: readonly string[]
}

export interface WebWorld {
  readonly baseUrl: string
  /** Faults of the service. */
  readonly faults: readonly Fault[]
  /** A fresh browser profile at the start page. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Visit>
  /** Ends every visit. */
  readonly leave: () => Promise<void>
  readonly close: () => Promise<void>
}

export type DemoRole = 'marketer' | 'approver' | 'steward' | 'officer' | 'reviewer' | 'admin'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Enough people that counts are shown, few enough that the world stands in seconds. */
const size = { customers: 2500, events: 20_000, customersPerStep: 2500 }

/** Undefined where there is no browser. */
export async function openWebWorld(): Promise<WebWorld | undefined> {
  const executablePath = findBrowser()
  if (executablePath === undefined) return undefined
  const endings: (() => Promise<unknown>)[] = []
  const keepIn = await mkdtemp(path.join(os.tmpdir(), 'yunqun-pages-'))
  endings.push(async () => await rm(keepIn, { recursive: true, force: true }))
  const database = await testDatabase({ connectionsMax: 10 })
  endings.push(database.close)
  const deps = {
    database: database.db,
    keys: keysFrom(Buffer.alloc(32, 7)),
    clock: systemClock,
  }
  const root = path.resolve(import.meta.dirname, '../..')
  const [folder, browser] = await Promise.all([
    webAssets({ root, keepIn, say: () => undefined }),
    chromium.launch({ executablePath, args: flags }),
    buildDemoWorld(deps, { seed: 'pages', asOf: systemClock.now(), ...size }),
  ])
  endings.push(async () => await browser.close())
  const faults: Fault[] = []
  const workers = startWorkers(deps, { onError: (error) => faults.push(faultOf(error)) })
  endings.push(workers.stop)
  const { baseUrl, answerWith, stop } = await listen()
  endings.push(stop)
  answerWith(
    createApp({
      ...deps,
      baseUrl,
      version: 'test',
      onFault: (fault) => faults.push(fault),
      onQueued: workers.wake,
      ...(folder === undefined ? {} : { webAssets: folder }),
    }),
  )
  return {
    baseUrl,
    faults,
    visit: async (options) => await visit(browser, baseUrl, options),
    leave: async () => {
      for (const context of browser.contexts()) await context.close()
    },
    close: async () => {
      for (const end of endings.toReversed()) await end()
    },
  }
}

const faultOf = (error: unknown): Fault => ({
  requestId: '',
  route: 'worker',
  name: error instanceof Error ? error.message : String(error),
  frames: [],
})

async function listen() {
  let app: App | undefined
  const server = createAdaptorServer({
    fetch: (request) =>
      app?.fetch(request, { connection: { address: '127.0.0.1' } }) ?? new Response(null),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has a port')
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    answerWith: (made: App) => {
      app = made
    },
    stop: async () => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function visit(
  browser: Browser,
  baseUrl: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'light', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${baseUrl}/`) && !url.startsWith('data:')) complaints.push(`asked ${url}`)
  })
  await page.goto(baseUrl)
  return { page, complaints }
}

/** Signs whoever is there out, and a demo person in by one click. */
export async function enterAs(page: Page, role: DemoRole): Promise<void> {
  const signOut = page.getByTestId('sign-out')
  const button = page.locator(`[data-role=${role}]`)
  await signOut.or(button).first().waitFor()
  if (await signOut.isVisible()) await signOut.click()
  await button.click()
  await signOut.waitFor()
}

/** Writes a rule into the editor, in the place of what stands there. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

export async function textOf(page: Page): Promise<string> {
  await page.locator('.cm-line').first().waitFor()
  return (await page.locator('.cm-line').allInnerTexts()).join('\n')
}

/** Waits until the numbers of the rule on show are there. */
export async function counted(page: Page): Promise<void> {
  await page.locator('[data-test=reach][aria-busy=false] [data-test=reachable]').waitFor()
}
