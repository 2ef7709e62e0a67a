/** One spelling for each piece of contact data, so that the same number is found however it was written. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'

/** What is wrong with it; never the value itself. */
export type ContactError = {
  readonly code: 'contact-mobile' | 'contact-email' | 'contact-too-long' | 'contact-empty'
}

/** RFC 5321 limits a path to 256 octets with its brackets. */
const emailLengthMax = 254
const otherLengthMax = 256
const emailShape = /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(?:\.[^\s@.]+)+$/
/** A mainland mobile as nearly all of them are written; spares the general parser. */
const mainlandMobile = /^(?:\+?86)?(1[3-9]\d{9})$/

/** Mobiles become E.164 (national ones are read as Chinese), e-mail addresses lower case, other kinds NFC. */
export function normaliseContact(kind: string, text: string): Result<string, ContactError> {
  const trimmed = text.trim()
  if (trimmed === '') return err({ code: 'contact-empty' })
  if (kind === 'mobile') return normaliseMobile(trimmed)
  if (kind === 'email') {
    const email = trimmed.normalize('NFC').toLowerCase()
    return email.length <= emailLengthMax && emailShape.test(email)
      ? ok(email)
      : err({ code: 'contact-email' })
  }
  return trimmed.length <= otherLengthMax
    ? ok(trimmed.normalize('NFC'))
    : err({ code: 'contact-too-long' })
}

function normaliseMobile(text: string): Result<string, ContactError> {
  const mainland = mainlandMobile.exec(text)?.[1]
  if (mainland !== undefined) return ok(`+86${mainland}`)
  const parsed = parsePhoneNumberFromString(text, 'CN')
  return parsed?.isValid() === true ? ok(parsed.number) : err({ code: 'contact-mobile' })
}
