/** The command line: reads the words, calls the command, answers with an exit code. */
import { Command, CommanderError, Option } from 'commander'
import { readConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { createAdmin } from './admin.ts'
import { runConformance } from './conformance.ts'
import type { ConformanceOptions } from './conformance.ts'
import { draftFolder } from './dataset.ts'
import { bugReport, faultSentence } from './fault.ts'
import { importFolder } from './import.ts'
import { migrateDatabase } from './migrate.ts'
import { version } from './project.ts'
import { explainCode, runRule } from './rule.ts'
import type { RuleCommand, RuleOptions } from './rule.ts'
import { serve } from './serve.ts'
import { onSignal } from './signal.ts'
import { fail, processTerminal } from './terminal.ts'
import type { ExitCode, Terminal } from './terminal.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a command came to: done, or one sentence on why not. */
type Outcome = Promise<Result<void, string>>

export async function main(
  words: readonly string[],
  environment: Environment,
  workingDir: string,
  terminal: Terminal = processTerminal,
): Promise<ExitCode> {
  const came: { to: Result<void, string> } = { to: ok(undefined) }
  const program = build(terminal, async (work) => {
    const config = readConfig(environment, workingDir)
    came.to = config.ok ? await work(config.value) : config
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const sentence = faultSentence(error)
    if (sentence !== undefined) return fail(terminal, sentence)
    terminal.say(bugReport(error))
    return 1
  }
  return came.to.ok ? 0 : fail(terminal, came.to.error)
}

type Run = (work: (config: Config) => Outcome) => Promise<void>

function build(terminal: Terminal, run: Run): Command {
  const program = new Command('yunqun')
    .description(
      'Say whom to reach in a sentence; reach only people who agreed; let a reviewer prove it.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
    })
  addServe(program, terminal, run)
  program
    .command('migrate')
    .description('bring the database up to date; answers with the migrations applied')
    .action(async () => await run((config) => migrateDatabase(config, terminal)))
  program
    .command('admin')
    .description('administrators')
    .command('create')
    .argument('<email>')
    .description('invite an administrator; answers with a link that works once')
    .action(async (email: string) => await run((config) => createAdmin(config, email, terminal)))
  program
    .command('import')
    .argument('<dir>', 'a folder with a dataset.json')
    .option('--data <csvdir>', 'where the files are that are not beside it')
    .description('load customers, events and consents; answers with a counted report')
    .action(
      async (dir: string, options: { readonly data?: string }) =>
        await run((config) =>
          importFolder(config, dir, { ...options, signal: onSignal() }, terminal),
        ),
    )
  program
    .command('dataset')
    .description('what CSV files mean')
    .command('draft')
    .argument('<csvdir>', 'a folder of CSV files, plain or .gz')
    .description('guess a dataset.json from the files; answers with it')
    .action(async (folder: string) => await run(async () => await draftFolder(folder, terminal)))
  addRule(program, terminal, run)
  addConformance(program, terminal, run)
  return program
}

function addServe(program: Command, terminal: Terminal, run: Run): void {
  program
    .command('serve')
    .description('start the database, the API and the pages')
    .option('--demo', 'with the demo world (the first start of an empty folder)', false)
    .option('--empty', 'without it, as a real deployment', false)
    .action(
      async (options: { readonly demo: boolean; readonly empty: boolean }) =>
        await run((config) => serve(config, { ...options, signal: onSignal() }, terminal)),
    )
}

function addRule(program: Command, terminal: Terminal, run: Run): void {
  const rule = program.command('rule').description('the rule language')
  const commands: readonly (readonly [RuleCommand, string])[] = [
    ['check', 'say what is wrong with a rule, or give its hash'],
    ['format', 'give the rule in its one layout'],
    ['translate', 'give the rule in the other language'],
    ['explain', 'say in words what a rule means'],
  ]
  for (const [name, description] of commands) {
    rule
      .command(name)
      .argument('<file>', 'a file with rule text, or - for standard input')
      .addOption(new Option('--to <language>', 'en or zh').choices(['en', 'zh']))
      .addOption(
        new Option('--catalog <place>', 'whose names the rule may use').choices([
          'database',
          'demo',
        ]),
      )
      .description(description)
      .action(
        async (file: string, options: RuleOptions) =>
          await run((config) => runRule(config, name, file, options, terminal)),
      )
  }
  rule
    .command('explain-code')
    .argument('<code>', 'such as E301')
    .description('say what a code of a diagnostic stands for')
    .action(async (code: string) => await run(async () => explainCode(code, terminal)))
}

function addConformance(program: Command, terminal: Terminal, run: Run): void {
  program
    .command('conformance')
    .description('answer JSON lines of standard input, one line each')
    .option('--dataset <dir>', 'a folder with a dataset.json, loaded into a database of its own')
    .option('--data <csvdir>', 'where its files are that are not beside it')
    .addOption(
      new Option('--engine <engine>', 'what finds the members in the dataset').choices([
        'sql',
        'evaluator',
      ]),
    )
    .action(
      async (options: Omit<ConformanceOptions, 'signal'>) =>
        await run((config) =>
          runConformance(config, { ...options, signal: onSignal() }, process.stdin, terminal),
        ),
    )
}
