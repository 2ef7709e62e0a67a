/** The reader's language and theme, kept on this device. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './messages/en.ts'
import { zhCN } from './messages/zh-CN.ts'
import type { Messages } from './messages/zh-CN.ts'

export type Locale = 'zh-CN' | 'en'

export interface Words {
  readonly locale: Locale
  /** The language as rules and labels name it. */
  readonly language: 'zh' | 'en'
  readonly t: Messages
}

export const wordsOf = (locale: Locale): Words => ({
  locale,
  language: locale === 'en' ? 'en' : 'zh',
  t: locale === 'en' ? en : zhCN,
})

export const WordsContext = createContext<Words>(wordsOf('zh-CN'))

export const useWords = (): Words => useContext(WordsContext)

const localeKey = 'yunqun.locale'

/** Chinese first: English only for readers whose browser asks for it before any Chinese. */
export function rememberedLocale(): Locale {
  const kept = localStorage.getItem(localeKey)
  if (kept === 'en' || kept === 'zh-CN') return kept
  const wanted = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag))
  return wanted?.toLowerCase().startsWith('en') === true ? 'en' : 'zh-CN'
}

export function showLocale(locale: Locale): void {
  document.documentElement.lang = locale
}

export const rememberLocale = (locale: Locale): void => localStorage.setItem(localeKey, locale)

const themeKey = 'yunqun.theme'

/** Light, dark, or whatever the device says. */
export function applyRememberedTheme(): void {
  const kept = localStorage.getItem(themeKey)
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept
}

export function toggleTheme(): void {
  const shown =
    document.documentElement.dataset['theme'] ??
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const next = shown === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset['theme'] = next
  localStorage.setItem(themeKey, next)
}

export interface Labelled {
  readonly label: { readonly en: string; readonly zh: string }
}

export const labelIn = (locale: Locale, named: Labelled): string =>
  locale === 'en' ? named.label.en : named.label.zh

export function dateTimeIn(locale: Locale, instant: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(instant),
  )
}

export const numberIn = (locale: Locale, value: number): string =>
  new Intl.NumberFormat(locale).format(value)

/** A share of 0 to 1, with one decimal where it is small. */
export const percentIn = (locale: Locale, share: number): string =>
  new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  }).format(share)

/** Fills `{name}` in a message. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
