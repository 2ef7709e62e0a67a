import { defineConfig } from 'vitest/config'
import { SkipReporter } from './test/support/skip-reporter.ts'

/** Where a machine wants to read the outcome; people read the terminal. */
const jsonFile = process.env['YUNQUN_TEST_JSON'] ?? ''

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Each worker shares the machine with the database servers.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: [
      'default',
      new SkipReporter(),
      ...(jsonFile === '' ? [] : [['json', { outputFile: jsonFile }] satisfies [string, object]]),
    ],
  },
})
