-- Promise: a rule speaks only of what the catalogue names, labels and types. Physical columns have generated names, so
-- no word that a person wrote ever becomes an SQL identifier. privacy.md C (labels), house.md 3.3.

set local role yq_owner;

-- Data categories, dotted; `bit` is the category's place in the masks that consents are kept in.
create table catalog.category (
  id text primary key check (id ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$'),
  bit smallint not null unique check (bit between 0 and 61),
  label_en text not null,
  label_zh text not null,
  data_class text not null check (data_class in ('S0', 'S1', 'S2', 'S3', 'S4', 'ID'))
);
select meta.wall('catalog.category');

create table catalog.attribute (
  id text primary key check (id ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  label_en text not null check (char_length(label_en) between 1 and 64),
  label_zh text not null check (char_length(label_zh) between 1 and 64),
  -- ValueType of the rule language, without its values.
  type jsonb not null,
  category_id text references catalog.category (id),
  column_name text not null unique check (column_name ~ '^a_[0-9]+$'),
  created_at timestamptz not null default clock_timestamp()
);
select meta.wall('catalog.attribute');

create table catalog.attribute_value (
  attribute_id text not null references catalog.attribute (id),
  id text not null,
  label_en text not null,
  label_zh text not null,
  parent_id text,
  -- Spellings of this value in the data that is loaded.
  sources text[] not null default '{}',
  position integer not null,
  primary key (attribute_id, id)
);
select meta.wall('catalog.attribute_value');

create table catalog.event_type (
  number smallint generated always as identity primary key,
  id text not null unique check (id ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  label_en text not null check (char_length(label_en) between 1 and 64),
  label_zh text not null check (char_length(label_zh) between 1 and 64),
  category_id text references catalog.category (id),
  retention_days integer check (retention_days > 0),
  created_at timestamptz not null default clock_timestamp()
);
select meta.wall('catalog.event_type');

create table catalog.event_property (
  event_number smallint not null references catalog.event_type (number),
  id text not null check (id ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  label_en text not null check (char_length(label_en) between 1 and 64),
  label_zh text not null check (char_length(label_zh) between 1 and 64),
  type jsonb not null,
  -- A slot of profile.event, shared with other events' properties of the same storage.
  column_name text not null check (column_name ~ '^[intbdz][0-9]+$'),
  position integer not null,
  primary key (event_number, id),
  unique (event_number, column_name)
);
select meta.wall('catalog.event_property');

create table catalog.event_property_value (
  event_number smallint not null,
  property_id text not null,
  id text not null,
  label_en text not null,
  label_zh text not null,
  parent_id text,
  sources text[] not null default '{}',
  position integer not null,
  primary key (event_number, property_id, id),
  foreign key (event_number, property_id) references catalog.event_property (event_number, id)
);
select meta.wall('catalog.event_property_value');

create table catalog.tag (
  id text primary key check (id ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  label_en text not null check (char_length(label_en) between 1 and 64),
  label_zh text not null check (char_length(label_zh) between 1 and 64),
  category_id text references catalog.category (id),
  created_at timestamptz not null default clock_timestamp()
);
select meta.wall('catalog.tag');

create function catalog.bump_revision() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update meta.deployment set catalog_revision = catalog_revision + 1;
  return null;
end
$$;

do $$
declare
  name text;
begin
  foreach name in array array[
    'category', 'attribute', 'attribute_value', 'event_type', 'event_property', 'event_property_value', 'tag'
  ] loop
    execute format(
      'create trigger revision after insert or update or delete on catalog.%I '
      'for each statement execute function catalog.bump_revision()', name);
    execute format(
      'create policy everyone_reads on catalog.%I for select to yq_steward, yq_ingest, yq_consent, yq_author, '
      'yq_analyst, yq_builder, yq_approver, yq_exporter, yq_privacy, yq_auditor using (true)', name);
    execute format('create policy stewards_write on catalog.%I to yq_steward using (true) with check (true)', name);
    execute format(
      'grant select on catalog.%I to yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, '
      'yq_approver, yq_exporter, yq_privacy, yq_auditor', name);
  end loop;
end
$$;
grant usage on schema catalog to
  yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter, yq_privacy, yq_auditor;
grant insert (id, bit, label_en, label_zh, data_class), update (label_en, label_zh) on catalog.category to yq_steward;
grant update (label_en, label_zh) on catalog.attribute to yq_steward;
grant insert (attribute_id, id, label_en, label_zh, parent_id, sources, position),
  update (label_en, label_zh, sources, position) on catalog.attribute_value to yq_steward;
grant insert (id, label_en, label_zh, category_id, retention_days), update (label_en, label_zh, retention_days)
  on catalog.event_type to yq_steward;
grant update (label_en, label_zh) on catalog.event_property to yq_steward;
grant insert (event_number, property_id, id, label_en, label_zh, parent_id, sources, position),
  update (label_en, label_zh, sources, position) on catalog.event_property_value to yq_steward;
grant insert (id, label_en, label_zh, category_id), update (label_en, label_zh) on catalog.tag to yq_steward;
