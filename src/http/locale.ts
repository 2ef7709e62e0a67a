/** The reader's language: Chinese first, English when it is asked for before Chinese. */

export type Locale = 'zh-CN' | 'en'

const headerLengthMax = 500

/** Reads an Accept-Language header (RFC 9110 12.5.4); what is neither language leaves the first. */
export function localeOf(header: string | null): Locale {
  if (header === null || header.length > headerLengthMax) return 'zh-CN'
  const asked = header
    .split(',')
    .map((part, place) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)$/.exec(text)?.[1])[0]
      return { range: range.trim(), weight: weight === undefined ? 1 : Number(weight), place }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.place - b.place)
  for (const { range } of asked) {
    if (range === 'en' || range.startsWith('en-')) return 'en'
    if (range === 'zh' || range.startsWith('zh-') || range === '*') return 'zh-CN'
  }
  return 'zh-CN'
}

/** The language in which rule text and its messages are written. */
export const languageOf = (locale: Locale): 'en' | 'zh' => (locale === 'en' ? 'en' : 'zh')
