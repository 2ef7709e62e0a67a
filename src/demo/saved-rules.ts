/** Rules that somebody of the demo world saved before: to look at, and for other rules to speak of. */
import type { Deps, RequestContext } from '../audit/index.ts'
import { assert } from '../kernel/assert.ts'
import { saveSegment } from '../segments/index.ts'
import { localDay } from './calendar.ts'

export interface SavedRule {
  readonly name: string
  readonly text: string
}

export function savedRules(asOf: Date): readonly SavedRule[] {
  const year = lastDoubleEleven(asOf)
  return [
    {
      name: 'Double-11 buyers',
      text: `customers who did [Order paid] at least 1 time from ${year}-11-01 to ${year}-11-12`,
    },
    {
      name: '双11老客',
      text: `客户满足 从 ${year}-11-01 到 ${year}-11-12 做过 [支付订单] 至少 1 次`,
    },
    { name: 'Staff', text: 'customers who have tag [Staff]' },
    { name: '内部员工', text: '客户满足 有标签 [内部员工]' },
    {
      name: '沉睡的高价值客户',
      text: '客户满足 [生命周期阶段] 为 "沉睡期" 且 [客户终身价值] >= 2000 元',
    },
    {
      name: 'Campers near Shanghai',
      text:
        'customers who have tag [Loves camping] and [City] in ("Shanghai", "Hangzhou", "Suzhou") ' +
        'and did [App opened] at least 1 time in last 90 days',
    },
  ]
}

/** The year of the last festival that is over. */
function lastDoubleEleven(asOf: Date): number {
  const today = localDay(asOf.getTime())
  const year = Number(today.slice(0, 4))
  return today.slice(5) > '11-12' ? year : year - 1
}

/** Saves those that are not there yet. */
export async function saveRules(deps: Deps, context: RequestContext, asOf: Date): Promise<void> {
  for (const rule of savedRules(asOf)) {
    const saved = await saveSegment(deps, context, rule)
    assert(saved.ok || saved.error.code === 'name-taken', `the rule ${rule.name} is one`)
  }
}
