/**
 * One chunk of a pull: in one short transaction the rows are decided once more, kept as delivered and put on record.
 *
 * INVARIANT: a row is handed on only after its chunk committed together with its log entry
 * (test/exports/pull.test.ts, test/faults).
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { appendEntry } from '../audit/index.ts'
import type { Deps, RequestContext, Use } from '../audit/index.ts'
import { asRole } from '../db/index.ts'
import type { DutyTx } from '../db/index.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { merkleRoot } from '../kernel/merkle.ts'
import { reveal } from '../kernel/redacted.ts'
import type { Keys } from '../keys/index.ts'
import { resolveContacts } from '../pseudonyms/index.ts'
import { idColumn } from './gates.ts'

/** `id` and the columns that were approved; a person without that contact data has null. */
export type PulledRow = Readonly<Record<string, string | number | boolean | null>>

/** What a chunk needs to know of its export. */
export interface PulledExport {
  readonly id: string
  readonly audienceId: string
  readonly use: Use
  readonly ruleHash: string
  readonly categories: readonly string[]
  readonly columns: readonly string[]
}

export interface ChunkPlace {
  readonly pullId: string
  readonly number: number
  /** The pseudonym after which it begins; undefined for the first. */
  readonly after: string | undefined
  readonly rowsMax: number
}

export interface Chunk {
  readonly rows: readonly PulledRow[]
  readonly digest: string
  /** The last pseudonym that was looked at, which may be one that is withheld: never for the outside. */
  readonly reached: string | undefined
  /** Whether fewer members were left than asked for. */
  readonly isLast: boolean
}

interface Candidate {
  readonly customer_id: string
  readonly pseudonym: string
  readonly reason: string | null
}

/** Commits the next chunk. Throws what PostgreSQL says when the export is no longer available (`isGone`). */
export async function commitChunk(
  deps: Deps,
  context: RequestContext,
  pulled: PulledExport,
  place: ChunkPlace,
  signal: AbortSignal | undefined,
): Promise<Chunk> {
  const duty = { actor: context.actor.id, requestId: context.requestId, ...pulled.use }
  return await asRole(
    deps.database,
    'yq_exporter',
    duty,
    async (tx) => {
      const at = deps.clock.now()
      const candidates = await nextCandidates(tx, pulled.id, place, at)
      const permitted = candidates.filter(({ reason }) => reason === null)
      const rows = await toRows(deps.keys, tx, pulled, permitted, at)
      const digest = digestOf(chunkSalt(deps.keys, pulled.id, place), rows)
      if (candidates.length > 0)
        await keep(tx, context, pulled, place, {
          permitted,
          withheld: candidates.length - permitted.length,
          digest,
        })
      return {
        rows,
        digest,
        reached: candidates.at(-1)?.pseudonym,
        isLast: candidates.length < place.rowsMax,
      }
    },
    { signal },
  )
}

const noDataFound = 'P0002'

/** Whether the error says that the export was cancelled, has expired or is nobody's to pull. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === noDataFound

/**
 * What the digest of a chunk begins with. It is told to the recipient in the manifest and not kept in the database, so
 * that nobody who holds the database can try contact data against the digest of a short chunk.
 */
export const chunkSalt = (
  keys: Keys,
  exportId: string,
  place: Pick<ChunkPlace, 'pullId' | 'number'>,
): string => keys.mac('chunk-digest', `${exportId}/${place.pullId}/${place.number}`).toString('hex')

/** SHA-256 over the salt and a line for each row: its canonical JSON (RFC 8785). */
export function digestOf(salt: string, rows: readonly PulledRow[]): string {
  const hash = createHash('sha256').update(`${salt}\n`)
  for (const row of rows) hash.update(`${canonicalJson(row)}\n`)
  return `sha256:${hash.digest('hex')}`
}

async function nextCandidates(
  tx: DutyTx,
  exportId: string,
  place: ChunkPlace,
  at: Date,
): Promise<readonly Candidate[]> {
  const { rows } = await sql<Candidate>`
    select customer_id, pseudonym, reason
    from export.next_rows(${exportId}::uuid, ${place.after ?? null}::text, ${place.rowsMax}, ${at})`.execute(
    tx,
  )
  return rows
}

async function toRows(
  keys: Keys,
  tx: DutyTx,
  pulled: PulledExport,
  permitted: readonly Candidate[],
  at: Date,
): Promise<readonly PulledRow[]> {
  const kinds = pulled.columns.filter((column) => column !== idColumn)
  if (kinds.length === 0) return permitted.map(({ pseudonym }) => ({ [idColumn]: pseudonym }))
  const ids = permitted.map((row) => row.customer_id)
  const contacts = await resolveContacts(tx, keys, pulled.id, ids, at)
  return permitted.map((row) => {
    const known = contacts.get(row.customer_id)
    const values = kinds.map((kind) => {
      const value = known?.get(kind)
      return [kind, value === undefined ? null : reveal(value)] as const
    })
    return { [idColumn]: row.pseudonym, ...Object.fromEntries(values) }
  })
}

interface Kept {
  readonly permitted: readonly Candidate[]
  readonly withheld: number
  readonly digest: string
}

/** The deliveries, the log entry and the chunk, which names its entry. */
async function keep(
  tx: DutyTx,
  context: RequestContext,
  pulled: PulledExport,
  place: ChunkPlace,
  { permitted, withheld, digest }: Kept,
): Promise<void> {
  const pseudonyms = permitted.map(({ pseudonym }) => pseudonym)
  const memberRoot = merkleRoot(pseudonyms)
  const { rows: added } = await sql<{ pseudonym: string }>`
    insert into export.delivery (customer_id, export_id, pseudonym)
    select sent.customer_id, ${pulled.id}::uuid, sent.pseudonym
    from unnest(${permitted.map((row) => row.customer_id)}::bigint[], ${pseudonyms}::text[])
      as sent (customer_id, pseudonym)
    on conflict do nothing returning pseudonym`.execute(tx)
  if (added.length > 0)
    await sql`select export.count_delivered(${pulled.id}::uuid, ${added.length})`.execute(tx)
  const seq = await appendEntry(tx, context, {
    action: 'export.pull',
    decision: 'allow',
    use: pulled.use,
    objectKind: 'export',
    objectId: pulled.id,
    exportId: pulled.id,
    audienceId: pulled.audienceId,
    ruleHash: pulled.ruleHash,
    categories: pulled.categories,
    chunk: place.number,
    rowCount: permitted.length,
    digest,
    memberRoot,
    detail: {
      pull: place.pullId,
      first: pseudonyms[0] ?? '',
      last: pseudonyms.at(-1) ?? '',
      withheld,
      columns: pulled.columns,
    },
  })
  await sql`
    insert into export.chunk (
      export_id, pull_id, number, first_pseudonym, last_pseudonym, row_count, withheld_count, digest, member_root,
      audit_seq)
    values (${pulled.id}::uuid, ${place.pullId}::uuid, ${place.number}, ${pseudonyms[0] ?? null},
      ${pseudonyms.at(-1) ?? null}, ${permitted.length}, ${withheld}, ${digest}, ${memberRoot}, ${seq}::bigint)`.execute(
    tx,
  )
}
