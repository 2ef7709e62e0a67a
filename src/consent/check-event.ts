/** Says of a consent event, as a source sends it, whether it may enter the ledger. Nothing doubtful becomes a consent. */
import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import type { DutyTx } from '../db/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { LedgerEvent } from './fold.ts'
import { isConsentKind, isConsentState, isGrant, isWithin, namesRecipient } from './vocabulary.ts'
import type { ConsentKind } from './vocabulary.ts'

/** A consent event of the contract; words are checked here, one event at a time. */
export interface ConsentEventInput {
  readonly eventId: string
  /** The brand's own customer id. */
  readonly subject: string
  /** Also `separate:recipient:<id>`, `separate:cross_border:<id>` and `separate:sensitive:<category>`. */
  readonly kind: string
  readonly purpose: string
  /** Empty, for a withdrawal or refusal only: all of them. */
  readonly channels: readonly string[]
  readonly categories: readonly string[]
  readonly recipient?: string | undefined
  readonly state: string
  /** RFC 3339. */
  readonly effectiveAt: string
  readonly validUntil?: string | undefined
  /** A grant needs it. */
  readonly notice?: { readonly id: string; readonly version: number } | undefined
  readonly mechanism: string
  readonly source: string
  readonly evidence?: string | undefined
}

export interface CheckedConsentEvent extends LedgerEvent {
  readonly mechanism: string
  readonly evidence?: string
}

export interface ConsentRejection {
  readonly code:
    | 'text-invalid'
    | 'text-too-long'
    | 'kind-unknown'
    | 'state-unknown'
    | 'purpose-unknown'
    | 'channel-unknown'
    | 'channel-missing'
    | 'category-unknown'
    | 'category-missing'
    | 'category-outside-kind'
    | 'recipient-unknown'
    | 'recipient-missing'
    | 'recipient-unexpected'
    | 'notice-unknown'
    | 'notice-missing'
    | 'mechanism-refused'
    | 'time-invalid'
    | 'time-in-future'
    | 'validity-empty'
    | 'subject-unknown'
  /** Name of the input's field. */
  readonly field: string
}

/** What an event may name. */
export interface ConsentVocabulary {
  readonly purposes: ReadonlySet<string>
  readonly channels: ReadonlySet<string>
  readonly recipients: ReadonlySet<string>
  /** `id version`. */
  readonly notices: ReadonlySet<string>
  /** Every category and everything above one. */
  readonly categories: ReadonlySet<string>
}

/** Reads it as any duty that may see the parties and the catalogue. */
export async function readVocabulary(tx: DutyTx): Promise<ConsentVocabulary> {
  const idsOf = async (table: 'consent.purpose' | 'consent.channel' | 'consent.recipient') =>
    new Set((await tx.selectFrom(table).select('id').execute()).map(({ id }) => id))
  const notices = await tx.selectFrom('consent.notice').select(['id', 'version']).execute()
  const { rows: categories } = await sql<{ id: string }>`select id from catalog.category`.execute(
    tx,
  )
  return {
    purposes: await idsOf('consent.purpose'),
    channels: await idsOf('consent.channel'),
    recipients: await idsOf('consent.recipient'),
    notices: new Set(notices.map(({ id, version }) => `${id} ${version}`)),
    categories: new Set(categories.flatMap(({ id }) => andAbove(id))),
  }
}

const andAbove = (category: string): string[] => {
  const parts = category.split('.')
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'))
}

/** Clocks of sources may run ahead by so much. */
const futureToleranceMs = 5 * 60_000
const idLengthMax = 200
const evidenceLengthMax = 1_000

/** Ways of "obtaining" consent that obtain none. PIPL Art. 5, 14. */
const refusedMechanisms: ReadonlySet<string> = new Set([
  'preticked',
  'bundled',
  'implied',
  'silence',
])

type Check = ConsentRejection | undefined

const reject = (code: ConsentRejection['code'], field: string): ConsentRejection => ({
  code,
  field,
})

/** Checks everything but who the subject is. `now` is the present moment. */
export function checkConsentEvent(
  vocabulary: ConsentVocabulary,
  event: ConsentEventInput,
  now: Date,
): Result<CheckedConsentEvent, ConsentRejection> {
  const textRefusal = checkTexts(event)
  if (textRefusal !== undefined) return err(textRefusal)
  if (!isConsentState(event.state)) return err(reject('state-unknown', 'state'))
  const named = readKind(event)
  if (!named.ok) return named
  const { kind, categories, recipient } = named.value
  const mayPermit = isGrant(event.state)
  const refusal =
    checkNames(vocabulary, event, categories) ??
    checkRecipient(vocabulary, kind, recipient) ??
    checkNotice(vocabulary, event, mayPermit) ??
    (mayPermit ? checkGrant(event, categories) : undefined)
  if (refusal !== undefined) return err(refusal)
  const times = readTimes(event, now, mayPermit)
  if (!times.ok) return times
  return ok({
    source: event.source,
    eventId: event.eventId,
    kind,
    purpose: event.purpose,
    channels: event.channels,
    categories,
    state: event.state,
    mechanism: event.mechanism,
    ...times.value,
    ...(recipient === undefined ? {} : { recipient }),
    ...(event.notice === undefined ? {} : { notice: event.notice }),
    ...(event.evidence === undefined ? {} : { evidence: event.evidence }),
  })
}

