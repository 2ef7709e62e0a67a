/** 中文消息：不用句号，作者的原文放在反引号里，不用第二人称。 */
import type { Expectation, Expected, TypeWord } from '../diagnostics/codes.ts'
import type { Messages } from './messages.ts'

function oneOf(words: readonly string[], joint = '或'): string {
  const all = words.map((word) => `\`${word}\``)
  const last = all.at(-1) ?? ''
  return all.length < 2 ? last : `${all.slice(0, -1).join('、')}${joint}${last}`
}

const types: Readonly<Record<TypeWord, string>> = {
  integer: '整数',
  decimal: '数字',
  money: '金额',
  percent: '百分比',
  score: '分值',
  text: '文本',
  enum: '枚举值',
  boolean: '是或否',
  region: '地区',
  date: '日期',
  timestamp: '时间',
  'month-day': '月日（如 "06-18"）',
}

const places: Readonly<Record<Expectation, string>> = {
  condition: '条件',
  value: '值',
  comparison: '比较方式（如 `为`、`>=`、`属于`）',
  name: '方括号中的名称',
  unit: '单位（如 `天`）',
  number: '数字',
  window: '时间范围（如 `近 90 天 内`）',
  header: '`客户满足`',
  end: '规则的结尾',
  'clause-end': '`且`、`或` 或条件的结尾',
}

const awaited = ({ expected, category }: Expected): string =>
  expected.length > 0 ? oneOf(expected) : places[category]

const perhaps = (suggestions: readonly string[]): string =>
  suggestions.length === 0 ? '' : `，是否指 ${oneOf(suggestions)}`

