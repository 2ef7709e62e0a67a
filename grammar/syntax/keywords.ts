/**
 * Every keyword of the language as a concept with its spellings in both surfaces.
 *
 * The first spelling of a list is the one the formatter prints; the others are accepted on input. White space inside
 * a spelling may be written or left out in Chinese, and be of any length in English. An empty list means that the
 * concept has no word in that surface. A pair of keywords may join into a third only where the two cannot follow each
 * other in a rule; test/grammar/keywords.test.ts keeps the list of such pairs.
 */

export interface Spellings {
  readonly en: readonly string[]
  readonly zh: readonly string[]
}

export const keywords = {
  LanguageVersion: { en: ['language version'], zh: ['语言版本'] },
  Audience: { en: ['audience'], zh: ['人群', '受众'] },
  Purpose: { en: ['purpose'], zh: ['用途', '目的', '处理目的'] },
  Channel: { en: ['channel', 'channels'], zh: ['渠道'] },
  Recipient: { en: ['recipient'], zh: ['接收方'] },
  Basis: { en: ['legal basis'], zh: ['合法性基础'] },
  Owner: { en: ['owner'], zh: ['负责人'] },
  Refresh: { en: ['refresh'], zh: ['刷新'] },
  Expires: { en: ['expires'], zh: ['有效期至'] },
  TimeZone: { en: ['time zone'], zh: ['时区'] },
  AsOf: { en: ['as of'], zh: ['截至'] },
  Note: { en: ['note'], zh: ['备注'] },
  Parameter: { en: ['parameter'], zh: ['参数'] },
  Daily: { en: ['daily'], zh: ['每天', '每日'] },
  Weekly: { en: ['weekly'], zh: ['每周'] },
  Manual: { en: ['manually', 'manual'], zh: ['手动'] },

  Include: { en: ['include'], zh: ['纳入'] },
  CustomersWho: {
    en: ['customers who', 'customers where', 'customers that'],
    zh: ['客户满足', '圈选客户', '满足条件的客户'],
  },
  Everyone: { en: ['everyone', 'all customers'], zh: ['全部客户', '所有客户'] },
  Exclude: { en: ['exclude'], zh: ['排除', '剔除'] },
  Sample: { en: ['sample'], zh: ['抽样', '随机抽取'] },
  Seed: { en: ['seed'], zh: ['种子'] },

  And: { en: ['and'], zh: ['且', '并且', '而且'] },
  Or: { en: ['or'], zh: ['或', '或者'] },
  Not: { en: ['not'], zh: ['不满足', '非', '并非'] },
  Of: { en: ['of'], zh: ['项满足'] },
  /** Chinese order of "at least 2 of (…)": 至少满足 2 项 (…). */
  AtLeastSatisfy: { en: [], zh: ['至少满足'] },
  Items: { en: [], zh: ['项'] },

  AtLeast: { en: ['at least'], zh: ['至少', '不少于', '不低于'] },
  AtMost: { en: ['at most', 'no more than'], zh: ['不超过', '至多', '最多'] },
  Exactly: { en: ['exactly'], zh: ['恰好', '正好'] },
  MoreThan: { en: ['more than', 'over'], zh: ['超过', '多于', '大于'] },
  LessThan: { en: ['fewer than', 'less than', 'under'], zh: ['少于', '小于', '低于'] },
  /** Postfix: 500 元 以上. */
  OrMore: { en: [], zh: ['以上'] },
  OrLess: { en: [], zh: ['以下'] },
  Between: { en: ['between'], zh: ['介于'] },
  To: { en: ['to'], zh: ['到', '至'] },
  BetweenEnd: { en: [], zh: ['之间'] },
  Times: { en: ['times', 'time'], zh: ['次'] },
  Different: { en: ['different'], zh: ['种', '种不同', '个不同'] },
  Dates: { en: [], zh: ['日期'] },

  Did: { en: ['did', 'have done'], zh: ['做过'] },
  DidNot: { en: ['did not', 'have not done'], zh: ['未做过', '没做过', '没有做过'] },
  NeverDid: { en: ['never did'], zh: ['从未做过'] },
  InOrder: { en: ['did in order'], zh: ['依次做过'] },
  NotInOrder: { en: ['did not in order'], zh: ['未依次做过', '没有依次做过'] },
  Then: { en: ['then'], zh: ['然后'] },
  /** An absent step in English, and the value "no". */
  No: { en: ['no'], zh: [] },
  /** An absent step in Chinese. */
  NotYet: { en: [], zh: ['未', '没有'] },
  Within: { en: ['within'], zh: [] },
  Inside: { en: [], zh: ['内', '之内', '以内'] },
  Where: { en: ['where', 'with'], zh: ['其中'] },

  Last: { en: ['in last', 'in the last'], zh: ['近', '最近', '过去'] },
  Next: { en: ['in next', 'in the next'], zh: ['未来', '接下来'] },
  LastFull: { en: ['in last full', 'in the last full'], zh: ['过去完整', '最近完整'] },
  FullMinute: { en: [], zh: ['个整分钟', '整分钟'] },
  FullHour: { en: [], zh: ['个整小时', '整小时'] },
  FullDay: { en: [], zh: ['个整天', '整天'] },
  FullWeek: { en: [], zh: ['个完整自然周', '个自然周'] },
  FullMonth: { en: [], zh: ['个完整自然月', '个自然月'] },
  FullQuarter: { en: [], zh: ['个完整自然季度', '个自然季度'] },
  FullYear: { en: [], zh: ['个完整自然年', '个自然年'] },
  ThisWeek: { en: ['this week'], zh: ['本周', '这周'] },
  ThisMonth: { en: ['this month'], zh: ['本月', '这个月'] },
  ThisQuarter: { en: ['this quarter'], zh: ['本季度', '这个季度'] },
  ThisYear: { en: ['this year'], zh: ['今年', '本年'] },
  PreviousWeek: { en: ['previous week', 'last week'], zh: ['上周'] },
  PreviousMonth: { en: ['previous month', 'last month'], zh: ['上月', '上个月'] },
  PreviousQuarter: { en: ['previous quarter', 'last quarter'], zh: ['上季度', '上个季度'] },
  PreviousYear: { en: ['previous year', 'last year'], zh: ['去年'] },
  Today: { en: ['today', 'this day'], zh: ['今天', '今日'] },
  Yesterday: { en: ['yesterday', 'previous day'], zh: ['昨天', '昨日'] },
  Ever: { en: ['ever'], zh: ['历史上', '有史以来', '曾经'] },
  From: { en: ['from'], zh: ['从'] },
  Since: { en: ['since'], zh: ['自'] },
  SinceEnd: { en: [], zh: ['起', '以来'] },
  Before: { en: ['before'], zh: ['早于'] },
  After: { en: ['after'], zh: ['晚于'] },
  On: { en: ['on'], zh: ['日期为', '当日'] },
  Ago: { en: ['ago'], zh: ['前', '之前'] },
  /** After a bare length: 180 天 以前 is "more than 180 days ago". */
  Earlier: { en: [], zh: ['以前'] },
  FromNow: { en: [], zh: ['距今'] },
  /** Before a window: 在 未来 7 天 内. */
  At: { en: [], zh: ['在'] },
  Anniversary: { en: ['anniversary'], zh: ['周年日'] },
  First: { en: ['first'], zh: ['首次', '第一次'] },
  LastOne: { en: ['last'], zh: ['最近一次', '末次'] },
  Happened: { en: ['happened', 'was'], zh: ['发生于', '发生在'] },
  Having: { en: ['had', 'has'], zh: ['具有'] },

  Count: { en: ['count'], zh: ['计数'] },
  Sum: { en: ['sum', 'total'], zh: ['合计', '求和', '总和'] },
  Average: { en: ['average', 'avg'], zh: ['平均', '均值'] },
  Min: { en: ['min', 'smallest'], zh: ['最小'] },
  Max: { en: ['max', 'largest'], zh: ['最大'] },
  Distinct: { en: ['distinct'], zh: ['去重计数'] },
  Top: { en: ['rank in top'], zh: ['排名前'] },
  Bottom: { en: ['rank in bottom'], zh: ['排名后'] },
  By: { en: ['by'], zh: ['按'] },
  Among: { en: ['among'], zh: ['范围限于', '范围'] },

  InAudience: { en: ['in audience'], zh: ['属于人群', '在人群'] },
  NotInAudience: { en: ['not in audience'], zh: ['不属于人群', '不在人群'] },
  Amid: { en: [], zh: ['中'] },
  HasTag: { en: ['have any tag', 'have tag'], zh: ['有任一标签', '有标签'] },
  HasAllTags: { en: ['have all tags'], zh: ['同时有标签', '有全部标签'] },
  HasNoTag: { en: ['have no tag'], zh: ['没有标签', '不含标签', '无标签'] },

  In: { en: ['in'], zh: ['属于'] },
  NotIn: { en: ['not in'], zh: ['不属于'] },
  Is: { en: ['is'], zh: ['为', '等于'] },
  IsNot: { en: ['is not'], zh: ['不为', '不是', '不等于'] },
  Contains: { en: ['contains'], zh: ['包含'] },
  NotContains: { en: ['does not contain'], zh: ['不包含'] },
  StartsWith: { en: ['starts with'], zh: ['开头为'] },
  NotStartsWith: { en: ['does not start with'], zh: ['开头不为'] },
  IgnoringCase: { en: ['ignoring case'], zh: ['不分大小写'] },
  Known: { en: ['is known'], zh: ['有值', '已知', '不为空'] },
  Unknown: { en: ['is unknown', 'is not known'], zh: ['无值', '未知', '为空'] },
  /** "is" before a value, "yes" where a value stands. */
  Shi: { en: [], zh: ['是'] },
  Yes: { en: ['yes', 'true'], zh: ['真', '是的'] },
  False: { en: ['false'], zh: ['否', '假'] },

  Minute: { en: ['minutes', 'minute'], zh: ['分钟'] },
  Hour: { en: ['hours', 'hour'], zh: ['小时', '个小时'] },
  Day: { en: ['days', 'day'], zh: ['天'] },
  /** 近 30 日: a day in a length, but not in a count of days. */
  DayLength: { en: [], zh: ['日'] },
  Week: { en: ['weeks', 'week'], zh: ['周', '个星期'] },
  Month: { en: ['months', 'month'], zh: ['个月', '月'] },
  Quarter: { en: ['quarters', 'quarter'], zh: ['个季度', '季度'] },
  Year: { en: ['years', 'year'], zh: ['年'] },
  TenThousand: { en: [], zh: ['万'] },
  HundredMillion: { en: [], zh: ['亿'] },
  /** Between an event and its property: "." in English. */
  Possessive: { en: [], zh: ['的'] },
} as const satisfies Record<string, Spellings>

export type Concept = keyof typeof keywords

export const concepts: readonly Concept[] = Object.keys(keywords).filter(
  (name): name is Concept => name in keywords,
)

/** The spelling that the formatter prints; the English one where a surface has none. */
export function spell(concept: Concept, language: 'en' | 'zh'): string {
  const spellings: Spellings = keywords[concept]
  return spellings[language][0] ?? spellings.en[0] ?? spellings.zh[0] ?? concept
}
