/** The whole way, over HTTP alone: from a sentence to a consented list, with its refusals, withdrawals and its record. */
import { connectMachine, signIn, stranger } from './client.ts'
import { printed } from './story.ts'
import type { Story } from './story.ts'
import type { WalkPlan } from './plan.ts'
import {
  approveAsAnother,
  buildAudience,
  requestExport,
  saveAsSegment,
  takeBack,
} from './marketer.ts'
import type { Marketing } from './marketer.ts'
import { settleRule } from './rule-steps.ts'
import { readTheLog } from './review.ts'
import { firstList, secondList } from './lists.ts'
import { checkEqual } from './story.ts'

export interface WalkOptions {
  readonly plan: WalkPlan
  /** Gets each line; standard output where none is given. */
  readonly write?: (line: string) => void
}

/** Throws a WalkFailed, or what the network threw, at the first step that is not as it must be. */
export async function runWalk({ plan, write = console.log }: WalkOptions): Promise<void> {
  const story = printed(write)
  const { baseUrl, people, machines } = plan
  write(`A walk through ${baseUrl}`)

  story.chapter('The marketer writes a rule')
  await nobodyGetsIn(plan, story)
  const marketer = await signIn(baseUrl, 'the marketer', people.marketer)
  story.step('the marketer signed in')
  const marketing: Marketing = { plan, story, marketer }
  const ruleHash = await settleRule(marketing)

  story.chapter('A list is built, and approved by somebody else')
  const segmentId = await saveAsSegment(marketing, ruleHash)
  const audienceId = await buildAudience(marketing, segmentId)
  const approver = await signIn(baseUrl, 'the approver', people.approver)
  const exportId = await requestExport(marketing, audienceId)
  await approveAsAnother(marketing, approver, exportId)

  story.chapter('The campaign tool pulls the first list')
  const tool = await connectMachine(baseUrl, 'the campaign tool', machines.tool)
  const otherTool = await connectMachine(baseUrl, "another recipient's tool", machines.otherTool)
  const source = await connectMachine(baseUrl, 'the consent source', machines.consentSource)
  story.step('three machines proved who they are by assertions that they signed')
  const first = await firstList({ plan, story, tool, otherTool, exportId, ruleHash })

  story.chapter('People withdraw: before the second list is pulled, and in the middle of it')
  const reviewer = await signIn(baseUrl, 'the reviewer', people.reviewer)
  const second = await secondList(marketing, {
    approver,
    reviewer,
    tool,
    source,
    segmentId,
    first: { exportId, ids: first },
  })
  await takeBack(marketing, approver, tool, audienceId)

  story.chapter('The reviewer reads the log')
  await readTheLog({ plan, story, marketer, reviewer, ...second })
  write('\nThe walk went through: every step was as it must be.')
}

async function nobodyGetsIn(plan: WalkPlan, story: Story): Promise<void> {
  const nobody = stranger(plan.baseUrl)
  const counted = await nobody.post('/v1/counts', { text: plan.rules.en, use: plan.use })
  checkEqual(counted.status, 401, 'a count by nobody')
  story.step('nobody counts anything without signing in: 401')
}
