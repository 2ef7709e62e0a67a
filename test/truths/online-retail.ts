/**
 * Questions of the online retail set as rules in both languages, by the ids of its truths.json.
 *
 * A question that says "as-of minus N days" counts exact hours, so its rule says `in last 24·N hours`; `in last N days`
 * would begin at a midnight.
 */
import type { Truth, Unsaid } from './truths.ts'

const rule = (id: string, en: string, zh: string): Truth => ({
  id,
  en: `customers who ${en}`,
  zh: `客户满足 ${zh}`,
})

const months = [
  ['2010-12-01', '2010-12-31'],
  ['2011-01-01', '2011-01-31'],
  ['2011-02-01', '2011-02-28'],
  ['2011-03-01', '2011-03-31'],
  ['2011-04-01', '2011-04-30'],
  ['2011-05-01', '2011-05-31'],
  ['2011-06-01', '2011-06-30'],
  ['2011-07-01', '2011-07-31'],
  ['2011-08-01', '2011-08-31'],
  ['2011-09-01', '2011-09-30'],
  ['2011-10-01', '2011-10-31'],
  ['2011-11-01', '2011-11-30'],
] as const

export const onlineRetailTruths: readonly Truth[] = [
  rule('or01', '[Country] is "Germany"', '[国家] 为 "德国"'),
  rule('or03', '[Country] is not "United Kingdom"', '[国家] 不为 "英国"'),
  rule(
    'or09',
    'sum([Purchase].[Amount] ever) >= 500 GBP and sum([Purchase].[Amount] ever) < 1000 GBP',
    '合计(历史上 [购买] 的 [金额]) >= 500 英镑 且 合计(历史上 [购买] 的 [金额]) < 1000 英镑',
  ),
  rule(
    'or11',
    'did [Purchase] exactly 1 different [Invoice] ever',
    '历史上 做过 [购买] 恰好 1 种 [发票号]',
  ),
  rule(
    'or13',
    'did [Purchase] more than 10 different [Invoice] in last 8760 hours',
    '近 8760 小时 内 做过 [购买] 多于 10 种 [发票号]',
  ),
  rule(
    'or15',
    'did [Purchase] at least 2 different days from 2011-11-01 to 2011-11-30',
    '从 2011-11-01 到 2011-11-30 做过 [购买] 至少 2 天',
  ),
  rule(
    'or17',
    'did [Purchase] ever and did not [Purchase] in last 2160 hours',
    '历史上 做过 [购买] 且 近 2160 小时 内 未做过 [购买]',
  ),
  rule(
    'or19',
    'did [Purchase] from 2010-12-01 to 2010-12-31 and did not [Purchase] since 2011-01-01',
    '从 2010-12-01 到 2010-12-31 做过 [购买] 且 自 2011-01-01 未做过 [购买]',
  ),
  rule(
    'or21',
    'did not [Purchase] in last 4320 hours and did not [Return] in last 4320 hours',
    '近 4320 小时 内 未做过 [购买] 且 近 4320 小时 内 未做过 [退货]',
  ),
  rule(
    'or23',
    'did [Purchase] where ([Stock code] is "22423") at least 3 different [Invoice] ever',
    '历史上 做过 [购买] 其中 ([货号] 为 "22423") 至少 3 种 [发票号]',
  ),
  rule(
    'or25',
    'did [Purchase] where ([Stock code] is "22423") ever and did [Purchase] where ([Stock code] is "85123A") ever',
    '历史上 做过 [购买] 其中 ([货号] 为 "22423") 且 历史上 做过 [购买] 其中 ([货号] 为 "85123A")',
  ),
  rule(
    'or27',
    'did [Purchase] where ([Description] contains "CHRISTMAS" ignoring case) ever',
    '历史上 做过 [购买] 其中 ([商品描述] 包含 "CHRISTMAS" 不分大小写)',
  ),
  rule(
    'or29',
    'did [Purchase] where ([Description] contains "TRADITIONAL" ignoring case) ever',
    '历史上 做过 [购买] 其中 ([商品描述] 包含 "TRADITIONAL" 不分大小写)',
  ),
  rule(
    'or31',
    'did in order ([Purchase] where ([Stock code] is "22423") then within 720 hours [Purchase] where ([Stock code] is "22720")) ever',
    '历史上 依次做过 ([购买] 其中 ([货号] 为 "22423") 然后 720 小时 内 [购买] 其中 ([货号] 为 "22720"))',
  ),
  rule(
    'or37',
    'first [Purchase] happened from 2011-03-01 to 2011-03-31 and did [Purchase] from 2011-06-01 to 2011-06-30',
    '首次 [购买] 发生于 从 2011-03-01 到 2011-03-31 且 从 2011-06-01 到 2011-06-30 做过 [购买]',
  ),
  rule(
    'or39',
    months.map(([from, to]) => `did [Purchase] from ${from} to ${to}`).join(' and '),
    months.map(([from, to]) => `从 ${from} 到 ${to} 做过 [购买]`).join(' 且 '),
  ),
  rule('or43', 'did [Return] ever', '历史上 做过 [退货]'),
  rule(
    'or45',
    'sum([Purchase].[Amount] ever) > 0 GBP and sum([Return].[Amount] ever) / sum([Purchase].[Amount] ever) >= 20%',
    '合计(历史上 [购买] 的 [金额]) > 0 英镑 且 合计(历史上 [退货] 的 [金额]) / 合计(历史上 [购买] 的 [金额]) >= 20%',
  ),
  rule(
    'or47',
    'rank in top 434 by sum([Purchase].[Amount] ever) and [Country] is not "United Kingdom"',
    '按 合计(历史上 [购买] 的 [金额]) 排名前 434 且 [国家] 不为 "英国"',
  ),
  rule(
    'or55',
    '(([Country] is "United Kingdom" and sum([Purchase].[Amount] ever) >= 2000 GBP) or ([Country] is not "United Kingdom" and sum([Purchase].[Amount] ever) >= 1000 GBP)) and did not [Return] in last 2160 hours',
    '(([国家] 为 "英国" 且 合计(历史上 [购买] 的 [金额]) >= 2000 英镑) 或 ([国家] 不为 "英国" 且 合计(历史上 [购买] 的 [金额]) >= 1000 英镑)) 且 近 2160 小时 内 未做过 [退货]',
  ),
  rule(
    'or57',
    '[Country] not in ("United Kingdom") and (did [Purchase] in last 1440 hours or sum([Purchase].[Amount] ever) >= 3000 GBP) and did not [Return] ever',
    '[国家] 不属于 ("英国") 且 (近 1440 小时 内 做过 [购买] 或 合计(历史上 [购买] 的 [金额]) >= 3000 英镑) 且 从未做过 [退货]',
  ),
]

/** Questions about customers that the language does not say, and what each of them would need. */
export const onlineRetailUnsaid: readonly Unsaid[] = [
  { id: 'or05', needs: 'distinct values over two kinds of event together' },
  { id: 'or07', needs: 'the difference of two sums' },
  { id: 'or33', needs: 'an absence counted from the first event alone' },
  { id: 'or35', needs: 'events grouped into orders' },
  { id: 'or41', needs: 'events grouped into orders' },
  { id: 'or49', needs: 'a rank among those who ever bought' },
  { id: 'or51', needs: 'fifths that break ties by id' },
  { id: 'or53', needs: 'a rank by the time of the last event' },
  { id: 'or59', needs: 'the time of day' },
]
