/** Every page, for everybody who looks at it: in both themes, on a phone, by keyboard, by a screen reader. */
import { selectors } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { noBrowser } from '../support/browser.ts'
import { barriers, excessOnPhone } from './barriers.ts'
import { counted, enterAs, openWebWorld, textOf, write } from './world.ts'
import type { DemoRole, WebWorld } from './world.ts'

let world: WebWorld | undefined

beforeAll(async () => {
  selectors.setTestIdAttribute('data-test')
  world = await openWebWorld()
})
afterEach(async () => {
  await world?.leave()
})
afterAll(async () => {
  await world?.close()
})

interface Stop {
  readonly path: string
  /** What shows that the page is complete. */
  readonly ready: string
}

const tours: readonly (readonly [role: DemoRole, stops: readonly Stop[]])[] = [
  [
    'marketer',
    [
      { path: '/rule', ready: '[data-test=reachable]' },
      { path: '/segments', ready: '[data-test=segment]' },
      { path: '/audiences', ready: '.empty' },
      { path: '/exports', ready: '.empty' },
      { path: '/catalog', ready: 'table' },
    ],
  ],
  ['approver', [{ path: '/approvals', ready: '.empty' }]],
  ['reviewer', [{ path: '/log', ready: 'tr[data-action]' }]],
  ['admin', [{ path: '/people', ready: '.rows li' }]],
  ['officer', [{ path: '/nowhere', ready: '.empty' }]],
]

async function tour(
  page: Page,
  visit: (place: string) => Promise<void>,
  roles: readonly (typeof tours)[number][] = tours,
): Promise<void> {
  await page.locator('[data-role]').first().waitFor()
  await visit('sign-in')
  const start = page.url()
  await page.goto(new URL('/invitation#a-secret', start).href)
  await page.locator('[name=new-password]').waitFor()
  await visit('/invitation')
  await page.goto(start)
  for (const [role, stops] of roles) {
    await enterAs(page, role)
    for (const { path, ready } of stops) {
      await page.goto(new URL(path, page.url()).href)
      await page.locator(ready).first().waitFor()
      await visit(path)
    }
  }
}

const looks = [
  { locale: 'zh-CN', colorScheme: 'light', lang: 'zh-CN', log: '访问日志 · 允群' },
  { locale: 'en-GB', colorScheme: 'dark', lang: 'en', log: 'Access log · Yunqun' },
] as const

for (const { locale, colorScheme, lang, log } of looks)
  test(`every page has its title, no barrier and room on a phone (${locale}, ${colorScheme})`, async ({
    skip,
  }) => {
    if (world === undefined) return skip(noBrowser)
    const { page, complaints } = await world.visit({ locale, colorScheme, reducedMotion: 'reduce' })
    const wrongs: string[] = []
    const titles = new Map<string, string>()
    await tour(page, async (place) => {
      for (const barrier of await barriers(page)) wrongs.push(`${place}: ${barrier}`)
      const excess = await excessOnPhone(page)
      if (excess > 0) wrongs.push(`${place}: too wide by ${excess}`)
      expect(await page.locator('html').getAttribute('lang')).toBe(lang)
      expect(await page.locator('h1').count()).toBe(place === '/nowhere' ? 0 : 1)
      if (place !== '/nowhere') titles.set(place, await page.title())
    })
    expect(wrongs).toEqual([])
    expect(complaints).toEqual([])
    expect(titles.get('/log')).toBe(log)
    expect(new Set(titles.values()).size).toBe(titles.size)
  }, 60_000)

test('diagnostics and completion have no barrier either', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await world.visit({ colorScheme, reducedMotion: 'reduce' })
    await enterAs(page, 'marketer')
    await write(page, '客户满足 [城事] 不为 "上海" 且 [城')
    await page.keyboard.press('Control+Space')
    await page.locator('.cm-tooltip-autocomplete').waitFor()
    expect(await barriers(page)).toEqual([])
  }
})

const wrong = '客户满足 [城事] 为 "上海"'

test('a diagnostic speaks the language of the reader and its fix is one click', async ({
  skip,
}) => {
  if (world === undefined) return skip(noBrowser)
  const { page, complaints } = await world.visit()
  await enterAs(page, 'marketer')
  await write(page, wrong)
  const finding = page.locator('.diagnostics [data-code=E301]')
  expect(await finding.innerText()).toContain('没有名为')
  await page.getByTestId('language').click()
  expect(await finding.innerText()).toContain('there is no attribute')
  // The text is the author's: it stays as it is.
  expect(await textOf(page)).toBe(wrong)
  await finding.getByTestId('fix').first().click()
  expect(await textOf(page)).toBe('客户满足 [城市] 为 "上海"')
  await counted(page)
  expect(await page.locator('[data-test=findings]').getAttribute('data-errors')).toBe('0')
  await page.reload()
  expect(await textOf(page)).toBe('客户满足 [城市] 为 "上海"')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(complaints).toEqual([])
})

