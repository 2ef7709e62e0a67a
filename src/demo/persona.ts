/** One fictional customer: who it is and how it lives, before anything happens. */
import { historyDays, dayMs, localDay } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { goodsCategories, salesChannelDraw } from './goods.ts'
import type { GoodsCategory, SalesChannel } from './goods.ts'
import { inventName } from './names.ts'
import { cityDraw, storesIn } from './places.ts'
import type { City, Store } from './places.ts'
import { seededBy, weighted } from './random.ts'
import type { Seeded, Weighted } from './random.ts'

export interface Persona {
  readonly index: number
  /** The brand's own id. */
  readonly id: string
  readonly name: string
  readonly gender: 'female' | 'male'
  readonly city: City
  /** `YYYY-MM-DD`, of everybody; whether the brand knows it is another matter. */
  readonly bornOn: string
  readonly age: number
  readonly mobile: string | undefined
  readonly email: string | undefined
  readonly wecom: string | undefined
  readonly pushToken: string | undefined
  readonly registeredMs: number
  /** After it nothing happens any more. */
  readonly leftMs: number
  readonly goods: Weighted<GoodsCategory>
  readonly favourite: GoodsCategory
  readonly channel: SalesChannel
  readonly store: Store | undefined
  readonly spending: number
  readonly refundRate: number
  readonly couponRate: number
}

/** The stream of chance of one customer and one matter, so that customers can be made in any order. */
export const chanceOf = (seed: string, index: number, matter: string): Seeded =>
  seededBy(`${seed}/${matter}/${index}`)

/** How much somebody does, relative to others: a few do a lot. */
export const activityOf = (seed: string, index: number): number =>
  Math.exp(1.1 * chanceOf(seed, index, 'activity').normal())

/** Share of people under 14 and of 14 to 17, as families register their children. */
const childShare = 0.008
const teenShare = 0.022

export function personaOf(seed: string, index: number, calendar: Calendar): Persona {
  const random = chanceOf(seed, index, 'persona')
  const gender = random.chance(0.64) ? 'female' : 'male'
  const { full, pinyin } = inventName(random, gender)
  const city = random.draw(cityDraw)
  const { bornOn, age } = drawBirth(random, calendar.asOfMs)
  const registeredMs = drawRegistration(random, calendar.asOfMs)
  const goods = tastes(random, gender, age)
  const stores = storesIn(city)
  const has = (probability: number): boolean => random.chance(probability)
  return {
    index,
    id: `D${String(index + 1).padStart(7, '0')}`,
    name: full,
    gender,
    city,
    bornOn,
    age,
    mobile: has(0.93) ? inventMobile(index) : undefined,
    email: has(0.62) ? `${pinyin}${index + 1}@example.com` : undefined,
    wecom: has(0.34) ? `wc-${index + 1}` : undefined,
    pushToken: has(0.45) ? `push-${index + 1}` : undefined,
    registeredMs,
    leftMs: drawLeaving(random, registeredMs, calendar.asOfMs),
    goods,
    favourite: random.draw(goods),
    channel: random.draw(salesChannelDraw),
    store: stores.length > 0 && has(0.7) ? random.pick(stores) : undefined,
    spending: Math.exp(0.45 * random.normal()),
    refundRate: Math.min(0.5, 0.04 * Math.exp(0.8 * random.normal())),
    couponRate: random.unit(),
  }
}

/**
 * A mobile number that nobody has: 154 is no prefix of any operator. The multiplier has no factor in common with the
 * size of the range, so no two customers share a number.
 */
const inventMobile = (index: number): string =>
  `154${String((index * 61_803_399 + 31_415_926) % 100_000_000).padStart(8, '0')}`

function drawBirth(random: Seeded, asOfMs: number) {
  const kind = random.unit()
  const age =
    kind < childShare
      ? random.whole(6, 13)
      : kind < childShare + teenShare
        ? random.whole(14, 17)
        : Math.round(Math.min(84, Math.max(18, 34 + 12 * random.normal())))
  const today = localDay(asOfMs)
  const monthDay = localDay(asOfMs - random.whole(0, 364) * dayMs).slice(5)
  const hadBirthday = monthDay <= today.slice(5)
  const year = Number(today.slice(0, 4)) - age - (hadBirthday ? 0 : 1)
  return { age, bornOn: validDay(`${year}-${monthDay}`) }
}

/** 29 February where the year has none becomes the day before. */
const validDay = (text: string): string =>
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) ? text : text.replace('-29', '-28')

/** Mostly within the history, more of late; some are older members. */
function drawRegistration(random: Seeded, asOfMs: number): number {
  const days = random.chance(0.3)
    ? historyDays + random.whole(1, 1_100)
    : Math.floor(historyDays * (1 - Math.sqrt(random.unit())))
  return asOfMs - days * dayMs - random.whole(0, dayMs - 1)
}

function drawLeaving(random: Seeded, registeredMs: number, asOfMs: number): number {
  if (random.chance(0.58)) return asOfMs
  const earliest = Math.max(registeredMs, asOfMs - historyDays * dayMs)
  return Math.floor(earliest + random.unit() * (asOfMs - earliest))
}

/** Everybody likes a few things much more than the rest. */
function tastes(random: Seeded, gender: 'female' | 'male', age: number): Weighted<GoodsCategory> {
  const bias = (item: GoodsCategory): number => {
    if (item.id === 'makeup' || item.id === 'skincare') return gender === 'female' ? 1.6 : 0.35
    if (item.id === 'baby') return age >= 25 && age <= 38 ? 2.2 : 0.3
    if (item.id === 'digital' || item.id === 'outdoor') return gender === 'male' ? 1.8 : 0.7
    return 1
  }
  return weighted(
    goodsCategories.map((item) => [item, item.weight * bias(item) * Math.exp(random.normal())]),
  )
}
