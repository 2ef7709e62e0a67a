-- Promise: a list leaves only after another person approved it, in committed chunks, each re-checked and on record;
-- whoever withdraws later is told to the recipient as a removal. PIPL Art. 15, 21, 23; product.md "Decided".

set local role yq_owner;

create table export.export (
  id uuid primary key default gen_random_uuid(),
  audience_id uuid not null references audience.audience (id),
  recipient_id text not null references consent.recipient (id),
  purpose_id text not null,
  channel_id text not null,
  rule_hash text not null,
  categories text[] not null,
  personalised boolean not null,
  destination text not null,
  columns text[] not null,
  reason text not null check (char_length(reason) between 1 and 2000),
  state text not null default 'requested' check (state in (
    'requested', 'approved', 'rejected', 'available', 'expired', 'cancelled')),
  requested_by text not null,
  requested_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  gates jsonb not null,
  demo boolean not null default false,
  delivered_count bigint not null default 0,
  check (array['id'] <@ columns),
  check (expires_at > requested_at and expires_at <= requested_at + interval '30 days')
);
select meta.wall('export.export');
create index export_by_recipient on export.export (recipient_id, requested_at);
create index export_by_audience on export.export (audience_id);
create index export_by_expiry on export.export (expires_at) where state in ('requested', 'approved', 'available');

-- An export is of its audience's use and rule and of nothing else, whatever the request says.
create function export.take_use() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select audience.recipient_id, audience.purpose_id, audience.channel_id, audience.rule_hash, audience.categories,
    audience.personalised
  into new.recipient_id, new.purpose_id, new.channel_id, new.rule_hash, new.categories, new.personalised
  from audience.audience where audience.id = new.audience_id and audience.state = 'ready';
  if not found then
    raise exception 'no such audience is ready' using errcode = 'no_data_found';
  end if;
  return new;
end
$$;
create trigger takes_use before insert on export.export for each row execute function export.take_use();

create table export.approval (
  export_id uuid primary key references export.export (id),
  decision text not null check (decision in ('approved', 'rejected')),
  approver text not null,
  reason text not null,
  -- What was approved: the canonical rule.
  rule_hash text not null,
  at timestamptz not null default clock_timestamp()
);
select meta.wall('export.approval');
create trigger append_only before update or delete on export.approval
  for each row execute function meta.refuse_change();

-- A chunk is committed before its bytes leave.
create table export.chunk (
  export_id uuid not null references export.export (id),
  pull_id uuid not null,
  number integer not null,
  first_pseudonym text collate "C",
  last_pseudonym text collate "C",
  row_count integer not null,
  withheld_count integer not null,
  digest text not null,
  member_root text not null,
  -- No chunk without its entry in the log.
  audit_seq bigint not null references audit.entry (seq),
  at timestamptz not null default clock_timestamp(),
  primary key (export_id, pull_id, number)
);
select meta.wall('export.chunk');

-- Who was in what was sent: evidence, pseudonyms only.
create table export.delivery (
  customer_id bigint not null,
  export_id uuid not null,
  pseudonym text collate "C" not null,
  delivered_at timestamptz not null default clock_timestamp(),
  primary key (customer_id, export_id)
);
select meta.wall('export.delivery');
create index delivery_by_export on export.delivery (export_id, pseudonym);

create table export.removal (
  seq bigint generated always as identity primary key,
  export_id uuid not null,
  recipient_id text not null,
  customer_id bigint not null,
  pseudonym text collate "C" not null,
  reason text not null check (reason in ('rule', 'consent', 'erased', 'expired')),
  at timestamptz not null default clock_timestamp(),
  unique (customer_id, export_id)
);
select meta.wall('export.removal');
create index removal_by_export on export.removal (export_id, seq);

create table export.acknowledgement (
  export_id uuid not null references export.export (id),
  client_id text not null,
  digest text not null,
  row_count bigint not null,
  at timestamptz not null default clock_timestamp(),
  primary key (export_id, client_id, digest)
);
select meta.wall('export.acknowledgement');

