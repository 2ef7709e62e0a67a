/**
 * `npm run walk`: the whole way over HTTP, against a running server.
 *
 * Without arguments the demo world of YUNQUN_DATA (BASE_URL overrides its address); with `--dataset DIR --data CSVDIR`
 * a server of its own in an empty folder, into which that data set is imported first.
 */
import { parseArgs } from 'node:util'
import { openDataset } from './dataset.ts'
import { demoPlan } from './plan.ts'
import { WalkFailed } from './story.ts'
import { runWalk } from './walk.ts'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { dataset: { type: 'string' }, data: { type: 'string' } },
  })
  if (values.dataset === undefined) {
    const folder = process.env['YUNQUN_DATA'] ?? './.yunqun'
    await runWalk({ plan: await demoPlan(folder, process.env['BASE_URL']) })
    return
  }
  const opened = await openDataset(values.dataset, values.data, console.log)
  try {
    await runWalk({ plan: opened.plan })
  } finally {
    await opened.close()
  }
}

try {
  await main()
} catch (error) {
  console.error(sentenceOf(error) ?? error)
  process.exitCode = 1
}

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof WalkFailed) return `\nThe walk failed: ${error.message}`
  if (!(error instanceof Error)) return undefined
  if ('code' in error && error.code === 'ENOENT')
    return `The walk failed: ${error.message}; start the demo world first (npm start)`
  if (error.message === 'fetch failed')
    return 'The walk failed: the service does not answer; start it first (npm start)'
  return undefined
}
