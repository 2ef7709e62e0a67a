/** Which saved segments a rule speaks of, and whether they would lead back to it. */
import { sql } from 'kysely'
import type { CheckedRule, Test } from '#grammar'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { readVersion } from './read.ts'

/** Ids of the segments that the rule names, each once, in the order of the text. */
export function segmentsNamed(rule: CheckedRule): readonly string[] {
  const named = new Set<string>()
  const visit = (test: Test): void => {
    switch (test.kind) {
      case 'and':
      case 'or':
      case 'at-least':
        test.tests.forEach(visit)
        return
      case 'not':
        visit(test.test)
        return
      case 'audience':
        named.add(test.audience)
        return
      case 'rank':
        if (test.among !== undefined) named.add(test.among)
        return
      case 'everyone':
      case 'attribute':
      case 'tags':
      case 'did':
      case 'metric':
      case 'occurrence':
      case 'sequence':
    }
  }
  visit(rule.include)
  rule.exclude.forEach(visit)
  return [...named]
}

/** The rules behind the names in a rule: of the latest versions, also of those that these name in turn. */
export interface NamedRules {
  /** By segment id. */
  readonly rules: ReadonlyMap<string, CheckedRule>
  /** What all of them read. */
  readonly categories: readonly string[]
}

/** Follows every name. The duty must see segments; cycles are refused where segments are saved. */
export async function readNamedRules(tx: DutyTx, rule: CheckedRule): Promise<NamedRules> {
  const rules = new Map<string, CheckedRule>()
  const categories = new Set<string>()
  const open = [...segmentsNamed(rule)]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (rules.has(id)) continue
    const saved = await readVersion(tx, id)
    assert(saved !== undefined, 'a segment that a checked rule names')
    rules.set(id, saved.rule)
    saved.categories.forEach((category) => categories.add(category))
    open.push(...segmentsNamed(saved.rule))
  }
  return { rules, categories: [...categories] }
}

/** What the latest version of each segment refers to. */
export async function latestReferences(
  tx: DutyTx,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ segment_id: string; refers_to: string }>`
    select reference.segment_id, reference.refers_to
    from segment.reference
    join (
      select version.segment_id, max(version.version) as version from segment.version group by version.segment_id
    ) as latest on latest.segment_id = reference.segment_id and latest.version = reference.version
    order by reference.segment_id, reference.refers_to`.execute(tx)
  const byFrom = Map.groupBy(rows, (row) => row.segment_id)
  return new Map([...byFrom].map(([from, found]) => [from, found.map((row) => row.refers_to)]))
}

/**
 * The way from `start` over `first` back to `start`, ids in order, or undefined where there is none. `references` says
 * what each other segment leads to.
 */
export function findCycle(
  start: string,
  first: readonly string[],
  references: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const seen = new Set<string>()
  const open: (readonly string[])[] = first.map((id) => [start, id])
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const here = path.at(-1) ?? start
    if (here === start) return path
    if (seen.has(here)) continue
    seen.add(here)
    for (const next of references.get(here) ?? []) open.push([...path, next])
  }
  return undefined
}
