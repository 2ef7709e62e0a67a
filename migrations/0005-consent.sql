-- Promise: nobody is used or reached without a live consent for that purpose, channel and recipient, covering every
-- category that the rule reads. Missing or unclear means no. PIPL Art. 13-16, 21, 23, 24, 28-31, 47; privacy.md B.

set local role yq_owner;

create table consent.purpose (
  id text primary key check (id ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$'),
  label_en text not null,
  label_zh text not null,
  kind text not null default 'marketing' check (kind in ('marketing', 'price_offer', 'service')),
  -- This purpose and those whose consents reach down to it; a consent never reaches upward.
  covered_by text[] not null,
  -- The notice that tells people of this purpose; null where any notice may have told of it.
  notice_id text,
  -- Consents to an older version of the notice no longer count.
  min_notice_version integer not null default 1 check (min_notice_version >= 1),
  valid_until timestamptz not null default 'infinity',
  check (id = any (covered_by))
);
select meta.wall('consent.purpose');

create table consent.channel (
  id text primary key check (id ~ '^[a-z][a-z0-9_]*$'),
  label_en text not null,
  label_zh text not null,
  -- What a customer must have to be reached this way; null when nothing is needed.
  identifier_kind text
);
select meta.wall('consent.channel');

create table consent.notice (
  id text not null,
  version integer not null check (version >= 1),
  sha256 text not null,
  language text not null,
  text text not null,
  published_at timestamptz not null default clock_timestamp(),
  primary key (id, version)
);
select meta.wall('consent.notice');

create table consent.recipient (
  id text primary key check (id ~ '^[a-z][a-z0-9_-]*$'),
  label_en text not null,
  label_zh text not null,
  -- PIPL: internal is the handler itself, processor Art. 21, handler Art. 23, joint Art. 20.
  role text not null check (role in ('internal', 'processor', 'handler', 'joint')),
  country text not null default 'CN' check (country ~ '^[A-Z]{2}$'),
  contact text not null default '',
  -- Pseudonyms of an older epoch cannot be joined with those of a newer one.
  pseudonym_epoch integer not null default 1
);
select meta.wall('consent.recipient');

create table consent.contract (
  id text primary key,
  recipient_id text not null references consent.recipient (id),
  purposes text[] not null,
  channels text[] not null,
  categories text[] not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null
);
select meta.wall('consent.contract');

-- What the decision needs to know of a person besides consents. No row means: may not be used.
create table consent.person (
  customer_id bigint primary key,
  status text not null default 'active' check (status in ('active', 'erased', 'frozen', 'restricted', 'deceased')),
  born_on date,
  -- The person's own word that they are an adult, where no birth date is held.
  adult_declared boolean not null default false,
  no_profiling boolean not null default false,
  changed_at timestamptz not null default clock_timestamp()
);
select meta.wall('consent.person');

-- The consent ledger: what was said, when it took effect, when we learned of it, on which notice. Written once.
create table consent.event (
  customer_id bigint not null,
  source text not null,
  event_id text not null,
  kind text not null check (kind = 'general' or kind = 'guardian' or kind = 'separate:publication'
    or kind ~ '^separate:(sensitive|recipient|cross_border)$'),
  purpose_id text not null references consent.purpose (id),
  -- Empty means all, which only a withdrawal or refusal may say.
  channels text[] not null,
  categories text[] not null,
  recipient_id text references consent.recipient (id),
  state text not null check (state in ('requested', 'deferred', 'refused', 'given', 'renewed', 'withdrawn', 'revoked', 'invalidated')),
  effective_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  valid_until timestamptz not null default 'infinity',
  notice_id text,
  notice_version integer,
  notice_sha256 text,
  language text,
  mechanism text not null,
  evidence_ref text,
  double_opt_in_at timestamptz,
  actor text not null default 'subject' check (actor in ('subject', 'guardian', 'agent', 'system')),
  guardian_ref text,
  -- Digest of the event as it was sent: the same id with another body is a conflict, not a repetition.
  body_digest text not null,
  primary key (customer_id, source, event_id),
  check (state not in ('given', 'renewed') or (cardinality(channels) > 0 and cardinality(categories) > 0)),
  check ((kind in ('separate:recipient', 'separate:cross_border')) = (recipient_id is not null)),
  foreign key (notice_id, notice_version) references consent.notice (id, version)
);
select meta.wall('consent.event');
create trigger append_only before update or delete on consent.event
  for each row execute function meta.refuse_change();
create trigger append_only_all before truncate on consent.event
  for each statement execute function meta.refuse_change();
-- A source's event id stands for one event, whoever it speaks of.
create index event_by_source on consent.event (source, event_id);

-- Derived in the transaction of every append: the categories that are consented to at least until `valid_until`.
-- A use is covered iff one row that is still valid holds all of its categories.
create table consent.live (
  customer_id bigint not null,
  purpose_id text not null,
  channel_id text not null,
  kind text not null,
  recipient_id text not null default '',
  valid_until timestamptz not null,
  categories bigint not null,
  primary key (customer_id, purpose_id, channel_id, kind, recipient_id, valid_until)
);
select meta.wall('consent.live');
create index live_by_use on consent.live (purpose_id, channel_id, kind, recipient_id, customer_id)
  include (categories, valid_until);
create index live_by_expiry on consent.live (valid_until) where valid_until < 'infinity';

-- Protection that needs nobody's consent: opt-outs, complaints, holds. `*` is every channel.
create table consent.suppression (
  customer_id bigint not null,
  channel_id text not null,
  reason text not null check (reason in ('opt-out', 'complaint', 'do-not-contact')),
  since timestamptz not null,
  source text not null,
  primary key (customer_id, channel_id, reason)
);
select meta.wall('consent.suppression');

-- The people who may be used in one run: filled by open_run, seen only inside its transaction, gone before it commits.
create unlogged table consent.eligible (
  customer_id bigint not null,
  run_id bigint not null,
  primary key (customer_id, run_id)
);
select meta.wall('consent.eligible');
create sequence consent.run_id;

-- One row for each open run of a transaction, so that a run that nobody closed is closed by the commit itself.
create unlogged table consent.run (
  id bigint primary key
);
select meta.wall('consent.run');

create function consent.end_run() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from consent.run where id = new.id) then
    delete from consent.eligible where run_id = new.id;
    delete from consent.run where id = new.id;
  end if;
  return null;
