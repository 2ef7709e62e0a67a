/** The way of one list through the pages: marketer, approver, reviewer. */
import { selectors } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { noBrowser } from '../support/browser.ts'
import { barriers, excessOnPhone } from './barriers.ts'
import { counted, enterAs, openWebWorld, textOf, write } from './world.ts'
import type { WebWorld } from './world.ts'

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

const name = '会员日唤回'

test('a list goes from one click to its approval, and the log tells of it', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page, complaints } = await world.visit({ reducedMotion: 'reduce' })
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await enterAs(page, 'marketer')
  await writesAndSaves(page)
  const exportId = await buildsAndAsks(page)
  expect(await page.locator('h1').innerText()).toBe(`${name}（第 1 版）`)
  await approves(page)
  await findsInTheLog(page, exportId)
  expect(complaints).toEqual([])
  expect(world.faults).toEqual([])
}, 60_000)

/** These pages have content only here, so they are audited here. */
async function isForEverybody(page: Page): Promise<void> {
  expect(await barriers(page)).toEqual([])
  expect(await excessOnPhone(page)).toBe(0)
}

async function writesAndSaves(page: Page): Promise<void> {
  // An example stands there from the start, with its meaning and its numbers.
  await counted(page)
  expect(await page.title()).toBe('圈选客户 · 允群')
  expect(await page.getByTestId('words').innerText()).toContain('同时满足以下全部条件的客户')
  await page.getByTestId('example').filter({ hasText: '全部客户' }).click()
  await counted(page)
  expect(await page.locator('.waterfall [data-reason]').first().innerText()).toMatch(
    /全部客户\s+约 2,500/,
  )
  const reasons = page.locator('.waterfall [data-reason]')
  const steps = await reasons.evaluateAll((rows) =>
    rows.map((row) => row.getAttribute('data-reason')),
  )
  expect(steps).toEqual(expect.arrayContaining(['everyone', 'general', 'eligible', 'reachable']))
  await write(page, '客户满足 [会员等级] 属于 ("金卡", "白金卡", "银卡", "普通会员")')
  await page.getByTestId('translate').click()
  expect(await textOf(page)).toBe(
    'customers who [Member tier] in ("Gold", "Platinum", "Silver", "Regular")',
  )
  await page.getByTestId('translate').click()
  await counted(page)
  await page.locator('[name=segment-name]').fill(name)
  await page.getByTestId('save').click()
  await page.getByTestId('saved').filter({ hasText: '已保存为第 1 版' }).waitFor()
  expect(page.url()).toMatch(/\/rule\/[0-9a-f-]{36}$/)
}

async function buildsAndAsks(page: Page): Promise<string> {
  await page.getByTestId('build').click()
  await page.locator('[data-test=state][data-state=ready]').waitFor()
  expect(await page.locator('.waterfall [data-reason=reachable]').innerText()).toMatch(/约 [\d,]+0/)
  await isForEverybody(page)
  await page.locator('[name=mobile]').check()
  await page.locator('[name=destination]').fill('五月短信')
  await page.locator('[name=reason]').fill('会员日前的唤回短信')
  await page.getByTestId('request-export').click()
  await page.locator('[data-test=state][data-state=requested]').waitFor()
  // Whoever asks sees no exact number and cannot decide.
  expect(await page.getByTestId('exact').count()).toBe(0)
  expect(await page.getByTestId('approve').count()).toBe(0)
  await isForEverybody(page)
  return await page.getByTestId('export-id').innerText()
}

async function approves(page: Page): Promise<void> {
  await enterAs(page, 'approver')
  await page.getByTestId('export').first().getByRole('link').click()
  // The canonical text, its meaning, and numbers that are not rounded.
  await page.getByTestId('exact').waitFor()
  expect(await page.getByTestId('rule-text').innerText()).toBe(
    '客户满足 [会员等级] 属于 ("金卡", "白金卡", "银卡", "普通会员")',
  )
  expect(await page.getByTestId('words').innerText()).toContain('未成年人一律不包含')
  expect(await page.getByTestId('exact').innerText()).toMatch(/全部客户\s+2,500/)
  expect(await page.getByTestId('approve').isDisabled()).toBe(true)
  await page.locator('[name=decision-reason]').fill('名单与用途相符')
  await isForEverybody(page)
  await page.getByTestId('approve').click()
  await page.locator('[data-test=state][data-state=available]').waitFor()
  expect(await page.getByTestId('approval').innerText()).toContain('名单与用途相符')
}

async function findsInTheLog(page: Page, exportId: string): Promise<void> {
  await enterAs(page, 'reviewer')
  await page.locator('tr[data-action]').first().waitFor()
  await page.locator('[name=exportId]').fill(exportId)
  await page.getByTestId('search-log').click()
  await page.getByTestId('entry-count').filter({ hasText: '2 条记录' }).waitFor()
  const actions = await page
    .locator('tr[data-action]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-action')))
  expect(actions).toEqual(['export.decide', 'export.request'])
  expect(await page.locator('tr[data-action]').first().innerText()).toContain('演示')
}

