/** What the brand holds of a fictional customer: attributes and tags, the computed ones from what it did. */
import type { CustomerRow } from '../profiles/index.ts'
import { dayMs } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { yuanOf } from './behaviour.ts'
import type { DemoEvent } from './behaviour.ts'
import { chanceOf } from './persona.ts'
import type { Persona } from './persona.ts'
import { cityDraw } from './places.ts'
import type { Seeded } from './random.ts'

interface Habits {
  readonly orders: number
  readonly yearOrders: number
  readonly yearFen: number
  readonly totalFen: number
  readonly sinceOrderDays: number
  readonly sinceAnyDays: number
  readonly refunds90: number
  readonly coupons: number
  readonly ordersOf: ReadonlyMap<string, number>
}

/** The row as the loader takes it; what the brand does not know is missing. */
export function profileOf(
  seed: string,
  persona: Persona,
  events: readonly DemoEvent[],
  calendar: Calendar,
): CustomerRow {
  const random = chanceOf(seed, persona.index, 'profile')
  const habits = habitsOf(events, persona, calendar.asOfMs)
  const ageKnown = random.chance(0.9)
  return {
    id: persona.id,
    attributes: {
      ...whereAndWho(random, persona, ageKnown),
      ...standing(persona, habits),
      ...scores(random, habits),
      phone_verified: persona.mobile === undefined ? false : random.chance(0.94),
      skin_concern: random.chance(0.04)
        ? random.pick(['sensitive', 'sensitive', 'eczema', 'acne'])
        : null,
    },
    tags: tagsOf(random, persona, habits),
    identifiers: {
      name: persona.name,
      ...(persona.mobile === undefined ? {} : { mobile: persona.mobile }),
      ...(persona.email === undefined ? {} : { email: persona.email }),
      ...(persona.wecom === undefined ? {} : { wecom: persona.wecom }),
      ...(persona.pushToken === undefined ? {} : { 'push-token': persona.pushToken }),
    },
    person: {
      status: statusOf(random),
      bornOn: ageKnown ? persona.bornOn : null,
      // Only people who tell no birth date are asked, and only adults say so.
      adultDeclared: !ageKnown && persona.age >= 18 && random.chance(0.5),
      noProfiling: random.chance(0.03),
    },
  }
}

const statuses = ['frozen', 'restricted', 'deceased'] as const

const statusOf = (random: Seeded) => (random.chance(0.006) ? random.pick(statuses) : 'active')

function habitsOf(events: readonly DemoEvent[], persona: Persona, asOfMs: number): Habits {
  const daysSince = (atMs: number): number => Math.floor((asOfMs - atMs) / dayMs)
  const paid = events.filter(({ event }) => event === 'order_paid')
  const year = paid.filter(({ atMs }) => daysSince(atMs) < 365)
  const sum = (orders: readonly DemoEvent[]): number =>
    orders.reduce((fen, { paidFen }) => fen + (paidFen ?? 0), 0)
  const ordersOf = new Map<string, number>()
  for (const { properties } of paid) {
    const category = String(properties['category'])
    ordersOf.set(category, (ordersOf.get(category) ?? 0) + 1)
  }
  return {
    orders: paid.length,
    yearOrders: year.length,
    yearFen: sum(year),
    totalFen: sum(paid),
    sinceOrderDays: daysSince(paid.at(-1)?.atMs ?? persona.registeredMs),
    sinceAnyDays: daysSince(events.at(-1)?.atMs ?? persona.registeredMs),
    refunds90: events.filter(({ event, atMs }) => event === 'refund' && daysSince(atMs) < 90)
      .length,
    coupons: events.filter(({ event }) => event === 'coupon_used').length,
    ordersOf,
  }
}

function whereAndWho(random: Seeded, persona: Persona, ageKnown: boolean) {
  const { city } = persona
  return {
    city: random.chance(0.94) ? city.id : null,
    region: random.chance(0.92) ? city.code : null,
    home_city: random.chance(0.68)
      ? random.chance(0.85)
        ? city.id
        : random.draw(cityDraw).id
      : null,
    shipping_city: random.chance(0.8)
      ? random.chance(0.9)
        ? city.id
        : random.draw(cityDraw).id
      : null,
    age: ageKnown ? persona.age : null,
    birthday: ageKnown || random.chance(0.3) ? persona.bornOn.slice(5) : null,
    gender: random.chance(0.91) ? persona.gender : null,
  }
}

const tierFloors = [
  ['platinum', 800_000],
  ['gold', 300_000],
  ['silver', 100_000],
] as const

function standing(persona: Persona, habits: Habits) {
  const tier = tierFloors.find(([, floorFen]) => habits.yearFen >= floorFen)?.[0] ?? 'regular'
  return {
    registered_at: new Date(persona.registeredMs).toISOString(),
    tier,
    points: Math.floor(habits.totalFen / 1_000),
    store: persona.store?.id ?? null,
  }
}

/** Points for the first limit that a value keeps to: 5 down to 1. */
const scoreBy = (limits: readonly number[], keeps: (limit: number) => boolean): number => {
  const place = limits.findIndex(keeps)
  return place === -1 ? 1 : 5 - place
}

function scores(random: Seeded, habits: Habits) {
  const { sinceOrderDays, sinceAnyDays, yearOrders, yearFen, totalFen, orders } = habits
  const stage =
    orders <= 1 && sinceAnyDays < 60
      ? 'new'
      : sinceOrderDays < 120
        ? 'active'
        : sinceOrderDays < 300
          ? 'dormant'
          : 'churned'
  // Thousandths, so that the share is exact however it is written.
  const churn = Math.round(
    1_000 / (1 + Math.exp(-(sinceOrderDays - 150) / 60 + 0.5 * random.normal())),
  )
  const bought = orders > 0
  return {
    stage,
    r_score: bought ? scoreBy([30, 75, 150, 300], (limit) => sinceOrderDays <= limit) : null,
    f_score: bought ? scoreBy([8, 5, 3, 2], (limit) => yearOrders >= limit) : null,
    m_score: bought
      ? scoreBy([300_000, 150_000, 70_000, 25_000], (limit) => yearFen >= limit)
      : null,
    clv: bought ? yuanOf(totalFen + yearFen * random.whole(1, 3)) : null,
    churn: bought ? `0.${String(Math.min(churn, 999)).padStart(3, '0')}` : null,
    income: random.chance(0.45)
      ? yearFen > 500_000
        ? 'high'
        : yearFen > 80_000
          ? 'middle'
          : random.pick(['low', 'middle'])
      : null,
  }
}

function tagsOf(random: Seeded, persona: Persona, habits: Habits): string[] {
  const bought = (category: string): number => habits.ordersOf.get(category) ?? 0
  const held: readonly (readonly [string, boolean])[] = [
    ['camping', bought('outdoor') >= 1 ? random.chance(0.6) : random.chance(0.03)],
    ['coffee', bought('coffee') >= 1 ? random.chance(0.7) : random.chance(0.05)],
    ['pet_owner', bought('pets') >= 1],
    [
      'new_mother',
      persona.gender === 'female' && persona.age >= 22 && persona.age <= 40 && bought('baby') >= 1,
    ],
    ['complained', habits.refunds90 > 0 ? random.chance(0.4) : random.chance(0.015)],
    ['bargain', habits.coupons >= 2],
    ['night_owl', random.chance(0.12)],
    ['pharmacy', random.chance(0.025)],
    ['staff', random.chance(0.004)],
  ]
  return held.filter(([, isHeld]) => isHeld).map(([id]) => id)
}
