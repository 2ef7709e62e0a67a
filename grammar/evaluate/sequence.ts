/**
 * Steps in order, by trying every combination.
 *
 * Times strictly increase: events at one moment are not one after the other. Every step that happened lies in the
 * window; a gap is at most the step's duration. A step that must not happen looks from the last step that did: at
 * the time up to and including its duration, which must be over by `as of`, or, without a duration, up to the next
 * step that happens, else to `as of`. Whether the window still runs does not matter to an absence: somebody who
 * bought an hour after the window closed has not abandoned.
 */
import type { SequenceStep, SequenceTest } from '../check/checked-rule.ts'
import { addExact, type Calendar } from './calendar.ts'
import { inOrder, selectEvents, selectWithin, type PastEvent, type Person } from './people.ts'
import { resolveWindow } from './window.ts'

/** The events of the earliest way to go through all steps that happen; undefined when there is none. */
export function findSequence(
  test: SequenceTest,
  person: Person,
  calendar: Calendar,
): readonly PastEvent[] | undefined {
  const window = resolveWindow(test.window, calendar)
  const search: Search = {
    calendar,
    steps: test.then.map((step) => ({
      step,
      events: step.absent
        ? selectEvents(person, step.event, calendar)
        : inOrder(selectWithin(person, step.event, window, calendar)),
    })),
    deadEnds: new Set(),
  }
  for (const first of inOrder(selectWithin(person, test.first, window, calendar))) {
    const rest = continueFrom(first, 0, [], search)
    if (rest) return [first, ...rest]
  }
  return undefined
}

interface Search {
  readonly calendar: Calendar
  readonly steps: readonly Candidates[]
  /** Only to save time: step and moment from which nothing leads on. */
  readonly deadEnds: Set<string>
}

interface Candidates {
  readonly step: SequenceStep
  /** Of a step that happens, in order and inside the window; of an absence, all before `as of`. */
  readonly events: readonly PastEvent[]
}

function continueFrom(
  previous: PastEvent,
  index: number,
  unbounded: readonly Candidates[],
  search: Search,
): readonly PastEvent[] | undefined {
  const key = `${index} ${previous.at}`
  if (search.deadEnds.has(key)) return undefined
  const found = tryFrom(previous, index, unbounded, search)
  if (!found) search.deadEnds.add(key)
  return found
}

/** `unbounded` are absences since `previous` that last until the next step happens. */
function tryFrom(
  previous: PastEvent,
  index: number,
  unbounded: readonly Candidates[],
  search: Search,
): readonly PastEvent[] | undefined {
  const { calendar, steps } = search
  const candidates = steps[index]
  if (!candidates)
    return unbounded.every((absence) => staysAway(absence, previous)) ? [] : undefined
  const { step, events } = candidates
  const limit = step.within && addExact(previous.at, step.within, calendar.timeZone)
  if (step.absent) {
    if (limit === undefined) {
      return continueFrom(previous, index + 1, [...unbounded, candidates], search)
    }
    const isAbsent = !events.some((event) => event.at > previous.at && event.at <= limit)
    return isAbsent && limit <= calendar.asOf
      ? continueFrom(previous, index + 1, unbounded, search)
      : undefined
  }
  for (const next of events) {
    if (next.at <= previous.at || (limit !== undefined && next.at > limit)) continue
    if (!unbounded.every((absence) => staysAway(absence, previous, next))) continue
    const rest = continueFrom(next, index + 1, [], search)
    if (rest) return [next, ...rest]
  }
  return undefined
}

const staysAway = ({ events }: Candidates, previous: PastEvent, next?: PastEvent): boolean =>
  !events.some((event) => event.at > previous.at && (next === undefined || event.at < next.at))
