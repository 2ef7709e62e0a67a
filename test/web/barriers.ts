/** What an audit by axe finds on a page, and whether a phone shows the page whole. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const program = await readFile(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

const serious = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target.flat().join(' '))))`

/** Serious and critical ones, each with its rule and its place. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(program)
  const found: unknown = await page.evaluate(serious)
  return Array.isArray(found) ? found.map(String) : ['axe did not answer']
}

const phone = { width: 360, height: 740 }

/** Pixels by which the page is wider than a phone of 360. */
export async function excessOnPhone(page: Page): Promise<number> {
  const before = page.viewportSize()
  await page.setViewportSize(phone)
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (before !== null) await page.setViewportSize(before)
  return excess
}
