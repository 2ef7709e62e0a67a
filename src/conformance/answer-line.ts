/** A line of JSON → its answer. Whatever the line is, there is an answer. */
import {
  evaluate,
  explainCustomer,
  format,
  parse,
  readRule,
  ruleInWords,
  translate,
} from '#grammar'
import type { RuleCatalog, Run } from '#grammar'
import { settleRun } from '../compiler/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { Temporal } from 'temporal-polyfill'
import { asJson, problem, problemsOf } from './errors.ts'
import type { Problem } from './errors.ts'
import type { Answer, Ground, People, SoundRule } from './ground.ts'
import { inlineWorld } from './inline-world.ts'
import { lineShape, ruleCatalogOf } from './line.ts'
import type { Line, LineOf } from './line.ts'
import { reasonsOf } from './reasons.ts'

type Answered = Result<Answer, readonly Problem[]>

/** Kinds of the contract that this program does not answer. */
const unsupported: ReadonlySet<unknown> = new Set(['analyse'])
const kinds: ReadonlySet<unknown> = new Set(lineShape.options.map(({ shape }) => shape.kind.value))

export async function answerLine(text: string, ground: Ground): Promise<Answer> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { id: null, errors: [problem('line-not-json', 'the line is no JSON')] }
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { id: null, errors: [problem('line-invalid', 'the line is no JSON object')] }
  const id = 'id' in json ? json.id : null
  const answered = await answer(json, ground)
  return answered.ok ? { id, ...answered.value } : { id, errors: answered.error }
}

async function answer(json: object, ground: Ground): Promise<Answered> {
  const kind = 'kind' in json ? json.kind : undefined
  if (unsupported.has(kind))
    return refuse('kind-not-supported', `the kind ${String(kind)} is not answered here`)
  if (!kinds.has(kind)) return refuse('kind-unknown', `the kind is one of ${[...kinds].join(', ')}`)
  const line = lineShape.safeParse(json)
  if (!line.success) {
    const [issue] = line.error.issues
    const place = (issue?.path ?? []).map(String).join('/')
    return refuse('line-invalid', `${place}: ${issue?.message ?? 'not the shape of this kind'}`)
  }
  return await answerKind(line.data, ground)
}

const refuse = (code: string, message: string): Answered => err([problem(code, message)])

async function answerKind(line: Line, ground: Ground): Promise<Answered> {
  const inline = line.world?.catalog ?? line.catalog
  const catalog = inline === undefined ? ground.catalog : ruleCatalogOf(inline)
  if (line.kind === 'parse') {
    const { ast, diagnostics, surface } = parse(line.rule)
    if (ast === undefined) return err(problemsOf(diagnostics, line.to ?? surface))
    return ok({ ast, diagnostics: diagnostics.map((each) => asJson(each, line.to ?? surface)) })
  }
  const read = readRule(line.rule, catalog, line.params)
  const language = line.to ?? read.surface
  const errors = problemsOf(read.diagnostics, language)
  switch (line.kind) {
    case 'check': {
      const diagnostics = read.diagnostics.map((each) => asJson(each, language))
      if (read.ruleHash === undefined) return err(errors)
      return ok({ diagnostics, ruleHash: read.ruleHash, categories: read.categories })
    }
    case 'format':
      if (read.ast === undefined) return err(errors)
      return ok({ text: format(read.ast, language, catalog) })
    case 'translate': {
      const to = line.to ?? (read.surface === 'en' ? 'zh' : 'en')
      const translated = translate(line.rule, to, catalog)
      return translated.ok ? ok({ text: translated.text }) : err(errors)
    }
    case 'evaluate':
    case 'explain': {
      const { rule } = read
      if (rule === undefined) return err(errors)
      const sound = { ...read, rule }
      return line.kind === 'evaluate'
        ? await evaluateLine(line, sound, catalog, ground)
        : await explainLine(line, sound, catalog, ground)
    }
  }
}

/** Members by their ids in the order of their bytes. */
async function evaluateLine(
  line: LineOf<'evaluate'>,
  read: SoundRule,
  catalog: RuleCatalog,
  ground: Ground,
): Promise<Answered> {
  const run = runOf(line, read, catalog)
  if (!run.ok) return run
  if (line.world === undefined && ground.world !== undefined) {
    const found = await ground.world.members(read, run.value)
    return ok(membersAnswer(found))
  }
  const people = await peopleOf(line, catalog, ground)
  if (!people.ok) return people
  return ok(membersAnswer(evaluate(read.rule, people.value.world, run.value)))
}

function membersAnswer(found: readonly string[]): Answer {
  const members = found.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return { members, count: members.length }
}

async function explainLine(
  line: LineOf<'explain'>,
  read: SoundRule,
  catalog: RuleCatalog,
  ground: Ground,
): Promise<Answered> {
  const { customer } = line
  const needed = customer === undefined ? { ...line, asOf: line.asOf ?? nowOf(ground) } : line
  const run = runOf(needed, read, catalog)
  if (!run.ok) return run
  const words = ruleInWords(read.rule, catalog, run.value)
  if (customer === undefined) return ok({ words })
  const people = await peopleOf(line, catalog, ground)
  if (!people.ok) return people
  const { world, customerKey } = people.value
  if (!world.customers.some(({ id }) => id === customer))
    return refuse('customer-unknown', 'the world has no such customer')
  const keyed = customerKey === undefined ? run.value : { ...run.value, customerKey }
  const explained = explainCustomer(read.rule, customer, world, keyed)
  return ok({ in: explained.member, reasons: reasonsOf(explained), words })
}

const nowOf = ({ clock }: Ground): string => clock.now().toISOString()

async function peopleOf(
  { world }: LineOf<'evaluate'> | LineOf<'explain'>,
  catalog: RuleCatalog,
  ground: Ground,
): Promise<Result<People, readonly Problem[]>> {
  if (world === undefined) {
    if (ground.world !== undefined) return ok(await ground.world.people())
    return err([problem('world-missing', 'the line has no world, and there is no dataset')])
  }
  const made = inlineWorld(world, catalog)
  if (made.ok) return ok({ world: made.value })
  const { code, pointer } = made.error
  return err([problem('world-invalid', `${code} at /world${pointer}`)])
}

/** The rule's header and the line may both say when and where, if they say the same. */
function runOf(
  line: { readonly asOf?: string | undefined; readonly timeZone?: string | undefined },
  { rule }: SoundRule,
  catalog: RuleCatalog,
): Result<Run, readonly Problem[]> {
  const { header } = rule
  if (line.timeZone !== undefined && (header.timeZone ?? line.timeZone) !== line.timeZone)
    return err([problem('time-zone-differs', 'the rule and the line name different time zones')])
  const timeZone = header.timeZone ?? line.timeZone ?? catalog.timeZone
  if (line.asOf === undefined && header.asOf === undefined)
    return err([problem('as-of-missing', 'neither the line nor the rule says asOf')])
  const epoch = '1970-01-01T00:00:00Z'
  const settled = settleRun(header, { asOf: line.asOf ?? epoch, timeZone }).asOf
  if (line.asOf !== undefined && !Temporal.Instant.from(line.asOf).equals(settled))
    return err([problem('as-of-differs', 'the rule and the line name different moments')])
  return ok({ asOf: settled.toString(), timeZone })
}