-- Notes everybody of these customers who was delivered to somebody and may no longer be used there.
create function export.note_removals(p_customers bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  delivered record;
begin
  for delivered in
    select * from export.export
    where exists (
      select from export.delivery where delivery.export_id = export.id and delivery.customer_id = any (p_customers))
    order by export.id
  loop
    -- One after the other, so that numbers become visible in their order and no reader's cursor passes one by.
    perform pg_advisory_xact_lock(7003, hashtext(delivered.id::text));
    insert into export.removal (export_id, recipient_id, customer_id, pseudonym, reason)
    select delivered.id, delivered.recipient_id, delivery.customer_id, delivery.pseudonym,
      case
        when person.status = 'erased' then 'erased'
        when verdict.reason = 'general' and not exists (
          select from consent.event
          where event.customer_id = delivery.customer_id
            and event.state in ('withdrawn', 'refused', 'revoked', 'invalidated')
        ) then 'expired'
        else 'consent'
      end
    from export.delivery
    join consent.verdict(
      delivered.purpose_id, delivered.channel_id, delivered.recipient_id,
      coalesce(consent.mask_of(delivered.categories), -1), delivered.personalised, clock_timestamp()
    ) as verdict on verdict.customer_id = delivery.customer_id
    left join consent.person on person.customer_id = delivery.customer_id
    where delivery.export_id = delivered.id and delivery.customer_id = any (p_customers)
      and verdict.reason is not null
    on conflict do nothing;
  end loop;
end
$$;

-- Consents that ran out since then, for the sweeper.
create function export.note_expired(p_from timestamptz, p_to timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  expired bigint[];
begin
  select array_agg(distinct live.customer_id) into expired from consent.live
  where live.valid_until > p_from and live.valid_until <= p_to;
  if expired is null then
    return 0;
  end if;
  perform consent.take_turn(expired, false);
  perform export.note_removals(expired);
  return cardinality(expired);
end
$$;

-- The next rows of an available export after a pseudonym, each with the decision of this very moment; whoever was
-- removed from it stays out. They keep their people's turn until the chunk commits: a withdrawal waits and then finds
-- what was delivered, or came before and is seen. A cancelling waits likewise.
create function export.next_rows(p_export uuid, p_after text, p_limit integer, p_at timestamptz)
returns table (customer_id bigint, pseudonym text, reason text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted export.export;
begin
  select * into wanted from export.export
  where export.id = p_export and export.state = 'available' and export.expires_at > p_at
    and export.recipient_id = meta.setting('recipient')
  for no key update;
  if not found then
    raise exception 'no such export is available' using errcode = 'no_data_found';
  end if;
  perform consent.take_turn(array(
    select member.customer_id from audience.member
    where member.audience_id = wanted.audience_id and member.pseudonym > coalesce(p_after, '')
    order by member.pseudonym limit p_limit), true);
  return query
  with page as (
    select member.customer_id, member.pseudonym from audience.member
    where member.audience_id = wanted.audience_id and member.pseudonym > coalesce(p_after, '')
    order by member.pseudonym limit p_limit
  )
  select page.customer_id, page.pseudonym,
    case
      when verdict.customer_id is null then 'status'
      when verdict.reason is not null then verdict.reason
      when exists (
        select from export.removal
        where removal.export_id = p_export and removal.customer_id = page.customer_id) then 'removed'
    end
  from page
  left join consent.verdict(
    wanted.purpose_id, wanted.channel_id, wanted.recipient_id,
    coalesce(consent.mask_of(wanted.categories), -1), wanted.personalised, p_at
  ) as verdict on verdict.customer_id = page.customer_id
  order by page.pseudonym;
end
$$;

-- Contact data of an available export, for an internal recipient or a processor under contract, and only the kinds
-- that were approved as columns, and only of people who are permitted at this moment.
create function vault.resolve(p_export uuid, p_customers bigint[], p_at timestamptz)
returns table (customer_id bigint, kind text, ciphertext bytea, wrapped bytea, key_id text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted export.export;
begin
  select export.* into wanted from export.export
  join consent.recipient on recipient.id = export.recipient_id
  where export.id = p_export and export.state = 'available' and export.expires_at > p_at
    and export.recipient_id = meta.setting('recipient') and recipient.role in ('internal', 'processor');
  if not found then
    raise exception 'contact data of this export is for nobody' using errcode = 'insufficient_privilege';
  end if;
  return query
  select contact.customer_id, contact.kind, contact.ciphertext, person_key.wrapped, contact.key_id
  from audience.member
  join consent.verdict(
    wanted.purpose_id, wanted.channel_id, wanted.recipient_id,
    coalesce(consent.mask_of(wanted.categories), -1), wanted.personalised, p_at
  ) as verdict on verdict.customer_id = member.customer_id and verdict.reason is null
  join vault.contact on contact.customer_id = member.customer_id and contact.kind = any (wanted.columns)
    and contact.kind <> 'source-id'
  join vault.person_key on person_key.customer_id = contact.customer_id
  where member.audience_id = wanted.audience_id and member.customer_id = any (p_customers);
end
$$;

-- Whether each of a recipient's pseudonyms may be used now under an export that delivered it.
create function export.permitted(p_export uuid, p_pseudonyms text[], p_at timestamptz)
returns table (pseudonym text, permitted boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted export.export;
begin
  select * into wanted from export.export
  where export.id = p_export and export.recipient_id = meta.setting('recipient');
  return query
  select asked.pseudonym, verdict.customer_id is not null and verdict.reason is null
  from unnest(p_pseudonyms) as asked (pseudonym)
  left join export.delivery on delivery.export_id = wanted.id and delivery.pseudonym = asked.pseudonym
  left join consent.verdict(
    wanted.purpose_id, wanted.channel_id, wanted.recipient_id,
    coalesce(consent.mask_of(wanted.categories), -1), wanted.personalised, p_at
  ) as verdict on verdict.customer_id = delivery.customer_id;
end
$$;

-- Moves an export on: only along the arrows of its life, and past a decision only where that decision was made.
create function export.move(p_export uuid, p_from text[], p_to text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
    select from (values
      ('requested', 'approved'), ('requested', 'rejected'), ('approved', 'available'), ('requested', 'cancelled'),
      ('approved', 'cancelled'), ('available', 'cancelled'), ('requested', 'expired'), ('approved', 'expired'),
      ('available', 'expired')
    ) as arrow (source, target)
    where arrow.target = p_to and arrow.source = any (p_from)
  ) then
    raise exception 'no such step in the life of an export' using errcode = 'invalid_parameter_value';
  end if;
  if p_to in ('approved', 'rejected', 'available') and not exists (
    select from export.approval
    where approval.export_id = p_export
      and approval.decision = case when p_to = 'rejected' then 'rejected' else 'approved' end
  ) then
    raise exception 'nobody decided so' using errcode = 'insufficient_privilege';
  end if;
  update export.export set state = p_to where export.id = p_export and export.state = any (p_from);
  return found;
end
$$;

-- Ends every export whose time is over, for the sweeper.
create function export.expire_due(p_at timestamptz) returns table (export_id uuid, recipient_id text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update export.export set state = 'expired'
  where export.state in ('requested', 'approved', 'available') and export.expires_at <= p_at
  returning export.id, export.recipient_id
$$;

create function export.count_delivered(p_export uuid, p_rows bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update export.export set delivered_count = delivered_count + p_rows where export.id = p_export
$$;

create policy staff_reads on export.export for select to yq_author, yq_approver, yq_auditor using (true);
create policy recipient_reads on export.export for select to yq_exporter
  using (recipient_id = meta.setting('recipient'));
create policy authors_ask on export.export for insert to yq_author
  with check (state = 'requested' and requested_by = meta.setting('actor'));
create policy staff_reads on export.approval for select to yq_author, yq_approver, yq_auditor, yq_exporter using (true);
-- Nobody approves what they asked for.
create policy approvers_decide on export.approval for insert to yq_approver with check (
  approver = meta.setting('actor') and exists (
    select from export.export where export.id = approval.export_id and export.requested_by <> meta.setting('actor')));
create policy recipient_writes on export.chunk to yq_exporter
  using (exists (select from export.export where export.id = chunk.export_id))
  with check (exists (select from export.export where export.id = chunk.export_id));
create policy recipient_writes on export.delivery to yq_exporter
  using (exists (select from export.export where export.id = delivery.export_id))
  with check (exists (select from export.export where export.id = delivery.export_id));
create policy recipient_reads on export.removal for select to yq_exporter
  using (recipient_id = meta.setting('recipient'));
create policy recipient_writes on export.acknowledgement to yq_exporter
  using (exists (select from export.export where export.id = acknowledgement.export_id))
  with check (exists (select from export.export where export.id = acknowledgement.export_id));
create policy auditors_read on export.chunk for select to yq_auditor using (true);
create policy auditors_read on export.delivery for select to yq_auditor using (true);
create policy auditors_read on export.removal for select to yq_auditor using (true);
create policy auditors_read on export.acknowledgement for select to yq_auditor using (true);

grant usage on schema export to yq_author, yq_approver, yq_exporter, yq_auditor, yq_builder;
grant select on export.export to yq_author, yq_approver, yq_auditor, yq_exporter;
grant insert (audience_id, destination, columns, reason, requested_by, requested_at, expires_at, gates, demo)
  on export.export to yq_author;
grant select on export.approval to yq_author, yq_approver, yq_auditor, yq_exporter;
grant insert on export.approval to yq_approver;
grant select, insert on export.chunk, export.acknowledgement to yq_exporter;
grant select (export_id, pseudonym, delivered_at), insert on export.delivery to yq_exporter;
grant select (seq, export_id, recipient_id, pseudonym, reason, at) on export.removal to yq_exporter;
grant select on export.chunk, export.delivery, export.removal, export.acknowledgement to yq_auditor;
grant execute on function export.move(uuid, text[], text) to yq_author, yq_approver, yq_exporter;
grant execute on function export.next_rows(uuid, text, integer, timestamptz) to yq_exporter;
grant execute on function export.permitted(uuid, text[], timestamptz) to yq_exporter;
grant execute on function export.count_delivered(uuid, bigint) to yq_exporter;
grant execute on function export.note_expired(timestamptz, timestamptz) to yq_builder;
grant execute on function export.expire_due(timestamptz) to yq_builder;
grant execute on function vault.resolve(uuid, bigint[], timestamptz) to yq_exporter;
grant execute on function audience.released_waterfall(uuid, integer, integer) to yq_author, yq_approver;

-- What an import did, without a value of anybody.
create table ingest.run (
  id uuid primary key default gen_random_uuid(),
  dataset text not null,
  state text not null check (state in ('running', 'done', 'failed')),
  report jsonb not null default '{}',
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
select meta.wall('ingest.run');
create policy loaders_pass on ingest.run to yq_ingest using (true) with check (true);
create policy stewards_read on ingest.run for select to yq_steward, yq_auditor using (true);
grant usage on schema ingest to yq_ingest, yq_steward, yq_auditor;
grant select, insert, update (state, report, finished_at) on ingest.run to yq_ingest;
grant select on ingest.run to yq_steward, yq_auditor;
