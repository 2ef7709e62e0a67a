import { describe, expect, test } from 'vitest'
import { readRule, translate } from '#grammar'
import { hashOf, problemsOf } from '../support/rules.ts'
import { shopCatalog } from '../support/shop-catalog.ts'

/** English, the Chinese that is written, and other Chinese that is understood. */
const wordings: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'customers who [Age] > 30',
    '客户满足 [年龄] > 30',
    ['圈选客户 [年龄] 超过 30', '满足条件的客户 [年龄] 大于 30', '客户满足 【年龄】 ＞ 30'],
  ],
  [
    'customers who did [App opened] at least 5 different days in last 30 days',
    '客户满足 近 30 天 内 做过 [打开应用] 至少 5 天',
    [
      '客户满足 近 30 天 内 做过 [打开应用] 至少 5 个不同日期',
      '客户满足 近 30 日 内 做过 [打开应用] 至少 5 种不同 天',
      '客户满足 过去30天内做过[打开应用]5天以上',
    ],
  ],
  [
    'customers who did [Order paid] at least 3 different [Category] ever',
    '客户满足 历史上 做过 [支付订单] 至少 3 种 [品类]',
    [
      '客户满足 曾经 做过 [支付订单] 至少 3 种不同 [品类]',
      '客户满足 有史以来做过[支付订单]不少于3个不同[品类]',
    ],
  ],
  [
    'customers who [Phone verified] is yes',
    '客户满足 [手机号已验证] 为 是',
    [
      '客户满足 [手机号已验证] 是 是',
      '客户满足 [手机号已验证] 为 真',
      '客户满足[手机号已验证]为是的',
    ],
  ],
  [
    'customers who [Phone verified] is no',
    '客户满足 [手机号已验证] 为 否',
    ['客户满足 [手机号已验证] 是 假', '客户满足[手机号已验证]是否'],
  ],
  ['customers who [Gender] is "Female"', '客户满足 [性别] 为 "女"', ['客户满足 [性别] 是 “女”']],
  [
    'customers who rank in top 10% by [CLV]',
    '客户满足 按 [客户终身价值] 排名前 10%',
    ['客户满足 排名前 10% 按 [客户终身价值]', '客户满足排名前10％按[客户终身价值]'],
  ],
  [
    'customers who last [Order paid] happened more than 180 days ago',
    '客户满足 最近一次 [支付订单] 距今 超过 180 天',
    [
      '客户满足 最近一次 [支付订单] 发生于 180 天 以前',
      '客户满足 最近一次 [支付订单] 发生于 超过 180 天 前',
      '客户满足最近一次[支付订单]距今超过180天',
    ],
  ],
  [
    'customers who last [Order paid] happened at most 30 days ago',
    '客户满足 最近一次 [支付订单] 距今 不超过 30 天',
    ['客户满足 最近一次 [支付订单] 距今 30 天 以内'],
  ],
  [
    'customers who did [Order paid] in last full 3 months',
    '客户满足 最近 3 个完整自然月 做过 [支付订单]',
    ['客户满足 过去 3 个完整自然月 做过 [支付订单]', '客户满足 过去完整 3 个月 做过 [支付订单]'],
  ],
  [
    'customers who did [Order paid] in last full 7 days',
    '客户满足 最近 7 个整天 做过 [支付订单]',
    ['客户满足 过去7个整天做过[支付订单]'],
  ],
  [
    'customers who did [Order paid] today',
    '客户满足 今天 做过 [支付订单]',
    ['客户满足 今日 做过 [支付订单]'],
  ],
  ['customers who did [Order paid] yesterday', '客户满足 昨天 做过 [支付订单]', []],
  ['customers who did [Order paid] previous week', '客户满足 上周 做过 [支付订单]', []],
  [
    'customers who did [Order paid] this quarter',
    '客户满足 本季度 做过 [支付订单]',
    ['客户满足 本 季度 做过 [支付订单]'],
  ],
  ['customers who did [Order paid] previous year', '客户满足 去年 做过 [支付订单]', []],
  ['customers who did [Order paid] this year', '客户满足 今年 做过 [支付订单]', []],
  [
    'customers who [Birthday] in next 7 days',
    '客户满足 [生日] 在 未来 7 天 内',
    ['客户满足 [生日] 周年日 未来 7 天 内', '客户满足[生日]接下来7天内'],
  ],
  [
    'customers who have no tag [Coffee lover] and have all tags ([Loves camping], [Coffee lover])',
    '客户满足 没有标签 [咖啡爱好者] 且 同时有标签 ([爱露营], [咖啡爱好者])',
    ['客户满足 不含标签 [咖啡爱好者] 并且 有全部标签 ([爱露营]、[咖啡爱好者])'],
  ],
  [
    'customers who at least 2 of ([Age] > 30; [City] is known; have any tag [Coffee lover])',
    '客户满足 至少满足 2 项 ([年龄] > 30; [城市] 有值; 有任一标签 [咖啡爱好者])',
    [
      '客户满足 至少 2 项满足 （[年龄] > 30；[城市] 已知；有标签 [咖啡爱好者]）',
      '客户满足 至少满足2项([年龄]>30;[城市]不为空;有标签[咖啡爱好者])',
    ],
  ],
  [
    'customers who not ([Age] > 30 and [City] is unknown)',
    '客户满足 不满足 ([年龄] > 30 且 [城市] 无值)',
    ['客户满足 非 ([年龄] > 30 且 [城市] 未知)', '客户满足 并非([年龄]>30且[城市]为空)'],
  ],
  [
    'customers who [Nickname] contains "x" ignoring case and [Nickname] does not contain "y" and [Nickname] starts with "z"',
    '客户满足 [昵称] 包含 "x" 不分大小写 且 [昵称] 不包含 "y" 且 [昵称] 开头为 "z"',
    [],
  ],
  [
    'customers who [CLV] >= 500 CNY and [CLV] <= 12000 CNY',
    '客户满足 [客户终身价值] >= 500 元 且 [客户终身价值] <= 12000 元',
    [
      '客户满足 [客户终身价值] 500 元 以上 且 [客户终身价值] 1.2 万元以下',
      '客户满足[客户终身价值]500人民币以上,且[客户终身价值]不超过1.2万元',
    ],
  ],
  [
    'customers who in audience [VIP 2026] and not in audience [Staff]',
    '客户满足 属于人群 [2026 会员] 且 不属于人群 [内部员工]',
    ['客户满足 在人群 [2026 会员] 中 且 不在人群 [内部员工] 中'],
  ],
  [
    'customers who [Age] > 30\nexclude customers who [City] is "Shanghai" or [Gender] is "Male"',
    '客户满足 [年龄] > 30\n排除 客户满足 [城市] 为 "上海" 或 [性别] 为 "男"',
    ['客户满足 [年龄] > 30\n剔除 [城市] 是 "上海" 或者 [性别] 是 "男"'],
  ],
  [
    'everyone\nsample 10% seed "a"',
    '全部客户\n抽样 10% 种子 "a"',
    ['所有客户 随机抽取 10% 种子 "a"'],
  ],
  [
    'customers who did in order ([Add to cart] then within 24 hours no [Order paid]) in last 7 days',
    '客户满足 近 7 天 内 依次做过 ([加入购物车] 然后 24 小时 内 未 [支付订单])',
    ['客户满足 近 7 天 内 依次做过 ([加入购物车] 然后 24 小时 内 没有 [支付订单])'],
  ],
  [
    'customers who did not [Order paid] ever',
    '客户满足 从未做过 [支付订单]',
    ['客户满足 历史上 未做过 [支付订单]', '客户满足 曾经 没有 做过 [支付订单]'],
  ],
  [
    'purpose: [Win-back marketing]\ncustomers who [Age] > 30',
    '用途: [唤回营销]\n客户满足 [年龄] > 30',
    ['处理目的：[唤回营销] 客户满足 [年龄] > 30', '目的: [唤回营销] 客户满足 [年龄] > 30'],
  ],
  [
    'customers who [Joined on] on 2026-06-18 and [Registered at] since 2026-01-01',
    '客户满足 [入会日期] 日期为 2026-06-18 且 [注册时间] 自 2026-01-01 起',
    ['客户满足 [入会日期] 当日 2026年6月18日 且 [注册时间] 自 2026-01-01 以来'],
  ],
]

describe.each(wordings)('%s', (english, chinese, others) => {
  test('is written in Chinese as a marketer would write it', () => {
    const translated = translate(english, 'zh', shopCatalog)
    const text = translated.ok ? translated.text : 'refused'
    expect(text.replace(/\n {2}/g, ' ')).toBe(chinese)
  })

  test('is understood in other words', () => {
    const hash = hashOf(english)
    expect(hash).toBeDefined()
    for (const other of [chinese, ...others]) expect([other, hashOf(other)]).toEqual([other, hash])
  })
})

test('words that would be misread are not taken', () => {
  expect(readRule('满足 [年龄] > 30', shopCatalog).rule).toBeUndefined()
  expect(problemsOf('客户满足 近 30 天 内 做过 [打开应用] 至少 3 个 [品类]')).toEqual(['E201 个'])
})
