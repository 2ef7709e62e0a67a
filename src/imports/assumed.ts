/**
 * What an import takes consents to mean that say no more than who, for what, by which channel, what and when. The
 * report names all of it. What dataset.json says, by a column, a default or its parties, is never assumed.
 */
import { Temporal } from 'temporal-polyfill'
import type { Deps, RequestContext } from '../audit/index.ts'
import { defineParties, isWithin, listParties } from '../consent/index.ts'
import type { Channel, Parties, PartiesDraft } from '../consent/index.ts'
import { assert } from '../kernel/assert.ts'
import type { Dataset, DatasetConsents } from './dataset.ts'
import { tagColumns } from './draft.ts'
import type { AutoField, FoundValues } from './draft.ts'
import { ImportStopped } from './error.ts'
import { inLoad } from './run.ts'

export interface Assumed {
  /** What a general consent covers that names no categories. */
  readonly categories: readonly string[]
  /** What a consent stands on that names no notice. */
  readonly notice: { readonly id: string; readonly version: number } | null
  /** Made by this import, since nobody had declared them. */
  readonly purposes: readonly string[]
  readonly channels: readonly string[]
  /** Made by this import, since there was none. */
  readonly recipient: string | null
}

/** Between several channels or categories of one cell. */
export const consentSeparator = '|'

export const isSomething = (assumed: Assumed): boolean =>
  Object.values(assumed).some((part) => (Array.isArray(part) ? part.length > 0 : part !== null))

export const assumesCategories = ({ columns, defaults }: DatasetConsents): boolean =>
  columns.categories === undefined && defaults?.categories === undefined

export const assumesNotice = ({ columns, defaults }: DatasetConsents): boolean =>
  (columns.notice ?? columns.noticeVersion ?? defaults?.notice ?? defaults?.noticeVersion) ===
  undefined

/** Columns of purposes and channels, to be made where the dataset declares no parties. */
export function partyFields(dataset: Dataset): readonly AutoField[] {
  if (dataset.parties !== undefined) return []
  return (dataset.consents ?? []).flatMap((declared) => {
    const { file, columns, missing = [], separator = consentSeparator } = declared
    const shared = { file, missing, isParty: true } as const
    const { purpose, channel } = columns
    return [
      ...(purpose === undefined ? [] : [{ ...shared, key: purposeKey(declared), column: purpose }]),
      ...(channel === undefined
        ? []
        : [{ ...shared, key: channelKey(declared), column: channel, separator }]),
    ]
  })
}

// What was found is kept by objects of the dataset: one for each of the two columns of a file.
const purposeKey = (declared: DatasetConsents): object => declared
const channelKey = (declared: DatasetConsents): object => declared.columns

/** Makes what is missing. The catalogue is defined before; nothing that is there already is changed. */
export async function assume(
  deps: Deps,
  context: RequestContext,
  dataset: Dataset,
  found: FoundValues,
): Promise<Assumed> {
  const { consents = [] } = dataset
  if (consents.length === 0)
    return { categories: [], notice: null, purposes: [], channels: [], recipient: null }
  const { known, classes } = await inLoad(deps, context, undefined, async (tx) => ({
    known: await listParties(tx),
    classes: await tx.selectFrom('catalog.category').select(['id', 'data_class']).execute(),
  }))
  const classById = new Map(classes.map((row) => [row.id, row.data_class]))
  const categories = consents.some(assumesCategories)
    ? coveredCategories(categoriesOf(dataset), classById)
    : []
  const made = dataset.parties === undefined ? missingParties(dataset, found, known) : {}
  const notice = consents.some(assumesNotice)
    ? noticeFor(dataset, categories, known, deps.clock.now())
    : undefined
  const notices = notice === undefined || known.notices.includes(notice) ? [] : [notice]
  const { purposes = [], channels = [], recipients = [] } = made
  if (purposes.length + channels.length + recipients.length + notices.length > 0) {
    const { idempotency: _, ...plain } = context
    const defined = await defineParties(deps, plain, { ...made, notices })
    if (!defined.ok) {
      assert(defined.error.code !== 'idempotency-key-reused', 'no key was given')
      throw new ImportStopped({ code: 'parties-refused', cause: defined.error })
    }
  }
  return {
    categories,
    notice: notice === undefined ? null : { id: notice.id, version: notice.version },
    purposes: purposes.map(({ id }) => id),
    channels: channels.map(({ id }) => id),
    recipient: recipients[0]?.id ?? null,
  }
}

