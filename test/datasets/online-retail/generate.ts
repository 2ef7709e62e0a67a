/**
 * Writes contacts.csv.gz and consents.csv.gz for the customers of the online retail set, which has neither.
 *
 * Everything in them is invented: names from two short lists, mobiles of a prefix that is given to nobody, addresses
 * at example.com. Run again it writes the same: `node test/datasets/online-retail/generate.ts CUSTOMERS.csv`.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const seed = 'online-retail/1'

/** A number in [0, 1) that belongs to this customer and question, whoever else is asked. */
const drawOf =
  (id: string) =>
  (question: string): number =>
    createHash('sha256').update(`${seed}/${id}/${question}`).digest().readUInt32BE(0) / 2 ** 32

type Draw = ReturnType<typeof drawOf>

const given = [
  'Alice',
  'Bruno',
  'Chen',
  'Dora',
  'Emil',
  'Fang',
  'Greta',
  'Hugo',
  'Iris',
  'Jun',
  'Kira',
  'Lei',
  'Mona',
  'Nils',
  'Olga',
  'Ping',
]
const family = [
  'Adler',
  'Brook',
  'Castle',
  'Deng',
  'Ellis',
  'Frost',
  'Gao',
  'Hill',
  'Ivers',
  'Jiang',
  'Keller',
  'Lake',
  'Moor',
  'Ning',
  'Oaks',
  'Pei',
]

const pick = (draw: Draw, question: string, words: readonly string[]): string =>
  words[Math.floor(draw(question) * words.length)] ?? ''

export function contactsCsv(ids: readonly string[]): string {
  const rows = ids.map((id, index) => {
    const draw = drawOf(id)
    const first = pick(draw, 'given', given)
    const last = pick(draw, 'family', family)
    const mobile = draw('has-mobile') < 0.93 ? `160${String(index).padStart(8, '0')}` : ''
    const address = `${first}.${last}.${index}@example.com`.toLowerCase()
    const email = draw('has-email') < 0.88 ? address : ''
    const adult = draw('adult') < 0.94 ? 'yes' : ''
    const noProfiling = draw('no-profiling') < 0.02 ? 'yes' : ''
    return [id, `${first} ${last}`, mobile, email, adult, noProfiling].join(',')
  })
  return ['customer_id,name,mobile,email,adult,no_profiling', ...rows, ''].join('\n')
}

const dayMs = 86_400_000
const firstDay = Date.parse('2021-01-01T00:00:00Z')
const days = 1_200

const dayOf = (draw: Draw, question: string, from = 0): number =>
  from + 1 + Math.floor(draw(question) * (days - from - 1))
const timeOf = (day: number): string =>
  new Date(firstDay + day * dayMs).toISOString().replace('.000', '')

const channels = ['sms', 'email'] as const
const categories = 'demographic|transaction'
const header =
  'event_id,customer_id,kind,purpose,channel,categories,recipient,state,effective_at,valid_until,notice,notice_version,mechanism'

interface ConsentRow {
  readonly kind?: string
  readonly purpose: string
  readonly channel: string
  readonly categories?: string
  readonly recipient?: string
  readonly state: string
  readonly day: number
  readonly validUntil?: string
  readonly noticeVersion?: number
}

/** One in twelve has no record at all; the others answered, refused, took it back, let it run out, or half of that. */
export function consentsCsv(ids: readonly string[]): string {
  const rows = ids.flatMap((id) => {
    const draw = drawOf(id)
    if (draw('record') < 1 / 12) return []
    return channels.flatMap((channel) => consentsFor(draw, channel)).map((row) => ({ id, row }))
  })
  // Numbered through: an id made of the customer's would be an identifier in the ledger.
  const lines = rows.map(({ id, row }, index) => rowText(id, index, row))
  return [header, ...lines, ''].join('\n')
}

function consentsFor(draw: Draw, channel: string): readonly ConsentRow[] {
  const ask = (question: string): number => draw(`${channel}/${question}`)
  const outcome = ask('outcome')
  const day = dayOf(ask, 'day')
  // Most agree to all marketing, some to promotions alone, a few to the use of their purchases but not their country.
  const purpose = ask('purpose') < 0.75 ? 'marketing' : 'marketing.promotion'
  const covered = ask('categories') < 0.9 ? categories : 'transaction'
  const grant: ConsentRow = { purpose, channel, categories: covered, state: 'given', day }
  if (outcome < 0.06) return []
  if (outcome < 0.16) return [{ ...grant, state: 'refused' }]
  if (outcome < 0.2) return [{ ...grant, state: 'requested' }]
  if (outcome < 0.3) {
    const later = dayOf(ask, 'withdrawn', day)
    return [grant, { purpose: 'marketing', channel, state: 'withdrawn', day: later }]
  }
  if (outcome < 0.36) return [{ ...grant, validUntil: timeOf(days + 30) }]
  if (outcome < 0.42) return [{ ...grant, noticeVersion: 1 }]
  const partner = ask('partner') < 0.3
  return partner
    ? [grant, { ...grant, kind: 'separate:recipient', recipient: 'ad-platform' }]
    : [grant]
}

function rowText(id: string, index: number, row: ConsentRow): string {
  const {
    kind = 'general',
    purpose,
    channel,
    categories: covered = '',
    recipient = '',
    state,
  } = row
  return [
    `consent-${index + 1}`,
    id,
    kind,
    purpose,
    channel,
    covered,
    recipient,
    state,
    timeOf(row.day),
    row.validUntil ?? '',
    'privacy',
    row.noticeVersion ?? 2,
    'web-form',
  ].join(',')
}

/** Customer ids in the order of the file. */
export const readIds = (customersFile: string): readonly string[] =>
  readFileSync(customersFile, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '')
    .filter((id) => id !== '')

const [, script, customersFile] = process.argv
if (
  script !== undefined &&
  path.resolve(script) === import.meta.filename &&
  customersFile !== undefined
) {
  const ids = readIds(customersFile)
  const folder = import.meta.dirname
  writeFileSync(path.join(folder, 'contacts.csv.gz'), gzipSync(contactsCsv(ids), { level: 9 }))
  writeFileSync(path.join(folder, 'consents.csv.gz'), gzipSync(consentsCsv(ids), { level: 9 }))
}
