/** What somebody may have meant by a word that is not among the known ones. */

/** The known words within a third of the word's length in edits, nearest first; at most `most`. */
export function nearestWords(word: string, known: readonly string[], most = 3): readonly string[] {
  const wanted = word.toLowerCase()
  const editsMax = Math.max(1, Math.floor(wanted.length / 3))
  return known
    .map((candidate) => ({ candidate, edits: editsBetween(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, edits }) => edits <= editsMax || isPartOf(wanted, candidate.toLowerCase()),
    )
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** `sms` for `marketing.sms`. */
const isPartOf = (wanted: string, candidate: string): boolean =>
  wanted.length > 2 && (candidate.includes(wanted) || wanted.includes(candidate))

/** Levenshtein's distance: insertions, deletions and replacements. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j += 1)
      next.push(
        Math.min(
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
          (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1),
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
