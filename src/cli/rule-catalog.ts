/** The catalogue that rules on the command line are read with. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { RuleCatalog } from '#grammar'
import { loadCatalog } from '../catalog/index.ts'
import type { Config } from '../config.ts'
import { asRole } from '../db/index.ts'
import { demoCatalog, demoParties } from '../demo/index.ts'
import { systemClock } from '../kernel/clock.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { withDeployment } from './deployment.ts'
import type { Terminal } from './terminal.ts'

/** Of the deployment where there is one, of the demo world otherwise: reading a rule makes no database. */
export async function ruleCatalog(
  config: Config,
  wanted: 'database' | 'demo' | undefined,
  terminal: Terminal,
): Promise<Result<RuleCatalog, string>> {
  const place = wanted ?? (hasDatabase(config) ? 'database' : 'demo')
  if (place === 'demo') return ok(demoRuleCatalog())
  let rules: RuleCatalog | undefined
  const read = await withDeployment(config, terminal, async ({ deps }) => {
    rules = (await asRole(deps.database, 'yq_author', {}, loadCatalog)).rules
    return ok(undefined)
  })
  return rules === undefined || !read.ok ? (read.ok ? ok(demoRuleCatalog()) : read) : ok(rules)
}

/** The keys are the first thing that a deployment makes. */
const hasDatabase = (config: Config): boolean =>
  config.databaseUrl !== undefined || existsSync(path.join(config.keysDir, 'root.key'))

export function demoRuleCatalog(): RuleCatalog {
  const classById = new Map(demoCatalog.categories.map(({ id, dataClass }) => [id, dataClass]))
  const labelled = <T extends { readonly category?: string }>(item: T) => {
    const dataClass = item.category === undefined ? undefined : classById.get(item.category)
    return dataClass === undefined ? item : { ...item, dataClass }
  }
  const { purposes = [], channels = [], recipients = [] } = demoParties(systemClock.now())
  const named = ({
    id,
    label,
  }: {
    readonly id: string
    readonly label: RuleCatalog['tags'][number]['label']
  }) => ({
    id,
    label,
  })
  return {
    version: 'demo',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    attributes: demoCatalog.attributes.map(labelled),
    events: demoCatalog.events.map(labelled),
    tags: demoCatalog.tags.map(labelled),
    purposes: purposes.map(named),
    channels: channels.map(named),
    recipients: recipients.map(named),
    audiences: [],
  }
}