test('typing is never overtaken by the page, and asks for numbers only when it rests', async ({
  skip,
}) => {
  if (world === undefined) return skip(noBrowser)
  const { page, complaints } = await world.visit()
  let counts = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/counts')) counts += 1
  })
  await enterAs(page, 'marketer')
  await counted(page)
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  counts = 0
  const text = 'customers who [Age] between 30 and 40 and [City] is known'
  await page.keyboard.type(text)
  await page.keyboard.press('Escape')
  await counted(page)
  expect(await textOf(page)).toBe(text)
  expect(counts).toBeLessThan(5)
  expect(complaints).toEqual([])
})

test('a Chinese input method composes into the editor, also over a selection', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page, complaints } = await world.visit()
  await enterAs(page, 'marketer')
  await counted(page)
  const input = await page.context().newCDPSession(page)
  const compose = async (steps: readonly string[]): Promise<void> => {
    for (const text of steps) {
      const { length } = text
      await input.send('Input.imeSetComposition', {
        text,
        selectionStart: length,
        selectionEnd: length,
      })
    }
    await input.send('Input.insertText', { text: steps.at(-1) ?? '' })
  }
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await compose(['k', 'ke', 'ke hu', '客户满足'])
  await page.keyboard.type(' [')
  await compose(['cheng', 'cheng shi', '城市'])
  await page.keyboard.press('Escape')
  await page.keyboard.press('End')
  await compose(['you zhi', '有值'])
  await page.keyboard.press('Escape')
  expect(await textOf(page)).toBe('客户满足 [城市]有值')
  await counted(page)
  expect(complaints).toEqual([])
})

test('the keyboard alone writes a rule with completion, leaves the editor and saves', async ({
  skip,
}) => {
  if (world === undefined) return skip(noBrowser)
  const { page, complaints } = await world.visit()
  await page.locator('[data-role=marketer]').focus()
  await page.keyboard.press('Enter')
  await counted(page)
  // The heading has the focus, so that the reader knows where they are.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await tabTo(page, '.editor')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('客户满足 [城')
  await page.keyboard.press('Control+Space')
  await choose(page, '[常驻城市]')
  expect(await textOf(page)).toBe('客户满足 [常驻城市]')
  await page.keyboard.insertText(' 为 "上海" 且 [')
  // Pinyin comes after the page stands.
  await page.waitForLoadState('networkidle')
  await page.keyboard.insertText('sh')
  await page.keyboard.press('Control+Space')
  await choose(page, '[生命周期阶段]')
  await page.keyboard.insertText(' 为 "沉睡期"')
  expect(await textOf(page)).toBe('客户满足 [常驻城市] 为 "上海" 且 [生命周期阶段] 为 "沉睡期"')
  await page.keyboard.press('Escape')
  await tabTo(page, '[name=purpose]')
  await tabTo(page, '[name=segment-name]')
  await page.keyboard.insertText('键盘写的规则')
  await page.keyboard.press('Enter')
  await page.getByTestId('saved').filter({ hasText: '已保存为第 1 版' }).waitFor()
  await tabTo(page, '[data-test=build]')
  await page.keyboard.press('Enter')
  await page.locator('[data-test=state][data-state=ready]').waitFor()
  await tabTo(page, '[data-test=request-export]')
  expect(complaints).toEqual([])
})

/** Goes down the list of completions to one of them and takes it. */
async function choose(page: Page, wanted: string): Promise<void> {
  const chosen = page.locator('.cm-tooltip-autocomplete [aria-selected]')
  await chosen.waitFor()
  // A list that has just opened takes no key, so that nobody takes from it by accident.
  for (let presses = 0; presses < 40; presses++) {
    if ((await chosen.innerText()).startsWith(wanted)) return await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`there is no completion ${wanted}`)
}

/** Presses Tab until the focus is there; a trap or an unreachable control never gets there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    const isThere = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) === true,
      selector,
    )
    if (isThere) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

test('light and dark follow the device until the reader chooses', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit({ colorScheme: 'dark' })
  const ground = async (): Promise<string> =>
    await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await ground()
  await page.getByTestId('theme').click()
  const light = await ground()
  expect(light).not.toBe(dark)
  await page.reload()
  expect(await ground()).toBe(light)
})

test('a page of another role is not shown, and a strange address says so', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await enterAs(page, 'approver')
  await page.goto(`${world.baseUrl}/log`)
  await page.getByText('当前身份没有这个页面').waitFor()
  await page.goto(`${world.baseUrl}/no/such/page`)
  await page.getByText('没有这个页面').waitFor()
})

test('the pages hold nothing inline and nothing of a foreign host', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  const answer = await page.request.get(world.baseUrl)
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'")
  const html = await answer.text()
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc="\/)/)
  expect(html.match(/(?:src|href)="(?!\/)[^"]*"/g)).toBeNull()
})
