/** A rule with an error, its mending, and the same rule in two languages. */
import type { Answer } from './client.ts'
import { describe } from './client.ts'
import type { Marketing } from './marketer.ts'
import { checkedShape, countShape } from './shapes.ts'
import { check, checkEqual } from './story.ts'

/** Gives the hash that the rule has in both languages. */
export async function settleRule(marketing: Marketing): Promise<string> {
  const { plan, story } = marketing
  const mended = await mendRule(marketing)
  checkEqual(mended, plan.rules.en, 'the rule with its first suggestion taken')
  const english = await readRule(marketing, plan.rules.en)
  const chinese = await readRule(marketing, plan.rules.zh)
  checkEqual(chinese.ruleHash, english.ruleHash, 'the hash of the Chinese rule')
  story.step(`the rule is sound; in Chinese and in English it is one rule: ${english.ruleHash}`)
  for (const line of english.words?.en ?? []) story.step(`in words: ${line}`)
  await countBoth(marketing, english.ruleHash)
  return english.ruleHash
}

async function mendRule({ plan, story, marketer }: Marketing): Promise<string> {
  const { wrong } = plan.rules
  const answer = await marketer.post('/v1/rules/check', { text: wrong })
  const { diagnostics, ruleHash } = checkedShape.parse(answer.body)
  checkEqual(ruleHash, null, 'the hash of a rule with an error')
  const [found] = diagnostics.filter(({ severity }) => severity === 'error')
  check(found !== undefined, 'the wrong rule has an error')
  const [fix] = found.fixes
  check(fix !== undefined, `the error has a suggestion: ${JSON.stringify(found)}`)
  const { start, end } = found.span
  check(start < end && end <= wrong.length, 'the error says where it stands')
  story.step(
    `a rule with an error: ${found.code} at ${start}–${end} (“${wrong.slice(start, end)}”), ` +
      `“${found.message}”, suggested: ${fix.title}`,
  )
  const refused = await marketer.post('/v1/counts', { text: wrong, use: plan.use })
  checkEqual(refused.status, 422, 'a count of a wrong rule')
  story.step('it counts nobody: 422')
  return fix.edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (text, edit) => text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end),
      wrong,
    )
}

async function readRule({ plan, marketer }: Marketing, text: string) {
  const answer = await marketer.post('/v1/rules/check', { text, use: plan.use })
  checkEqual(answer.status, 200, 'a rule that is checked')
  const { ruleHash, diagnostics, ...rest } = checkedShape.parse(answer.body)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  checkEqual(errors, [], `the errors of “${text}”`)
  check(ruleHash !== null, 'a sound rule has a hash')
  return { ...rest, ruleHash }
}

async function countBoth({ plan, story, marketer }: Marketing, ruleHash: string): Promise<void> {
  const { use, rules } = plan
  const [english, chinese] = [
    counted(await marketer.post('/v1/counts', { text: rules.en, use })),
    counted(await marketer.post('/v1/counts', { text: rules.zh, use })),
  ]
  const shown = (count: typeof english) =>
    count.waterfall.map((step) => [step.reason, step.count.value])
  checkEqual(english.ruleHash, ruleHash, 'the hash of the counted rule')
  checkEqual(shown(chinese), shown(english), 'the counts of the Chinese rule')
  check(english.waterfall[0]?.reason === 'everyone', 'the waterfall begins with everyone')
  check(english.reachable.value !== null, 'the rule reaches people enough to say how many')
  for (const step of english.waterfall) {
    const { value } = step.count
    check(value === null || (value >= 50 && value % 10 === 0), 'every number is a released one')
  }
  story.step('both count the same; the waterfall, eligible first:')
  for (const [reason, value] of shown(english)) story.step(`${reason}: ${value ?? 'fewer than 50'}`)
  const unknown = await marketer.post('/v1/counts', {
    text: rules.en,
    use: { ...use, purpose: `${use.purpose}x` },
  })
  checkEqual(unknown.status, 422, 'a count for an unknown purpose')
  story.step('an unknown purpose is refused: 422')
}

function counted(answer: Answer) {
  check(answer.status === 200, `a count: ${describe(answer)}`)
  return countShape.parse(answer.body)
}
