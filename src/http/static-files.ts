/** The built pages, held in memory: a fixed list of paths, so that no path of a request ever meets the disk. */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { createHash } from 'node:crypto'

export interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly etag: string
  /** Its name changes with its content. */
  readonly immutable: boolean
}

/** By URL path, starting with a slash; the start page is `/`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const typeByExtension: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

export function readStaticFiles(folder: string | undefined): StaticFiles {
  if (folder === undefined) return new Map()
  const files = new Map<string, StaticFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = typeByExtension[path.extname(entry.name)]
    if (!entry.isFile() || contentType === undefined) continue
    const place = path.join(entry.parentPath, entry.name)
    const urlPath = `/${path.relative(folder, place).split(path.sep).join('/')}`
    const bytes = new Uint8Array(readFileSync(place))
    files.set(urlPath === '/index.html' ? '/' : urlPath, {
      bytes,
      contentType,
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      immutable: urlPath.startsWith('/assets/'),
    })
  }
  return files
}
