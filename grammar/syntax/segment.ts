/**
 * Cuts a stretch of words into keywords and bare names.
 *
 * White space inside a Chinese keyword means nothing, so a Chinese stretch is cut as if it were written without any;
 * an English keyword is a sequence of whole words. Of all ways to cut, the one with the fewest bare names wins, then
 * the one with the fewest pieces, then the one whose first differing piece is longer.
 */
import { currencyCodes, currencyNames, currencyWords } from './currencies.ts'
import { concepts, keywords } from './keywords.ts'
import type { Concept, Spellings } from './keywords.ts'

/** `start` and `end` are offsets in the stretch. */
export interface Piece {
  readonly kind: Concept | 'Word' | 'Currency'
  readonly start: number
  readonly end: number
}

interface Table {
  readonly kinds: ReadonlyMap<string, Concept | 'Currency'>
  readonly longest: number
}

function makeTable(language: 'en' | 'zh'): Table {
  const kinds = new Map<string, Concept | 'Currency'>()
  const names = language === 'zh' ? currencyNames.keys() : currencyWords.keys()
  for (const name of names) kinds.set(name, 'Currency')
  for (const concept of concepts) {
    const spellings: Spellings = keywords[concept]
    for (const spelling of spellings[language]) kinds.set(spelling, concept)
  }
  const size = (spelling: string) => (language === 'zh' ? spelling : spelling.split(' ')).length
  return { kinds, longest: Math.max(...[...kinds.keys()].map(size)) }
}

const english = makeTable('en')
const chinese = makeTable('zh')

/** A bare name costs more than any number of keywords in its place. */
const wordCost = 10_000

interface Cut {
  readonly cost: number
  readonly kind: Concept | 'Word' | 'Currency'
  /** Number of atoms in the piece. */
  readonly size: number
}

export function segmentLatin(text: string): Piece[] {
  const words = [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
  const kindOf = (from: number, size: number) => {
    const piece = words.slice(from, from + size).map((word) => word.text)
    if (size === 1 && currencyCodes.has(piece[0] ?? '')) return 'Currency'
    const kind = english.kinds.get(piece.join(' ').toLowerCase())
    // "not in last 7 days" denies a window: after "not in" a list must follow, never "last".
    const next = words[from + size]?.text.toLowerCase()
    return kind === 'NotIn' && next === 'last' ? undefined : kind
  }
  const cuts = cheapest(words.length, english.longest, kindOf, () => 1)
  return cuts.map(({ from, size, kind }) => ({
    kind,
    start: words[from]?.start ?? 0,
    end: words[from + size - 1]?.end ?? 0,
  }))
}

export function segmentHan(text: string): Piece[] {
  const runs = [...text.matchAll(/[^\s\ufeff]+/g)]
  const offsets: number[] = []
  // Where a run begins → how many characters it has: only a whole run can be a bare name.
  const runSizes = new Map<number, number>()
  for (const run of runs) {
    runSizes.set(offsets.length, run[0].length)
    for (let i = 0; i < run[0].length; i++) offsets.push(run.index + i)
  }
  const letters = runs.map((run) => run[0]).join('')
  const kindOf = (from: number, size: number) => chinese.kinds.get(letters.slice(from, from + size))
  const cuts = cheapest(letters.length, chinese.longest, kindOf, (from) => runSizes.get(from))
  return cuts.map(({ from, size, kind }) => ({
    kind,
    start: offsets[from] ?? 0,
    end: (offsets[from + size - 1] ?? 0) + 1,
  }))
}

/** Every stretch can be cut, since a whole run of its letters may be a bare name. */
function cheapest(
  length: number,
  longest: number,
  kindOf: (from: number, size: number) => Concept | 'Currency' | undefined,
  wordAt: (from: number) => number | undefined,
): { from: number; size: number; kind: Piece['kind'] }[] {
  const best: (Cut | undefined)[] = Array.from({ length: length + 1 })
  const costFrom = (from: number) => (from === length ? 0 : (best[from]?.cost ?? Infinity))
  for (let from = length - 1; from >= 0; from--) {
    let cut: Cut | undefined
    const consider = (size: number, kind: Piece['kind'], cost: number) => {
      const total = cost + costFrom(from + size)
      if (total < (cut?.cost ?? Infinity)) cut = { cost: total, kind, size }
    }
    for (let size = Math.min(longest, length - from); size > 0; size--) {
      const kind = kindOf(from, size)
      if (kind !== undefined) consider(size, kind, 1)
    }
    const word = wordAt(from)
    if (word !== undefined) consider(word, 'Word', wordCost)
    best[from] = cut
  }
  const pieces = []
  for (let from = 0; from < length;) {
    const cut = best[from]
    if (cut === undefined) throw new Error('broken assertion: a stretch can always be cut')
    pieces.push({ from, size: cut.size, kind: cut.kind })
    from += cut.size
  }
  return pieces
}
