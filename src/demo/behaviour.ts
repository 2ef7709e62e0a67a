/** What a fictional customer does over two years: visits, orders, coupons, messages, refunds, in plausible chains. */
import { dayMs, historyDays, minuteMs } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { chanceOf } from './persona.ts'
import type { Persona } from './persona.ts'
import type { GoodsCategory } from './goods.ts'
import { salesChannels } from './goods.ts'
import { weighted } from './random.ts'
import type { Seeded } from './random.ts'

export interface DemoEvent {
  readonly id: string
  readonly event: string
  readonly atMs: number
  readonly properties: Readonly<Record<string, string | number>>
  /** Of an order, in the smallest unit. */
  readonly paidFen?: number
}

type Draft = Omit<DemoEvent, 'id'>

type Story = 'visit' | 'order' | 'coupon' | 'message'

const stories = weighted<Story>([
  ['visit', 50],
  ['order', 23],
  ['coupon', 9],
  ['message', 16],
])

/** `count` events, oldest first. Fewer when the customer only just registered. */
export function behaviourOf(
  seed: string,
  persona: Persona,
  calendar: Calendar,
  count: number,
): readonly DemoEvent[] {
  const random = chanceOf(seed, persona.index, 'behaviour')
  const fromMs = Math.max(persona.registeredMs, calendar.asOfMs - historyDays * dayMs)
  const drafts: Draft[] = []
  if (persona.registeredMs >= fromMs)
    drafts.push({
      event: 'signed_up',
      atMs: persona.registeredMs,
      properties: { channel: persona.channel.id },
    })
  // A story that would run past the end of the world stops there, so a newcomer may need more tries than events.
  for (let tries = 0; drafts.length < count && tries < count * 3 + 10; tries += 1) {
    const atMs = calendar.instant(random, fromMs, persona.leftMs)
    for (const draft of tell(random.draw(stories), random, persona, atMs))
      if (draft.atMs <= calendar.asOfMs) drafts.push(draft)
  }
  return drafts
    .slice(0, count)
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((draft, place) => ({ ...draft, id: `${persona.id}-${place + 1}` }))
}

function tell(story: Story, random: Seeded, persona: Persona, atMs: number): readonly Draft[] {
  switch (story) {
    case 'visit':
      return visit(random, persona, atMs)
    case 'order':
      return order(random, persona, atMs, random.draw(persona.goods), anyChannel(random, persona))
    case 'coupon':
      return coupon(random, persona, atMs)
    case 'message':
      return [message(random, persona, atMs)]
  }
}

const anyChannel = (random: Seeded, persona: Persona): string =>
  random.chance(0.7) ? persona.channel.id : random.pick(salesChannels).id

/** Opens the application, looks around, perhaps fills a cart, perhaps pays. */
function visit(random: Seeded, persona: Persona, atMs: number): Draft[] {
  const channel = random.chance(0.6) ? 'app' : 'mini-program'
  const drafts: Draft[] = [{ event: 'app_opened', atMs, properties: {} }]
  let clock = atMs
  const views = random.chance(0.75) ? random.whole(1, 3) : 0
  const goods = random.draw(persona.goods)
  for (let view = 0; view < views; view += 1) {
    clock += random.whole(20_000, 5 * minuteMs)
    drafts.push({
      event: 'product_viewed',
      atMs: clock,
      properties: { category: goods.id, channel, sku: skuOf(random, goods) },
    })
  }
  if (views === 0 || !random.chance(0.34)) return drafts
  clock += random.whole(10_000, 8 * minuteMs)
  const fen = priceOf(random, persona, goods)
  drafts.push({
    event: 'add_to_cart',
    atMs: clock,
    properties: { amount: yuanOf(fen), category: goods.id, channel, sku: skuOf(random, goods) },
  })
  if (random.chance(0.5))
    drafts.push(
      ...order(random, persona, clock + random.whole(minuteMs, 90 * minuteMs), goods, channel),
    )
  return drafts
}

function order(
  random: Seeded,
  persona: Persona,
  atMs: number,
  goods: GoodsCategory,
  channel: string,
): Draft[] {
  const items = random.chance(0.6) ? 1 : random.whole(2, 5)
  const fen = priceOf(random, persona, goods) * (items > 2 ? 2 : 1)
  const inStore = channel === 'store' && persona.store !== undefined
  const paid: Draft = {
    event: 'order_paid',
    atMs,
    paidFen: fen,
    properties: {
      amount: yuanOf(fen),
      items,
      category: goods.id,
      channel,
      sku: skuOf(random, goods),
      ...(inStore ? { store: persona.store.id } : {}),
    },
  }
  if (!random.chance(persona.refundRate)) return [paid]
  const refundFen = random.chance(0.7) ? fen : Math.ceil(fen / 2)
  return [
    paid,
    {
      event: 'refund',
      atMs: atMs + random.whole(dayMs, 12 * dayMs),
      properties: { amount: yuanOf(refundFen), category: goods.id },
    },
  ]
}

const faceValuesFen = [1_000, 2_000, 3_000, 5_000, 10_000] as const

function coupon(random: Seeded, persona: Persona, atMs: number): Draft[] {
  const properties = { face_value: yuanOf(random.pick(faceValuesFen)) }
  const received: Draft = { event: 'coupon_received', atMs, properties }
  if (!random.chance(0.2 + 0.4 * persona.couponRate)) return [received]
  const usedMs = atMs + random.whole(60 * minuteMs, 10 * dayMs)
  const goods = random.draw(persona.goods)
  return [
    received,
    { event: 'coupon_used', atMs: usedMs, properties },
    ...order(random, persona, usedMs, goods, anyChannel(random, persona)),
  ]
}

function message(random: Seeded, persona: Persona, atMs: number): Draft {
  const ways = [
    ...(persona.mobile === undefined ? [] : ['sms', 'sms']),
    ...(persona.email === undefined ? [] : ['email']),
    ...(persona.wecom === undefined ? [] : ['wecom']),
    'push',
  ]
  return { event: 'message_sent', atMs, properties: { message_channel: random.pick(ways) } }
}

/** Whole fen from five yuan up. */
const priceOf = (random: Seeded, persona: Persona, goods: GoodsCategory): number =>
  Math.max(
    500,
    Math.round(
      (goods.medianFen * persona.spending * Math.exp(goods.spread * random.normal())) / 10,
    ) * 10,
  )

const skuOf = (random: Seeded, goods: GoodsCategory): string =>
  `${goods.id.slice(0, 3).toUpperCase()}-${String(random.whole(1, goods.products)).padStart(3, '0')}`

/** The amount as it is loaded, in units of the currency. */
export const yuanOf = (fen: number): string =>
  `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