function checkTexts(event: ConsentEventInput): Check {
  const ids = ['eventId', 'subject', 'mechanism', 'source'] as const
  for (const field of ids) {
    if (!isPlainText(event[field])) return reject('text-invalid', field)
    if (event[field].length > idLengthMax) return reject('text-too-long', field)
  }
  if (event.evidence === undefined) return undefined
  if (!isPlainText(event.evidence)) return reject('text-invalid', 'evidence')
  return event.evidence.length > evidenceLengthMax ? reject('text-too-long', 'evidence') : undefined
}

/** Without control characters and half characters, which the database does not take. */
const isPlainText = (text: string): boolean =>
  text.length > 0 && text.isWellFormed() && !/\p{Cc}/u.test(text)

interface NamedKind {
  readonly kind: ConsentKind
  readonly categories: readonly string[]
  readonly recipient: string | undefined
}

/** A kind may carry its recipient or category in its own name. */
function readKind(event: ConsentEventInput): Result<NamedKind, ConsentRejection> {
  const { kind, categories, recipient } = event
  if (isConsentKind(kind)) return ok({ kind, categories, recipient })
  const match = /^(separate:(?:sensitive|recipient|cross_border)):(.+)$/.exec(kind)
  const [, base = '', carried = ''] = match ?? []
  if (!isConsentKind(base)) return err(reject('kind-unknown', 'kind'))
  if (base === 'separate:sensitive') {
    if (!categories.every((category) => isWithin(category, carried)))
      return err(reject('category-outside-kind', 'categories'))
    return ok({
      kind: base,
      categories: categories.length === 0 ? [carried] : categories,
      recipient,
    })
  }
  if (recipient !== undefined && recipient !== carried)
    return err(reject('recipient-unexpected', 'recipient'))
  return ok({ kind: base, categories, recipient: carried })
}

function checkNames(
  vocabulary: ConsentVocabulary,
  event: ConsentEventInput,
  categories: readonly string[],
): Check {
  if (!vocabulary.purposes.has(event.purpose)) return reject('purpose-unknown', 'purpose')
  if (!event.channels.every((channel) => vocabulary.channels.has(channel)))
    return reject('channel-unknown', 'channels')
  return categories.every((category) => vocabulary.categories.has(category))
    ? undefined
    : reject('category-unknown', 'categories')
}

function checkRecipient(
  vocabulary: ConsentVocabulary,
  kind: ConsentKind,
  recipient: string | undefined,
): Check {
  if (!namesRecipient(kind))
    return recipient === undefined ? undefined : reject('recipient-unexpected', 'recipient')
  if (recipient === undefined) return reject('recipient-missing', 'recipient')
  return vocabulary.recipients.has(recipient) ? undefined : reject('recipient-unknown', 'recipient')
}

function checkNotice(
  vocabulary: ConsentVocabulary,
  event: ConsentEventInput,
  mayPermit: boolean,
): Check {
  if (event.notice === undefined) return mayPermit ? reject('notice-missing', 'notice') : undefined
  const { id, version } = event.notice
  return vocabulary.notices.has(`${id} ${version}`) ? undefined : reject('notice-unknown', 'notice')
}

/** A grant says what it covers and was obtained by an act of the person; who takes consent back need not. */
function checkGrant(event: ConsentEventInput, categories: readonly string[]): Check {
  if (event.channels.length === 0) return reject('channel-missing', 'channels')
  if (categories.length === 0) return reject('category-missing', 'categories')
  const mechanism = event.mechanism.toLowerCase().replace(/[^\p{L}]/gu, '')
  return refusedMechanisms.has(mechanism) ? reject('mechanism-refused', 'mechanism') : undefined
}

interface Times {
  readonly effectiveAt: Date
  readonly validUntil?: Date
}

function readTimes(
  event: ConsentEventInput,
  now: Date,
  mayPermit: boolean,
): Result<Times, ConsentRejection> {
  const effectiveAt = readInstant(event.effectiveAt)
  if (effectiveAt === undefined) return err(reject('time-invalid', 'effectiveAt'))
  if (effectiveAt.getTime() > now.getTime() + futureToleranceMs)
    return err(reject('time-in-future', 'effectiveAt'))
  if (event.validUntil === undefined) return ok({ effectiveAt })
  const validUntil = readInstant(event.validUntil)
  if (validUntil === undefined) return err(reject('time-invalid', 'validUntil'))
  if (mayPermit && validUntil.getTime() <= effectiveAt.getTime())
    return err(reject('validity-empty', 'validUntil'))
  return ok({ effectiveAt, validUntil })
}

const instantPattern =
  /^(?!0000)\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/** Undefined for a day or time that does not exist. To the millisecond. */
function readInstant(text: string): Date | undefined {
  if (!instantPattern.test(text)) return undefined
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    return undefined
  }
}
