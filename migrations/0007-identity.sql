-- Promise: everybody who acts is known, by a session or a token, and nobody's secret can be read back. privacy.md F.5.

set local role yq_owner;

create table identity.person (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email = lower(email)),
  display_name text not null,
  password_hash text,
  -- Sealed by a key outside the database.
  totp_secret bytea,
  roles text[] not null check (roles <@ array[
    'marketer', 'approver', 'steward', 'officer', 'reviewer', 'admin']),
  state text not null default 'active' check (state in ('invited', 'active', 'disabled')),
  demo boolean not null default false,
  language text not null default 'zh-CN',
  failed_attempts integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  -- Whoever approves must not be whoever asks or watches.
  check (not (roles && array['reviewer'] and cardinality(roles) > 1)),
  check (not (roles && array['admin'] and cardinality(roles) > 1))
);
select meta.wall('identity.person');

create table identity.session (
  token_hash bytea primary key,
  -- Keyed reference that may stand in the log.
  reference text not null unique,
  person_id uuid not null references identity.person (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  stepped_up_at timestamptz,
  ended_at timestamptz
);
select meta.wall('identity.session');
create index session_by_person on identity.session (person_id);

create table identity.client (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{2,63}$'),
  kind text not null check (kind in ('campaign_tool', 'consent_source', 'data_source')),
  label text not null,
  recipient_id text references consent.recipient (id),
  public_jwk jsonb not null,
  state text not null default 'active' check (state in ('active', 'disabled')),
  demo boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  check ((kind = 'campaign_tool') = (recipient_id is not null))
);
select meta.wall('identity.client');

-- An assertion is used once.
create table identity.assertion (
  client_id text not null references identity.client (id),
  jti text not null,
  expires_at timestamptz not null,
  primary key (client_id, jti)
);
select meta.wall('identity.assertion');

create table identity.invitation (
  token_hash bytea primary key,
  email text not null,
  roles text[] not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
select meta.wall('identity.invitation');

do $$
declare
  name text;
begin
  foreach name in array array['person', 'session', 'client', 'assertion', 'invitation'] loop
    execute format('create policy identity_passes on identity.%I to yq_identity using (true) with check (true)', name);
    execute format('grant select, insert, update on identity.%I to yq_identity', name);
  end loop;
end
$$;
grant usage on schema identity to yq_identity;
grant delete on identity.assertion to yq_identity;

-- A write that is repeated under the same key gives the same answer; the record commits with the effect.
create table edge.idempotency (
  actor text not null,
  key text not null check (char_length(key) between 1 and 255),
  route text not null,
  body_digest text not null,
  status integer,
  response jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (actor, key)
);
select meta.wall('edge.idempotency');
create policy own_rows on edge.idempotency to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_approver, yq_exporter, yq_privacy
  using (actor = meta.setting('actor')) with check (actor = meta.setting('actor'));
grant usage on schema edge to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_approver, yq_exporter, yq_privacy;
grant select, insert, update (status, response) on edge.idempotency to
  yq_identity, yq_steward, yq_ingest, yq_consent, yq_author, yq_approver, yq_exporter, yq_privacy;
