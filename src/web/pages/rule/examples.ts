/** Rules to start from: those that the present catalogue understands. */
import { format, readRule } from '#grammar'
import type { RuleCatalog } from '#grammar'

export interface Example {
  readonly titleEn: string
  readonly titleZh: string
  readonly en: string
  readonly zh: string
}

interface Known {
  readonly titleEn: string
  readonly titleZh: string
  readonly en: string
}

const known: readonly Known[] = [
  {
    titleEn: 'Recent buyers in big cities',
    titleZh: '一线城市近期买家',
    en: 'customers who did [Order paid] at least 2 times in last 365 days and [City] in ("Shanghai", "Beijing", "Shenzhen", "Guangzhou") and have no tag [Complained recently]',
  },
  {
    titleEn: 'Spent well, silent now',
    titleZh: '高消费已沉默',
    en: 'customers who sum([Order paid].[Amount] in last 365 days) >= 1000 CNY and last [Order paid] happened more than 90 days ago',
  },
  {
    titleEn: 'Opened the app, bought nothing',
    titleZh: '逛了没买',
    en: 'customers who did [App opened] at least 3 different days in last 30 days and did not [Order paid] in last 30 days',
  },
  {
    titleEn: 'Campers who like coffee',
    titleZh: '露营又爱咖啡',
    en: 'customers who have all tags ([Loves camping], [Coffee lover])',
  },
  {
    titleEn: 'Gold and platinum members',
    titleZh: '金卡与白金卡',
    en: 'customers who [Member tier] in ("Gold", "Platinum") and [City] is known',
  },
  {
    titleEn: 'Customers from Germany',
    titleZh: '德国客户',
    en: 'customers who [Country] is "Germany" and did [Purchase] at least 1 time ever',
  },
  { titleEn: 'Everybody', titleZh: '全部客户', en: 'everyone' },
]

/** In both languages, each in its canonical form. */
export const examples = (catalog: RuleCatalog): readonly Example[] =>
  known.flatMap((example) => {
    const { rule, ast } = readRule(example.en, catalog)
    if (rule === undefined || ast === undefined) return []
    return [{ ...example, en: format(ast, 'en', catalog), zh: format(ast, 'zh', catalog) }]
  })
