/** Names at the end of a run what it did not test, and why. */
import type { Reporter, TestModule } from 'vitest/node'

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = new Map<string, string[]>()
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        const note = result.state === 'skipped' ? result.note : undefined
        // What did not run because something before it failed, or by a filter, is no skip.
        if (note === undefined && test.options.mode === 'run') continue
        const reason = note ?? 'no reason given'
        const names = skipped.get(reason) ?? []
        names.push(`${module.relativeModuleId} > ${test.fullName}`)
        skipped.set(reason, names)
      }
    for (const [reason, names] of skipped) {
      process.stdout.write(`\nSkipped, because ${reason}:\n`)
      for (const name of names) process.stdout.write(`  ${name}\n`)
    }
  }
}
