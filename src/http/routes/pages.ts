/** The web workplace: built files, and its start page under every address that is not a file and not the API's. */
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { problem } from '../problem.ts'
import type { Reply } from '../reply.ts'
import type { StaticFile, StaticFiles } from '../static-files.ts'

const yearSeconds = 31_536_000
/** Addresses of pages are made of words and ids; whatever else is asked for is not there. */
const pageAddress = /^(?:\/[\w-]+)*\/?$/

export const pageRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'get',
    path: '/*',
    action: 'page.read',
    summary: 'The pages',
    hidden: true,
    output: { description: 'A page or one of its files.' },
    handle: async ({ edge, path, headers }) => replyTo(edge.files, path, headers),
  }),
]

function replyTo(files: StaticFiles, path: string, headers: Headers): Reply<undefined> {
  const file = files.get(path)
  if (file !== undefined) return replyWith(file, headers)
  // Without pages the description of the API is the best there is to see.
  if (path === '/' && files.size === 0)
    return {
      kind: 'bytes',
      status: 302,
      contentType: 'text/plain',
      bytes: '',
      headers: { location: '/docs' },
    }
  const start = files.get('/')
  const isPage = pageAddress.test(path) && !path.startsWith('/v1/')
  return start !== undefined && isPage ? replyWith(start, headers) : problem('not-found')
}

function replyWith(file: StaticFile, headers: Headers): Reply<undefined> {
  const caching = {
    etag: file.etag,
    'cache-control': file.immutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache',
  }
  if (headers.get('if-none-match') === file.etag)
    return {
      kind: 'bytes',
      status: 304,
      contentType: file.contentType,
      bytes: '',
      headers: caching,
    }
  return {
    kind: 'bytes',
    status: 200,
    contentType: file.contentType,
    bytes: file.bytes,
    headers: caching,
  }
}
