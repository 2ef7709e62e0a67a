/** Rules to start from: those that the present catalogue understands. */
import { readRule } from '#grammar'
import type { RuleCatalog } from '#grammar'

export interface Example {
  readonly titleEn: string
  readonly titleZh: string
  readonly en: string
  readonly zh: string
}

const known: readonly Example[] = [
  {
    titleEn: 'Loyal buyers in two cities',
    titleZh: '两个城市的常购客户',
    en: 'customers who did [Order paid] at least 3 times in last 90 days\n  and [City] in ("Shanghai", "Hangzhou")',
    zh: '客户满足 近 90 天 内 做过 [支付订单] 至少 3 次\n  且 [城市] 属于 ("上海", "杭州")',
  },
  {
    titleEn: 'Bought well, silent for half a year',
    titleZh: '消费高但已沉默半年',
    en: 'customers who sum([Order paid].[Amount] in last 365 days) >= 1000 CNY\n  and last [Order paid] happened more than 90 days ago',
    zh: '客户满足 合计(近 365 天 内 [支付订单] 的 [实付金额]) >= 1000 元\n  且 最近一次 [支付订单] 距今 超过 90 天',
  },
  {
    titleEn: 'Opened the app, bought nothing',
    titleZh: '打开过应用但没有下单',
    en: 'customers who did [App opened] at least 3 different days in last 30 days\n  and did not [Order paid] in last 30 days',
    zh: '客户满足 近 30 天 内 做过 [打开应用] 至少 3 天\n  且 近 30 天 内 未做过 [支付订单]',
  },
  {
    titleEn: 'Campers who like coffee',
    titleZh: '爱露营也爱咖啡',
    en: 'customers who have all tags ([Loves camping], [Coffee lover])',
    zh: '客户满足 同时有标签 ([爱露营], [咖啡爱好者])',
  },
  {
    titleEn: 'Gold and platinum members',
    titleZh: '金卡与白金卡会员',
    en: 'customers who [Member tier] in ("Gold", "Platinum") and [City] is known',
    zh: '客户满足 [会员等级] 属于 ("金卡", "白金卡") 且 [城市] 有值',
  },
  {
    titleEn: 'Customers from Germany',
    titleZh: '德国客户',
    en: 'customers who [Country] is "Germany" and did [Purchase] at least 1 time ever',
    zh: '客户满足 [Country] 为 "Germany" 且 历史上 做过 [Purchase] 至少 1 次',
  },
  { titleEn: 'Everybody', titleZh: '全部客户', en: 'everyone', zh: '全部客户' },
]

export const examples = (catalog: RuleCatalog): readonly Example[] =>
  known.filter((example) => readRule(example.en, catalog).rule !== undefined)
