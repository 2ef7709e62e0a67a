/** `yunqun dataset draft CSVDIR`: a dataset.json to begin with. */
import path from 'node:path'
import { draftDataset, importErrorSentence } from '../imports/index.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { Terminal } from './terminal.ts'

export async function draftFolder(
  folder: string,
  terminal: Terminal,
): Promise<Result<void, string>> {
  const drafted = await draftDataset(path.resolve(folder))
  if (!drafted.ok) {
    const { error } = drafted
    return err(
      error.code === 'no-customers'
        ? `no CSV file of ${folder} has a column that names customers, such as customer_id`
        : importErrorSentence(error),
    )
  }
  const { dataset, unused } = drafted.value
  for (const file of unused)
    terminal.say(`left out: ${file} (no customer column with a time column beside it)`)
  terminal.say('guessed: currency, time zone, categories and classes; look through them')
  terminal.answer(JSON.stringify(dataset, null, 2))
  return ok(undefined)
}
