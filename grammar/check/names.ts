/** Finds what a name in a rule stands for: a label in either language, or an id. */
import type { Label } from './catalog.ts'

export interface Named {
  readonly id: string
  readonly label: Label
}

export type Lookup<Entry> =
  | { readonly kind: 'found'; readonly entry: Entry }
  | { readonly kind: 'ambiguous'; readonly entries: readonly Entry[] }
  | { readonly kind: 'unknown' }

/**
 * Latin letters count the same in either case, composed and decomposed letters are one, and so are runs of white
 * space. Beside a Chinese character white space is a matter of taste: [R 分] is [R分].
 */
export const foldName = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?([\u3400-\u9fff]) ?/g, '$1')
    .trim()

interface Index {
  readonly byLabel: ReadonlyMap<string, readonly number[]>
  readonly byId: ReadonlyMap<string, number>
}

/** Lists of a catalogue are long and asked often; a list that is no longer used takes its index with it. */
const indexes = new WeakMap<readonly Named[], Index>()

function indexOf(entries: readonly Named[]): Index {
  const known = indexes.get(entries)
  if (known !== undefined) return known
  const byLabel = new Map<string, number[]>()
  const byId = new Map<string, number>()
  entries.forEach(({ id, label }, position) => {
    byId.set(foldName(id), position)
    for (const text of new Set([foldName(label.en), foldName(label.zh)])) {
      byLabel.set(text, [...(byLabel.get(text) ?? []), position])
    }
  })
  const index = { byLabel, byId }
  indexes.set(entries, index)
  return index
}

/** Labels win over ids. */
export function lookUp<Entry extends Named>(
  entries: readonly Entry[],
  text: string,
): Lookup<Entry> {
  const { byLabel, byId } = indexOf(entries)
  const wanted = foldName(text)
  const labelled = byLabel.get(wanted) ?? []
  if (labelled.length > 1) {
    return { kind: 'ambiguous', entries: labelled.flatMap((at) => entries[at] ?? []) }
  }
  const entry = entries[labelled[0] ?? byId.get(wanted) ?? -1]
  return entry === undefined ? { kind: 'unknown' } : { kind: 'found', entry }
}

export function find<Entry extends Named>(
  entries: readonly Entry[],
  text: string,
): Entry | undefined {
  const found = lookUp(entries, text)
  return found.kind === 'found' ? found.entry : undefined
}

/** Both labels of every entry, for "did you mean". */
export const labelsOf = (entries: readonly Named[]): string[] =>
  entries.flatMap(({ label }) => [label.en, label.zh])