end
$$;
create constraint trigger ends_with_its_transaction after insert on consent.run
  deferrable initially deferred for each row execute function consent.end_run();

-- Whoever changes what is known of a person, and whoever hands rows of a person out, takes this person's turn: so a
-- withdrawal sees every row that left before it, and a row that leaves sees every withdrawal before it. Held to the end
-- of the transaction. The statements after it must see what the waited-for transaction wrote, hence read committed.
create function consent.take_turn(p_customers bigint[], p_shared boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  place integer;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'turns are taken at read committed' using errcode = 'invalid_transaction_state';
  end if;
  -- Always in the same order, so that two takers cannot wait for each other.
  for place in select distinct (id % 256)::integer from unnest(p_customers) as id order by 1 loop
    if p_shared then
      perform pg_advisory_xact_lock_shared(7001, place);
    else
      perform pg_advisory_xact_lock(7001, place);
    end if;
  end loop;
end
$$;

-- The latest word for each category wins; at equal times a withdrawal beats a refusal beats a grant; the order of
-- arrival never matters. privacy.md B.2. A grant without a notice, or on another or older one, is no consent.
create function consent.refold(p_customers bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.take_turn(p_customers, false);

  delete from consent.live where customer_id = any (p_customers);

  insert into consent.live (customer_id, purpose_id, channel_id, kind, recipient_id, valid_until, categories)
  with masks as (
    -- An event that names no category speaks of all, of those to come too.
    select named.categories,
      case when cardinality(named.categories) = 0 then -1 else coalesce(bit_or(1::bigint << category.bit), 0) end as mask
    from (select distinct categories from consent.event where customer_id = any (p_customers)) as named
    left join catalog.category on exists (
      select from unnest(named.categories) as name where category.id = name or starts_with(category.id, name || '.'))
    group by named.categories
  ), words as (
    select event.customer_id, purpose.id as purpose_id, channel.id as channel_id, event.kind,
      coalesce(event.recipient_id, '') as recipient_id, event.valid_until,
      event.state in ('given', 'renewed') and coalesce(event.notice_version, 0) >= purpose.min_notice_version
        and (purpose.notice_id is null or event.notice_id = purpose.notice_id) as holds,
      -- What a later word said nothing of.
      masks.mask & ~coalesce(bit_or(masks.mask) over (
        partition by event.customer_id, purpose.id, channel.id, event.kind, event.recipient_id
        order by event.effective_at desc,
          case when event.state in ('withdrawn', 'revoked', 'invalidated') then 3 when event.state = 'refused' then 2
            else 1 end desc,
          event.source collate "C" desc, event.event_id collate "C" desc
        rows between unbounded preceding and 1 preceding), 0) as decided
    from consent.event
    join masks on masks.categories = event.categories
    join consent.purpose on event.purpose_id = any (purpose.covered_by)
    join consent.channel on cardinality(event.channels) = 0 or channel.id = any (event.channels)
    where event.customer_id = any (p_customers)
      and event.state in ('given', 'renewed', 'refused', 'withdrawn', 'revoked', 'invalidated')
  )
  select distinct customer_id, purpose_id, channel_id, kind, recipient_id, valid_until,
    bit_or(decided) over (
      partition by customer_id, purpose_id, channel_id, kind, recipient_id
      order by valid_until desc range between unbounded preceding and current row)
  from words
  where holds and decided <> 0;
end
$$;

-- What is live depends on the purposes and categories too: a newer notice or a wider category takes effect at once.
create function consent.refold_after_change(p_customers bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_customers is not null then
    perform consent.refold(p_customers);
    perform export.note_removals(p_customers);
  end if;
end
$$;

create function consent.purpose_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.refold_after_change((
    select array_agg(distinct event.customer_id) from added
    join consent.event on event.purpose_id = any (added.covered_by)));
  return null;
end
$$;
create trigger purpose_added after insert on consent.purpose
  referencing new table as added for each statement execute function consent.purpose_added();

create function consent.purpose_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.refold_after_change((
    select array_agg(distinct event.customer_id) from changed
    join before using (id)
    join consent.event on event.purpose_id = any (before.covered_by || changed.covered_by)
    where (before.covered_by, before.notice_id, before.min_notice_version)
      is distinct from (changed.covered_by, changed.notice_id, changed.min_notice_version)));
  return null;
end
$$;
create trigger purpose_changed after update on consent.purpose
  referencing old table as before new table as changed
  for each statement execute function consent.purpose_changed();

create function consent.category_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.refold_after_change((
    select array_agg(distinct event.customer_id) from consent.event
    where exists (
      select from added, unnest(event.categories) as named
      where added.id = named or starts_with(added.id, named || '.'))));
  return null;
end
$$;
create trigger category_added after insert on catalog.category
  referencing new table as added for each statement execute function consent.category_added();

-- The decision for each customer: the first failing reason in the order of privacy.md B.3, or null when permitted.
-- Plain SQL, so that the planner narrows it to the customers asked for; called by the functions below only.
create function consent.verdict(
  p_purpose text, p_channel text, p_recipient text, p_categories bigint, p_personalised boolean, p_at timestamptz
) returns table (customer_id bigint, reason text)
language sql stable as $$
  select person.customer_id,
    case
      when person.status <> 'active' then 'status'
      when asked.gated and person.born_on is not null
        and person.born_on > (asked.today - interval '14 years')::date then 'age'
      when asked.gated and asked.personalised and person.born_on is not null
        and person.born_on > (asked.today - interval '18 years')::date then 'age'
      -- Outside marketing a child under 14 is served with the guardian's consent only. PIPL Art. 31.
      when not asked.gated and person.born_on is not null
        and person.born_on > (asked.today - interval '14 years')::date and not exists (
        select from consent.live
        where live.customer_id = person.customer_id and live.purpose_id = asked.purpose
          and live.channel_id = asked.channel and live.kind = 'guardian' and live.recipient_id = ''
          and live.valid_until > asked.at and live.categories & asked.categories = asked.categories
      ) then 'age'
      when asked.gated and person.born_on is null and not person.adult_declared
        and asked.unknown_age = 'exclude' then 'age'
      when not asked.purpose_open or not exists (
        select from consent.live
        where live.customer_id = person.customer_id and live.purpose_id = asked.purpose
          and live.channel_id = asked.channel and live.kind = 'general' and live.recipient_id = ''
          and live.valid_until > asked.at and live.categories & asked.categories = asked.categories
      ) then 'general'
      -- No consent makes up for a category that no profile may hold.
      when asked.prohibited then 'sensitive'
      when asked.sensitive <> 0 and not exists (
        select from consent.live
        where live.customer_id = person.customer_id and live.purpose_id = asked.purpose
          and live.channel_id = asked.channel and live.kind = 'separate:sensitive' and live.recipient_id = ''
          and live.valid_until > asked.at and live.categories & asked.sensitive = asked.sensitive
      ) then 'sensitive'
      when asked.recipient_role is null then 'recipient'
      when asked.recipient_role in ('processor', 'joint') and not asked.contracted then 'recipient'
      when asked.recipient_role in ('handler', 'joint') and not exists (
        select from consent.live
        where live.customer_id = person.customer_id and live.purpose_id = asked.purpose
          and live.channel_id = asked.channel and live.kind = 'separate:recipient'
          and live.recipient_id = asked.recipient
          and live.valid_until > asked.at and live.categories & asked.categories = asked.categories
      ) then 'recipient'
      when asked.country <> 'CN' then 'border'
      when asked.personalised and person.no_profiling then 'profiling'
      when exists (
        select from consent.suppression
        where suppression.customer_id = person.customer_id and suppression.channel_id in (asked.channel, '*')
      ) then 'suppression'
    end
  from consent.person
  cross join (
    select p_purpose as purpose, p_channel as channel, p_recipient as recipient,
      -- Operational facts (reachability, consent state) are free to every rule. privacy.md C.2.
      p_categories & ~coalesce((
        select bit_or(1::bigint << category.bit) from catalog.category where category.data_class = 'S0'
      ), 0) as categories,
      p_personalised as personalised, p_at as at, deployment.unknown_age,
      (p_at at time zone deployment.time_zone)::date as today,
      coalesce(
        (select purpose.kind <> 'service' from consent.purpose where purpose.id = p_purpose), true) as gated,
      coalesce((
        select purpose.valid_until > p_at from consent.purpose where purpose.id = p_purpose), false) as purpose_open,
      exists (
        select from catalog.category
        where category.data_class in ('S3', 'S4') and p_categories & (1::bigint << category.bit) <> 0) as prohibited,
      (select recipient.role from consent.recipient where recipient.id = p_recipient) as recipient_role,
      (select recipient.country from consent.recipient where recipient.id = p_recipient) as country,
      coalesce((
        select bit_or(1::bigint << category.bit) from catalog.category where category.data_class = 'S2'
      ), 0) & p_categories as sensitive,
      exists (
        select from consent.contract
        where contract.recipient_id = p_recipient and p_purpose = any (contract.purposes)
          and p_channel = any (contract.channels) and contract.valid_from <= p_at and contract.valid_until > p_at
          and not exists (
            select from catalog.category
            where p_categories & (1::bigint << category.bit) <> 0 and category.data_class <> 'S0' and not exists (
              select from unnest(contract.categories) as named
              where category.id = named or starts_with(category.id, named || '.')))
      ) as contracted
    from meta.deployment
  ) as asked
$$;

-- The mask of dotted categories; an unknown one has no place and so no consent can cover it: null means deny.
create function consent.mask_of(p_categories text[]) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select case when count(*) = (select count(distinct named) from unnest(p_categories) as named) then coalesce(bit_or(1::bigint << category.bit), 0) end
  from catalog.category where category.id = any (p_categories)
$$;

-- Opens a run: settles who may be used for this use, gives the first failing reasons, and lets the present transaction
-- (and only it) see those people's attributes and events.
create function consent.open_run(
  p_purpose text, p_channel text, p_recipient text, p_categories text[], p_personalised boolean, p_at timestamptz
) returns table (run bigint, reason text, count bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened bigint := nextval('consent.run_id');
  mask bigint := consent.mask_of(p_categories);
begin
  if mask is null then
    raise exception 'a category that the catalogue does not know' using errcode = 'invalid_parameter_value';
  end if;
  if p_purpose is null or p_channel is null or p_recipient is null or p_personalised is null or p_at is null then
    raise exception 'a run has a whole use and a moment' using errcode = 'null_value_not_allowed';
  end if;
  insert into consent.run (id) values (opened);
  -- As a statement of its own, which a distributed PostgreSQL hands on to its workers.
  execute format('set local "yq.run" = %L', opened::text);
  -- One pass settles everybody; what it wrote is seen by this transaction alone.
  return query
  with settled as (
    select verdict.customer_id, verdict.reason
    from consent.verdict(p_purpose, p_channel, p_recipient, mask, p_personalised, p_at) as verdict
  ), opened_for as (
    insert into consent.eligible (customer_id, run_id)
    select settled.customer_id, opened from settled where settled.reason is null
  )
  select opened, coalesce(settled.reason, 'eligible'), count(*) from settled group by 2
  union all
  -- Customers of whom nothing is known that the decision needs.
  select opened, 'status', count(*) from profile.customer
  where not exists (select from consent.person where person.customer_id = customer.customer_id)
  having count(*) > 0;
end
$$;

create function consent.close_run() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from consent.eligible where run_id = meta.setting('run')::bigint;
  delete from consent.run where id = meta.setting('run')::bigint;
$$;

-- Asks again for the customers named, at the moment their rows would leave.
create function consent.judge(
  p_customers bigint[], p_purpose text, p_channel text, p_recipient text, p_categories text[],
  p_personalised boolean, p_at timestamptz
) returns table (customer_id bigint, reason text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  mask bigint := consent.mask_of(p_categories);
begin
  return query
  select asked.id, case when verdict.customer_id is null then 'status' else verdict.reason end
  from unnest(p_customers) as asked (id)
  -- No consent has every bit, so a category without a place is covered by none.
  left join consent.verdict(p_purpose, p_channel, p_recipient, coalesce(mask, -1), p_personalised, p_at) as verdict
    on verdict.customer_id = asked.id and verdict.customer_id = any (p_customers);
end
$$;

-- Appends consent events, folds and tells the recipients who must be removed, all in the caller's transaction.
-- Answers each event, in order: inserted, duplicate (the same body before) or conflict (the same id, another body).
create function consent.append(p_events jsonb) returns table (item integer, outcome text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  touched bigint[];
begin
  select array_agg(distinct (value ->> 'customer_id')::bigint) into touched from jsonb_array_elements(p_events) as value;
  if touched is null then
    return;
  end if;
  -- First, so that the same event sent twice at once is seen as a repetition.
  perform consent.take_turn(touched, false);

  return query
  with given as (
    select (ordinality - 1)::integer as item, body.*
    from jsonb_array_elements(p_events) with ordinality as element (value, ordinality),
      jsonb_to_record(element.value) as body (
        customer_id bigint, source text, event_id text, kind text, purpose_id text, channels text[],
        categories text[], recipient_id text, state text, effective_at timestamptz, valid_until timestamptz,
        notice_id text, notice_version integer, language text, mechanism text, evidence_ref text,
        double_opt_in_at timestamptz, actor text, guardian_ref text, body_digest text)
  ), firsts as (
    select distinct on (given.source, given.event_id) given.*
    from given order by given.source, given.event_id, given.item
  ), written as (
    insert into consent.event (
      customer_id, source, event_id, kind, purpose_id, channels, categories, recipient_id, state, effective_at,
      valid_until, notice_id, notice_version, notice_sha256, language, mechanism, evidence_ref, double_opt_in_at,
      actor, guardian_ref, body_digest)
    select f.customer_id, f.source, f.event_id, f.kind, f.purpose_id, f.channels, f.categories, f.recipient_id,
      f.state, f.effective_at, coalesce(f.valid_until, 'infinity'), f.notice_id, f.notice_version, notice.sha256,
      coalesce(f.language, notice.language), f.mechanism, f.evidence_ref, f.double_opt_in_at,
      coalesce(f.actor, 'subject'), f.guardian_ref, f.body_digest
    from firsts as f
    left join consent.notice on notice.id = f.notice_id and notice.version = f.notice_version
    where not exists (
      select from consent.event as known where known.source = f.source and known.event_id = f.event_id)
    returning event.source, event.event_id, event.body_digest
  )
  select given.item,
    case
      when written.source is not null and firsts.item = given.item then 'inserted'
      when written.body_digest = given.body_digest then 'duplicate'
      when exists (
        select from consent.event as known
        where known.source = given.source and known.event_id = given.event_id
          and known.body_digest = given.body_digest) then 'duplicate'
      else 'conflict'
    end
  from given
  join firsts using (source, event_id)
  left join written using (source, event_id)
  order by given.item;

  perform consent.refold(touched);
  perform export.note_removals(touched);
end
$$;

-- Sets what the decision knows of people; only fields that are present change.
create function consent.set_persons(p_persons jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  touched bigint[];
begin
  select array_agg(distinct (value ->> 'customer_id')::bigint) into touched
  from jsonb_array_elements(p_persons) as value;
  if touched is null then
    return;
  end if;
  perform consent.take_turn(touched, false);

  insert into consent.person as person (customer_id, status, born_on, adult_declared, no_profiling)
  select (value ->> 'customer_id')::bigint, coalesce(value ->> 'status', 'active'), (value ->> 'born_on')::date,
    coalesce((value ->> 'adult_declared')::boolean, false), coalesce((value ->> 'no_profiling')::boolean, false)
  from jsonb_array_elements(p_persons) as value
  on conflict (customer_id) do nothing;

  update consent.person set
    status = coalesce(value ->> 'status', person.status),
    born_on = case when value ? 'born_on' then (value ->> 'born_on')::date else person.born_on end,
    adult_declared = coalesce((value ->> 'adult_declared')::boolean, person.adult_declared),
    no_profiling = coalesce((value ->> 'no_profiling')::boolean, person.no_profiling),
    changed_at = clock_timestamp()
  from jsonb_array_elements(p_persons) as value
  -- Erased is for good: data that is loaded again brings nobody back.
  where person.customer_id = (value ->> 'customer_id')::bigint and person.status <> 'erased'
    and (person.status, person.born_on, person.adult_declared, person.no_profiling) is distinct from (
      coalesce(value ->> 'status', person.status),
      case when value ? 'born_on' then (value ->> 'born_on')::date else person.born_on end,
      coalesce((value ->> 'adult_declared')::boolean, person.adult_declared),
      coalesce((value ->> 'no_profiling')::boolean, person.no_profiling));

  perform export.note_removals(touched);
end
$$;

-- An opt-out takes effect before its answer returns.
create function consent.suppress(p_customers bigint[], p_channel text, p_reason text, p_source text, p_at timestamptz)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_channel <> '*' and not exists (select from consent.channel where channel.id = p_channel) then
    raise exception 'no such channel' using errcode = 'invalid_parameter_value';
  end if;
  perform consent.take_turn(p_customers, false);
  insert into consent.suppression (customer_id, channel_id, reason, since, source)
  select distinct id, p_channel, p_reason, p_at, p_source from unnest(p_customers) as id
  on conflict do nothing;
  perform export.note_removals(p_customers);
end
$$;

do $$
declare
  name text;
begin
  foreach name in array array['purpose', 'channel', 'notice', 'recipient', 'contract'] loop
    execute format(
      'create policy everyone_reads on consent.%I for select to yq_identity, yq_steward, yq_ingest, yq_consent, '
      'yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter, yq_privacy, yq_auditor using (true)', name);
    execute format('create policy officers_write on consent.%I to yq_privacy using (true) with check (true)', name);
    execute format(
      'grant select on consent.%I to yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, '
      'yq_builder, yq_approver, yq_exporter, yq_privacy, yq_auditor', name);
  end loop;
end
$$;
grant usage on schema consent to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant insert, update on consent.purpose, consent.channel, consent.recipient, consent.contract to yq_privacy;
grant insert on consent.notice to yq_privacy;

-- The officer reads one person's ledger for that person's request, and the people's states for readiness.
create policy officers_read on consent.event for select to yq_privacy using (true);
create policy officers_read on consent.live for select to yq_privacy using (true);
create policy officers_read on consent.person for select to yq_privacy using (true);
create policy officers_read on consent.suppression for select to yq_privacy using (true);
grant select on consent.event, consent.live, consent.person, consent.suppression to yq_privacy;

grant execute on function consent.append(jsonb) to yq_consent, yq_ingest;
grant execute on function consent.set_persons(jsonb) to yq_ingest, yq_privacy;
grant execute on function consent.suppress(bigint[], text, text, text, timestamptz) to yq_consent, yq_exporter;
grant execute on function consent.open_run(text, text, text, text[], boolean, timestamptz) to yq_analyst, yq_builder;
grant execute on function consent.close_run() to yq_analyst, yq_builder;
grant execute on function consent.judge(bigint[], text, text, text, text[], boolean, timestamptz)
  to yq_builder, yq_exporter, yq_privacy;
grant execute on function consent.refold(bigint[]) to yq_privacy;

-- The barrier: attributes and events are visible through an open run only.
create policy run_reads on consent.eligible for select to yq_analyst, yq_builder
  using (run_id = meta.setting('run')::bigint);
grant select on consent.eligible to yq_analyst, yq_builder;

create policy eligible_only on profile.customer for select to yq_analyst, yq_builder using (exists (
  select from consent.eligible
  where eligible.customer_id = customer.customer_id and eligible.run_id = meta.setting('run')::bigint));
create policy eligible_only on profile.customer_history for select to yq_analyst, yq_builder using (exists (
  select from consent.eligible
  where eligible.customer_id = customer_history.customer_id and eligible.run_id = meta.setting('run')::bigint));
create policy eligible_only on profile.event for select to yq_analyst, yq_builder using (exists (
  select from consent.eligible
  where eligible.customer_id = event.customer_id and eligible.run_id = meta.setting('run')::bigint));

-- After much was loaded: a planner that knows nothing of new tables chooses badly. Whoever loads owns none of them.
create function consent.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  analyze profile.customer;
  analyze profile.event;
  analyze consent.person;
  analyze consent.event;
  analyze consent.live;
  analyze consent.suppression;
  analyze vault.source_key;
  analyze vault.contact;
end
$$;
grant execute on function consent.refresh_statistics() to yq_ingest;
