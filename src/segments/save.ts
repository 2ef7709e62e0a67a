/** Saves rules under a name. A version is never changed: an edit is the next version. */
import { sql } from 'kysely'
import { readRule } from '#grammar'
import type { CheckedRule, Diagnostic } from '#grammar'
import { recorded } from '../audit/index.ts'
import type { Deps, Done, IdempotencyError, RequestContext } from '../audit/index.ts'
import { loadCatalog } from '../catalog/index.ts'
import type { DutyTx } from '../db/index.ts'
import { assert } from '../kernel/assert.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { isUuid } from '../kernel/uuid.ts'
import { findCycle, latestReferences, readNamedRules, segmentsNamed } from './references.ts'

export type SegmentError =
  | IdempotencyError
  /** The rule has errors, so nobody would be meant by it. */
  | { readonly code: 'rule-refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly code: 'name-invalid'; readonly lengthMax: number }
  /** Another segment has this name, in whatever case. */
  | { readonly code: 'name-taken' }
  | { readonly code: 'segment-unknown' }
  /** The rule speaks of a segment that leads back to this one; names along the way. */
  | { readonly code: 'segment-cycle'; readonly path: readonly string[] }

export interface SavedSegment {
  readonly id: string
  readonly version: number
  readonly ruleHash: string
  /** False where the text means what the latest version means, so that no new version was made. */
  readonly changed: boolean
}

const nameLengthMax = 120
const controlCharacters = /\p{Cc}/u

/** A rule that means something, with what is kept of it. */
interface ReadyRule {
  readonly text: string
  readonly rule: CheckedRule
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly personalised: boolean
  readonly revision: string
  readonly refersTo: readonly string[]
}

/** Errors: `rule-refused`, `name-invalid`, `name-taken`. */
export async function saveSegment(
  deps: Deps,
  context: RequestContext,
  input: { readonly name: string; readonly text: string },
): Promise<Result<SavedSegment, SegmentError>> {
  return await recorded(deps.database, context, 'yq_author', {}, async (tx) => {
    const action = 'segment.create'
    const name = cleanName(input.name)
    if (name === undefined) return refused(action, undefined, nameInvalid)
    const ready = await readText(tx, input.text)
    if (!ready.ok) return refused(action, undefined, ready.error)
    const id = await insertNamed(tx, name, context.actor.id)
    if (id === undefined) return refused(action, undefined, { code: 'name-taken' })
    // A new segment is named by nobody, so it cannot close a circle.
    await insertVersion(tx, id, 1, ready.value, context.actor.id)
    return saved(action, ready.value, { id, version: 1, changed: true })
  })
}

/**
 * Makes the next version of a segment, renames it, or both. A text of equal meaning makes no version.
 *
 * Errors: `segment-unknown`, `rule-refused`, `name-invalid`, `name-taken`, `segment-cycle`.
 */
export async function updateSegment(
  deps: Deps,
  context: RequestContext,
  id: string,
  input: { readonly name?: string | undefined; readonly text: string },
): Promise<Result<SavedSegment, SegmentError>> {
  return await recorded(deps.database, context, 'yq_author', {}, async (tx) => {
    const action = 'segment.update'
    const name = input.name === undefined ? undefined : cleanName(input.name)
    if (input.name !== undefined && name === undefined) return refused(action, id, nameInvalid)
    const latest = await lockLatest(tx, id)
    if (latest === undefined) return refused(action, id, { code: 'segment-unknown' })
    const ready = await readText(tx, input.text)
    if (!ready.ok) return refused(action, id, ready.error)
    const cycle = await cycleThrough(tx, id, ready.value.refersTo)
    if (cycle !== undefined) return refused(action, id, { code: 'segment-cycle', path: cycle })
    if (name !== undefined && !(await rename(tx, id, name)))
      return refused(action, id, { code: 'name-taken' })
    const changed = latest.rule_hash !== ready.value.ruleHash
    const version = changed ? latest.version + 1 : latest.version
    if (changed) await insertVersion(tx, id, version, ready.value, context.actor.id)
    return saved(action, ready.value, { id, version, changed })
  })
}

const nameInvalid = { code: 'name-invalid', lengthMax: nameLengthMax } as const

function cleanName(name: string): string | undefined {
  const clean = name.normalize('NFC').trim()
  const isFine =
    clean !== '' && Array.from(clean).length <= nameLengthMax && !controlCharacters.test(clean)
  return isFine ? clean : undefined
}

async function readText(
  tx: DutyTx,
  text: string,
): Promise<Result<ReadyRule, Extract<SegmentError, { code: 'rule-refused' }>>> {
  const catalog = await loadCatalog(tx)
  const { rule, ruleHash, diagnostics, categories, personalised } = readRule(text, catalog.rules)
  if (rule === undefined || ruleHash === undefined)
    return err({ code: 'rule-refused', diagnostics })
  const refersTo = segmentsNamed(rule)
  return ok({
    text,
    rule,
    ruleHash,
    // Who is in a segment that is spoken of tells of what its rule reads.
    categories: unionOf(categories, (await readNamedRules(tx, rule)).categories),
    personalised,
    revision: catalog.revision,
    refersTo,
  })
}

const unionOf = (one: readonly string[], other: readonly string[]): readonly string[] =>
  [...new Set([...one, ...other])].toSorted((a, b) => (a < b ? -1 : 1))

async function insertNamed(tx: DutyTx, name: string, actor: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into segment.segment (name, created_by) values (${name}, ${actor})
    on conflict do nothing returning id`.execute(tx)
  return rows[0]?.id
}

/** The segment's latest version, locked against another update. */
async function lockLatest(tx: DutyTx, id: string) {
  if (!isUuid(id)) return undefined
  const { rows: locked } = await sql<{ id: string }>`
    select id from segment.segment where id = ${id}::uuid for update`.execute(tx)
  if (locked.length === 0) return undefined
  const { rows } = await sql<{ version: number; rule_hash: string }>`
    select version, rule_hash from segment.version
    where segment_id = ${id}::uuid order by version desc limit 1`.execute(tx)
  const latest = rows[0]
  assert(latest !== undefined, 'a segment has a version from its first transaction on')
  return latest
}

/** Renames unless another segment has the name. */
async function rename(tx: DutyTx, id: string, name: string): Promise<boolean> {
  await takeNamesTurn(tx)
  const { rows } = await sql<{ id: string }>`
    update segment.segment set name = ${name}
    where id = ${id}::uuid and not exists (
      select from segment.segment as other where lower(other.name) = lower(${name}) and other.id <> ${id}::uuid)
    returning id`.execute(tx)
  return rows.length > 0
}

async function cycleThrough(
  tx: DutyTx,
  id: string,
  refersTo: readonly string[],
): Promise<readonly string[] | undefined> {
  if (refersTo.length === 0) return undefined
  // Two segments that are made to speak of each other at once must not both miss it.
  await takeNamesTurn(tx)
  const path = findCycle(id, refersTo, await latestReferences(tx))
  if (path === undefined) return undefined
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from segment.segment where id = any (${[...new Set(path)]}::uuid[])`.execute(tx)
  const nameById = new Map(rows.map((row) => [row.id, row.name]))
  return path.map((step) => nameById.get(step) ?? step)
}

const namesTurn = 7101

async function takeNamesTurn(tx: DutyTx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${namesTurn})`.execute(tx)
}

async function insertVersion(
  tx: DutyTx,
  id: string,
  version: number,
  ready: ReadyRule,
  actor: string,
): Promise<void> {
  await sql`
    insert into segment.version (
      segment_id, version, text, rule_hash, rule, categories, personalised, catalog_revision, created_by)
    values (${id}::uuid, ${version}, ${ready.text}, ${ready.ruleHash}, ${canonicalJson(ready.rule)}::jsonb,
      ${[...ready.categories]}::text[], ${ready.personalised}, ${ready.revision}::bigint, ${actor})`.execute(
    tx,
  )
  if (ready.refersTo.length === 0) return
  await sql`
    insert into segment.reference (segment_id, version, refers_to)
    select ${id}::uuid, ${version}, named from unnest(${[...ready.refersTo]}::uuid[]) as named`.execute(
    tx,
  )
}

function saved(
  action: string,
  ready: ReadyRule,
  made: Omit<SavedSegment, 'ruleHash'>,
): Done<SavedSegment, never> {
  return {
    result: ok({ ...made, ruleHash: ready.ruleHash }),
    entry: {
      action,
      decision: 'allow',
      objectKind: 'segment',
      objectId: made.id,
      ruleHash: ready.ruleHash,
      categories: ready.categories,
      detail: { version: made.version, changed: made.changed },
    },
  }
}

function refused(
  action: string,
  id: string | undefined,
  error: SegmentError,
): Done<never, SegmentError> {
  return {
    result: err(error),
    entry: {
      action,
      decision: 'deny',
      reason: error.code,
      objectKind: 'segment',
      ...(id === undefined ? {} : { objectId: id }),
    },
  }
}
