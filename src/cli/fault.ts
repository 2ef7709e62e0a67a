/** What the surroundings do to a program, in one sentence; a bug of ours stays visible as one. */

/** Codes of the operating system and of PostgreSQL (SQLSTATE). */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^(ENOSPC|EDQUOT|53100)$/, 'the disk is full; make room and start again, nothing was half-done'],
  [/^(EACCES|EPERM|EROFS)$/, 'a file or folder cannot be written to or read by this account'],
  [
    /^EMFILE$/,
    'this account may not open as many files as are needed; raise its limit (ulimit -n)',
  ],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/, 'the database cannot be reached'],
  [
    /^(ECONNRESET|EPIPE|57P0.|08...)$/,
    'the database went away; start again, nothing was half-done',
  ],
  [/^53300$/, 'the database has no connection free'],
  [/^42501$/, 'the database user lacks a right that is needed'],
]

/** One sentence for a fault that has one; undefined for a bug. */
export function faultSentence(error: unknown): string | undefined {
  const code = codeOf(error)
  const known = sentences.find(([pattern]) => code !== undefined && pattern.test(code))
  if (known === undefined) return undefined
  const where = pathOf(error)
  return where === undefined ? known[1] : `${known[1]} (${where})`
}

/** The failure and its place in the program, without what a database says, which may hold somebody's value. */
export function bugReport(error: unknown): string {
  if (!(error instanceof Error)) return `yunqun: a bug: ${typeof error} was thrown`
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  const code = codeOf(error)
  const said = code === undefined ? error.message : `${error.name} ${code}`
  return [`yunqun: a bug: ${said}`, ...frames].join('\n')
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? undefined : codeOf(error.cause)
}

const pathOf = (error: unknown): string | undefined =>
  error instanceof Error && 'path' in error && typeof error.path === 'string'
    ? error.path
    : undefined
