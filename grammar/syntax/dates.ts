/** Calendar dates as text. */

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] ?? 0)
}

/** The first and last year that a rule may name. */
const firstYear = 1800
const lastYear = 2999

/** Whether `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM[:SS]` stands for a moment that exists in the calendar. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
  if (match === null) return false
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  if (year < firstYear || year > lastYear || day < 1 || day > daysInMonth(year, month)) return false
  return hour < 24 && minute < 60 && second < 60
}

/** `MM-DD`; 29 February is a day. */
export function isMonthDay(text: string): boolean {
  const match = /^(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return false
  const day = Number(match[2])
  return day >= 1 && day <= daysInMonth(2000, Number(match[1]))
}

/** The local date one day later. */
export function nextDay(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const pad = (value: number, width = 2) => String(value).padStart(width, '0')
  if (day < daysInMonth(year, month)) return `${pad(year, 4)}-${pad(month)}-${pad(day + 1)}`
  return month < 12 ? `${pad(year, 4)}-${pad(month + 1)}-01` : `${pad(year + 1, 4)}-01-01`
}

/** `2026年6月18日` → `2026-06-18`; other spellings stay as they are. */
export function normaliseDate(image: string): string {
  const match = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/.exec(image)
  if (match === null) return image
  const [, year = '', month = '', day = ''] = match
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
