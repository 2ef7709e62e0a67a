import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyIn, copyOut, readRows } from '../../src/db/index.ts'
import { everyServer, testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

async function* linesOf(count: number): AsyncGenerator<string> {
  for (let n = 1; n <= count; n += 1) yield `${n},name ${n}\n`
}

async function all<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

const copyStatement = 'copy staged (n, name) from stdin (format csv)'

everyServer('rows in pieces', (server) => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase({ server, connectionsMax: 1 })
  })
  afterAll(async () => {
    await world.close()
  })

  const staged = async <T>(work: Parameters<typeof world.asRole<T>>[2]): Promise<T> =>
    await world.asRole('yq_ingest', {}, async (tx) => {
      await sql`create temporary table staged (n bigint, name text) on commit drop`.execute(tx)
      return await work(tx)
    })

  test('come in by copy and go out by copy, unchanged', async () => {
    const outcome = await staged(async (tx) => {
      const count = await copyIn(tx, copyStatement, linesOf(5000))
      const chunks: Buffer[] = []
      for await (const chunk of copyOut(tx, 'copy staged to stdout (format csv)'))
        chunks.push(chunk)
      return { count, text: Buffer.concat(chunks).toString('utf8') }
    })
    expect(outcome.count).toBe(5000)
    expect(outcome.text).toBe((await all(linesOf(5000))).join(''))
  })

  test('of a copy that breaks off are not kept, and the connection works on', async () => {
    const broken = async function* () {
      yield '1,one\n'
      throw new Error('the file ended early')
    }
    await expect(staged(async (tx) => await copyIn(tx, copyStatement, broken()))).rejects.toThrow(
      'the file ended early',
    )
    await expect(
      staged(async (tx) => await copyIn(tx, copyStatement, ['x,one\n'])),
    ).rejects.toMatchObject({ code: '22P02' })
    expect(await staged(async (tx) => await copyIn(tx, copyStatement, ['1,one\n']))).toBe(1)
  })

  test.each([0, 1, 6, 7, 8, 20])(
    'are read by cursor, %i of them seven at a time',
    async (count) => {
      const chunks = await staged(async (tx) => {
        await copyIn(tx, copyStatement, linesOf(count))
        const query = sql<{ n: string }>`select n from staged where n > ${0} order by n`
        return await all(readRows(tx, { compile: () => query.compile(tx) }, 7))
      })
      expect(chunks.flat().map(({ n }) => Number(n))).toEqual(
        Array.from({ length: count }, (_, index) => index + 1),
      )
      expect(chunks.every((rows) => rows.length <= 7)).toBe(true)
    },
  )

  test('are left unread without harm when the reader has enough', async () => {
    const first = await world.asRole('yq_auditor', {}, async (tx) => {
      const query = tx.selectFrom('meta.deployment').select('mode')
      for await (const rows of readRows(tx, query, 1)) return rows
      return []
    })
    expect(first).toEqual([{ mode: 'empty' }])
  })
})