const building = {
  id: 'any',
  segmentId: 'any',
  segmentName: '五月',
  version: 1,
  use: { purpose: 'marketing', channel: 'sms', recipient: 'own' },
  ruleHash: '',
  state: 'running',
  progress: 40,
  cancelling: false,
  failure: null,
  asOf: '2026-05-01T00:00:00Z',
  createdAt: '2026-05-01T00:00:00Z',
  categories: [],
  waterfall: null,
  reachable: null,
}

test('a build shows how far it is and can be cancelled', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await enterAs(page, 'marketer')
  await page.getByRole('link', { name: '人群规则' }).click()
  await page.getByTestId('choose-use').first().click()
  // The page is shown a build that takes its time, however quick the real one is.
  await page.route('**/v1/audiences/*', async (route) => {
    await route.fulfill({ json: building })
  })
  const cancelled = page.waitForRequest(
    (request) => request.url().endsWith('/cancel') && request.method() === 'POST',
  )
  await page.getByTestId('build').click()
  await page.getByRole('progressbar').waitFor()
  expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40')
  await page.getByTestId('cancel-build').click()
  expect((await cancelled).headers()['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
})

test('what the service refuses is said in the words of the service', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await page.locator('[name=email]').fill('nobody@heyu.example')
  await page.locator('[name=password]').fill('not the password')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').filter({ hasText: '邮箱与密码不匹配' }).waitFor()
  await enterAs(page, 'marketer')
  await page.locator('[name=segment-name]').fill('双11老客')
  await page.getByTestId('save').click()
  await page.getByRole('alert').filter({ hasText: '名称已被占用' }).waitFor()
})

test('a session that ends asks to sign in again and keeps the rule being written', async ({
  skip,
}) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await enterAs(page, 'marketer')
  await counted(page)
  await write(page, '客户满足 [年龄] 介于 30 到 40')
  await counted(page)
  await page.context().clearCookies()
  await page.getByRole('link', { name: '人群规则' }).click()
  await page.getByRole('status').filter({ hasText: '登录已过期' }).waitFor()
  await page.locator('[data-role=marketer]').click()
  await page.getByRole('link', { name: '圈选' }).click()
  expect(await textOf(page)).toBe('客户满足 [年龄] 介于 30 到 40')
})

test('a saved rule gets versions, and a new one begins apart from it', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await enterAs(page, 'marketer')
  await write(page, '客户满足 [城市] 为 "上海"')
  await page.locator('[name=segment-name]').fill('上海客户')
  await page.getByTestId('save').click()
  await page.getByTestId('saved').filter({ hasText: '已保存为第 1 版' }).waitFor()
  await write(page, '客户满足 [城市] 属于 ("上海", "杭州")')
  await page.getByTestId('save').click()
  await page.getByTestId('saved').filter({ hasText: '已保存为第 2 版' }).waitFor()
  await page.getByRole('link', { name: '圈选' }).click()
  await page.locator('[name=segment-name]').and(page.locator(':placeholder-shown')).waitFor()
  expect(await textOf(page)).not.toContain('杭州')
  await page.getByRole('link', { name: '人群规则' }).click()
  await page.getByRole('link', { name: '上海客户' }).click()
  expect(await textOf(page)).toBe('客户满足 [城市] 属于 ("上海", "杭州")')
  expect(await page.getByTestId('saved').innerText()).toContain('已保存为第 2 版')
})

test('whoever decides long after signing in shows the password again first', async ({ skip }) => {
  if (world === undefined) return skip(noBrowser)
  const { page } = await world.visit()
  await enterAs(page, 'marketer')
  await page.getByRole('link', { name: '人群规则' }).click()
  await page.getByTestId('choose-use').first().click()
  await buildsAndAsks(page)
  await enterAs(page, 'approver')
  await page.getByTestId('export').first().getByRole('link').click()
  // The service asks for it once a quarter of an hour has passed.
  const tooLate = { status: 403, json: { code: 'step-up-needed', title: '请再次输入密码' } }
  await page.route('**/approval', async (route) => await route.fulfill(tooLate), { times: 1 })
  await page.locator('[name=decision-reason]').fill('用途与合同不符')
  await page.getByTestId('reject').click()
  await page.locator('[name=password-again]').fill('not the password')
  await page.getByRole('button', { name: '确认', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: '邮箱与密码不匹配' }).waitFor()
  await page.getByRole('button', { name: '以演示身份再次确认' }).click()
  await page.locator('[data-test=state][data-state=rejected]').waitFor()
})
