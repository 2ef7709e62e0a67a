-- Promise: identifiers live here, encrypted, and nowhere else; keys never enter the database. Every recipient sees its
-- own pseudonyms. PIPL Art. 51, 73(3); privacy.md D.

set local role yq_owner;

-- Keyed blind index of the brand's own customer id: the way from loaded data to the internal key.
create table vault.source_key (
  source_hash bytea primary key,
  customer_id bigint not null
);
select meta.wall('vault.source_key');
create index source_key_by_customer on vault.source_key (customer_id);

-- One data key for each person, wrapped by a key outside; without it the person's rows here are noise.
create table vault.person_key (
  customer_id bigint primary key,
  wrapped bytea not null,
  key_id text not null
);
select meta.wall('vault.person_key');

-- `kind`: source-id, name, mobile, email, ... AES-256-GCM bound to its row; `index_hash` finds it by keyed hash.
create table vault.contact (
  customer_id bigint not null,
  kind text not null check (kind ~ '^[a-z][a-z0-9-]*$'),
  ciphertext bytea not null,
  index_hash bytea,
  key_id text not null,
  primary key (customer_id, kind)
);
select meta.wall('vault.contact');
create index contact_by_index on vault.contact (kind, index_hash) where index_hash is not null;

-- Issued on first use, per recipient and epoch.
create table vault.pseudonym (
  customer_id bigint not null,
  recipient_id text not null,
  epoch integer not null,
  pseudonym text collate "C" not null,
  issued_at timestamptz not null default clock_timestamp(),
  primary key (customer_id, recipient_id, epoch)
);
select meta.wall('vault.pseudonym');

-- The way back, for opt-outs, removals and acknowledgements.
create table vault.pseudonym_owner (
  pseudonym text collate "C" primary key,
  recipient_id text not null,
  customer_id bigint not null
);
select meta.wall('vault.pseudonym_owner');

create function vault.record_pseudonyms(p_recipient text, p_epoch integer, p_customers bigint[], p_pseudonyms text[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into vault.pseudonym (customer_id, recipient_id, epoch, pseudonym)
  select pair.customer_id, p_recipient, p_epoch, pair.pseudonym
  from unnest(p_customers, p_pseudonyms) as pair (customer_id, pseudonym)
  on conflict do nothing;
  insert into vault.pseudonym_owner (pseudonym, recipient_id, customer_id)
  select pair.pseudonym, p_recipient, pair.customer_id
  from unnest(p_customers, p_pseudonyms) as pair (customer_id, pseudonym)
  on conflict do nothing;
end
$$;

-- Whose pseudonyms these are, for the recipient they were made for and for nobody else.
create function vault.owners_of(p_recipient text, p_pseudonyms text[])
returns table (pseudonym text, customer_id bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select owner.pseudonym, owner.customer_id from vault.pseudonym_owner as owner
  where owner.recipient_id = p_recipient and owner.recipient_id = meta.setting('recipient')
    and owner.pseudonym = any (p_pseudonyms)
$$;

do $$
declare
  name text;
begin
  foreach name in array array['source_key', 'person_key', 'contact'] loop
    execute format('create policy loaders_pass on vault.%I to yq_ingest using (true) with check (true)', name);
  end loop;
end
$$;
-- A consent source speaks of the brand's customer ids, so it must find the internal key; it sees nothing else.
create policy consent_finds on vault.source_key for select to yq_consent using (true);
create policy builders_read on vault.pseudonym for select to yq_builder
  using (recipient_id = meta.setting('recipient'));

grant usage on schema vault to yq_ingest, yq_consent, yq_builder, yq_exporter, yq_auditor;
grant select, insert on vault.source_key to yq_ingest;
-- A reviewer asks about a person by the brand's own id; the keyed hash leads to that person's entries and no further.
create policy auditors_find on vault.source_key for select to yq_auditor using (true);
grant select on vault.source_key to yq_consent, yq_auditor;
-- Loaded, replaced, never read back: ciphertexts leave through vault.resolve alone.
grant select, insert on vault.person_key to yq_ingest;
grant select (customer_id, kind, index_hash, key_id), insert, update (ciphertext, index_hash, key_id)
  on vault.contact to yq_ingest;
grant select on vault.pseudonym to yq_builder;
grant execute on function vault.record_pseudonyms(text, integer, bigint[], text[]) to yq_builder;
grant execute on function vault.owners_of(text, text[]) to yq_exporter, yq_consent;
