import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { embeddedErrorSentence, startEmbedded } from '../../src/embedded/index.ts'
import type { EmbeddedServer } from '../../src/embedded/index.ts'
import { dataFolder, isThere, killServer, launch, query, started } from '../support/launched.ts'
import type { DataFolder } from '../support/launched.ts'
import { findPg15, noPg15 } from '../support/pg15.ts'

const settings = { fsync: 'off' }
const pg15 = await findPg15()
const programs: readonly { readonly name: string; readonly bin?: string }[] = [
  { name: 'the shipped programs' },
  ...(pg15 === undefined ? [] : [{ name: 'PostgreSQL 15', bin: pg15 }]),
]

if (pg15 === undefined)
  describe('the embedded database of PostgreSQL 15', () => {
    test('starts', ({ skip }) => skip(noPg15))
  })

describe.each(programs)('the embedded database of $name', ({ bin }) => {
  let folder: DataFolder
  beforeEach(async () => {
    folder = await dataFolder()
  })
  afterEach(async () => {
    await folder.close()
  })

  const start = async (): Promise<EmbeddedServer> => {
    const options = { dataDir: folder.dataDir, settings, ...(bin === undefined ? {} : { bin }) }
    const server = await startEmbedded(options)
    if (!server.ok) throw new Error(embeddedErrorSentence(server.error))
    return server.value
  }
  const keepOne = async (url: string) =>
    await query(url, 'create table kept (n integer)', 'insert into kept values (1)')
  const kept = async (url: string) => await query(url, 'select n from kept')

  test('starts, keeps what was written, and stops', async () => {
    const first = await start()
    expect(first.adopted).toBe(false)
    await keepOne(first.connectionString)
    const pid = await folder.serverPid()
    expect(await first.stop()).toEqual({ ok: true, value: undefined })
    expect(isThere(pid)).toBe(false)
    const second = await start()
    expect(await kept(second.connectionString)).toEqual([{ n: 1 }])
    await second.stop()
  })

  test('stops once, however often it is asked', async () => {
    const server = await start()
    await server.stop()
    expect(await server.stop()).toEqual({ ok: true, value: undefined })
  })

  test('keeps its password to its owner and asks everybody for it', async () => {
    const server = await start()
    expect((await stat(path.join(folder.dataDir, 'database.json'))).mode & 0o777).toBe(0o600)
    const url = new URL(server.connectionString)
    url.password = 'guessed'
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    await server.stop()
  })

  test('sorts by code point, folds case by Unicode, and keeps values out of its log', async () => {
    const server = await start()
    const [row] = await query(
      server.connectionString,
      `select array(select w from unnest(array['é', 'Z', 'a', '中']) as w order by w) as sorted,
         lower('É') as lowered, current_setting('jit') as jit`,
    )
    expect(row).toEqual({ sorted: ['Z', 'a', 'é', '中'], lowered: 'é', jit: 'off' })
    await expect(
      query(server.connectionString, `select 'planted-value'::integer`),
    ).rejects.toThrow()
    await server.stop()
    const log = await readFile(path.join(await folder.cluster(), '..', 'server.log'), 'utf8')
    expect(log).toContain('ready to accept connections')
    expect(log).not.toContain('planted-value')
  })

  test('is adopted after its starter was killed, with everything it had committed', async () => {
    const lost = launch(folder.dataDir, bin)
    const { connectionString } = await started(lost)
    await keepOne(connectionString)
    const pid = await folder.serverPid()
    await lost.kill()
    expect(isThere(pid)).toBe(true)
    const server = await start()
    expect(server.adopted).toBe(true)
    expect(server.connectionString).toBe(connectionString)
    expect(await kept(server.connectionString)).toEqual([{ n: 1 }])
    await server.stop()
    expect(isThere(pid)).toBe(false)
  })

  test('recovers after the database itself was killed', async () => {
    const first = await start()
    await keepOne(first.connectionString)
    await killServer(await folder.serverPid())
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await kept(second.connectionString)).toEqual([{ n: 1 }])
    await second.stop()
  })

  test('recovers after both were killed', async () => {
    const lost = launch(folder.dataDir, bin)
    const { connectionString } = await started(lost)
    await keepOne(connectionString)
    await killServer(await folder.serverPid())
    await lost.kill()
    const server = await start()
    expect(await kept(server.connectionString)).toEqual([{ n: 1 }])
    await server.stop()
  })

  test('is not misled by a killed server that nobody has waited for yet', async ({ skip }) => {
    if (process.platform !== 'linux')
      skip('the dead that were not waited for are told apart on Linux')
    const lost = launch(folder.dataDir, bin)
    const { connectionString } = await started(lost)
    await keepOne(connectionString)
    // A starter that stands still waits for nobody: its killed server keeps the pid.
    process.kill(lost.pid, 'SIGSTOP')
    process.kill(await folder.serverPid(), 'SIGKILL')
    const server = await start()
    expect(server.adopted).toBe(false)
    expect(await kept(server.connectionString)).toEqual([{ n: 1 }])
    await lost.kill()
    await server.stop()
  })

  test('is not misled by a leftover pid file whose pid now belongs to another process', async () => {
    const first = await start()
    await keepOne(first.connectionString)
    const file = path.join(await folder.cluster(), 'postmaster.pid')
    const text = await readFile(file, 'utf8')
    await first.stop()
    await writeFile(file, [process.pid, ...text.split('\n').slice(1)].join('\n'))
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await kept(second.connectionString)).toEqual([{ n: 1 }])
    await second.stop()
  })

  test('is made anew when the making of its files was interrupted', async () => {
    const first = await start()
    await first.stop()
    // What a kill in the middle leaves: files under a passing name, and no cluster.
    const home = path.join(await folder.cluster(), '..')
    await rename(path.join(home, 'cluster'), path.join(home, 'half-0123'))
    await rm(path.join(home, 'half-0123', 'global', 'pg_control'))
    const second = await start()
    expect(await query(second.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await readdir(home)).not.toContain('half-0123')
    await second.stop()
  })

  test('serves two processes at once and ends with the last of them', async () => {
    const one = launch(folder.dataDir, bin)
    const two = launch(folder.dataDir, bin)
    const [first, second] = [await started(one), await started(two)]
    expect(first.adopted).not.toBe(second.adopted)
    expect(first.connectionString).toBe(second.connectionString)
    const pid = await folder.serverPid()
    expect(await one.stop()).toEqual({ ok: true })
    expect(await query(second.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await two.stop()).toEqual({ ok: true })
    expect(isThere(pid)).toBe(false)
  })
})
