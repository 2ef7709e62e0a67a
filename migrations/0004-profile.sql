-- Promise: eligible first. Whoever counts or builds sees the attributes and events of people who may be used for the
-- present use, and nobody else: the policies below compare with the run that consent.open_run opened in the same
-- transaction, so nothing of other people is computed, counted or timed. PIPL Art. 6, 13; product.md "Decided".

set local role yq_owner;

-- One row for each customer, by a random key that means nothing outside. Attribute columns come by define_attribute.
create table profile.customer (
  customer_id bigint primary key,
  recorded_from timestamptz not null default clock_timestamp(),
  tags text[] not null default '{}',
  -- Kinds of contact data that the vault holds, so that reach can be counted without opening it.
  identifier_kinds text[] not null default '{}'
);
select meta.wall('profile.customer');
create index customer_by_tag on profile.customer using gin (tags);

-- What a customer's attributes were before: a run as of an earlier watermark answers the same.
create table profile.customer_history (
  recorded_to timestamptz not null,
  like profile.customer,
  primary key (customer_id, recorded_from)
);
select meta.wall('profile.customer_history');

create function profile.keep_history() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  moment timestamptz := clock_timestamp();
begin
  if to_jsonb(new) - 'recorded_from' = to_jsonb(old) - 'recorded_from' then
    return null;
  end if;
  insert into profile.customer_history select moment, old.*;
  new.recorded_from := moment;
  return new;
end
$$;
create trigger history before update on profile.customer
  for each row execute function profile.keep_history();

-- One row for each event, deduplicated by its key. Property values stand in typed slots that the catalogue assigns;
-- i1 is kept for the first amount of an event, which the indexes carry along.
create table profile.event (
  customer_id bigint not null,
  event_key uuid not null,
  event_number smallint not null,
  occurred_at timestamptz not null,
  ingested_at timestamptz not null default clock_timestamp(),
  i1 bigint,
  i2 bigint,
  n1 numeric,
  t1 text collate "C",
  t2 text collate "C",
  primary key (customer_id, event_key)
);
select meta.wall('profile.event');
create index event_by_customer on profile.event (customer_id, event_number, occurred_at) include (i1);
create index event_by_time on profile.event (event_number, occurred_at) include (customer_id, i1);

-- A random positive 63-bit key.
create function profile.new_customer_id() returns bigint
language sql volatile set search_path = pg_catalog, pg_temp
return (
  select ('x' || substr(r, 1, 12) || substr(r, 21, 4))::bit(64)::bigint & 9223372036854775807
  from (select replace(gen_random_uuid()::text, '-', '') as r) as random
);

-- The SQL type that holds a value type, and the letter of its event slots.
create function catalog.storage_of(type jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp
return case type ->> 'kind'
  when 'integer' then 'i' when 'money' then 'i' when 'month-day' then 'i'
  when 'decimal' then 'n' when 'percent' then 'n' when 'score' then 'n'
  when 'text' then 't' when 'enum' then 't' when 'region' then 't'
  when 'boolean' then 'b' when 'date' then 'd' when 'timestamp' then 'z'
end;

create function catalog.sql_type_of(storage text) returns text
language sql immutable set search_path = pg_catalog, pg_temp
return case storage
  when 'i' then 'bigint' when 'n' then 'numeric' when 't' then 'text collate "C"'
  when 'b' then 'boolean' when 'd' then 'date' when 'z' then 'timestamptz'
end;

create sequence catalog.attribute_column;

-- Adds an attribute and its typed column. The column's name is generated: nothing of the arguments reaches SQL text.
create function catalog.define_attribute(
  p_id text, p_label_en text, p_label_zh text, p_type jsonb, p_category text
) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  sql_type text := catalog.sql_type_of(catalog.storage_of(p_type));
  column_name text;
begin
  if sql_type is null then
    raise exception 'unknown value type' using errcode = 'invalid_parameter_value';
  end if;
  column_name := 'a_' || nextval('catalog.attribute_column');
  insert into catalog.attribute (id, label_en, label_zh, type, category_id, column_name)
    values (p_id, p_label_en, p_label_zh, p_type, p_category, column_name);
  perform set_config('lock_timeout', '5s', true);
  execute format('alter table profile.customer add column %I %s', column_name, sql_type);
  execute format('alter table profile.customer_history add column %I %s', column_name, sql_type);
  return column_name;
end
$$;

-- Adds a property to an event and gives it the lowest free slot of its storage, making one when none is free.
create function catalog.define_event_property(
  p_event smallint, p_id text, p_label_en text, p_label_zh text, p_type jsonb, p_position integer
) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  storage text := catalog.storage_of(p_type);
  number integer;
  slot text;
begin
  if storage is null then
    raise exception 'unknown value type' using errcode = 'invalid_parameter_value';
  end if;
  -- Two stewards must not take the same slot.
  perform from catalog.event_type where event_type.number = p_event for update;
  select min(candidate) into number
  from generate_series(1, 1000) as candidate
  where not exists (
    select from catalog.event_property as taken
    where taken.event_number = p_event and taken.column_name = storage || candidate
  )
  -- i1 is for money, where the indexes carry it.
  and (storage <> 'i' or p_type ->> 'kind' = 'money' or candidate > 1);
  slot := storage || number;
  if not exists (
    select from pg_attribute
    where attrelid = 'profile.event'::regclass and attname = slot and not attisdropped
  ) then
    perform set_config('lock_timeout', '5s', true);
    execute format('alter table profile.event add column %I %s', slot, catalog.sql_type_of(storage));
  end if;
  insert into catalog.event_property (event_number, id, label_en, label_zh, type, column_name, position)
    values (p_event, p_id, p_label_en, p_label_zh, p_type, slot, p_position);
  return slot;
end
$$;

grant execute on function catalog.define_attribute(text, text, text, jsonb, text) to yq_steward;
grant execute on function catalog.define_event_property(smallint, text, text, text, jsonb, integer) to yq_steward;

create policy loaders_pass on profile.customer to yq_ingest using (true) with check (true);
create policy loaders_pass on profile.event to yq_ingest using (true) with check (true);
grant usage on schema profile to yq_ingest, yq_analyst, yq_builder, yq_exporter;
grant select, insert, update on profile.customer to yq_ingest;
grant select, insert on profile.event to yq_ingest;
grant execute on function profile.new_customer_id() to yq_ingest;
grant select on profile.customer, profile.customer_history, profile.event to yq_analyst, yq_builder;
