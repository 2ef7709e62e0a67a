/** "Did you mean": the nearest of the words that would have been right. */

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  const left = Array.from(a)
  const right = Array.from(b)
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      const at = (line: readonly number[], index: number) => line[index] ?? Infinity
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      )
      const swapped =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      if (swapped) cost = Math.min(cost, at(before, column - 2) + 1)
      current.push(cost)
    }
    before = previous
    previous = current
  }
  return previous[right.length] ?? 0
}

/** Han text → its pinyin syllables without tones, so that `chengshi` and `cs` find 城市. */
export type Romanise = (text: string) => readonly string[]

const maxSuggestions = 3

/**
 * The nearest candidates, best first, at most three.
 *
 * A candidate is near within a third of its length (at least one change, never all of it), when it begins with what
 * was written, and when its pinyin or the initials of it are what was written.
 */
export function suggest(
  written: string,
  candidates: Iterable<string>,
  romanise?: Romanise,
): readonly string[] {
  const wanted = fold(written)
  if (wanted === '') return []
  const found: { candidate: string; distance: number }[] = []
  for (const candidate of new Set(candidates)) {
    const distance = nearness(wanted, fold(candidate), candidate, romanise)
    if (distance !== undefined) found.push({ candidate, distance })
  }
  found.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  return found.slice(0, maxSuggestions).map(({ candidate }) => candidate)
}

const fold = (text: string): string =>
  text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()

function nearness(
  wanted: string,
  folded: string,
  candidate: string,
  romanise: Romanise | undefined,
): number | undefined {
  if (wanted === folded) return 0
  const size = Math.max(wanted.length, folded.length)
  // Comparing is quadratic, so what differs too much in length is left out first.
  if (Math.abs(wanted.length - folded.length) <= size / 3) {
    const distance = editDistance(wanted, folded)
    if (distance <= Math.max(1, Math.floor(size / 3)) && distance < size) return distance
  }
  if (wanted.length >= 2 && (folded.startsWith(wanted) || wanted.startsWith(folded))) {
    return folded.length < 2 ? undefined : 5
  }
  if (romanise === undefined || !/[\u3400-\u9fff]/.test(candidate)) return undefined
  return soundsAlike(wanted, candidate, romanise) ? 1.5 : undefined
}

function soundsAlike(wanted: string, candidate: string, romanise: Romanise): boolean {
  const syllables = romanise(candidate).map((syllable) => syllable.toLowerCase())
  const letters = wanted.replaceAll(' ', '')
  if (letters === syllables.join('')) return true
  const initials = syllables.map((syllable) => syllable.slice(0, 1)).join('')
  if (letters.length >= 2 && letters === initials) return true
  return /[\u3400-\u9fff]/.test(wanted) && romanise(wanted).join('') === syllables.join('')
}
