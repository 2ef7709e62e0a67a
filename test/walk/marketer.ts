/** What the marketer does after the rule: save it, have an audience built, ask for a list; and the other's approval. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Caller } from './client.ts'
import { codeOf, describe } from './client.ts'
import type { WalkPlan } from './plan.ts'
import { audienceShape, exportShape, segmentShape } from './shapes.ts'
import { check, checkEqual } from './story.ts'
import type { Story } from './story.ts'

export interface Marketing {
  readonly plan: WalkPlan
  readonly story: Story
  readonly marketer: Caller
}

export interface Approver extends Caller {
  readonly stepUp: () => Promise<void>
}

const day = 86_400_000
const pollMs = 100
const buildMsMax = 120_000

/** Saves the rule; saving its Chinese makes no version; a repeated request makes no second segment. */
export async function saveAsSegment(
  { plan, story, marketer }: Marketing,
  ruleHash: string,
): Promise<string> {
  const body = {
    name: `Walk ${new Date().toISOString()} ${randomUUID().slice(0, 4)}`,
    text: plan.rules.en,
  }
  const key = randomUUID()
  const made = await marketer.post('/v1/segments', body, key)
  checkEqual(made.status, 201, `saving a segment (${describe(made)})`)
  const saved = segmentShape.parse(made.body)
  checkEqual([saved.version, saved.ruleHash], [1, ruleHash], 'the saved version')
  story.step(`saved as segment “${body.name}”, version 1`)
  checkEqual(
    segmentShape.parse((await marketer.post('/v1/segments', body, key)).body).id,
    saved.id,
    'the answer to the same request again',
  )
  const other = await marketer.post('/v1/segments', { ...body, text: plan.rules.zh }, key)
  checkEqual(other.status, 409, 'the same idempotency key with another body')
  story.step('the same request again gives the same segment; the same key with another body: 409')
  const put = await marketer.put(`/v1/segments/${saved.id}`, { text: plan.rules.zh })
  checkEqual(segmentShape.parse(put.body).version, 1, 'the version after saving its Chinese')
  story.step('its Chinese means the same, so it makes no new version')
  return saved.id
}

/** Asks for an audience and waits until it is ready. */
export async function buildAudience(
  { plan, story, marketer }: Marketing,
  segmentId: string,
): Promise<string> {
  const asked = await marketer.post(`/v1/segments/${segmentId}/audiences`, { use: plan.use })
  check(asked.status === 202 || asked.status === 201, `asking for an audience: ${describe(asked)}`)
  const { id, state } = audienceShape.parse(asked.body)
  checkEqual(state, 'queued', 'the state of an audience that was asked for')
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const audience = audienceShape.parse((await marketer.get(`/v1/audiences/${id}`)).body)
    if (audience.state === 'ready') {
      const reachable = audience.waterfall?.find((step) => step.reason === 'reachable')?.count
      check(reachable !== undefined, 'a ready audience has its waterfall')
      story.step(`the audience is built: about ${reachable.value ?? 'fewer than 50'} people`)
      return id
    }
    check(
      audience.state === 'queued' || audience.state === 'running',
      `the audience is built: ${JSON.stringify(audience)}`,
    )
    check(waitedMs < buildMsMax, 'the audience is built within two minutes')
    await delay(pollMs)
  }
}

/** Asks for the list of an audience; what asks for too much is refused. */
export async function requestExport(
  { plan, story, marketer }: Marketing,
  audienceId: string,
): Promise<string> {
  const body = {
    audienceId,
    destination: plan.use.channel,
    columns: plan.columns,
    expiresAt: new Date(Date.parse(new Date().toISOString()) + 7 * day).toISOString(),
    reason: 'the walk through the whole service',
  }
  const tooMuch = await marketer.post('/v1/exports', { ...body, columns: ['id', 'shoe-size'] })
  checkEqual([tooMuch.status, codeOf(tooMuch)], [422, 'column-unknown'], 'an unknown column')
  const asked = await marketer.post('/v1/exports', body)
  checkEqual(asked.status, 201, `asking for an export (${describe(asked)})`)
  const made = exportShape.parse(asked.body)
  checkEqual(made.state, 'requested', 'the state of an export that was asked for')
  story.step(
    `an export is asked for; its gates: ${(made.gates ?? [])
      .map(({ code, outcome }) => `${code} ${outcome}`)
      .join(', ')}`,
  )
  return made.id
}

/** The marketer cannot approve; another person can, once. */
export async function approveAsAnother(
  { story, marketer }: Marketing,
  approver: Approver,
  exportId: string,
): Promise<void> {
  const path = `/v1/exports/${exportId}/approval`
  const decision = { decision: 'approved', reason: 'the walk may go on' }
  checkEqual((await marketer.post(path, decision)).status, 403, 'approving an own request')
  story.step('the marketer cannot approve what the marketer asked for: 403')
  await approver.stepUp()
  const approved = await approver.post(path, decision)
  checkEqual(approved.status, 200, `the approval (${describe(approved)})`)
  checkEqual(exportShape.parse(approved.body).state, 'available', 'the state after the approval')
  const again = await approver.post(path, decision)
  checkEqual([again.status, codeOf(again)], [409, 'already-decided'], 'a second approval')
  story.step('another person approved it; a second approval is refused: 409')
}

/** An export that is cancelled gives nothing any more. */
export async function takeBack(
  marketing: Marketing,
  approver: Approver,
  tool: Caller,
  audienceId: string,
): Promise<void> {
  const { story, marketer } = marketing
  const exportId = await requestExport(marketing, audienceId)
  await approveAsAnother(marketing, approver, exportId)
  checkEqual((await marketer.post(`/v1/exports/${exportId}/cancel`)).status, 200, 'cancelling')
  const pulled = await tool.get(`/v1/exports/${exportId}/rows`)
  checkEqual(
    [pulled.status, codeOf(pulled)],
    [409, 'export-cancelled'],
    'pulling what is cancelled',
  )
  story.step('an approved export was taken back before it was pulled: nothing leaves, 409')
}
