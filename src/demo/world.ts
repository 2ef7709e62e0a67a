/** The fictional customers of a seed, one after the other: the same seed and moment give the same world. */
import type { CheckedConsentEvent } from '../consent/index.ts'
import type { CustomerRow } from '../profiles/index.ts'
import { behaviourOf } from './behaviour.ts'
import type { DemoEvent } from './behaviour.ts'
import { calendarUpTo } from './calendar.ts'
import { consentsOf, suppressionsOf } from './consents.ts'
import type { DemoSuppression } from './consents.ts'
import { activityOf, personaOf } from './persona.ts'
import { profileOf } from './profile.ts'

export interface DemoWorldSize {
  readonly customers: number
  /** About so many in all. */
  readonly events: number
}

export interface DemoCustomer {
  readonly row: CustomerRow
  readonly events: readonly DemoEvent[]
  readonly consents: readonly CheckedConsentEvent[]
  readonly suppressions: readonly DemoSuppression[]
}

export function* demoCustomers(
  seed: string,
  asOf: Date,
  size: DemoWorldSize,
): Generator<DemoCustomer> {
  const calendar = calendarUpTo(asOf)
  const counts = shareOut(seed, size)
  for (let index = 0; index < size.customers; index += 1) {
    const persona = personaOf(seed, index, calendar)
    const events = behaviourOf(seed, persona, calendar, counts[index] ?? 1)
    yield {
      row: profileOf(seed, persona, events, calendar),
      events,
      consents: consentsOf(seed, persona, calendar.asOfMs),
      suppressions: suppressionsOf(seed, persona),
    }
  }
}

/** Events by activity, at least one each; what rounding down leaves over goes to the first customers. */
function shareOut(seed: string, { customers, events }: DemoWorldSize): readonly number[] {
  const weights = Array.from({ length: customers }, (_, index) => activityOf(seed, index))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const counts = weights.map((weight) => Math.max(1, Math.floor((events * weight) / sum)))
  const left = events - counts.reduce((total, count) => total + count, 0)
  return counts.map((count, index) => count + (index < left ? 1 : 0))
}
