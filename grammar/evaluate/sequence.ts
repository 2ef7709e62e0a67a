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
import { resolveWindow, type Interval } from './window.ts'

/** The events of the earliest way to go through all steps that happen; undefined when there is none. */
export function findSequence(
  test: SequenceTest,
  person: Person,
  calendar: Calendar,
): readonly PastEvent[] | undefined {
  const window = resolveWindow(test.window, calendar)
  for (const first of inOrder(selectWithin(person, test.first, window, calendar))) {
    const rest = continueFrom(first, test.then, [], { person, window, calendar })
    if (rest) return [first, ...rest]
  }
  return undefined
}

interface Search {
  readonly person: Person
  readonly window: Interval
  readonly calendar: Calendar
}

/** `unbounded` are absences since `previous` that last until the next step happens. */
function continueFrom(
  previous: PastEvent,
  steps: readonly SequenceStep[],
  unbounded: readonly SequenceStep[],
  search: Search,
): readonly PastEvent[] | undefined {
  const { person, window, calendar } = search
  const [step, ...later] = steps
  if (!step)
    return unbounded.every((absence) => staysAway(absence, previous, search)) ? [] : undefined
  if (step.absent && !step.within) {
    return continueFrom(previous, later, [...unbounded, step], search)
  }
  const limit = step.within && addExact(previous.at, step.within, calendar.timeZone)
  if (step.absent) {
    const isOver = limit !== undefined && limit <= calendar.asOf
    const isAbsent = !selectEvents(person, step.event, calendar).some(
      (event) => event.at > previous.at && limit !== undefined && event.at <= limit,
    )
    return isOver && isAbsent ? continueFrom(previous, later, unbounded, search) : undefined
  }
  for (const next of inOrder(selectWithin(person, step.event, window, calendar))) {
    if (next.at <= previous.at || (limit !== undefined && next.at > limit)) continue
    if (!unbounded.every((absence) => staysAway(absence, previous, search, next))) continue
    const rest = continueFrom(next, later, [], search)
    if (rest) return [next, ...rest]
  }
  return undefined
}

const staysAway = (
  absence: SequenceStep,
  previous: PastEvent,
  search: Search,
  next?: PastEvent,
): boolean =>
  !selectEvents(search.person, absence.event, search.calendar).some(
    (event) => event.at > previous.at && (next === undefined || event.at < next.at),
  )
