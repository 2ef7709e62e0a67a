/** What the reviewer finds in the log, by person, by export and by action. */
import type { Caller } from './client.ts'
import type { WalkPlan } from './plan.ts'
import { entriesShape } from './shapes.ts'
import type { Entry } from './shapes.ts'
import { check, checkEqual } from './story.ts'
import type { Story } from './story.ts'

interface Filter {
  readonly actor?: string
  readonly action?: string
  readonly subject?: string
  readonly exportId?: string
  readonly decision?: 'allow' | 'deny'
}

/** Every entry that the filter finds, page by page, up to `most`. */
async function search(reviewer: Caller, filter: Filter, most = 1_000): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  let cursor: string | null = null
  do {
    const answer = await reviewer.post('/v1/access-log/search', {
      ...filter,
      ...(cursor === null ? {} : { cursor }),
    })
    checkEqual(answer.status, 200, 'a search of the log')
    const page = entriesShape.parse(answer.body)
    entries.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && entries.length < most)
  return entries
}

/** The brand's ids of some people whom an export delivered. */
export async function findMembers(
  plan: WalkPlan,
  reviewer: Caller,
  exportId: string,
  wanted: number,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const subject of plan.subjects) {
    if (found.length === wanted) break
    const entries = await search(reviewer, { subject, exportId, action: 'export.pull' }, 1)
    if (entries.length > 0) found.push(subject)
  }
  checkEqual(found.length, wanted, 'people of the first list among those looked for')
  return found
}

interface Review {
  readonly plan: WalkPlan
  readonly story: Story
  readonly marketer: Caller
  readonly reviewer: Caller
  readonly exportId: string
  readonly received: readonly string[]
  readonly removedSubject: string
  readonly spared: string
}

export async function readTheLog(review: Review): Promise<void> {
  const { story, marketer, reviewer, exportId } = review
  const counts = await search(reviewer, { action: 'count.read' }, 20)
  check(
    counts.some(({ decision }) => decision === 'allow') &&
      counts.some(({ decision }) => decision === 'deny'),
    'counts are on record, and those that were refused',
  )
  story.step('counts are on record, and the refused ones with their reason')
  await checkChunks(review)
  await checkPeople(review)
  const denied = await marketer.post('/v1/access-log/search', { exportId })
  checkEqual(denied.status, 403, 'reading the log as a marketer')
  const [refusal] = await search(reviewer, { action: 'access-log.search', decision: 'deny' }, 1)
  checkEqual(refusal?.reason, 'role-missing', 'the refusal of the marketer on record')
  story.step('the marketer may not read the log: 403, and that is on record too')
}

/** Every chunk has its entry, and together they hold everybody whom the tool was given. */
async function checkChunks({ story, reviewer, exportId, received }: Review): Promise<void> {
  const entries = await search(reviewer, { exportId })
  const chunks = entries.filter(
    ({ action, decision }) => action === 'export.pull' && decision === 'allow',
  )
  const rows = chunks.reduce((sum, { rowCount }) => sum + Number(rowCount), 0)
  check(
    chunks.every(({ digest }) => digest !== null),
    'every chunk is on record with its digest',
  )
  // A connection that dropped may have cost rows that were on record and did not arrive.
  check(rows >= received.length, `${rows} rows are on record for ${received.length} received`)
  for (const action of ['export.request', 'export.decide', 'export.removals', 'export.acknowledge'])
    check(
      entries.some((entry) => entry.action === action),
      `${action} is on record`,
    )
  story.step(
    `the chunks of the second list are on record (${chunks.length}, with ${rows} rows in all), ` +
      'and who asked and who approved',
  )
}

async function checkPeople(review: Review): Promise<void> {
  const { story, reviewer, exportId, removedSubject, spared } = review
  const about = async (subject: string) =>
    await search(reviewer, { subject, exportId, action: 'export.pull' }, 1)
  check(
    (await about(removedSubject)).length > 0,
    'the export that delivered somebody is found by them',
  )
  checkEqual(await about(spared), [], 'chunks that delivered who withdrew before')
  const withdrawn = await search(reviewer, { subject: spared, action: 'consent.append' }, 1)
  check(withdrawn.length > 0, 'the withdrawal of a person is found by them')
  story.step('by a person’s own id: which lists they were in, and in which they were not')
}