export const zhCN: Messages = {
  E101: ({ character }) => `\`${character}\` 在引号之外没有含义`,
  E102: () => '文本在本行内缺少后引号',
  E103: () => '名称缺少右方括号',
  E104: ({ date }) => `\`${date}\` 不是有效日期`,
  E105: ({ name }) => `\`${name}\` 不能作为名称：须为 1 到 64 个字符，不含括号和引号`,
  E106: ({ escape }) => `\`${escape}\` 不是转义符；文本中可用 \`\\"\`、\`\\\\\`、\`\\n\``,

  E201: ({ found, ...expected }) => `\`${found}\` 处应为${awaited(expected)}`,
  E202: (expected) => `规则在此结束，此处应为${awaited(expected)}`,
  E203: () => '此括号没有闭合',
  E204: ({ words }) => `${oneOf([...new Set(words)], '与')} 混用而没有加括号，有两种读法`,
  E205: ({ word, suggestions }) => `\`${word}\` 不是规则用语${perhaps(suggestions)}`,
  E206: ({ found }) =>
    found === 0 ? '须写明时间范围，如 `近 90 天 内` 或 `历史上`' : '此处只能有一个时间范围',
  E207: ({ found }) => `\`${found}\` 没有对应的左括号`,
  E208: () => '`其中` 的括号内只能使用事件的属性',
  E209: () => '此处只能有一个次数条件',

  E301: ({ name, suggestions }) => `没有名为 \`${name}\` 的属性${perhaps(suggestions)}`,
  E302: ({ name, suggestions }) => `没有名为 \`${name}\` 的事件${perhaps(suggestions)}`,
  E303: ({ name, event, suggestions }) =>
    `事件 \`${event}\` 没有属性 \`${name}\`${perhaps(suggestions)}`,
  E304: ({ name, suggestions }) => `没有名为 \`${name}\` 的标签${perhaps(suggestions)}`,
  E305: ({ name, field, suggestions }) =>
    `\`${field}\` 没有取值 \`${name}\`${perhaps(suggestions)}`,
  E306: ({ name, suggestions }) => `没有名为 \`${name}\` 的人群${perhaps(suggestions)}`,
  E307: ({ name, suggestions }) => `没有名为 \`${name}\` 的用途${perhaps(suggestions)}`,
  E308: ({ name, suggestions }) => `没有名为 \`${name}\` 的渠道${perhaps(suggestions)}`,
  E309: ({ name, suggestions }) => `没有名为 \`${name}\` 的接收方${perhaps(suggestions)}`,
  E310: ({ name, suggestions }) => `参数 \`${name}\` 没有声明${perhaps(suggestions)}`,
  E311: ({ name }) => `参数 \`${name}\` 没有取值`,
  E312: ({ name, candidates }) => `\`${name}\` 可以指 ${oneOf(candidates)}`,
  E313: ({ name, suggestions }) => `没有名为 \`${name}\` 的合法性基础${perhaps(suggestions)}`,
  E314: ({ name }) => `参数 \`${name}\` 声明了两次`,
  E315: ({ name, suggestions }) =>
    `传入了 \`${name}\` 的取值，但规则没有声明该参数${perhaps(suggestions)}`,
  E316: ({ value, field }) => `\`${value}\` 是 \`${field}\` 的取值，须放在引号中`,

  E401: ({ field, type, comparison }) =>
    `\`${field}\` 的类型是${types[type]}，不能用 \`${comparison}\``,
  E402: ({ currency }) => `金额须写明币种，如 \`${currency}\``,
  E403: ({ found, currency }) => `\`${found}\` 不能与 \`${currency}\` 比较`,
  E404: ({ field, type, found }) => `\`${field}\` 的类型是${types[type]}，\`${found}\` 不是`,
  E405: ({ scale }) => `金额的小数超过 ${scale} 位`,
  E406: ({ field, low, high }) => `\`${field}\` 的范围是 ${low} 到 ${high}`,
  E407: ({ field, type, other, otherType }) =>
    `\`${field}\` 的类型是${types[type]}，\`${other}\` 的类型是${types[otherType]}，不能比较`,
  E408: ({ found, least, most }) => `\`${found}\` 应为 ${least} 到 ${most} 之间的整数`,
  E409: () => '范围的终点早于或小于起点',
  E410: () => '事件都发生在过去，此时间范围内没有事件',
  E411: () => '距今多久只能用 `超过`、`至少`、`不超过` 或 `少于`',
  E412: ({ aggregate, wanted }) =>
    wanted ? `\`${aggregate}\` 须指明事件的属性` : `\`${aggregate}\` 统计事件次数，不带属性`,
  E413: ({ aggregate, field, type }) =>
    `\`${field}\` 的类型是${types[type]}，不能用 \`${aggregate}\``,
  E414: ({ found }) => `\`${found}\` 应大于 0% 且不超过 100%`,
  E415: ({ field, type }) => `\`${field}\` 的类型是${types[type]}，不能用于排名`,
  E416: () => '比值的两边不能相除',
  E417: () => '最后一步的 `未` 须写明时限，否则无法判断是否真的没有发生',
  E418: ({ name, found }) => `参数 \`${name}\` 有 ${found} 个取值，此处只能有一个`,
  E419: ({ found }) => `\`${found}\` 不是时长（如 \`30 天\`）`,
  E420: ({ found }) => `\`${found}\` 不是日期`,

  E501: ({ version }) => `不支持语言版本 \`${version}\`，当前版本为 1`,
  E502: ({ field }) => `抬头中 \`${field}\` 出现了两次`,
  E503: ({ field }) => `此值不能用于 \`${field}\``,
  E504: ({ zone }) => `\`${zone}\` 不是时区名（如 \`Asia/Shanghai\`）`,
  E506: ({ name }) => `\`${name}\` 尚未标注数据类别，规则不能使用`,
  E507: ({ name, dataClass }) =>
    dataClass === 'ID'
      ? `\`${name}\` 是直接标识符，规则不能使用`
      : `\`${name}\` 是敏感个人信息（${dataClass}），规则不能使用`,

  E602: ({ limit }) => `条件嵌套超过 ${limit} 层`,
  E603: ({ limit }) => `规则长度超过 ${limit} 字节`,
  E604: ({ event, days }) => `\`${event}\` 只保留 ${days} 天，此时间范围超出了保留期`,
  E605: ({ limit }) => `规则的词和符号超过 ${limit} 个`,
  E606: ({ limit, found }) => `规则有 ${found} 个条件，超过 ${limit} 个`,
  E607: ({ limit, found }) => `列表有 ${found} 个值，超过 ${limit} 个`,
  E608: ({ limit, found }) => `行为序列有 ${found} 步，超过 ${limit} 步`,
  E609: ({ wholeDigits, decimals }) => `数字超过 ${wholeDigits} 位整数或 ${decimals} 位小数`,
  E610: ({ years }) => `时长超过 ${years} 年`,

  W203: ({ field }) => `这也包括 \`${field}\` 未知的客户`,
  W204: ({ event }) => `这也包括从未有过 \`${event}\` 的客户`,
  W205: ({ event }) => `这不包括从未有过 \`${event}\` 的客户`,
  P203: ({ field }) => `此排除条件会保留 \`${field}\` 未知的客户`,
}
