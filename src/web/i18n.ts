/** The reader's language and theme, kept on this device. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './messages/en.ts'
import { zhCN } from './messages/zh-CN.ts'
import type { Messages } from './messages/zh-CN.ts'

export type Locale = 'zh-CN' | 'en'

export interface Words {
  readonly locale: Locale
  readonly t: Messages
}

export const wordsOf = (locale: Locale): Words => ({ locale, t: locale === 'en' ? en : zhCN })

export const WordsContext = createContext<Words>(wordsOf('zh-CN'))

export const useWords = (): Words => useContext(WordsContext)

const localeKey = 'yunqun.locale'

export function rememberedLocale(): Locale {
  const kept = localStorage.getItem(localeKey)
  if (kept === 'en' || kept === 'zh-CN') return kept
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN'
}

export function rememberLocale(locale: Locale): void {
  localStorage.setItem(localeKey, locale)
  document.documentElement.lang = locale
}

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
