import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { embeddedErrorSentence, startEmbedded } from '../../src/embedded/index.ts'
import type { EmbeddedError, EmbeddedOptions } from '../../src/embedded/index.ts'
import { dataFolder, query } from '../support/launched.ts'
import type { DataFolder } from '../support/launched.ts'

describe('the embedded database', () => {
  let folder: DataFolder
  beforeEach(async () => {
    folder = await dataFolder()
  })
  afterEach(async () => {
    await folder.close()
  })

  const start = async (options: Partial<EmbeddedOptions> = {}) =>
    await startEmbedded({ dataDir: folder.dataDir, settings: { fsync: 'off' }, ...options })
  const refusal = async (options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedError> => {
    const server = await start(options)
    if (!server.ok) return server.error
    await server.value.stop()
    throw new Error('the database started')
  }
  const startAndStop = async () => {
    const server = await start()
    if (!server.ok) throw new Error(embeddedErrorSentence(server.error))
    await server.value.stop()
  }

  /** PostgreSQL's programs as scripts that say something and end. */
  const programs = async (scripts: Readonly<Record<string, string>>): Promise<string> => {
    const bin = path.join(folder.dataDir, '..', 'bin')
    await mkdir(bin)
    await chmod(bin, 0o755)
    for (const [name, script] of Object.entries(scripts)) {
      await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`)
      await chmod(path.join(bin, name), 0o755)
    }
    return bin
  }

  describe('refuses, in one sentence,', () => {
    test('a folder that cannot be made', async () => {
      const file = path.join(folder.dataDir, '..', 'a-file')
      await writeFile(file, '')
      const error = await refusal({ dataDir: path.join(file, '.yunqun') })
      expect(embeddedErrorSentence(error)).toBe(
        `the folder ${path.join(file, '.yunqun')} cannot be written to`,
      )
    })

    test('a folder that another process is opening', async () => {
      await mkdir(folder.dataDir)
      await writeFile(path.join(folder.dataDir, 'database.lock'), `${process.pid}  held`)
      const error = await refusal({ lockWaitMs: 0 })
      expect(embeddedErrorSentence(error)).toBe(
        `the database folder ${folder.dataDir} is being opened by process ${process.pid}; wait for it or end it`,
      )
    })

    test('programs that are not there', async () => {
      const error = await refusal({ bin: path.join(folder.dataDir, 'nowhere') })
      expect(error).toMatchObject({ code: 'binaries-unusable' })
    })

    test('a PostgreSQL older than 15', async () => {
      const bin = await programs({ postgres: 'echo "postgres (PostgreSQL) 14.2"' })
      expect(embeddedErrorSentence(await refusal({ bin }))).toBe(
        'the PostgreSQL found here is 14.2; version 15 or newer is needed',
      )
    })

    test.each([
      {
        says: 'initdb: error: could not create directory "x": Not a directory',
        error: {
          code: 'initdb-failed',
          reason: 'initdb: error: could not create directory "x": Not a directory',
        },
      },
      {
        says: 'initdb: error: could not write file "x": No space left on device',
        error: { code: 'disk-full' },
      },
    ])('an initdb that fails: $error.code', async ({ says, error }) => {
      const bin = await programs({
        postgres: 'echo "postgres (PostgreSQL) 18.4"',
        initdb: `echo '${says}' >&2; echo 'initdb: removing data directory' >&2; exit 1`,
      })
      expect(await refusal({ bin })).toMatchObject(error)
      // Nothing half-done is left: the next start begins anew.
      await startAndStop()
    })

    test('a server that does not come up, with its last word', async () => {
      await startAndStop()
      const error = await refusal({ settings: { shared_buffers: '1' } })
      expect(error).toMatchObject({ code: 'start-failed' })
      expect(embeddedErrorSentence(error)).toContain('shared_buffers')
      await startAndStop()
    })

    test('files whose password is lost', async () => {
      await startAndStop()
      const file = path.join(folder.dataDir, 'database.json')
      await rm(file)
      expect(await refusal()).toEqual({ code: 'credentials-missing', path: file })
    })

    test('files that are incomplete', async () => {
      await startAndStop()
      const cluster = await folder.cluster()
      await rm(path.join(cluster, 'global', 'pg_control'))
      expect(await refusal()).toEqual({ code: 'cluster-damaged', path: cluster })
    })

    test('files of another major version', async () => {
      await startAndStop()
      await writeFile(path.join(await folder.cluster(), 'PG_VERSION'), '14\n')
      expect(await refusal()).toMatchObject({ code: 'cluster-other-version', found: '14' })
    })
  })

  test('takes over the lock of a process that is gone', async () => {
    await mkdir(folder.dataDir)
    await writeFile(path.join(folder.dataDir, 'database.lock'), '2147483647 1 abc')
    await startAndStop()
  })

  test('takes over the lock of a process whose pid has gone to another', async () => {
    await mkdir(folder.dataDir)
    await writeFile(path.join(folder.dataDir, 'database.lock'), `${process.pid} 1 abc`)
    await startAndStop()
  })

  test('takes another port when the one of the last start is no longer free', async () => {
    await startAndStop()
    const text = await readFile(path.join(folder.dataDir, 'database.json'), 'utf8')
    const port = Number(/"port":(\d+)/.exec(text)?.[1])
    const squatter = createServer()
    await new Promise<void>((resolve) => {
      squatter.listen(port, '127.0.0.1', resolve)
    })
    const server = await start()
    squatter.close()
    if (!server.ok) throw new Error(embeddedErrorSentence(server.error))
    expect(Number(new URL(server.value.connectionString).port)).not.toBe(port)
    await server.value.stop()
  })

  test.each(['with blanks in it', '数据', "quote's $HOME", 'long'.repeat(40)])(
    'works in a folder named %j',
    async (name) => {
      const odd = await dataFolder(name)
      const server = await startEmbedded({ dataDir: odd.dataDir, settings: { fsync: 'off' } })
      if (!server.ok) throw new Error(embeddedErrorSentence(server.error))
      expect(await query(server.value.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
      await server.value.stop()
      await odd.close()
    },
  )
})
