-- Promise: the database keeps the walls. One role for each duty, none of which logs in; one schema for each wall.
-- The service logs in as yq_login, which owns nothing, inherits nothing and may only `set role` to a duty.
-- PIPL Art. 51 (access rights by duty).

do $$
declare
  duty text;
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'yq_owner') then
    create role yq_owner nologin;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'yq_login') then
    create role yq_login login noinherit;
  end if;
  foreach duty in array array[
    'yq_identity', 'yq_steward', 'yq_ingest', 'yq_consent', 'yq_author', 'yq_analyst',
    'yq_builder', 'yq_approver', 'yq_exporter', 'yq_privacy', 'yq_auditor'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = duty) then
      execute format('create role %I nologin', duty);
    end if;
    execute format('grant %I to yq_login', duty);
  end loop;
  -- From version 16 on, whoever makes a role is a member of it without the right to act as it.
  if not pg_catalog.pg_has_role(current_user, 'yq_owner', 'usage') then
    execute format('grant yq_owner to %I', current_user);
  end if;
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to yq_login', current_database());
  execute format('grant create on database %I to yq_owner', current_database());
  -- An import stages its rows in temporary tables; nobody else needs any.
  execute format('grant temporary on database %I to yq_ingest', current_database());
exception
  -- Two databases of one cluster may be prepared at once: roles belong to the cluster.
  when duplicate_object or unique_violation then
    raise exception 'another preparation created the roles at the same moment; run it again'
      using errcode = 'serialization_failure';
end
$$;

revoke all on schema public from public;

set local role yq_owner;

create schema if not exists meta;
create schema audit;
create schema catalog;
create schema profile;
create schema consent;
create schema vault;
create schema identity;
create schema edge;
create schema segment;
create schema audience;
create schema export;
create schema ingest;

alter default privileges for role yq_owner revoke execute on functions from public;

-- Every table stands behind forced row-level security; its owner, as whom the functions run, passes by policy.
create function meta.wall(target regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy owner_passes on %s to yq_owner using (true) with check (true)', target);
end
$$;

-- A row of a log is written once.
create function meta.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
end
$$;

-- A setting of the present transaction, or null: unset means no rows.
-- Its body is bound when it is made, so it needs no search path of its own and the planner can see through it.
create function meta.setting(name text) returns text
language sql stable parallel safe
return nullif(current_setting('yq.' || name, true), '');

-- What this deployment is: one handler, one time zone, one currency.
create table meta.deployment (
  singleton boolean primary key default true check (singleton),
  mode text not null default 'empty' check (mode in ('empty', 'demo', 'production')),
  name text not null default '',
  time_zone text not null default 'Asia/Shanghai',
  currency text not null default 'CNY',
  -- What an unknown age means for marketing; `include` is signed by the privacy officer and logged.
  unknown_age text not null default 'exclude' check (unknown_age in ('exclude', 'include')),
  catalog_revision bigint not null default 1
);
select meta.wall('meta.deployment');
insert into meta.deployment default values;

create policy everyone_reads on meta.deployment for select to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor using (true);
create policy stewards_set on meta.deployment for update to yq_steward, yq_ingest, yq_privacy
  using (true) with check (true);
grant usage on schema meta to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant execute on function meta.setting(text) to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant select on meta.deployment to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant update (mode, name, time_zone, currency) on meta.deployment to yq_ingest, yq_steward;
grant update (unknown_age) on meta.deployment to yq_privacy;
