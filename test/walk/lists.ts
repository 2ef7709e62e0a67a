/** Two lists: one pulled whole, one with people withdrawing before it and in the middle of it. */
import { randomUUID } from 'node:crypto'
import type { Caller } from './client.ts'
import { codeOf, describe } from './client.ts'
import { approveAsAnother, buildAudience, requestExport } from './marketer.ts'
import type { Approver, Marketing } from './marketer.ts'
import type { WalkPlan } from './plan.ts'
import { findMembers } from './review.ts'
import { consentsShape, permittedShape } from './shapes.ts'
import { check, checkEqual } from './story.ts'
import type { Story } from './story.ts'
import { checkOrdered, digestOf, pullPart, readManifest, readRemovals } from './tool.ts'

interface FirstList {
  readonly plan: WalkPlan
  readonly story: Story
  readonly tool: Caller
  readonly otherTool: Caller
  readonly exportId: string
  readonly ruleHash: string
}

/** Pulls a list from beginning to end; gives its ids. */
export async function firstList(walk: FirstList): Promise<readonly string[]> {
  const { story, tool, otherTool, exportId } = walk
  for (const place of ['rows', 'manifest', 'removals']) {
    const answer = await otherTool.get(`/v1/exports/${exportId}/${place}`)
    checkEqual(answer.status, 404, `the ${place} of another recipient's list`)
  }
  story.step("another recipient's tool learns nothing, not even that there is a list: 404")
  const rows = await pullPart(tool, exportId)
  const ids = rows.map(({ id }) => id)
  checkOrdered(ids, 'the list')
  const columns = [...new Set(rows.map((row) => Object.keys(row).toSorted().join()))]
  checkEqual(columns, [walk.plan.columns.toSorted().join()], 'the columns of every row')
  const { list, counts, ruleHash, approvals, chunks } = await readManifest(tool, exportId)
  checkEqual([list.rows, counts.delivered], [ids.length, ids.length], 'the rows in the manifest')
  checkEqual(list.digest, digestOf(ids), 'the digest in the manifest')
  checkEqual(ruleHash, walk.ruleHash, 'the rule in the manifest')
  checkEqual(approvals.length, 1, 'the approvals in the manifest')
  story.step(
    `the list has ${ids.length} people, as NDJSON; its manifest agrees (chunks: ${chunks.length})`,
  )
  const path = `/v1/exports/${exportId}/acknowledgement`
  const wrong = { digest: digestOf(ids.slice(1)), rowCount: ids.length - 1 }
  const refused = await tool.post(path, wrong)
  checkEqual([refused.status, codeOf(refused)], [409, 'digest-differs'], 'confirming another list')
  const right = { digest: digestOf(ids), rowCount: ids.length }
  const confirmed = await tool.post(path, right)
  checkEqual(confirmed.status, 200, `confirming the list (${describe(confirmed)})`)
  checkEqual((await tool.post(path, right)).body, confirmed.body, 'confirming it again')
  story.step('the tool confirmed what it holds; another list than that is refused: 409')
  const unknown = await tool.get(`/v1/exports/${exportId}/rows?cursor=p1_nobody`)
  checkEqual([unknown.status, codeOf(unknown)], [422, 'cursor-unknown'], 'an unknown cursor')
  return ids
}

interface SecondList {
  readonly approver: Approver
  readonly reviewer: Caller
  readonly tool: Caller
  readonly source: Caller
  readonly segmentId: string
  readonly first: { readonly exportId: string; readonly ids: readonly string[] }
}

export interface Pulled {
  readonly exportId: string
  /** Everybody whom the tool was given. */
  readonly received: readonly string[]
  /** The brand's id of somebody who was given to the tool and withdrew then. */
  readonly removedSubject: string
  /** The brand's id of somebody who withdrew before. */
  readonly spared: string
}

