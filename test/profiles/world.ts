/** A shop's catalogue in a database of its own. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Deps, RequestContext } from '../../src/audit/index.ts'
import { defineCatalog } from '../../src/catalog/index.ts'
import type { CatalogDraft, PhysicalCatalog } from '../../src/catalog/index.ts'
import type { DutyTx } from '../../src/db/index.ts'
import { fixedClock } from '../../src/kernel/clock.ts'
import { keysFrom } from '../../src/keys/index.ts'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

export const shop: CatalogDraft = {
  categories: [],
  attributes: [
    {
      id: 'city',
      label: { en: 'City', zh: '城市' },
      category: 'demographic.location',
      dataClass: 'S1',
      type: {
        kind: 'enum',
        values: [
          { id: 'shanghai', label: { en: 'Shanghai', zh: '上海' } },
          { id: 'beijing', label: { en: 'Beijing', zh: '北京' } },
        ],
      },
      spellings: { shanghai: ['上海', '上海市'] },
    },
    {
      id: 'note',
      label: { en: 'Note', zh: '备注' },
      category: 'demographic.location',
      type: { kind: 'text' },
    },
    {
      id: 'points',
      label: { en: 'Points', zh: '积分' },
      category: 'demographic.location',
      type: { kind: 'integer' },
    },
    {
      id: 'rate',
      label: { en: 'Rate', zh: '比率' },
      category: 'demographic.location',
      type: { kind: 'decimal' },
    },
    {
      id: 'balance',
      label: { en: 'Balance', zh: '余额' },
      category: 'demographic.location',
      type: { kind: 'money', currency: 'CNY', scale: 2 },
    },
    {
      id: 'member',
      label: { en: 'Member', zh: '会员' },
      category: 'demographic.location',
      type: { kind: 'boolean' },
    },
    {
      id: 'joined',
      label: { en: 'Joined', zh: '入会日' },
      category: 'demographic.location',
      type: { kind: 'date' },
    },
    {
      id: 'seen',
      label: { en: 'Seen', zh: '最近访问' },
      category: 'demographic.location',
      type: { kind: 'timestamp' },
    },
    {
      id: 'birthday',
      label: { en: 'Birthday', zh: '生日' },
      category: 'demographic.location',
      type: { kind: 'month-day' },
    },
  ],
  events: [
    {
      id: 'purchase',
      label: { en: 'Purchase', zh: '购买' },
      category: 'transaction',
      dataClass: 'S1',
      properties: [
        { id: 'product', label: { en: 'Product', zh: '商品' }, type: { kind: 'text' } },
        { id: 'quantity', label: { en: 'Quantity', zh: '数量' }, type: { kind: 'integer' } },
        {
          id: 'amount',
          label: { en: 'Amount', zh: '金额' },
          type: { kind: 'money', currency: 'GBP', scale: 3 },
        },
      ],
    },
    {
      id: 'visit',
      label: { en: 'Visit', zh: '访问' },
      category: 'transaction',
      properties: [
        { id: 'page', label: { en: 'Page', zh: '页面' }, type: { kind: 'text' } },
        { id: 'app', label: { en: 'App', zh: '应用' }, type: { kind: 'boolean' } },
      ],
    },
  ],
  tags: [
    { id: 'vip', label: { en: 'VIP', zh: '贵宾' }, category: 'transaction' },
    { id: 'new', label: { en: 'New', zh: '新客' }, category: 'transaction' },
  ],
}

export const now = '2026-03-01T00:00:00Z'

export const source: RequestContext = {
  actor: { kind: 'machine', id: 'shop-crm', role: 'data_source', demo: false },
  requestId: 'r-1',
}

export interface Shop {
  readonly world: TestDatabase
  readonly deps: Deps
  readonly catalog: PhysicalCatalog
  readonly ingest: <T>(work: (tx: DutyTx) => Promise<T>) => Promise<T>
  /** What the profile holds of a customer, with the catalogue's ids for the columns. */
  readonly profileOf: (customerId: string) => Promise<Record<string, unknown>>
}

export async function openShop(): Promise<Shop> {
  const world = await testDatabase()
  const deps: Deps = {
    database: world.db,
    keys: keysFrom(Buffer.alloc(32, 3)),
    clock: fixedClock(now),
  }
  const steward: RequestContext = {
    actor: { kind: 'person', id: randomUUID(), role: 'steward', demo: false },
    requestId: 'r-0',
  }
  const catalog = await defineCatalog(deps, steward, shop)
  if (!catalog.ok) throw new Error(`the shop has no catalogue: ${catalog.error.code}`)
  const ingest: Shop['ingest'] = (work) => world.asRole('yq_ingest', { actor: 'loader' }, work)
  return {
    world,
    deps,
    catalog: catalog.value,
    ingest,
    profileOf: (customerId) =>
      ingest(async (tx) => {
        const { rows } = await sql<{ row: Record<string, unknown> }>`
          select to_jsonb(customer) - 'recorded_from' - 'customer_id' as row
          from profile.customer where customer_id = ${customerId}`.execute(tx)
        const nameByColumn = new Map(
          shop.attributes.map(({ id }) => [catalog.value.attribute(id).column, id]),
        )
        return Object.fromEntries(
          Object.entries(rows[0]?.row ?? {}).map(([column, value]) => [
            nameByColumn.get(column) ?? column,
            value,
          ]),
        )
      }),
  }
}
