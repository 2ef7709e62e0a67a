/** Every privilege and every policy, read from the live database and reviewed as text: a widened grant shows as a line. */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

let world: TestDatabase
let admin: Client
beforeAll(async () => {
  world = await testDatabase()
  admin = new Client({ connectionString: world.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await world.close()
})

const schemas = `('meta','audit','catalog','profile','consent','vault','identity','edge','segment','audience','export','ingest')`
const lines = async (statement: string): Promise<string[]> => {
  const { rows } = await admin.query<{ line: string }>(statement)
  return rows.map((row) => row.line)
}

describe('the walls', () => {
  test('grants are those that were reviewed', async () => {
    const tables = await lines(`
      select format('%s.%s: %s may %s', table_schema, table_name, grantee, string_agg(lower(privilege_type), ', ' order by privilege_type)) as line
      from information_schema.role_table_grants
      where table_schema in ${schemas} and grantee <> 'yq_owner'
      group by table_schema, table_name, grantee order by 1`)
    const columns = await lines(`
      select format('%s.%s: %s may %s (%s)', g.table_schema, g.table_name, g.grantee, lower(g.privilege_type),
        string_agg(g.column_name, ', ' order by c.ordinal_position)) as line
      from information_schema.role_column_grants g
      join information_schema.columns c using (table_schema, table_name, column_name)
      where g.table_schema in ${schemas} and g.grantee <> 'yq_owner' and not exists (
        select from information_schema.role_table_grants t
        where (t.table_schema, t.table_name, t.grantee, t.privilege_type) = (g.table_schema, g.table_name, g.grantee, g.privilege_type))
      group by g.table_schema, g.table_name, g.grantee, g.privilege_type order by 1`)
    const functions = await lines(`
      select format('%s(%s): %s may execute', p.oid::regproc, pg_get_function_identity_arguments(p.oid),
        case when a.grantee = 0 then 'public' else a.grantee::regrole::text end) as line
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where n.nspname in ${schemas} and a.grantee <> 'yq_owner'::regrole order by 1`)
    await expect([...tables, '', ...columns, '', ...functions, ''].join('\n')).toMatchFileSnapshot(
      './grants.txt',
    )
  })

  test('policies are those that were reviewed', async () => {
    const policies = await lines(`
      select format('%s.%s: %s, for %s to %s%s%s', schemaname, tablename, policyname, lower(cmd),
        array_to_string(roles, ', '), coalesce(E'\\n    using ' || qual, ''), coalesce(E'\\n    with check ' || with_check, '')) as line
      from pg_policies where schemaname in ${schemas} and policyname <> 'owner_passes' order by 1`)
    await expect([...policies, ''].join('\n')).toMatchFileSnapshot('./policies.txt')
  })

  test('row-level security is on and forced on every table', async () => {
    expect(
      await lines(`
        select c.oid::regclass::text as line from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ${schemas} and c.relkind in ('r', 'p') and c.oid::regclass::text <> 'meta.migration'
          and not (c.relrowsecurity and c.relforcerowsecurity)`),
    ).toEqual([])
  })

  test('every function that runs as its owner pins its search path', async () => {
    expect(
      await lines(`
        select p.oid::regprocedure::text as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ${schemas} and p.prosecdef
          and not coalesce(p.proconfig @> array['search_path=pg_catalog, pg_temp'], false)`),
    ).toEqual([])
  })

  test('nothing is granted to everybody', async () => {
    expect(
      await lines(`
        select p.oid::regprocedure::text as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where n.nspname in ${schemas} and a.grantee = 0`),
    ).toEqual([])
  })

  test('the login owns nothing, inherits nothing, and no duty may log in or pass the walls', async () => {
    expect(
      await lines(`
        select rolname::text as line from pg_roles
        where rolname like 'yq\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
          or rolreplication or rolcanlogin <> (rolname = 'yq_login') or (rolname = 'yq_login' and rolinherit))`),
    ).toEqual([])
    expect(
      await lines(`select c.oid::regclass::text as line from pg_class c where c.relowner <> 'yq_owner'::regrole
        and c.relnamespace in (select oid from pg_namespace where nspname in ${schemas})
        and c.oid::regclass::text not like 'meta.migration%'`),
    ).toEqual([])
  })

  test('the login cannot become the owner', async () => {
    const login = new Client({ connectionString: world.loginUrl })
    await login.connect()
    try {
      await expect(login.query('set role yq_owner')).rejects.toThrow(/permission denied/)
      await expect(login.query('select 1 from segment.segment')).rejects.toThrow(
        /permission denied/,
      )
    } finally {
      await login.end()
    }
  })
})
