/** Clauses about what customers did, in words. */
import type {
  Aggregate,
  CountTest,
  DidTest,
  EventSelection,
  Metric,
  OccurrenceTest,
  PropertyTest,
  SequenceTest,
} from '../check/checked-rule.ts'
import { attributeName, eventName, listed, propertyName, type Speaker } from './speaker.ts'
import { durationInWords, timeInWords, windowInWords } from './times.ts'
import { valueTestInWords } from './values.ts'

export function didInWords(test: DidTest, speaker: Speaker): string {
  const { say } = speaker
  const event = selectionInWords(test.event, speaker)
  const window = windowInWords(test.window, speaker, 'events')
  const amount = countInWords(test, speaker)
  return say(`did ${event}${amount && ` ${amount}`} ${window}`, `${window}做过${event}${amount}`)
}

export function didNotInWords(test: DidTest, speaker: Speaker): string {
  const { say } = speaker
  const event = selectionInWords(test.event, speaker)
  const window = windowInWords(test.window, speaker, 'events')
  return test.window.kind === 'ever'
    ? say(`never did ${event} (${window.replace(/^ever \(|\)$/g, '')})`, `从未做过${event}`)
    : say(`did not do ${event} ${window}`, `${window}未做过${event}`)
}

/** Nothing for "at least once", which "did" says already. */
function countInWords(test: DidTest, speaker: Speaker): string {
  const { say } = speaker
  const amount = countTestInWords(test.count, speaker)
  const one = test.count.kind === 'compare' && test.count.value === 1
  switch (test.measure.kind) {
    case 'times':
      return isAtLeastOnce(test) ? '' : say(`${amount} ${one ? 'time' : 'times'}`, `${amount} 次`)
    case 'days':
      return say(`on ${amount} different ${one ? 'day' : 'days'}`, `${amount} 天（按不同日期计）`)
    case 'different': {
      const property = propertyName(test.event.event, test.measure.property, speaker)
      return say(`with ${amount} different ${property}`, `${amount} 种不同的${property}`)
    }
  }
}

export const isAtLeastOnce = ({ measure, count }: DidTest): boolean =>
  measure.kind === 'times' &&
  count.kind === 'compare' &&
  ((count.op === '>=' && count.value === 1) || (count.op === '>' && count.value === 0))

function countTestInWords(count: CountTest, { say }: Speaker): string {
  if (count.kind === 'between') {
    return say(`between ${count.low} and ${count.high}`, `介于 ${count.low} 到 ${count.high}`)
  }
  const { value } = count
  switch (count.op) {
    case '=':
      return say(`exactly ${value}`, `恰好 ${value}`)
    case '!=':
      return say(`other than ${value}`, `不是 ${value}`)
    case '<':
      return say(`fewer than ${value}`, `少于 ${value}`)
    case '<=':
      return say(`at most ${value}`, `至多 ${value}`)
    case '>':
      return say(`more than ${value}`, `超过 ${value}`)
    case '>=':
      return say(`at least ${value}`, `至少 ${value}`)
  }
}

export function selectionInWords(selection: EventSelection, speaker: Speaker): string {
  const event = eventName(selection.event, speaker)
  if (!selection.where) return event
  const where = whereInWords(selection.where, selection.event, speaker)
  return speaker.say(`${event} (where ${where})`, `${event}（其中${where}）`)
}

export function whereInWords(test: PropertyTest, event: string, speaker: Speaker): string {
  const { say } = speaker
  const inner = (part: PropertyTest): string => {
    const words = whereInWords(part, event, speaker)
    return part.kind === 'property' ? words : say(`(${words})`, `（${words}）`)
  }
  switch (test.kind) {
    case 'and':
      return test.tests.map(inner).join(say(' and ', '且'))
    case 'or':
      return test.tests.map(inner).join(say(' or ', '或'))
    case 'not':
      return say(`not: ${inner(test.test)}`, `不满足：${inner(test.test)}`)
    case 'at-least': {
      const parts = test.tests.map(inner).join(say('; ', '；'))
      return say(`at least ${test.count} of: ${parts}`, `至少满足 ${test.count} 项：${parts}`)
    }
    case 'property': {
      const fieldName = (id: string) => propertyName(event, id, speaker)
      const subject = { name: fieldName(test.property), type: test.type, fieldName }
      return valueTestInWords(subject, test.test, speaker)
    }
  }
}

