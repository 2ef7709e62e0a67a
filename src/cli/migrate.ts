/** `yunqun migrate`. */
import type { Config } from '../config.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { withDeployment } from './deployment.ts'
import type { Terminal } from './terminal.ts'

export async function migrateDatabase(
  config: Config,
  terminal: Terminal,
): Promise<Result<void, string>> {
  return await withDeployment(config, terminal, async ({ applied }) => {
    for (const name of applied) terminal.answer(name)
    terminal.say(
      applied.length === 0 ? 'the database was up to date' : 'the database is up to date',
    )
    return ok(undefined)
  })
}
