/** Writes the tables of a migrated database as the TypeScript that Kysely wants: the text of src/db/schema/. */
import { Client } from 'pg'

interface Column {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly type: string
  readonly isArray: boolean
  readonly isNullable: boolean
  readonly isAlways: boolean
  readonly hasDefault: boolean
  /** Definition of the check that lists the column's values, if there is one. */
  readonly listed: string | null
}

const columnTypes = ['Always', 'Bytes', 'Defaulted', 'Int8', 'Json', 'Moment', 'Numeric']

/** File name to text: one file for each schema, and `tables.ts`, which joins them. */
export async function schemaFiles(adminUrl: string): Promise<ReadonlyMap<string, string>> {
  const columns = await readColumns(adminUrl)
  const schemas = [...new Set(columns.map(({ schema }) => schema))]
  const files = new Map<string, string>()
  for (const schema of schemas)
    files.set(
      `${schema}.ts`,
      fileOf(
        schema,
        columns.filter((column) => column.schema === schema),
      ),
    )
  files.set('tables.ts', joining(schemas, columns))
  return files
}

async function readColumns(adminUrl: string): Promise<readonly Column[]> {
  const admin = new Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    const { rows } = await admin.query<Column>(`
      select n.nspname as schema, c.relname as table, a.attname as column,
        coalesce(e.typname, t.typname)::text as type, t.typelem <> 0 and t.typlen = -1 as "isArray",
        not a.attnotnull as "isNullable", a.attidentity = 'a' or a.attgenerated <> '' as "isAlways",
        a.atthasdef or a.attidentity <> '' as "hasDefault",
        (select pg_get_constraintdef(k.oid) from pg_constraint as k
          where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
            and pg_get_constraintdef(k.oid) ~ '= ANY \\(ARRAY\\[' limit 1) as listed
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type as t on t.oid = a.atttypid
      left join pg_type as e on e.oid = t.typelem and t.typlen = -1
      where c.relkind in ('r', 'p', 'v') and not c.relispartition and n.nspname !~ '^(pg_|information_schema$)'
      order by n.nspname, c.relname, a.attnum`)
    return rows
  } finally {
    await admin.end()
  }
}

function fileOf(schema: string, columns: readonly Column[]): string {
  const tables = [...new Set(columns.map(({ table }) => table))]
  const bodies = tables.map((table) => {
    const lines = columns
      .filter((column) => column.table === table)
      .map((column) => `  ${column.column}: ${columnType(column)}`)
    return `export interface ${typeName(schema, table)} {\n${lines.join('\n')}\n}\n`
  })
  const text = bodies.join('\n')
  const imports = columnTypes.filter((name) => new RegExp(`\\b${name}\\b`).test(text))
  return [
    `/** Tables of the schema ${schema}; written from the migrations (test/db/schema.test.ts). */`,
    ...(imports.length > 0 ? [`import type { ${imports.join(', ')} } from '../column.ts'`] : []),
    '',
    text,
  ].join('\n')
}

function joining(schemas: readonly string[], columns: readonly Column[]): string {
  const imports = schemas.map((schema) => {
    const names = tablesOf(columns, schema).map((table) => typeName(schema, table))
    const line = `import type { ${names.join(', ')} } from './${schema}.ts'`
    return line.length <= 100
      ? line
      : `import type {\n${names.map((name) => `  ${name},\n`).join('')}} from './${schema}.ts'`
  })
  const lines = schemas.flatMap((schema) =>
    tablesOf(columns, schema).map((table) => `  '${schema}.${table}': ${typeName(schema, table)}`),
  )
  return [
    '/** Every table by its full name; written from the migrations (test/db/schema.test.ts). */',
    ...imports,
    '',
    `export interface Tables {\n${lines.join('\n')}\n}\n`,
  ].join('\n')
}

const tablesOf = (columns: readonly Column[], schema: string): readonly string[] => [
  ...new Set(columns.filter((column) => column.schema === schema).map(({ table }) => table)),
]

const typeName = (schema: string, table: string): string =>
  [schema, ...table.split('_')].map((word) => word[0]?.toUpperCase() + word.slice(1)).join('') +
  'Table'

function columnType(column: Column): string {
  const scalar = listedValues(column.listed) ?? scalarType(column.type)
  const value = column.isArray ? `readonly ${scalar}[]` : scalar
  const nullable = column.isNullable ? `${value} | null` : value
  if (column.isAlways) return `Always<${nullable}>`
  return column.hasDefault ? `Defaulted<${nullable}>` : nullable
}

function listedValues(definition: string | null): string | undefined {
  const values = [...(definition?.matchAll(/'([^']*)'::text/g) ?? [])].map(
    (match) => `'${match[1]}'`,
  )
  return values.length > 0 ? values.join(' | ') : undefined
}

function scalarType(type: string): string {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'float8':
      return 'number'
    case 'int8':
      return 'Int8'
    case 'numeric':
      return 'Numeric'
    case 'bool':
      return 'boolean'
    case 'timestamptz':
      return 'Moment'
    case 'json':
    case 'jsonb':
      return 'Json'
    case 'bytea':
      return 'Bytes'
    case 'text':
    case 'uuid':
    case 'date':
      return 'string'
    default:
      throw new Error(`the schema text knows no TypeScript for the SQL type ${type}`)
  }
}
