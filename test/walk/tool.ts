/** The campaign tool's side: pull a list as it comes, drop the connection, take it up again, apply the removals. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Caller } from './client.ts'
import { manifestShape, removalsShape } from './shapes.ts'
import { check, checkEqual } from './story.ts'

export interface Row {
  readonly id: string
}

const rowShape = z.looseObject({ id: z.string() })

export interface PullPart {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
  /** Drops the connection after so many rows. */
  readonly dropAfter?: number | undefined
}

/** The rows of one request, in the order in which they came. */
export async function pullPart(
  tool: Caller,
  exportId: string,
  part: PullPart = {},
): Promise<readonly Row[]> {
  const query = new URLSearchParams()
  if (part.cursor !== undefined) query.set('cursor', part.cursor)
  if (part.limit !== undefined) query.set('limit', String(part.limit))
  const response = await tool.open(`/v1/exports/${exportId}/rows?${query}`, {
    accept: 'application/x-ndjson',
  })
  check(response.status === 200, `the rows come: ${response.status}`)
  const rows: Row[] = []
  for await (const line of linesOf(response)) {
    rows.push(rowShape.parse(JSON.parse(line)))
    // Leaving the loop cancels the body, which closes the connection.
    if (rows.length === part.dropAfter) break
  }
  return rows
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  check(rest === '', 'the last line is a whole one')
}

/** Rows are in the order of the bytes of their ids, and nobody comes twice. */
export function checkOrdered(ids: readonly string[], what: string): void {
  for (const [index, id] of ids.entries()) {
    const before = ids[index - 1]
    check(before === undefined || before < id, `${what} is in order and without repetition`)
  }
}

export async function readManifest(tool: Caller, exportId: string) {
  const answer = await tool.get(`/v1/exports/${exportId}/manifest`)
  checkEqual(answer.status, 200, 'the manifest')
  return manifestShape.parse(answer.body)
}

/** All removals of an export, page by page. */
export async function readRemovals(tool: Caller, exportId: string): Promise<readonly string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const answer = await tool.get(`/v1/exports/${exportId}/removals?limit=2${query}`)
    checkEqual(answer.status, 200, 'the removals')
    const page = removalsShape.parse(answer.body)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

/** The digest that a tool computes over what it holds. */
export const digestOf = (ids: readonly string[]): string =>
  `sha256:${createHash('sha256')
    .update(
      ids
        .toSorted(byBytes)
        .map((id) => `${id}\n`)
        .join(''),
    )
    .digest('hex')}`

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
