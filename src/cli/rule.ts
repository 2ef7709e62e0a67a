/** `yunqun rule ...`: the language on the command line. */
import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { format, readRule, renderDiagnostic, ruleInWords, translate } from '#grammar'
import type { Diagnostic, Language, ReadRule, RuleCatalog } from '#grammar'
import type { Config } from '../config.ts'
import { systemClock } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { codes, sampleOf } from './code-samples.ts'
import { ruleCatalog } from './rule-catalog.ts'
import type { Terminal } from './terminal.ts'

export type RuleCommand = 'check' | 'format' | 'translate' | 'explain'

export interface RuleOptions {
  readonly to?: Language
  readonly catalog?: 'database' | 'demo'
}

export async function runRule(
  config: Config,
  command: RuleCommand,
  file: string,
  options: RuleOptions,
  terminal: Terminal,
): Promise<Result<void, string>> {
  const text = await readText(file)
  if (!text.ok) return text
  const catalog = await ruleCatalog(config, options.catalog, terminal)
  if (!catalog.ok) return catalog
  const read = readRule(text.value, catalog.value)
  const language = options.to ?? read.surface
  const lines = read.diagnostics.map((found) => line(file, text.value, found, language))
  const answered = answer(command, text.value, read, catalog.value, options)
  // A check is asked for the diagnostics; to the others they are a message beside the answer.
  for (const said of lines) (command === 'check' ? terminal.answer : terminal.say)(said)
  if (!answered.ok) return answered
  terminal.answer(answered.value)
  return ok(undefined)
}

async function readText(file: string): Promise<Result<string, string>> {
  if (file === '-') return ok(await textOf(process.stdin))
  try {
    return ok(await readFile(file, 'utf8'))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return err(isMissing ? `there is no file ${file}` : `the file ${file} cannot be read`)
  }
}

function answer(
  command: RuleCommand,
  text: string,
  read: ReadRule,
  catalog: RuleCatalog,
  { to }: RuleOptions,
): Result<string, string> {
  const errors = read.diagnostics.filter(({ severity }) => severity === 'error').length
  const refused = err(errors === 1 ? 'the rule has an error' : `the rule has ${errors} errors`)
  switch (command) {
    case 'check':
      return read.ruleHash === undefined
        ? refused
        : ok([read.ruleHash, ...read.categories].join(' '))
    case 'format':
      return read.ast === undefined
        ? refused
        : ok(format(read.ast, to ?? read.surface, catalog).trimEnd())
    case 'translate': {
      const other = read.surface === 'en' ? 'zh' : 'en'
      const translated = translate(text, to ?? other, catalog)
      return translated.ok ? ok(translated.text.trimEnd()) : refused
    }
    case 'explain': {
      if (read.rule === undefined) return refused
      const asOf = systemClock.now().toISOString()
      const words = ruleInWords(read.rule, catalog, { asOf, timeZone: catalog.timeZone })
      return ok(words[to ?? read.surface].join('\n'))
    }
  }
}

/** `file:line:column: severity code: message`, as editors and people read it. */
function line(file: string, text: string, found: Diagnostic, language: Language): string {
  const before = text.slice(0, found.span.start).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  const message = renderDiagnostic(found, language)
  return `${file}:${before.length}:${column}: ${found.severity} ${found.code}: ${message}`
}

export function explainCode(word: string, terminal: Terminal): Result<void, string> {
  const found = sampleOf(word)
  if (found === undefined)
    return err(`there is no code ${word.slice(0, 20)}; codes are ${codes[0]} to ${codes.at(-1)}`)
  terminal.answer(`${found.code} (${found.severity})`)
  terminal.answer(renderDiagnostic(found, 'en'))
  terminal.answer(renderDiagnostic(found, 'zh'))
  return ok(undefined)
}
