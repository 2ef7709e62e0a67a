import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CatalogAttribute, RuleCatalog, ValueType } from '../../grammar/index.ts'
import type { Deps, RequestContext } from '../../src/audit/index.ts'
import {
  addAttribute,
  addAttributeValue,
  addCategory,
  addEvent,
  addEventProperty,
  addEventPropertyValue,
  addTag,
  categoriesMax,
  columnRef,
  defineCatalog,
  loadCatalog,
} from '../../src/catalog/index.ts'
import type { CatalogDraft } from '../../src/catalog/index.ts'
import { dutyRoles } from '../../src/db/index.ts'
import type { DutyRole } from '../../src/db/index.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { testCatalog } from '../support/test-catalog.ts'

let database: TestDatabase
let deps: Deps
beforeAll(async () => {
  database = await testDatabase()
  deps = {
    database: database.db,
    keys: keysFrom(Buffer.alloc(32, 1)),
    clock: fixedClock('2026-08-23T01:00:00Z'),
  }
})
afterAll(async () => {
  await database.close()
})

const context: RequestContext = {
  actor: { kind: 'person', id: 'steward-1', role: 'steward', demo: false },
  requestId: 'r-1',
}
const empty: CatalogDraft = { categories: [], attributes: [], events: [], tags: [] }
const whole: CatalogDraft = {
  ...empty,
  attributes: testCatalog.attributes,
  events: testCatalog.events,
  tags: testCatalog.tags,
}
const load = (role: DutyRole = 'yq_steward') => database.asRole(role, {}, loadCatalog)
const label = { en: 'Shoe size', zh: '鞋码' }

const attribute = (id: string, type: ValueType): CatalogAttribute => ({
  id,
  label,
  type,
  category: 'demographic.body',
  dataClass: 'S1',
})

async function refused(draft: Partial<CatalogDraft>) {
  const before = await load()
  const result = await defineCatalog(deps, context, { ...empty, ...draft })
  expect((await load()).rules).toEqual(before.rules)
  return result.ok ? 'defined' : result.error
}

test('a catalogue comes back as it was defined, with a column for everything', async () => {
  const defined = await defineCatalog(deps, context, whole)
  if (!defined.ok) throw new Error(defined.error.code)
  const catalog = await load('yq_builder')
  const ours: (keyof RuleCatalog)[] = ['timeZone', 'currency', 'attributes', 'events', 'tags']
  for (const key of ours) expect(catalog.rules[key]).toEqual(testCatalog[key])
  expect(catalog.revision).toBe(defined.value.revision)
  expect(catalog.rules.version).toBe(catalog.revision)
  const columns = testCatalog.attributes.map(({ id }) => catalog.attribute(id).column)
  expect(new Set(columns).size).toBe(columns.length)
  const paid = catalog.event('order_paid')
  const slots = paid.propertyIds.map((id) => paid.property(id).column)
  expect(slots).toEqual(['i1', 'i2', 'i3', 'n1', 'n2', 't1', 't2', 'b1', 'd1'])
  // Events share slots, so that many event types do not make a wide table.
  expect(catalog.event('app_opened').property('seconds').column).toBe('i2')
})

test('a second time changes nothing, not even the revision', async () => {
  const before = await load()
  const again = await defineCatalog(deps, context, whole)
  expect(again.ok && again.value.revision).toBe(before.revision)
})

