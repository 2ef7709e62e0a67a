/** Rules in both surfaces that mean the same: the Chinese is what the formatter writes, spaces aside. */

export interface Example {
  readonly topic: string
  readonly en: string
  readonly zh: string
}

const clause = (topic: string, en: string, zh: string): Example => ({
  topic,
  en: `customers who ${en}`,
  zh: `客户满足 ${zh}`,
})

export const examples: readonly Example[] = [
  clause(
    'demographic',
    '[Age] between 25 and 34 and [Gender] is "Female"',
    '[年龄] 介于 25 到 34 且 [性别] 为 "女"',
  ),
  clause('geographic', '[City] in ("Shanghai", "Hangzhou")', '[城市] 属于 ("上海", "杭州")'),
  clause(
    'region hierarchy and missing',
    '[Region] not in ("Zhejiang") and [Region] is known',
    '[地区] 不属于 ("浙江省") 且 [地区] 有值',
  ),
  clause(
    'tags',
    'have any tag ([Loves camping], [Coffee lover]) and have no tag [Complained recently]',
    '有任一标签 ([爱露营], [咖啡爱好者]) 且 没有标签 [近期投诉]',
  ),
  clause(
    'scores and tier',
    '[R score] >= 4 and [F score] >= 4 and [Member tier] in ("Gold", "Platinum")',
    '[R 分] >= 4 且 [F 分] >= 4 且 [会员等级] 属于 ("金卡", "白金卡")',
  ),
  clause('money', '[CLV] >= 10000 CNY', '[客户终身价值] >= 1 万元'),
  clause(
    'count in window',
    'did [Order paid] at least 3 times in last 90 days and [City] in ("Shanghai", "Hangzhou")',
    '近90天内 做过 [支付订单] 至少3次，且 [城市] 属于（“上海”、“杭州”）',
  ),
  clause(
    'event filter',
    'did [Order paid] where ([Amount] >= 500 CNY and [Channel] is "App") at least 1 time in last 30 days',
    '近 30 天 内 做过 [支付订单] 其中 ([实付金额] >= 500 元 且 [渠道来源] 为 "应用") 至少 1 次',
  ),
  clause('absence', 'did not [App opened] in last 60 days', '近 60 天 内 未做过 [打开应用]'),
  clause(
    'sum',
    'sum([Order paid].[Amount] in last 365 days) >= 5000 CNY',
    '合计(近 365 天 内 [支付订单] 的 [实付金额]) >= 5000 元',
  ),
  clause(
    'filtered average',
    'average([Order paid] where ([Category] is "Skincare").[Amount] in last 180 days) > 300 CNY',
    '平均(近 180 天 内 [支付订单] 其中 ([品类] 为 "护肤") 的 [实付金额]) > 300 元',
  ),
  clause(
    'distinct property',
    'did [Order paid] at least 3 different [Category] in last 90 days',
    '近 90 天 内 做过 [支付订单] 至少 3 种 [品类]',
  ),
  clause(
    'distinct days',
    'did [App opened] at least 5 different days in last 30 days',
    '近 30 天 内 做过 [打开应用] 至少 5 天',
  ),
  clause(
    'recency',
    'last [Order paid] happened more than 180 days ago',
    '最近一次 [支付订单] 距今 超过 180 天',
  ),
  clause(
    'property of the first event',
    'first [Order paid] had ([Channel] is "Tmall")',
    '首次 [支付订单] 具有 ([渠道来源] 为 "天猫")',
  ),
  clause(
    'one after the other',
    'did in order ([Coupon received] then within 7 days [Order paid]) in last 90 days',
    '近 90 天 内 依次做过 ([领取优惠券] 然后 7 天 内 [支付订单])',
  ),
  clause(
    'abandoned cart',
    'did in order ([Add to cart] then within 24 hours no [Order paid]) in last 7 days',
    '近 7 天 内 依次做过 ([加入购物车] 然后 24 小时 内 未 [支付订单])',
  ),
  clause(
    'funnel left at the third step',
    'did in order ([Product viewed] then within 3 days [Add to cart]) in last 30 days ' +
      'and did not in order ([Product viewed] then within 3 days [Add to cart] ' +
      'then within 1 day [Order paid]) in last 30 days',
    '近 30 天 内 依次做过 ([浏览商品] 然后 3 天 内 [加入购物车]) ' +
      '且 近 30 天 内 未依次做过 ([浏览商品] 然后 3 天 内 [加入购物车] 然后 1 天 内 [支付订单])',
  ),
  clause(
    'model score',
    '[Lifecycle stage] is "Dormant" and [Churn probability] >= 70%',
    '[生命周期阶段] 为 "沉睡期" 且 [流失概率] >= 70%',
  ),
  clause('birthday', '[Birthday] anniversary in next 7 days', '[生日] 在 未来 7 天 内'),
  clause(
    'calendar windows and dates',
    '[Registered at] since 2026-01-01 and did [Order paid] at least 1 time in last full 3 months ' +
      'and did not [Order paid] this month',
    '[注册时间] 自 2026-01-01 且 最近 3 个完整自然月 做过 [支付订单] 至少 1 次 且 本月 未做过 [支付订单]',
  ),
  clause(
    'percentile',
    'rank in top 10% by sum([Order paid].[Amount] in last 365 days)',
    '按 合计(近 365 天 内 [支付订单] 的 [实付金额]) 排名前 10%',
  ),
  clause(
    'ratio',
    'count([Refund] in last 180 days) / count([Order paid] in last 180 days) < 20%',
    '计数(近 180 天 内 [退款]) / 计数(近 180 天 内 [支付订单]) < 20%',
  ),
  clause(
    'm of n',
    'at least 2 of ([R score] >= 4; [F score] >= 4; have tag [Coffee lover])',
    '至少满足 2 项 ([R 分] >= 4；[F 分] >= 4；有任一标签 [咖啡爱好者])',
  ),
  {
    topic: 'membership, exclusion, parameter',
    en: `parameter $min = 2
customers who in audience [Double-11 buyers] and did [Order paid] at least $min times in last 30 days
exclude customers who in audience [Staff] or did [Message sent] at least 3 times in last 7 days`,
    zh: `参数 $min = 2
客户满足 属于人群 [双11老客] 且 近 30 天 内 做过 [支付订单] 至少 $min 次
排除 客户满足 属于人群 [内部员工] 或 近 7 天 内 做过 [触达消息] 至少 3 次`,
  },
  clause(
    'unknown, attribute against attribute, group',
    '([Shipping city] is not [Home city] or [Home city] is unknown) and [Phone verified] is yes',
    '([收货城市] 不为 [常驻城市] 或 [常驻城市] 无值) 且 [手机号已验证] 为 是',
  ),
  {
    topic: 'full header',
    en: `audience "High-value dormant customers"
  purpose: [Win-back marketing]
  channel: [SMS], [WeCom]
  recipient: [Own brand]
  legal basis: [Consent]
  owner: "li.wei@example.cn"
  time zone: "Asia/Shanghai"
  refresh: daily
  expires: 2026-12-31
  note: "618 win-back"
parameter $quiet = 90 days
// bought well once
include customers who sum([Order paid].[Amount] in last 365 days) >= 5000 CNY
  // 曾经高消费，目前沉默
  and last [Order paid] happened more than $quiet ago
  and [Lifecycle stage] in ("Dormant", "Churned")
exclude customers who did [Refund] at least 2 times in last 90 days
  or did [Message sent] at least 1 time in last 7 days
sample 90% seed "winback-2026-06"`,
    zh: `人群 "High-value dormant customers"
  用途: [唤回营销]
  渠道: [短信]、[企业微信]
  接收方: [本品牌]
  合法性基础: [同意]
  负责人: "li.wei@example.cn"
  时区: "Asia/Shanghai"
  刷新: 每天
  有效期至: 2026-12-31
  备注: "618 win-back"
参数 $quiet = 90 天
// bought well once
纳入 客户满足 合计(近 365 天 内 [支付订单] 的 [实付金额]) >= 5000 元
  // 曾经高消费，目前沉默
  且 最近一次 [支付订单] 距今 超过 $quiet
  且 [生命周期阶段] 属于 ("沉睡期", "流失期")
排除 客户满足 近 90 天 内 做过 [退款] 至少 2 次 或 近 7 天 内 做过 [触达消息] 至少 1 次
抽样 90% 种子 "winback-2026-06"`,
  },
]