/** What is measured: "the total of [Amount] over [Order paid] in the last 365 days (…)". */
export function metricInWords(metric: Metric, speaker: Speaker): string {
  if (metric.kind === 'aggregate') return aggregateInWords(metric, speaker)
  const over = aggregateInWords(metric.over, speaker)
  const under = aggregateInWords(metric.under, speaker)
  return speaker.say(`${over}, divided by ${under},`, `${over}与${under}之比`)
}

export function aggregateInWords(aggregate: Aggregate, speaker: Speaker): string {
  const { say } = speaker
  const event = selectionInWords(aggregate.event, speaker)
  const window = windowInWords(aggregate.window, speaker, 'events')
  const property =
    aggregate.property && propertyName(aggregate.event.event, aggregate.property.id, speaker)
  switch (aggregate.fn) {
    case 'count':
      return say(`the number of ${event} ${window}`, `${window}${event}的次数`)
    case 'sum':
      return say(
        `the total of ${property} over ${event} ${window}`,
        `${window}${event}的${property}合计`,
      )
    case 'average':
      return say(
        `the average of ${property} over ${event} ${window}`,
        `${window}${event}的${property}平均值`,
      )
    case 'min':
      return say(
        `the smallest ${property} of ${event} ${window}`,
        `${window}${event}的${property}最小值`,
      )
    case 'max':
      return say(
        `the largest ${property} of ${event} ${window}`,
        `${window}${event}的${property}最大值`,
      )
    case 'distinct':
      return say(
        `the number of different ${property} of ${event} ${window}`,
        `${window}${event}中不同${property}的数量`,
      )
  }
}

/** Who never did it has no such value; a sum or a count of nothing is zero. */
export const isZeroOfNothing = (metric: Metric): boolean =>
  metric.kind === 'aggregate' &&
  (metric.fn === 'count' || metric.fn === 'sum' || metric.fn === 'distinct')

export function occurrenceInWords(test: OccurrenceTest, speaker: Speaker): string {
  const { say } = speaker
  const event = selectionInWords(test.event, speaker)
  const which =
    test.which === 'first'
      ? say(`the first ${event}`, `首次${event}`)
      : say(`the last ${event}`, `最近一次${event}`)
  if (test.test.kind === 'had') {
    const where = whereInWords(test.test.where, test.event.event, speaker)
    return say(`${which} had: ${where}`, `${which}满足：${where}`)
  }
  const when = timeInWords(test.test.when, 'events', speaker)
  return say(`${which} ${when}`, `${which}${when}`)
}

/** "did [A], then within 7 days [B], then within 24 hours no [C], all in the last 90 days (…)". */
export function sequenceInWords(test: SequenceTest, speaker: Speaker, negated = false): string {
  const { say } = speaker
  const steps = test.then.map((step) => {
    const event = selectionInWords(step.event, speaker)
    const within = step.within && durationInWords(step.within, speaker)
    return say(
      `then ${within === undefined ? '' : `within ${within} `}${step.absent ? 'no ' : ''}${event}`,
      `然后${within === undefined ? '' : ` ${within}内`}${step.absent ? '未做过' : '做过'}${event}`,
    )
  })
  const first = selectionInWords(test.first, speaker)
  const window = windowInWords(test.window, speaker, 'events')
  return say(
    `${negated ? 'did not do' : 'did'}, in this order ${window}: ${[first, ...steps].join(', ')}`,
    `${window}${negated ? '未' : ''}依次做到：做过${[first, ...steps].join('，')}`,
  )
}

export const namesInWords = (ids: readonly string[], speaker: Speaker): string =>
  listed(
    ids.map((id) => attributeName(id, speaker)),
    'or',
    speaker,
  )
