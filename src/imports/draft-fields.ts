/** Names, labels and types of the fields in a drafted dataset.json. */
import type { Label } from '#grammar'
import type { GuessedColumn } from './guess-column.ts'

const moneyName =
  /amount|price|charge|paid|spend|spent|sales|cost|revenue|income|balance|金额|价|费|收入|余额/i
const codeName = /(?:^|[_ -])(?:id|no|code|key|zip|zipcode|number)$|postal|zip_code|编号|邮编/i
/** What says how somebody stands with money is judged with more care. */
const financialName = /income|balance|credit|loan|debt|default|收入|余额|贷/i

/** Kinds of contact data and the column names that they go by; they belong in the vault and nowhere else. */
const identifierNames: readonly (readonly [string, RegExp])[] = [
  ['email', /^e?-?mail(?:[_ ]?address)?$|邮箱/i],
  ['mobile', /^(?:mobile|phone|cell)(?:[_ ]?(?:no|number))?$|手机|电话/i],
  ['fax', /^fax(?:[_ ]?(?:no|number))?$|传真/i],
  ['name', /^(?:full[_ ]?|customer[_ ]?|user[_ ]?)?name$|姓名/i],
  ['first-name', /^first[_ ]?name$/i],
  ['last-name', /^last[_ ]?name$/i],
  ['address', /^(?:street[_ ]?)?address$|地址/i],
  ['device', /advertising[_ ]?id$|anonymous[_ ]?id$|^idfa$|^oaid$/i],
]
const birthName = /^(?:birth[_ ]?(?:date|day)|date[_ ]?of[_ ]?birth|dob|born|生日|出生日期)$/i

/** Takes out of a customer's columns what says who they are. */
export function personOf(columns: readonly GuessedColumn[]) {
  const identifiers: Record<string, string> = {}
  const birth = columns.find(({ name, type }) => birthName.test(name) && type === 'date')
  const others = columns.filter((column) => {
    if (column === birth) return false
    const kind = identifierNames.find(([, pattern]) => pattern.test(column.name))?.[0]
    if (kind === undefined) return true
    // A second column of a kind is left out: it is no attribute either.
    identifiers[kind] ??= column.name
    return false
  })
  const person = birth === undefined ? {} : { birthDate: birth.name }
  return { identifiers, person, others }
}

/** Fields by ids that are made of the columns' names; a column without values is none. */
export function fieldsOf(
  columns: readonly GuessedColumn[],
  use: 'attribute' | 'property',
): Record<string, object> {
  const fields: Record<string, object> = {}
  for (const column of columns) {
    if (column.type === 'empty') continue
    const wanted = idOf(column.name)
    let id = wanted
    for (let next = 2; id in fields; next += 1) id = `${wanted}_${next}`
    fields[id] = {
      column: column.name,
      ...typeOf(column),
      label: labelOf(column.name, id === wanted ? '' : ` ${id.slice(wanted.length + 1)}`),
      ...(column.missing.includes('-') ? { missing: ['-'] } : {}),
      ...(use === 'property' ? {} : placeOf(column.name)),
    }
  }
  return fields
}

const placeOf = (name: string): object =>
  financialName.test(name)
    ? { category: 'financial', class: 'S2' }
    : { category: 'demographic', class: 'S1' }

const minorDigits = 2
const scaleMax = 9

function typeOf({ name, type, scale }: GuessedColumn): object {
  if (type === 'empty') return { type: 'text' }
  if (codeName.test(name) && type !== 'enum') return { type: 'text' }
  if (type === 'enum') return { type, values: 'auto' }
  if ((type === 'decimal' || type === 'integer') && moneyName.test(name) && scale <= scaleMax)
    return { type: 'money', scale: Math.max(scale, minorDigits) }
  return { type }
}

/** Lower case, starts with a letter. */
export function idOf(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  const id = words.replaceAll(/^_+|_+$/g, '').slice(0, 60)
  return /^[a-z]/.test(id) ? id : `field${id === '' ? '' : `_${id}`}`
}

const chinese: Readonly<Record<string, string>> = {
  age: '年龄',
  amount: '金额',
  city: '城市',
  country: '国家',
  description: '描述',
  gender: '性别',
  income: '收入',
  invoice_no: '发票号',
  marital_status: '婚姻状况',
  order: '订单',
  order_id: '订单号',
  payment: '付款',
  product_id: '商品号',
  quantity: '数量',
  region: '地区',
  state: '省份',
  total: '总额',
  transaction: '交易',
  unit_price: '单价',
}

const labelLengthMax = 60

/** The name itself in words; a Chinese word only where it is sure, so people see what is left to be named. */
export function labelOf(name: string, more = ''): Label {
  const words = name
    .replaceAll(/[_.-]+/g, ' ')
    .replaceAll(/[[\]]/g, ' ')
    .trim()
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  const en = (title === '' ? name : title).slice(0, labelLengthMax)
  const id = idOf(name)
  return { en: `${en}${more}`, zh: `${Object.hasOwn(chinese, id) ? chinese[id] : en}${more}` }
}
