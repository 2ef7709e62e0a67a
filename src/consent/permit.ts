/**
 * Whether one person may be used: slow, plain and independent of the database, so that the SQL of consent.verdict can
 * be compared with it. Source: privacy.md A.4 to A.6, B.3.
 *
 * INVARIANT: equal to the database for every person, use, rule and moment (test/consent/permit-sql.test.ts).
 */
import type { Use } from '../audit/index.ts'
import { isLive } from './fold.ts'
import type { LedgerEvent } from './fold.ts'
import type { Contract, Purpose, Recipient } from './party.ts'
import type { PermitReason } from './permit-reason.ts'
import { isWithin } from './vocabulary.ts'
import type { ConsentKind } from './vocabulary.ts'

/** What the decision needs to know of the deployment. */
export interface ConsentWorld {
  readonly timeZone: string
  readonly unknownAge: 'exclude' | 'include'
  readonly categories: readonly { readonly id: string; readonly dataClass: string }[]
  readonly purposes: readonly Omit<Purpose, 'label'>[]
  readonly channels: readonly string[]
  readonly recipients: readonly Pick<Recipient, 'id' | 'role' | 'country'>[]
  readonly contracts: readonly Contract[]
}

export interface PersonFacts {
  readonly status: 'active' | 'erased' | 'frozen' | 'restricted' | 'deceased'
  /** Calendar date `YYYY-MM-DD`. */
  readonly bornOn?: string
  readonly adultDeclared: boolean
  readonly noProfiling: boolean
  readonly events: readonly LedgerEvent[]
  readonly suppressions: readonly Suppression[]
}

export interface Suppression {
  /** `*` is every channel. */
  readonly channel: string
}

/** What the rule asks of a person's data. */
export interface RuleFacts {
  /** Dotted data categories of everything the rule reads, as written. */
  readonly categories: readonly string[]
  /** It looks at the person, be it to leave them out. */
  readonly personalised: boolean
}

interface Asked {
  readonly world: ConsentWorld
  readonly use: Use
  readonly rule: RuleFacts
  readonly at: Date
}

/** The first reason against it, or null when permitted. A person of whom nothing is known has no `person`. */
export function permit(
  world: ConsentWorld,
  person: PersonFacts | undefined,
  use: Use,
  rule: RuleFacts,
  at: Date,
): PermitReason | null {
  const asked: Asked = { world, use, rule: withoutFree(world, rule), at }
  if (person === undefined || person.status !== 'active') return 'status'
  if (!isOldEnough(person, asked)) return 'age'
  if (!hasGeneral(person, asked)) return 'general'
  if (!hasSensitive(person, asked)) return 'sensitive'
  if (!mayReceive(person, asked)) return 'recipient'
  // No mechanism for sending data abroad is on record, so none is sent.
  if (recipientOf(asked)?.country !== 'CN') return 'border'
  if (rule.personalised && person.noProfiling) return 'profiling'
  const isSuppressed = person.suppressions.some(
    ({ channel }) => channel === use.channel || channel === '*',
  )
  return isSuppressed ? 'suppression' : null
}

/** Operational facts (reachability, consent state) are free to every rule. privacy.md C.2. */
const withoutFree = (world: ConsentWorld, rule: RuleFacts): RuleFacts => ({
  ...rule,
  categories: rule.categories.filter(
    (id) => world.categories.find((category) => category.id === id)?.dataClass !== 'S0',
  ),
})

const purposeOf = ({ world, use }: Asked) => world.purposes.find(({ id }) => id === use.purpose)

const recipientOf = ({ world, use }: Asked) =>
  world.recipients.find(({ id }) => id === use.recipient)

/** A purpose that nobody knows is treated as marketing. */
const isMarketing = (asked: Asked): boolean => purposeOf(asked)?.kind !== 'service'

function isOldEnough(person: PersonFacts, asked: Asked): boolean {
  const { world, rule, at } = asked
  const today = localDate(at, world.timeZone)
  if (person.bornOn === undefined)
    return !isMarketing(asked) || person.adultDeclared || world.unknownAge === 'include'
  const reached = (years: number): boolean => birthday(person.bornOn ?? '', years) <= today
  if (isMarketing(asked)) return reached(14) && (!rule.personalised || reached(18))
  return reached(14) || holds(person, asked, 'guardian', rule.categories)
}

function hasGeneral(person: PersonFacts, asked: Asked): boolean {
  const until = purposeOf(asked)?.validUntil
  if (until !== undefined && until.getTime() <= asked.at.getTime()) return false
  return holds(person, asked, 'general', asked.rule.categories)
}

function hasSensitive(person: PersonFacts, asked: Asked): boolean {
  const classOf = (id: string) =>
    asked.world.categories.find((category) => category.id === id)?.dataClass
  const { categories } = asked.rule
  if (categories.some((id) => classOf(id) === 'S3' || classOf(id) === 'S4')) return false
  const sensitive = categories.filter((id) => classOf(id) === 'S2')
  return sensitive.length === 0 || holds(person, asked, 'separate:sensitive', sensitive)
}

function mayReceive(person: PersonFacts, asked: Asked): boolean {
  switch (recipientOf(asked)?.role) {
    case undefined:
      return false
    case 'internal':
      return true
    case 'processor':
      return isContracted(asked)
    case 'handler':
      return holds(person, asked, 'separate:recipient', asked.rule.categories)
    case 'joint':
      return (
        isContracted(asked) && holds(person, asked, 'separate:recipient', asked.rule.categories)
      )
  }
}

function isContracted({ world, use, rule, at }: Asked): boolean {
  return world.contracts.some(
    (contract) =>
      contract.recipient === use.recipient &&
      contract.purposes.includes(use.purpose) &&
      contract.channels.includes(use.channel) &&
      contract.validFrom.getTime() <= at.getTime() &&
      at.getTime() < contract.validUntil.getTime() &&
      rule.categories.every((id) => contract.categories.some((named) => isWithin(id, named))),
  )
}

/** Consent of one kind covers every category; a rule that reads none still needs some consent for the use. */
function holds(
  person: PersonFacts,
  asked: Asked,
  kind: ConsentKind,
  categories: readonly string[],
): boolean {
  const purpose = purposeOf(asked)
  const { world, use, at } = asked
  if (purpose === undefined || !world.channels.includes(use.channel)) return false
  const known = world.categories.map(({ id }) => id)
  // A category that the catalogue does not know can be covered by nothing.
  if (!categories.every((id) => known.includes(id))) return false
  const covers = (category: string): boolean =>
    isLive(person.events, {
      kind,
      purpose,
      channel: use.channel,
      category,
      at,
      ...(kind === 'separate:recipient' ? { recipient: use.recipient } : {}),
    })
  return categories.length === 0 ? known.some(covers) : categories.every(covers)
}

/** The day on which somebody turns so many years: born on 29 February, in other years on 1 March. */
function birthday(bornOn: string, years: number): string {
  const [year = '', month = '', day = ''] = bornOn.split('-')
  const turned = Number(year) + years
  const isLeap = turned % 4 === 0 && (turned % 100 !== 0 || turned % 400 === 0)
  const monthDay = month === '02' && day === '29' && !isLeap ? '03-01' : `${month}-${day}`
  return `${String(turned).padStart(4, '0')}-${monthDay}`
}

function localDate(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)
}
