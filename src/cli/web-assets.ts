/** Builds the pages when their sources have changed, so that a fresh clone starts with one command. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

export interface WebAssetsOptions {
  /** Folder of the project. */
  readonly root: string
  /** Where builds are kept, each in a folder named by its sources' hash. */
  readonly keepIn: string
  readonly say: (line: string) => void
}

/** What the pages are made of. */
const sources = ['src/web', 'grammar', 'package-lock.json'] as const
const hashLength = 16

/** Gives the folder of the built pages; undefined where this project has none. */
export async function webAssets(options: WebAssetsOptions): Promise<string | undefined> {
  const { root, keepIn, say } = options
  const pages = path.join(root, 'src/web')
  if (!existsSync(path.join(pages, 'index.html'))) return undefined
  const name = await hashOf(root)
  const folder = path.join(keepIn, name)
  if (existsSync(path.join(folder, 'index.html'))) return folder
  say('building the pages')
  await mkdir(keepIn, { recursive: true })
  const draft = path.join(keepIn, `draft-${process.pid}`)
  await rm(draft, { recursive: true, force: true })
  const { build } = await import('vite')
  await build({
    root: pages,
    configFile: path.join(pages, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: draft, emptyOutDir: true },
  })
  await rm(folder, { recursive: true, force: true })
  // Whole or not at all: a build that is killed leaves a draft, which the next one removes.
  await rename(draft, folder)
  await removeOthers(keepIn, name)
  return folder
}

async function hashOf(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of await filesOf(path.join(root, source))) {
      hash.update(`${path.relative(root, file)}\0`)
      hash.update(await readFile(file))
    }
  }
  return hash.digest('hex').slice(0, hashLength)
}

async function filesOf(place: string): Promise<readonly string[]> {
  if (path.extname(place) !== '') return [place]
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

async function removeOthers(keepIn: string, name: string): Promise<void> {
  for (const other of await readdir(keepIn))
    if (other !== name) await rm(path.join(keepIn, other), { recursive: true, force: true })
}
