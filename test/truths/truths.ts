/** The truths.json beside a real set: questions with exact answers, computed in two independent ways. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

export interface Truth {
  readonly id: string
  readonly en: string
  readonly zh: string
}

export interface Unsaid {
  readonly id: string
  readonly needs: string
}

const truthsFile = z.object({
  as_of: z.string(),
  questions: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['customers', 'scalar']),
      question: z.string(),
      answer: z.number(),
      members_sha256: z.string().optional(),
    }),
  ),
})

export type Truths = z.infer<typeof truthsFile>

const dataVariable = 'YUNQUN_SHARED_DATA'

/** The folder of a real set, or the reason why its tests are skipped. */
export function findSharedData(
  set: string,
): { readonly folder: string } | { readonly reason: string } {
  const root = process.env[dataVariable] ?? path.join(process.cwd(), '..', 'shared', 'data')
  const folder = path.join(root, set)
  return existsSync(path.join(folder, 'truths.json'))
    ? { folder }
    : { reason: `the real data set ${set} is not at ${folder} (set ${dataVariable})` }
}

export const readTruths = (folder: string): Truths =>
  truthsFile.parse(JSON.parse(readFileSync(path.join(folder, 'truths.json'), 'utf8')))

/** Of source ids sorted by bytes, one a line, as truths.json says. */
export const membersDigest = (ids: readonly string[]): string =>
  createHash('sha256')
    .update([...ids].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('\n'))
    .digest('hex')
