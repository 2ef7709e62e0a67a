import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { schemaFiles } from '../support/schema-text.ts'

const folder = new URL('../../src/db/schema/', import.meta.url)

test('the types of the tables are those of the migrations', async () => {
  const world = await testDatabase()
  const files = await schemaFiles(world.adminUrl)
  await world.close()
  for (const [name, text] of files)
    await expect(text).toMatchFileSnapshot(new URL(name, folder).pathname)
  expect([...files.keys()]).toEqual(expect.arrayContaining(await readdir(folder)))
})
