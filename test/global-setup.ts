/** Opens the door to the test servers before the tests, and closes it and them afterwards. */
import type { TestProject } from 'vitest/node'
import { openTestServers } from './support/test-servers.ts'
import type { ServerName } from './support/test-servers.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly testServersUrl: string
    readonly testServerNames: readonly ServerName[]
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await openTestServers()
  project.provide('testServersUrl', servers.url)
  project.provide('testServerNames', servers.names)
  return servers.close
}
