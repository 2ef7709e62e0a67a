import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultSentence } from '../../src/cli/fault.ts'
import { main } from '../../src/cli/main.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'yunqun-cli-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function run(...words: readonly string[]) {
  const answers: string[] = []
  const said: string[] = []
  const code = await main(words, { YUNQUN_DATA: folder }, folder, {
    answer: (text) => answers.push(text),
    say: (text) => said.push(text),
  })
  return { code, answer: answers.join('\n'), said: said.join('\n') }
}

function file(text: string): string {
  const place = path.join(folder, 'some.rule')
  writeFileSync(place, text)
  return place
}

const english = 'customers who have tag [Staff] and [City] = "Shanghai"\n'

test('a sound rule is answered with its hash, the same in both languages', async () => {
  const checked = await run('rule', 'check', file(english))
  expect(checked).toMatchObject({ code: 0, said: '' })
  expect(checked.answer).toMatch(/^sha256:[0-9a-f]{64} [a-z.]+ [a-z.]+$/)
  const translated = await run('rule', 'translate', file(english))
  expect(translated.answer).toContain('城市')
  const again = await run('rule', 'check', file(translated.answer))
  expect(again.answer).toBe(checked.answer)
  const back = await run('rule', 'translate', '--to', 'en', file(translated.answer))
  expect(back.answer).toContain('[City]')
})

test('a layout is given as it is, and words for what it means', async () => {
  const formatted = await run('rule', 'format', file('customers   who have tag [Staff]'))
  expect(formatted).toMatchObject({ code: 0, answer: expect.stringContaining('tag [Staff]') })
  const again = await run('rule', 'format', file(formatted.answer))
  expect(again.answer).toBe(formatted.answer)
  const explained = await run('rule', 'explain', '--to', 'zh', file(english))
  expect(explained.answer).toContain('上海')
})

test('a wrong rule exits 1, with every place in it, and one sentence', async () => {
  const checked = await run('rule', 'check', file('customers who\n  [Ctiy] = "Shanghai"'))
  expect(checked.code).toBe(1)
  expect(checked.answer).toMatch(/some\.rule:2:3: error E301: .*City/)
  expect(checked.said).toBe('yunqun: the rule has an error')
  const formatted = await run('rule', 'translate', file('customers who ('))
  expect(formatted).toMatchObject({ code: 1, answer: '' })
})

test('a code is explained in both languages, whatever its case', async () => {
  expect(await run('rule', 'explain-code', 'e301')).toMatchObject({
    code: 0,
    answer: expect.stringMatching(/^E301 \(error\)\n.*attribute.*\n.*属性/),
  })
  expect((await run('rule', 'explain-code', 'W204')).answer).toContain('warning')
  const unknown = await run('rule', 'explain-code', 'E999')
  expect(unknown).toMatchObject({ code: 1, answer: '' })
  expect((await run('rule', 'explain-code', 'constructor')).code).toBe(1)
})

test('wrong usage exits 2 and answers nothing', async () => {
  for (const words of [
    ['dance'],
    ['rule', 'check'],
    ['rule', 'translate', 'x', '--to', 'fr'],
    ['serve', '--fast'],
    ['admin'],
  ])
    expect(await run(...words)).toMatchObject({ code: 2, answer: '' })
})

test('help and version are answers', async () => {
  expect((await run('--version')).answer).toMatch(/^\d+\.\d+\.\d+$/)
  const help = await run('--help')
  expect(help.code).toBe(0)
  for (const command of ['serve', 'migrate', 'admin', 'import', 'rule'])
    expect(help.answer).toContain(command)
})

test('a file that is not there is one sentence', async () => {
  expect(await run('rule', 'check', path.join(folder, 'none.rule'))).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^yunqun: there is no file [^\n]*none\.rule$/),
  })
})

test('what the machine does to us has a sentence each, and a bug has none', () => {
  const fault = (code: string) => Object.assign(new Error('secret detail'), { code })
  for (const code of [
    'ENOSPC',
    '53100',
    'EACCES',
    'EMFILE',
    'ECONNREFUSED',
    '57P01',
    '08006',
    '42501',
  ]) {
    const sentence = faultSentence(fault(code))
    expect(sentence).toBeDefined()
    expect(sentence).not.toContain('secret detail')
    expect(sentence).not.toContain('\n')
  }
  expect(faultSentence(new Error('x', { cause: fault('ENOSPC') }))).toContain('disk is full')
  expect(faultSentence(new TypeError('x is not a function'))).toBeUndefined()
  expect(faultSentence('text')).toBeUndefined()
})
