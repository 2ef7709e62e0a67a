import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runConformance } from '../../src/cli/conformance.ts'
import type { ConformanceOptions } from '../../src/cli/conformance.ts'
import { readConfig } from '../../src/config.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'yunqun-lines-'))
  writeFileSync(path.join(folder, 'dataset.json'), JSON.stringify(dataset))
  writeFileSync(path.join(folder, 'c.csv'), customers)
  writeFileSync(path.join(folder, 'e.csv'), visits)
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Somebody who died, a child, and nobody who ever consented: all of them are people of a rule here. */
const customers = `id,city,born,status
007,Shanghai,2020-01-01,active
b,Beijing,1990-01-01,deceased
a,Shanghai,,restricted
c,,1990-01-01,active
`
const visits = `no,id,at,paid
1,007,2026-01-01T00:00:00.000001Z,12.50
2,b,2026-01-02T10:00:00Z,12.49
3,a,2999-01-01T00:00:00Z,20
`
const labels = (word: string) => ({ en: word, zh: word })
const placed = { category: 'shop', class: 'S1' }
const dataset = {
  version: 1,
  name: 'lines',
  timeZone: 'UTC',
  currency: 'CNY',
  customers: {
    file: 'c.csv',
    id: 'id',
    birthDate: 'born',
    status: 'status',
    attributes: {
      city: { column: 'city', type: 'enum', label: labels('City'), values: 'auto', ...placed },
      health: { column: 'city', type: 'text', label: labels('Health'), category: 'h', class: 'S2' },
    },
  },
  events: [
    {
      file: 'e.csv',
      name: 'visit',
      label: labels('Visit'),
      customer: 'id',
      time: 'at',
      id: 'no',
      retentionDays: 30,
      ...placed,
      properties: { paid: { column: 'paid', type: 'money', label: labels('Paid') } },
    },
  ],
}

type Options = Omit<ConformanceOptions, 'signal'>

async function ask(lines: readonly (object | string)[], options: Options = {}) {
  const answers: string[] = []
  const config = readConfig({}, folder)
  if (!config.ok) throw new Error(config.error)
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const came = await runConformance(
    config.value,
    { ...options, signal: new AbortController().signal },
    piecesOf(`${text.join('\n')}\n`),
    { answer: (answer) => answers.push(answer), say: () => undefined },
  )
  return { came, answers: answers.map((answer): unknown => JSON.parse(answer)) }
}

/** Breaks lines and characters in the middle. */
async function* piecesOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; from += 7) yield bytes.subarray(from, from + 7)
}

const refusal = (code: string) => ({ errors: [expect.objectContaining({ code })] })
const shanghai = 'customers who [City] = "Shanghai"'
const asOf = '2026-01-03T00:00:00Z'

test('every line has one answer in its place, whatever it is', async () => {
  const { answers } = await ask([
    'not json',
    '7',
    '{"id": "no end',
    { id: 1 },
    { id: 2, kind: 'dance' },
    { id: 3, kind: 'analyse', a: shanghai },
    { id: 4, kind: 'evaluate', rule: 7 },
    { id: 5, kind: 'evaluate', rule: shanghai, asOf },
    { id: 6, kind: 'evaluate', rule: shanghai, asOf: 'yesterday' },
    { id: { deep: ['客'] }, kind: 'parse', rule: '客户满足 (\u2028' },
  ])
  expect(answers).toMatchObject([
    { id: null, ...refusal('line-not-json') },
    { id: null, ...refusal('line-invalid') },
    { id: null, ...refusal('line-not-json') },
    { id: 1, ...refusal('kind-unknown') },
    { id: 2, ...refusal('kind-unknown') },
    { id: 3, ...refusal('kind-not-supported') },
    { id: 4, ...refusal('line-invalid') },
    { id: 5, ...refusal('world-missing') },
    { id: 6, ...refusal('line-invalid') },
    { id: { deep: ['客'] }, errors: expect.any(Array) },
  ])
})

test('the language answers: tree, hash, layout, the other language, words, diagnostics with fixes', async () => {
  const { answers } = await ask([
    { id: 1, kind: 'parse', rule: shanghai },
    { id: 2, kind: 'check', rule: shanghai },
    { id: 3, kind: 'translate', rule: shanghai },
    { id: 4, kind: 'format', rule: 'customers   who [City]="Shanghai"' },
    { id: 5, kind: 'explain', rule: shanghai, asOf },
    { id: 6, kind: 'check', rule: 'customers who [Ctiy] = "Shanghai"' },
    { id: 7, kind: 'parse', rule: 'customers who [Ctiy] = "Shanghai"' },
    { id: 8, kind: 'check', rule: '客户满足 [城市] 为 "上海"' },
  ])
  expect(answers).toMatchObject([
    { id: 1, ast: { kind: 'rule' } },
    { id: 2, ruleHash: expect.stringMatching(/^sha256:/), categories: ['demographic.location'] },
    { id: 3, text: '客户满足 [城市] 为 "上海"' },
    { id: 4, text: expect.stringMatching(/^customers who/) },
    { id: 5, words: { en: expect.any(Array), zh: expect.any(Array) } },
    {
      id: 6,
      errors: [
        { code: 'E301', span: { start: 14, end: 20 }, message: expect.stringContaining('City') },
      ],
    },
    { id: 7, ast: { kind: 'rule' } },
    { id: 8, diagnostics: [] },
  ])
  expect(answers[7]).toHaveProperty('ruleHash', expect.any(String))
  expect(Object(answers[7]).ruleHash).toBe(Object(answers[1]).ruleHash)
})

