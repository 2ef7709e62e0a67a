/** Which ids a file has named, in about 40 bytes for each, so that memory stays small for millions of them. */
import { hash } from 'node:crypto'

/** `new`: never before. `same`: with the same row before. `other`: with another row before. */
export type Seen = 'new' | 'same' | 'other'

export interface SeenIds {
  readonly see: (id: string, row: readonly string[]) => Seen
}

/** Three words a slot: 64 bits of the id's hash, 32 of the row's. A first word of zero is an empty slot. */
const slotWords = 3
const slotsAtFirst = 4_096
const fullAt = 0.6

export function seenIds(): SeenIds {
  let slots = new Uint32Array(slotsAtFirst * slotWords)
  let held = 0
  return {
    see: (id, row) => {
      if (held >= (slots.length / slotWords) * fullAt) slots = widened(slots)
      const [high, low] = hashWords(id)
      const [content] = hashWords(JSON.stringify(row))
      const place = placeOf(slots, high, low)
      if (slots[place] === 0) {
        slots.set([high, low, content], place)
        held += 1
        return 'new'
      }
      return slots[place + 2] === content ? 'same' : 'other'
    },
  }
}

function widened(slots: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(slots.length * 2)
  for (let place = 0; place < slots.length; place += slotWords) {
    const [high = 0, low = 0] = slots.subarray(place, place + slotWords)
    if (high !== 0) wider.set(slots.subarray(place, place + slotWords), placeOf(wider, high, low))
  }
  return wider
}

/** Of the slot that holds the hash, or of the empty one where it belongs. */
function placeOf(slots: Uint32Array, high: number, low: number): number {
  const count = slots.length / slotWords
  let slot = low % count
  for (;;) {
    const place = slot * slotWords
    const isFree = slots[place] === 0
    if (isFree || (slots[place] === high && slots[place + 1] === low)) return place
    slot = (slot + 1) % count
  }
}

function hashWords(text: string): readonly [number, number] {
  const digest = hash('sha256', text, 'hex')
  return [Number.parseInt(digest.slice(0, 8), 16) || 1, Number.parseInt(digest.slice(8, 16), 16)]
}
