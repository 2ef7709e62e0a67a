/** The environment, read once at the start. Nothing else in the house reads it. */
import path from 'node:path'
import { z } from 'zod'

export interface Config {
  /** Of a role that may create roles and schemas; without it the embedded database is used. */
  readonly databaseUrl?: string
  readonly host: string
  readonly port: number
  /** Whether `host` is reachable from this machine alone. */
  readonly isLoopback: boolean
  /** Absolute. */
  readonly dataDir: string
  /** Absolute. */
  readonly keysDir: string
  /** Where people and machines reach the service, without a slash at the end. */
  readonly baseUrl: string
}

export type ReadConfig =
  | { readonly ok: true; readonly value: Config }
  /** One sentence that names the variable. */
  | { readonly ok: false; readonly error: string }

const blankIsUnset = (value: unknown): unknown => (value === '' ? undefined : value)
const text = z.preprocess(blankIsUnset, z.string().optional())

const environment = z.object({
  DATABASE_URL: text,
  HOST: text,
  PORT: text,
  YUNQUN_DATA: text,
  YUNQUN_KEYS: text,
  BASE_URL: text,
})

const hostDefault = '127.0.0.1'
const portDefault = '8080'
const portMax = 65_535

export function readConfig(
  variables: Readonly<Record<string, string | undefined>>,
  workingDir: string,
): ReadConfig {
  const given = environment.parse(variables)
  const host = given.HOST ?? hostDefault
  const port = given.PORT ?? portDefault
  if (!/^\d{1,5}$/.test(port) || Number(port) > portMax)
    return refuse(`PORT is ${quoted(port)}, but a port is a whole number up to ${portMax}`)
  if (!/^[A-Za-z0-9.:_-]+$/.test(host))
    return refuse(`HOST is ${quoted(host)}, but it should be an address or a host name`)
  const database = given.DATABASE_URL
  if (database !== undefined && !isPostgresUrl(database))
    return refuse('DATABASE_URL should look like postgres://user:password@host:5432/database')
  const baseUrl = baseUrlOf(given.BASE_URL ?? `http://${hostInUrl(host)}:${port}`)
  if (baseUrl === undefined)
    return refuse(
      `BASE_URL is ${quoted(given.BASE_URL ?? '')}, but it should be https, or http on this machine, and end after the port`,
    )
  const dataDir = path.resolve(workingDir, given.YUNQUN_DATA ?? '.yunqun')
  return {
    ok: true,
    value: {
      ...(database === undefined ? {} : { databaseUrl: database }),
      host,
      port: Number(port),
      isLoopback: isLoopbackHost(host),
      dataDir,
      keysDir: path.resolve(workingDir, given.YUNQUN_KEYS ?? path.join(dataDir, 'keys')),
      baseUrl,
    },
  }
}

const refuse = (error: string): ReadConfig => ({ ok: false, error })

const quoted = (value: string): string => JSON.stringify(value.slice(0, 100))

const isPostgresUrl = (value: string): boolean =>
  URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol)

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

/** A service that listens everywhere is reached from this machine under a loopback address. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0') return hostDefault
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : isLoopbackHost(host) ? host : hostDefault
}

/** Sessions over http would be read along the way, so http is for this machine only. */
function baseUrlOf(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  const isSafe =
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && isLoopbackHost(url.hostname.replace(/^\[(.*)\]$/, '$1')))
  return isBare && isSafe ? url.origin : undefined
}
