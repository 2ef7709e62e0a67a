-- Promise: a saved rule never changes under its version; an audience is one version run under one use, once.
-- product.md "Decided" (a rule and its use are apart).

set local role yq_owner;

create table segment.segment (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 120),
  created_by text not null,
  created_at timestamptz not null default clock_timestamp()
);
select meta.wall('segment.segment');
create unique index segment_by_name on segment.segment (lower(name));

create table segment.version (
  segment_id uuid not null references segment.segment (id),
  version integer not null check (version > 0),
  text text not null,
  rule_hash text not null,
  -- The checked rule, as the catalogue of that revision understood it.
  rule jsonb not null,
  categories text[] not null,
  personalised boolean not null,
  catalog_revision bigint not null,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (segment_id, version)
);
select meta.wall('segment.version');
create trigger append_only before update or delete on segment.version
  for each row execute function meta.refuse_change();

-- Which segments a version speaks of, so that a cycle is refused and dependants are found.
create table segment.reference (
  segment_id uuid not null,
  version integer not null,
  refers_to uuid not null references segment.segment (id),
  primary key (segment_id, version, refers_to),
  foreign key (segment_id, version) references segment.version (segment_id, version)
);
select meta.wall('segment.reference');

-- The audience is its own job: queued, leased by a worker, running, ready. A lease that runs out is taken up again.
create table audience.audience (
  id uuid primary key default gen_random_uuid(),
  segment_id uuid not null,
  version integer not null,
  purpose_id text not null references consent.purpose (id),
  channel_id text not null references consent.channel (id),
  recipient_id text not null references consent.recipient (id),
  use_hash text not null,
  rule_hash text not null,
  categories text[] not null,
  personalised boolean not null,
  time_zone text not null,
  as_of timestamptz not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'ready', 'failed', 'cancelled')),
  -- 0 to 100.
  progress smallint not null default 0,
  cancel_requested boolean not null default false,
  failure text,
  -- Exact, for the reviewer and the manifest; everybody else sees releases of it.
  waterfall jsonb,
  member_count bigint,
  member_root text,
  -- Events ingested later than this were not looked at.
  watermark timestamptz,
  pseudonym_epoch integer,
  requested_by text not null,
  demo boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  leased_by text,
  leased_until timestamptz,
  attempts integer not null default 0,
  foreign key (segment_id, version) references segment.version (segment_id, version)
);
select meta.wall('audience.audience');
create index audience_by_segment on audience.audience (segment_id, created_at);
create index audience_waiting on audience.audience (created_at) where state in ('queued', 'running');

-- An audience runs its version's rule and no other, whatever the request says: the categories decide who may be used.
create function audience.take_rule() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select version.rule_hash, version.categories, version.personalised
  into new.rule_hash, new.categories, new.personalised
  from segment.version where version.segment_id = new.segment_id and version.version = new.version;
  return new;
end
$$;
create trigger takes_rule before insert on audience.audience for each row execute function audience.take_rule();

create table audience.member (
  customer_id bigint not null,
  audience_id uuid not null,
  -- Of the use's recipient; the order in which rows are pulled, which says nothing of the person.
  pseudonym text collate "C" not null,
  primary key (customer_id, audience_id)
);
select meta.wall('audience.member');
create index member_by_pseudonym on audience.member (audience_id, pseudonym) include (customer_id);

do $$
declare
  name text;
begin
  foreach name in array array['segment.segment', 'segment.version', 'segment.reference'] loop
    execute format('create policy staff_reads on %s for select to yq_author, yq_analyst, yq_builder, yq_approver, '
      'yq_exporter, yq_auditor, yq_privacy, yq_steward using (true)', name);
    execute format('create policy authors_write on %s for insert to yq_author with check (true)', name);
    execute format('grant select on %s to yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter, yq_auditor, '
      'yq_privacy, yq_steward', name);
    execute format('grant insert on %s to yq_author', name);
  end loop;
end
$$;
create policy authors_rename on segment.segment for update to yq_author using (true) with check (true);
grant update (name) on segment.segment to yq_author;

create policy staff_reads on audience.audience for select to yq_author, yq_builder, yq_approver, yq_exporter, yq_auditor
  using (true);
create policy authors_ask on audience.audience for insert to yq_author
  with check (state = 'queued' and requested_by = meta.setting('actor'));
create policy authors_cancel on audience.audience for update to yq_author using (true) with check (true);
create policy builders_work on audience.audience for update to yq_builder using (true) with check (true);
-- The exact numbers are not the author's to read.
grant select (id, segment_id, version, purpose_id, channel_id, recipient_id, use_hash, rule_hash, categories,
  personalised, time_zone, as_of, state, progress, cancel_requested, failure, watermark, requested_by, demo, created_at,
  finished_at) on audience.audience to yq_author;
grant insert (segment_id, version, purpose_id, channel_id, recipient_id, use_hash, time_zone, as_of, requested_by, demo)
  on audience.audience to yq_author;
grant update (cancel_requested) on audience.audience to yq_author;
grant select on audience.audience to yq_builder, yq_approver, yq_exporter, yq_auditor;
grant update (state, progress, failure, waterfall, member_count, member_root, watermark, pseudonym_epoch, finished_at,
  leased_by, leased_until, attempts, as_of) on audience.audience to yq_builder;

create policy builders_pass on audience.member to yq_builder using (true) with check (true);
grant select, insert, delete on audience.member to yq_builder;

-- An author sees what may be released of an audience: the steps of its waterfall, never below the least count. The
-- caller may ask for less than the two constants allow, never for more.
create function audience.released_waterfall(p_audience uuid, p_least integer, p_step integer) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_agg(jsonb_build_object('reason', step ->> 'reason', 'count',
    case when (step ->> 'count')::bigint < greatest(p_least, 50) then null
      else round((step ->> 'count')::numeric / greatest(p_step, 10))::bigint * greatest(p_step, 10) end) order by position)
  from audience.audience, jsonb_array_elements(audience.waterfall) with ordinality as steps (step, position)
  where audience.id = p_audience
$$;
revoke execute on function audience.released_waterfall(uuid, integer, integer) from public;

grant usage on schema segment to
  yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter, yq_auditor, yq_privacy, yq_steward;
grant usage on schema audience to yq_author, yq_builder, yq_approver, yq_exporter, yq_auditor;
