-- Promise: every access is on record or does not happen. Entries are appended in the transaction of the access,
-- unchained, so that no lock is held across it; a sealer puts them into the tree afterwards.
-- PIPL Art. 51, 54; privacy.md F.3.

set local role yq_owner;

create table audit.entry (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  request_id text,
  actor_kind text not null check (actor_kind in ('person', 'machine', 'system')),
  actor text not null,
  actor_role text,
  -- Keyed reference to the session or token, never the secret itself.
  session_ref text,
  on_behalf_of text,
  demo boolean not null default false,
  action text not null,
  decision text not null check (decision in ('allow', 'deny')),
  reason text,
  purpose text,
  channel text,
  recipient text,
  object_kind text,
  object_id text,
  rule_hash text,
  categories text[],
  audience_id uuid,
  export_id uuid,
  chunk integer,
  row_count bigint,
  digest text,
  member_root text,
  -- Keyed reference to one customer; bulk entries commit to a member-set root instead.
  subject_ref bytea,
  client_ip text,
  detail jsonb not null default '{}'
);
select meta.wall('audit.entry');
create index entry_by_actor on audit.entry (actor, seq);
create index entry_by_action on audit.entry (action, seq);
create index entry_by_export on audit.entry (export_id, seq) where export_id is not null;
create index entry_by_subject on audit.entry (subject_ref, seq) where subject_ref is not null;
create index entry_by_time on audit.entry (at, seq);

create trigger append_only before update or delete on audit.entry
  for each row execute function meta.refuse_change();
create trigger append_only_all before truncate on audit.entry
  for each statement execute function meta.refuse_change();

-- Places of the sealed tree (RFC 6962): a leaf for each entry, a checkpoint for each sealing.
create table audit.leaf (
  leaf_index bigint primary key,
  seq bigint not null unique references audit.entry (seq),
  leaf_hash bytea not null
);
select meta.wall('audit.leaf');
create table audit.checkpoint (
  tree_size bigint primary key,
  root_hash bytea not null,
  note text not null,
  sealed_at timestamptz not null default clock_timestamp()
);
select meta.wall('audit.checkpoint');

-- The only way to write an entry. Who acts comes from the transaction's settings where the caller sets none.
create function audit.append(p jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  result bigint;
begin
  insert into audit.entry (
    request_id, actor_kind, actor, actor_role, session_ref, on_behalf_of, demo, action, decision, reason, purpose,
    channel, recipient, object_kind, object_id, rule_hash, categories, audience_id, export_id, chunk, row_count,
    digest, member_root, subject_ref, client_ip, detail
  ) values (
    p ->> 'requestId', p ->> 'actorKind', p ->> 'actor', p ->> 'actorRole', p ->> 'sessionRef',
    p ->> 'onBehalfOf', coalesce((p ->> 'demo')::boolean, false), p ->> 'action', p ->> 'decision', p ->> 'reason',
    p ->> 'purpose', p ->> 'channel', p ->> 'recipient', p ->> 'objectKind', p ->> 'objectId', p ->> 'ruleHash',
    case when jsonb_typeof(p -> 'categories') = 'array'
      then array(select jsonb_array_elements_text(p -> 'categories')) end,
    (p ->> 'audienceId')::uuid, (p ->> 'exportId')::uuid, (p ->> 'chunk')::integer, (p ->> 'rowCount')::bigint,
    p ->> 'digest', p ->> 'memberRoot', decode(p ->> 'subjectRef', 'hex'), p ->> 'clientIp',
    coalesce(p -> 'detail', '{}')
  ) returning seq into result;
  return result;
end
$$;

create policy auditors_read on audit.entry for select to yq_auditor using (true);
grant usage on schema audit to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant execute on function audit.append(jsonb) to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_analyst, yq_builder, yq_approver, yq_exporter,
  yq_privacy, yq_auditor;
grant select on audit.entry to yq_auditor;