describe('refuses, and leaves everything as it was,', () => {
  test('another type for what is stored', async () => {
    const [age] = testCatalog.attributes
    if (!age) throw new Error('an attribute')
    const changed = { ...age, type: { kind: 'text' } as const }
    const added = attribute('shoe_size', { kind: 'integer' })
    expect(await refused({ attributes: [added, changed] })).toEqual({
      code: 'type-differs',
      id: 'age',
    })
    const money: ValueType = { kind: 'money', currency: 'CNY', scale: 3 }
    expect(
      await refused({
        events: testCatalog.events.map((event) => ({
          ...event,
          properties: event.properties.map((property) =>
            property.id === 'amount' ? { ...property, type: money } : property,
          ),
        })),
      }),
    ).toEqual({ code: 'type-differs', id: 'order_paid.amount' })
  })

  test('another category or class', async () => {
    const [age] = testCatalog.attributes
    if (!age) throw new Error('an attribute')
    expect(await refused({ attributes: [{ ...age, category: 'interest.food' }] })).toEqual({
      code: 'category-differs',
      id: 'age',
    })
    expect(await refused({ attributes: [{ ...age, dataClass: 'S2' }] })).toEqual({
      code: 'class-differs',
      id: 'demographic.basic',
    })
    const { dataClass: _, ...unclassed } = attribute('shoe_size', { kind: 'integer' })
    expect(await refused({ attributes: [unclassed] })).toEqual({
      code: 'unknown-category',
      id: 'shoe_size',
      category: 'demographic.body',
    })
  })

  test('more categories than a consent can hold', async () => {
    const categories = Array.from({ length: categoriesMax }, (_, place) => ({
      id: `made.up_${place}`,
      label,
      dataClass: 'S1' as const,
    }))
    expect(await refused({ categories })).toEqual({
      code: 'too-many-categories',
      limit: categoriesMax,
    })
  })

  test.each<[string, string, Partial<CatalogDraft>]>([
    ['id', 'Shoe', { attributes: [attribute('Shoe', { kind: 'text' })] }],
    ['id', 'a; drop', { tags: [{ id: 'a; drop', label }] }],
    ['id', 'X', { categories: [{ id: 'X', label, dataClass: 'S1' }] }],
    ['label', 'tall', { tags: [{ id: 'tall', label: { en: '', zh: '高' } }] }],
    ['label', 'tall', { tags: [{ id: 'tall', label: { en: 'a\nb', zh: '高' } }] }],
    ['type', 'a', { attributes: [attribute('a', { kind: 'money', currency: 'yuan', scale: 2 })] }],
    ['type', 'a', { attributes: [attribute('a', { kind: 'money', currency: 'CNY', scale: -1 })] }],
    ['type', 'a', { attributes: [attribute('a', { kind: 'score', low: 5, high: 1 })] }],
    ['retentionDays', 'e', { events: [{ id: 'e', label, properties: [], retentionDays: 0 }] }],
    [
      'values',
      'a',
      {
        attributes: [
          attribute('a', {
            kind: 'enum',
            values: [
              { id: 'x', label },
              { id: 'x', label },
            ],
          }),
        ],
      },
    ],
    [
      'values',
      'a',
      {
        attributes: [attribute('a', { kind: 'region', values: [{ id: 'x', label, parent: 'y' }] })],
      },
    ],
    [
      'id',
      'a',
      {
        attributes: [attribute('a', { kind: 'text' }), attribute('a', { kind: 'text' })],
      },
    ],
  ])('a draft with a bad %s of %s', async (field, id, draft) => {
    expect(await refused(draft)).toEqual({ code: 'invalid', id, field })
  })
})

test('labels, values, spellings and properties are added in place', async () => {
  const before = await load()
  const city = testCatalog.attributes.find(({ id }) => id === 'home_city')
  const [paid] = testCatalog.events
  if (city?.type.kind !== 'enum' || !paid) throw new Error('an enum and an event')
  const xian = { id: 'xian', label: { en: "Xi'an", zh: '西安' } }
  const defined = await defineCatalog(deps, context, {
    ...empty,
    attributes: [
      {
        ...city,
        label: { en: 'City', zh: '城市' },
        type: { kind: 'enum', values: [...city.type.values, xian] },
        spellings: { xian: ['西安市', 'Xian'], shanghai: ['SH'] },
      },
    ],
    events: [
      { ...paid, retentionDays: 400, properties: [{ id: 'note', label, type: { kind: 'text' } }] },
    ],
  })
  if (!defined.ok) throw new Error(defined.error.code)
  const catalog = defined.value
  const changed = catalog.rules.attributes.find(({ id }) => id === 'home_city')
  expect(changed?.label).toEqual({ en: 'City', zh: '城市' })
  expect(changed?.type.kind === 'enum' && changed.type.values.at(-1)).toEqual(xian)
  const { column, valueBySpelling } = catalog.attribute('home_city')
  expect(column).toBe(before.attribute('home_city').column)
  expect(['西安市', 'Xian', 'xian', 'SH'].map((text) => valueBySpelling.get(text))).toEqual([
    'xian',
    'xian',
    'xian',
    'shanghai',
  ])
  expect(catalog.event('order_paid').property('note').column).toBe('t3')
  const event = catalog.rules.events.find(({ id }) => id === 'order_paid')
  expect(event?.retentionDays).toBe(400)
  expect(event?.properties).toHaveLength(paid.properties.length + 1)
  expect(BigInt(catalog.revision)).toBeGreaterThan(BigInt(before.revision))
})

