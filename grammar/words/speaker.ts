/** One language's voice: everything a template needs to turn ids, values and windows into words. */
import type { Label, Language, RuleCatalog } from '../check/catalog.ts'
import type { Calendar } from '../evaluate/calendar.ts'

export interface Speaker {
  readonly language: Language
  readonly catalog: RuleCatalog
  readonly calendar: Calendar
  /** The one of the two that is in the speaker's language. */
  readonly say: (en: string, zh: string) => string
}

export const speakerOf = (
  language: Language,
  catalog: RuleCatalog,
  calendar: Calendar,
): Speaker => ({
  language,
  catalog,
  calendar,
  say: (en, zh) => (language === 'en' ? en : zh),
})

/** Names stand in brackets, as they do in the text of a rule. */
export const bracketed = (label: Label | undefined, id: string, { language }: Speaker): string =>
  `[${label ? label[language] : id}]`

export const nameIn = (
  names: readonly { readonly id: string; readonly label: Label }[],
  id: string,
  speaker: Speaker,
): string => bracketed(names.find((name) => name.id === id)?.label, id, speaker)

export const attributeName = (id: string, speaker: Speaker): string =>
  nameIn(speaker.catalog.attributes, id, speaker)

export const eventName = (id: string, speaker: Speaker): string =>
  nameIn(speaker.catalog.events, id, speaker)

export const propertyName = (event: string, id: string, speaker: Speaker): string =>
  nameIn(speaker.catalog.events.find((one) => one.id === event)?.properties ?? [], id, speaker)

/** "a", "a or b", "a, b or c"; 「a、b 或 c」. */
export function listed(parts: readonly string[], word: 'and' | 'or', { say }: Speaker): string {
  const last = parts.at(-1) ?? ''
  const before = parts.slice(0, -1)
  if (before.length === 0) return last
  const rest = before.join(say(', ', '、'))
  const [en, zh] = word === 'and' ? ['and', '和'] : ['or', '或']
  return say(`${rest} ${en} ${last}`, `${spaceAfter(rest)}${zh}${spaceBefore(last)}`)
}

/** Chinese text sets Latin letters and digits off with a space, but neither brackets nor quotation marks. */
export const spaceBefore = (text: string): string =>
  /^[A-Za-z0-9-]/.test(text) ? ` ${text}` : text

export const spaceAfter = (text: string): string => (/[A-Za-z0-9%]$/.test(text) ? `${text} ` : text)

export const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
