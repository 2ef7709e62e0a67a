/** Passwords: argon2id with a pepper that lives outside the database. */
import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import type { Keys } from '../keys/index.ts'
import { commonPasswords } from './common-passwords.ts'

/** OWASP ASVS 5 App. C for one pass: at least 46 MiB. About 40 ms on one core. */
const cost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const

/** Each hash holds 46 MiB while it runs, so that many at once would exhaust a laptop. */
const hashesAtOnceMax = 4

export const passwordLengthMin = 8
/** Long enough for any sentence; a limit, because everything has one. */
export const passwordLengthMax = 256

export type PasswordProblem =
  | 'password-too-short'
  | 'password-too-long'
  /** Among the first that anybody tries, or made of the e-mail address. */
  | 'password-too-common'

/** What is wrong with a new password. Length is what counts: there are no rules of composition (ASVS 6.2). */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  const length = Array.from(password).length
  if (length < passwordLengthMin) return 'password-too-short'
  if (length > passwordLengthMax) return 'password-too-long'
  const plain = password.toLowerCase()
  const mailbox = email.split('@')[0] ?? email
  if (commonPasswords.has(plain) || /^(.)\1*$/u.test(plain) || plain === email || plain === mailbox)
    return 'password-too-common'
  return undefined
}

export async function hashPassword(keys: Keys, password: string): Promise<string> {
  return await inTurn(() => hash(password, { ...cost, secret: pepper(keys) }))
}

export interface Verified {
  readonly matches: boolean
  /** The hash was made at another cost than today's and should be made anew. */
  readonly outdated: boolean
}

/**
 * Compares a password with a hash; without one, with a hash of nothing, so that an unknown account takes as long.
 */
export async function verifyPassword(
  keys: Keys,
  hashed: string | undefined,
  password: string,
): Promise<Verified> {
  const nothing = await hashOfNothing(keys)
  const matches = await inTurn(() => verify(hashed ?? nothing, password, { secret: pepper(keys) }))
  if (hashed === undefined) return { matches: false, outdated: false }
  const { memoryCost, timeCost, parallelism } = parseOptions(hashed)
  const outdated =
    memoryCost !== cost.memoryCost || timeCost !== cost.timeCost || parallelism !== cost.parallelism
  return { matches, outdated }
}

const pepper = (keys: Keys): Buffer => keys.mac('password-pepper', 'argon2id')

const hashesOfNothing = new WeakMap<Keys, Promise<string>>()

/** Made before every comparison and not only for unknown accounts: the first comparison after a start must not tell. */
function hashOfNothing(keys: Keys): Promise<string> {
  const known = hashesOfNothing.get(keys)
  if (known !== undefined) return known
  const made = hashPassword(keys, randomBytes(32).toString('base64'))
  hashesOfNothing.set(keys, made)
  return made
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= hashesAtOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The place is handed on, so that nobody who comes now overtakes.
    if (next === undefined) running -= 1
    else next()
  }
}