describe('a world in the line', () => {
  const catalog = {
    timeZone: 'UTC',
    attributes: [
      { id: 'spent', type: { kind: 'money', currency: 'CNY', scale: 2 }, category: 'x' },
    ],
    events: [{ id: 'visit', category: 'y', properties: [] }],
  }
  const world = {
    catalog,
    customers: [
      { id: 'é', attributes: { spent: '10.00' } },
      { id: 'z', attributes: { spent: 10 } },
      { id: 'Z', attributes: { spent: 9.99 } },
      { id: 'none' },
    ],
    events: ['é', 'z', 'Z', 'none'].map((customer) => ({
      id: '1',
      customer,
      event: 'visit',
      at: '2026-01-02T00:00:00Z',
    })),
  }
  const rule = 'customers who [spent] >= 10 CNY and did [visit] in last 3 days'

  test('is evaluated, and explained for one customer', async () => {
    const { answers } = await ask([
      { id: 1, kind: 'evaluate', rule, asOf, world },
      { id: 2, kind: 'explain', rule, asOf, world, customer: 'Z' },
      { id: 3, kind: 'explain', rule, asOf, world, customer: 'nobody' },
      { id: 4, kind: 'evaluate', rule, asOf: '2026-01-02T00:00:00Z', world },
    ])
    expect(answers).toMatchObject([
      { id: 1, members: ['z', 'é'], count: 2 },
      {
        id: 2,
        in: false,
        reasons: [
          { clause: 'attribute', holds: false, measured: { value: '9.99' } },
          { clause: 'did', holds: true, measured: { count: 1 } },
        ],
      },
      { id: 3, ...refusal('customer-unknown') },
      { id: 4, members: [], count: 0 },
    ])
  })

  test('that is wrong is refused at its place', async () => {
    const bad = { ...world, customers: [{ id: 'a', attributes: { spent: 'ten' } }], events: [] }
    const { answers } = await ask([
      { id: 1, kind: 'evaluate', rule, asOf, world: bad },
      { id: 2, kind: 'evaluate', rule, asOf, world: { ...world, customers: [{ id: 'z' }] } },
      { id: 3, kind: 'evaluate', rule, asOf, world: { ...world, customers: [{ id: 7 }] } },
    ])
    expect(answers).toMatchObject([
      { errors: [{ message: 'not-a-number at /world/customers/0/attributes/spent' }] },
      { errors: [{ message: 'unknown-customer at /world/events/0/customer' }] },
      refusal('line-invalid'),
    ])
  })

  test('is asked at one moment and place: the rule and the line may not differ', async () => {
    const at = (header: string) => `audience "r"\n  ${header}\ninclude ${rule}`
    const { answers } = await ask(
      [
        { rule: at('as of: 2026-01-03\n  time zone: "UTC"'), asOf, timeZone: 'UTC' },
        { rule: at('as of: 2026-01-04'), asOf },
        { rule: at('time zone: "Asia/Shanghai"'), asOf, timeZone: 'UTC' },
        { rule },
      ].map((line) => ({ ...line, kind: 'evaluate', world })),
    )
    expect(answers).toMatchObject([
      { count: 2 },
      refusal('as-of-differs'),
      refusal('time-zone-differs'),
      refusal('as-of-missing'),
    ])
  })
})

describe('a dataset', () => {
  const before = () => readdirSync(os.tmpdir()).filter((name) => name.startsWith('yunqun-conf'))
  const lines = [
    { id: 1, kind: 'evaluate', rule: shanghai },
    { id: 2, kind: 'evaluate', rule: 'customers who [City] is not "Shanghai"' },
    { id: 3, kind: 'evaluate', rule: 'customers who sum([Visit].[Paid] ever) >= 12.50 CNY' },
    {
      id: 4,
      kind: 'evaluate',
      rule: 'customers who sum([Visit].[Paid] ever) >= 12.50 CNY',
      asOf: '3000-01-01T00:00:00Z',
    },
    {
      id: 5,
      kind: 'evaluate',
      rule: 'customers who did [Visit] ever',
      asOf: '2026-01-01T00:00:00Z',
    },
    { id: 6, kind: 'evaluate', rule: 'customers who [Cit] = "Shanghai"' },
    { id: 7, kind: 'evaluate', rule: 'all customers' },
    { id: 8, kind: 'explain', rule: shanghai, customer: 'b' },
  ].map((line) => ({ asOf, timeZone: 'UTC', ...line }))

  test.each(['sql', 'evaluator'] as const)(
    'is a world where everybody may be used, asked by %s and gone afterwards',
    async (engine) => {
      const folders = before()
      const { came, answers } = await ask(lines, { dataset: folder, engine })
      expect(came).toEqual({ ok: true, value: undefined })
      expect(answers).toMatchObject([
        { id: 1, members: ['007', 'a'], count: 2 },
        { id: 2, members: ['b', 'c'] },
        { id: 3, members: ['007'] },
        { id: 4, members: ['007', 'a'] },
        { id: 5, members: [] },
        { id: 6, ...refusal('E301') },
        { id: 7, count: 4 },
        { id: 8, in: false, reasons: [{ measured: { value: 'Beijing' } }] },
      ])
      expect(before()).toEqual(folders)
    },
    60_000,
  )

  test('that is none is one sentence', async () => {
    const { came, answers } = await ask([], { dataset: path.join(folder, 'none') })
    expect(came).toMatchObject({ ok: false, error: expect.stringContaining('no dataset.json') })
    expect(answers).toEqual([])
  }, 60_000)

  test('is what the engine of the database needs', async () => {
    expect((await ask([], { engine: 'sql' })).came.ok).toBe(false)
    expect((await ask([], { data: folder })).came.ok).toBe(false)
  })
})
