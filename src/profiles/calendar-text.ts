/** Dates and instants as data carries them. Read for every row of an import, so by digits and without Date objects. */

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d{1,6})?(?:[Zz]|([+-])(0\d|1[0-4]):([0-5]\d))$/
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

const minuteMs = 60_000

/**
 * Milliseconds since 1970 of an RFC 3339 instant, or undefined for a text, day or time that does not exist.
 * Microseconds are allowed in the text and cut here.
 */
export function instantMs(text: string): number | undefined {
  const match = instantPattern.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])]
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined
  const fractionMs = match[7] === undefined ? 0 : Number(match[7].padEnd(4, '0').slice(1, 4))
  const local = utcMs(year, month, day, hour, minute, second) + fractionMs
  if (match[8] === undefined) return local
  const offsetMs = (Number(match[9]) * 60 + Number(match[10])) * minuteMs
  return match[8] === '-' ? local + offsetMs : local - offsetMs
}

/** Whether `YYYY-MM-DD` is a day of the calendar. */
export function isDate(text: string): boolean {
  const match = datePattern.exec(text)
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** PostgreSQL has no year zero. */
const isDay = (year: number, month: number, day: number): boolean =>
  year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysOf(year, month)

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The years 0 to 99 stand for the twentieth century in `Date.UTC`; 400 years are a whole cycle of the calendar. */
function utcMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  if (year >= 100) return Date.UTC(year, month - 1, day, hour, minute, second)
  const cycleMs = 12_622_780_800_000
  return Date.UTC(year + 400, month - 1, day, hour, minute, second) - cycleMs
}