/** Pulls a second list while people withdraw; checks that none of them is in it who withdrew before their row left. */
export async function secondList(marketing: Marketing, list: SecondList): Promise<Pulled> {
  const { plan, story } = marketing
  const { tool, first } = list
  const known = await findMembers(plan, list.reviewer, first.exportId, plan.withdrawals + 2)
  story.step(`the reviewer found ${known.length} people of the first list, by the brand's own ids`)
  const audienceId = await buildAudience(marketing, list.segmentId)
  const exportId = await requestExport(marketing, audienceId)
  await approveAsAnother(marketing, list.approver, exportId)
  const [before, after, ...middle] = known
  check(before !== undefined && after !== undefined, 'the first list has people enough')
  const withdraw = (subjects: readonly string[]) => withdrawAll(plan, list.source, subjects)
  await withdraw([before])
  const [spared] = await readRemovals(tool, first.exportId)
  check(spared !== undefined, 'the recipient of the first list hears of a withdrawal')
  story.step('one person withdrew between the build and the pull; the first list is told at once')

  const received = await pullInPieces(marketing, list, exportId, async () => {
    await withdraw(middle)
    story.step(`${middle.length} people withdrew while the reader was slow`)
  })
  checkOrdered(received, 'the second list, put together from its pieces')
  const gone = new Set(await readRemovals(tool, first.exportId))
  checkEqual(gone.size, middle.length + 1, 'the removals of the first list')
  const early = new Set(await readRemovals(tool, exportId))
  check(!received.includes(spared), 'who withdrew before the pull is not in the list')
  for (const id of gone)
    check(received.includes(id) === early.has(id), 'who withdrew is not in the list, or is removed')
  const expected = first.ids.filter((id) => !gone.has(id) || early.has(id))
  checkEqual(digestOf(received), digestOf(expected), 'the second list without those who withdrew')
  story.step(
    `the list has ${received.length} people: ${gone.size - early.size} of those who withdrew were ` +
      `held back, ${early.size} had left before and are in the removals`,
  )
  await withdraw([after])
  const later = (await readRemovals(tool, exportId)).filter((id) => !early.has(id))
  checkEqual(later.length, 1, 'the removals after one more withdrawal')
  check(received.includes(later[0] ?? ''), 'who is removed was on the list')
  story.step('one person withdrew after the delivery: the removals feed says so')
  await sayNo(marketing, tool, exportId, received, [...early, ...later])
  return { exportId, received, removedSubject: after, spared: before }
}

/** Three requests: a few rows, a connection that drops, the rest; between the first two something happens. */
async function pullInPieces(
  { story }: Marketing,
  { tool, first }: SecondList,
  exportId: string,
  between: () => Promise<void>,
): Promise<readonly string[]> {
  const size = Math.max(1, Math.floor(first.ids.length / 4))
  const ids = (await pullPart(tool, exportId, { limit: size })).map(({ id }) => id)
  checkEqual(ids.length, size, 'the rows of a request that asks for so many')
  story.step(`the tool pulled the first ${size} rows`)
  await between()
  const dropped = await pullPart(tool, exportId, { cursor: ids.at(-1), dropAfter: size })
  ids.push(...dropped.map(({ id }) => id))
  story.step(`it pulled ${dropped.length} more, and the connection dropped`)
  const rest = await pullPart(tool, exportId, { cursor: ids.at(-1) })
  ids.push(...rest.map(({ id }) => id))
  story.step(`it took up after the last id that it had: ${rest.length} more`)
  return ids
}

async function withdrawAll(
  plan: WalkPlan,
  source: Caller,
  subjects: readonly string[],
): Promise<void> {
  for (const subject of subjects) {
    const event = {
      eventId: `walk-${randomUUID()}`,
      subject,
      kind: 'general',
      purpose: plan.use.purpose,
      channels: [plan.use.channel],
      categories: [],
      state: 'withdrawn',
      effectiveAt: new Date().toISOString(),
      mechanism: 'preference-centre',
      source: 'walk',
    }
    const answer = await source.post('/v1/consent-events', event)
    check(answer.status === 200, `a withdrawal: ${describe(answer)}`)
    checkEqual(consentsShape.parse(answer.body).items[0]?.status, 'inserted', 'a withdrawal')
    const again = consentsShape.parse((await source.post('/v1/consent-events', event)).body)
    checkEqual(again.items[0]?.status, 'duplicate', 'the same withdrawal again')
  }
}

/** Somebody says no to the campaign tool itself. */
async function sayNo(
  { story }: Marketing,
  tool: Caller,
  exportId: string,
  received: readonly string[],
  removed: readonly string[],
): Promise<void> {
  const held = received.filter((id) => !removed.includes(id))
  const [no, yes] = held
  check(no !== undefined && yes !== undefined, 'the list has people left')
  const ask = async () =>
    permittedShape
      .parse((await tool.post('/v1/permitted', { ids: [no, yes, 'p1_nobody'] })).body)
      .items.map(({ permitted }) => permitted)
  checkEqual(await ask(), [true, true, false], 'who may be reached')
  const told = await tool.post('/v1/opt-outs', { ids: [no], reason: 'opt-out' })
  checkEqual(told.status, 200, `an opt-out (${describe(told)})`)
  checkEqual(await ask(), [false, true, false], 'who may be reached after the opt-out')
  check((await readRemovals(tool, exportId)).includes(no), 'an opt-out is a removal')
  story.step('somebody opted out at the tool: not permitted any more, and in the removals')
  const left = held.filter((id) => id !== no)
  const confirmed = await tool.post(`/v1/exports/${exportId}/acknowledgement`, {
    digest: digestOf(left),
    rowCount: left.length,
  })
  checkEqual(confirmed.status, 200, `confirming the list after removals (${describe(confirmed)})`)
  story.step(`the tool confirmed the ${left.length} people whom it still holds`)
}