/** Every category that the dataset declares or places something in. */
function categoriesOf(dataset: Dataset): readonly string[] {
  const { categories = [], customers, events = [] } = dataset
  const placed = [
    ...Object.values(customers?.attributes ?? {}).filter(({ type }) => type !== 'tags'),
    ...events,
    ...tagColumns(dataset),
  ].flatMap(({ category }) => category ?? [])
  return [...new Set([...categories.map(({ id }) => id), ...placed])].sort()
}

const plainClasses: ReadonlySet<string | undefined> = new Set(['S0', 'S1'])

/** A consent reaches down, so a category with a sensitive one below it is left out. PIPL Art. 29. */
function coveredCategories(
  named: readonly string[],
  classById: ReadonlyMap<string, string>,
): readonly string[] {
  const sensitive = [...classById.keys()].filter((id) => !plainClasses.has(classById.get(id)))
  return named.filter((id) => classById.has(id) && !sensitive.some((other) => isWithin(other, id)))
}

const purposeId = /^(?=.{1,64}$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/
const channelId = /^[a-z][a-z0-9_]{0,63}$/
const ownRecipient = {
  id: 'own',
  label: { en: 'Own brand', zh: '本品牌' },
  role: 'internal',
} as const

/** What the files name in a shape that an id can have. Rows with other words are rejected later, as unknown. */
function missingParties(dataset: Dataset, found: FoundValues, known: Parties): PartiesDraft {
  const named = (keyOf: (declared: DatasetConsents) => object, part: 'purpose' | 'channel') =>
    new Set(
      (dataset.consents ?? []).flatMap((declared) => [
        ...(found.get(keyOf(declared)) ?? []),
        ...(declared.defaults?.[part] ?? '').split(declared.separator ?? consentSeparator),
      ]),
    )
  const knownPurposes = new Set(known.purposes.map(({ id }) => id))
  const knownChannels = new Set(known.channels.map(({ id }) => id))
  const purposes = [...named(purposeKey, 'purpose')]
    .filter((id) => purposeId.test(id) && !knownPurposes.has(id))
    .sort()
  const channels = [...named(channelKey, 'channel')]
    .filter((id) => channelId.test(id) && !knownChannels.has(id))
    .sort()
  const all = new Set([...knownPurposes, ...purposes])
  return {
    purposes: purposes.map((id) => ({
      id,
      label: { en: id, zh: id },
      kind: 'marketing' as const,
      coveredBy: [...all].filter((other) => other !== id && isWithin(id, other)),
    })),
    channels: channels.map(channelOf),
    recipients: known.recipients.length === 0 ? [ownRecipient] : [],
  }
}

const contactKinds: ReadonlyMap<string, string> = new Map([
  ...['sms', 'mms', 'phone', 'call'].map((id) => [id, 'mobile'] as const),
  ...['email', 'edm', 'mail'].map((id) => [id, 'email'] as const),
])

const channelOf = (id: string): Channel => ({
  id,
  label: { en: id, zh: id },
  identifierKind: contactKinds.get(id) ?? null,
})

/** The notice that covers these categories: one of an earlier import, or the next version. */
function noticeFor(
  dataset: Dataset,
  categories: readonly string[],
  known: Parties,
  now: Date,
): Parties['notices'][number] {
  const id = `imported.${dataset.name}`
  const earlier = known.notices.filter((notice) => notice.id === id)
  const covered = coveredLine(categories)
  const same = earlier.find(({ text }) => text.endsWith(covered))
  if (same !== undefined) return same
  const version = Math.max(0, ...earlier.map((notice) => notice.version)) + 1
  return { id, version, language: 'mul', text: `${noticeText(dataset, now)}\n${covered}` }
}

const coveredLine = (categories: readonly string[]): string =>
  categories.length === 0
    ? '类别 / Categories: 以文件所列为准 / as the file names them.'
    : `文件未写明类别时视为涵盖 / Where the file names none, taken to cover: ${categories.join(', ')}.`

function noticeText({ name, timeZone }: Dataset, now: Date): string {
  const day = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
  return [
    `这些同意于 ${day} 从数据集“${name}”的文件导入，内容以品牌自己的记录为准；文件没有写明当时所依据的告知文本。不作为对敏感个人信息的单独同意。`,
    `These consents were taken over on ${day} from the file of the dataset "${name}", as the brand recorded them; the file does not name the notice that people were shown. They are no separate consent to sensitive personal information.`,
  ].join('\n')
}
