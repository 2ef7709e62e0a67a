/** Who may import whom. The one table; docs/ARCHITECTURE.md prints it, tidy.test.ts enforces it. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  'src/config.ts': [],
  'src/kernel': [],
  'src/keys': ['src/kernel'],
  'src/embedded': ['src/kernel'],
  'src/db': ['src/kernel'],
  'src/audit': ['src/kernel', 'src/keys', 'src/db'],
  'src/access': ['src/kernel'],
  'src/identity': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/access'],
  'src/catalog': ['src/kernel', 'src/db', 'src/audit', 'grammar'],
  'src/consent': ['src/kernel', 'src/keys', 'src/db', 'src/audit'],
  'src/pseudonyms': ['src/kernel', 'src/keys', 'src/db', 'src/audit'],
  'src/profiles': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/catalog', 'src/consent', 'src/pseudonyms'],
  'src/imports': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/catalog', 'src/consent', 'src/pseudonyms', 'src/profiles', 'grammar'],
  'src/demo': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/catalog', 'src/consent', 'src/profiles', 'src/imports', 'src/identity'],
  'src/compiler': ['src/kernel', 'src/db', 'src/catalog', 'grammar'],
  'src/segments': ['src/kernel', 'src/db', 'src/audit', 'src/catalog', 'grammar'],
  'src/releases': ['src/kernel'],
  'src/audiences': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/catalog', 'src/consent', 'src/pseudonyms', 'src/compiler', 'src/segments', 'src/releases', 'grammar'],
  'src/exports': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/consent', 'src/pseudonyms', 'src/audiences', 'src/releases'],
  'src/jobs': ['src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/audiences', 'src/exports'],
  'src/http': ['grammar', 'src/kernel', 'src/keys', 'src/db', 'src/audit', 'src/access', 'src/identity', 'src/catalog', 'src/consent', 'src/profiles', 'src/segments', 'src/releases', 'src/audiences', 'src/exports'],
  'src/web': ['grammar', 'src/http (types)'],
  'src/cli': ['grammar', 'src/config.ts', 'src/kernel', 'src/keys', 'src/embedded', 'src/db', 'src/audit', 'src/catalog', 'src/compiler', 'src/imports', 'src/identity', 'src/demo', 'src/jobs', 'src/http', 'src/consent', 'src/audiences'],
  'src/main.ts': ['src/cli'],
}

/** Rooms whose other files are private: from outside, only index.ts may be imported. */
export const closed: readonly string[] = [
  'grammar', 'src/keys', 'src/embedded', 'src/db', 'src/audit', 'src/access', 'src/identity', 'src/catalog',
  'src/consent', 'src/pseudonyms', 'src/profiles', 'src/imports', 'src/demo', 'src/compiler', 'src/segments',
  'src/releases', 'src/audiences', 'src/exports', 'src/jobs', 'src/http',
]

/** Packages that only some rooms may touch. */
export const keepers: Readonly<Record<string, readonly string[]>> = {
  hono: ['src/http', 'src/web'],
  '@hono/node-server': ['src/http', 'src/cli'],
  '@hono/zod-openapi': ['src/http'],
  pg: ['src/db'],
  'pg-copy-streams': ['src/db'],
  chevrotain: ['grammar'],
  jose: ['src/identity'],
  '@node-rs/argon2': ['src/identity'],
  'csv-parse': ['src/imports'],
  vite: ['src/cli'],
  kysely: [
    'src/db', 'src/audit', 'src/identity', 'src/catalog', 'src/consent', 'src/pseudonyms', 'src/profiles',
    'src/imports', 'src/demo', 'src/compiler', 'src/segments', 'src/audiences', 'src/exports',
  ],
}

/** Rooms that may take a personal value out of its shell: where identifiers enter, and where they leave. */
export const revealers: readonly string[] = [
  'src/kernel', 'src/pseudonyms', 'src/profiles', 'src/imports', 'src/exports',
]