test('thousands of values of one attribute are stored in their order', async () => {
  const values = Array.from({ length: 4_100 }, (_, place) => ({
    id: `商品 ${place}`,
    label: { en: `Item ${place}`, zh: `商品 ${place}` },
  }))
  const items = attribute('item', { kind: 'enum', values })
  const defined = await defineCatalog(deps, context, { ...empty, attributes: [items] })
  expect(defined.ok && defined.value.attribute('item').type).toEqual(items.type)
})

describe('a steward', () => {
  const again = { code: 'already-there' }
  const ids = { en: 'Pet', zh: '宠物' }
  const pets: ValueType = { kind: 'enum', values: [{ id: 'cat', label: { en: 'Cat', zh: '猫' } }] }
  const dog = { id: 'dog', label: { en: 'Dog', zh: '狗' } }

  test('adds one thing at a time, once', async () => {
    const category = { id: 'interest.pets', label: ids, dataClass: 'S1' as const }
    const pet = { id: 'pet', label: ids, type: pets, category: 'interest.pets' }
    const visit = { id: 'visit', label: ids, properties: [] }
    const edits = [
      () => addCategory(deps, context, category),
      () => addAttribute(deps, context, pet),
      () => addAttributeValue(deps, context, { attribute: 'pet', value: dog, spellings: ['Hund'] }),
      () => addEvent(deps, context, visit),
      () =>
        addEventProperty(deps, context, {
          event: 'visit',
          property: { id: 'with', label: ids, type: pets },
        }),
      () => addEventPropertyValue(deps, context, { event: 'visit', property: 'with', value: dog }),
      () => addTag(deps, context, { id: 'pets', label: ids, category: 'interest.pets' }),
    ]
    for (const edit of edits) expect(await edit()).toMatchObject({ ok: true })
    for (const edit of edits) expect(await edit()).toMatchObject({ ok: false, error: again })
    const { attribute: column, event, rules } = await load()
    expect(column('pet').valueBySpelling.get('Hund')).toBe('dog')
    expect(event('visit').property('with').valueBySpelling.get('dog')).toBe('dog')
    expect(rules.tags.at(-1)).toMatchObject({ id: 'pets', dataClass: 'S1' })
  })

  test('is told of what is not there', async () => {
    const unknown = { ok: false, error: { code: 'unknown-id' } }
    expect(await addAttributeValue(deps, context, { attribute: 'no', value: dog })).toMatchObject(
      unknown,
    )
    expect(
      await addEventProperty(deps, context, {
        event: 'no',
        property: { id: 'x', label: ids, type: pets },
      }),
    ).toMatchObject(unknown)
    expect(
      await addEventPropertyValue(deps, context, { event: 'visit', property: 'no', value: dog }),
    ).toMatchObject(unknown)
    expect(await addAttributeValue(deps, context, { attribute: 'age', value: dog })).toMatchObject({
      ok: false,
      error: { code: 'invalid', id: 'age', field: 'values' },
    })
  })

  test('leaves an entry in the log, for a refusal too', async () => {
    const entries = await database.asRole('yq_auditor', {}, async (tx) =>
      tx
        .selectFrom('audit.entry')
        .select(['action', 'decision', 'object_id', 'reason'])
        .where('object_id', '=', 'pets')
        .orderBy('seq')
        .execute(),
    )
    expect(entries).toEqual([
      { action: 'catalog.edit', decision: 'allow', object_id: 'pets', reason: null },
      { action: 'catalog.edit', decision: 'deny', object_id: 'pets', reason: 'already-there' },
    ])
  })
})

describe('the database', () => {
  const loaders = dutyRoles.filter((role) => role !== 'yq_identity')

  test.each(loaders)('lets %s read the catalogue', async (role) => {
    const { rules } = await load(role)
    expect(rules.attributes.length).toBeGreaterThan(0)
  })

  test('lets nobody else read it', async () => {
    await expect(load('yq_identity')).rejects.toThrow(/permission denied/)
  })

  test.each(dutyRoles.filter((role) => role !== 'yq_steward'))(
    'lets %s define nothing',
    async (role) => {
      const define = database.asRole(role, {}, async (tx) => {
        await sql`select catalog.define_attribute('x', 'X', 'X', '{"kind":"text"}', null)`.execute(
          tx,
        )
      })
      await expect(define).rejects.toThrow(/permission denied/)
    },
  )
})

test('only generated names become references', () => {
  for (const column of ['age', 'a_', 'a_1"; --', 'customer_id', 'i', 'x1']) {
    expect(() => columnRef('c', { column })).toThrow(/generated column name/)
  }
})
