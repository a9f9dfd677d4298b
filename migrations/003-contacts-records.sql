-- Contacts, consent, notes, credit, files and alerts of client accounts. What is the client's own goes with the client; the
-- credit log stays, since it is money: it names the client by number and holds nothing of the person.

create table contacts (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  first_name text not null,
  last_name text not null,
  company_name text not null,
  email text not null,
  first_key {{key}} not null,
  last_key {{key}} not null,
  company_key {{key}} not null,
  email_key {{key}} not null,
  address1 text not null,
  address2 text not null,
  city text not null,
  state text not null,
  postcode text not null,
  country text not null,
  phone_number text not null,
  tax_id text not null,
  email_preferences text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index contacts_by_client on contacts (client_id, id);
create unique index contacts_one_address on contacts (client_id, email_key) where email_key <> '';
-- The wire may look for any one of these alone, among the contacts of all clients.
create index contacts_by_email on contacts (email_key, id);
create index contacts_by_first on contacts (first_key, id);
create index contacts_by_last on contacts (last_key, id);
create index contacts_by_company on contacts (company_key, id);
create index contacts_by_address1 on contacts (address1, id);
create index contacts_by_address2 on contacts (address2, id);
create index contacts_by_city on contacts (city, id);
create index contacts_by_state on contacts (state, id);
create index contacts_by_postcode on contacts (postcode, id);
create index contacts_by_country on contacts (country, id);
create index contacts_by_phone on contacts (phone_number, id);

-- Who agreed to marketing letters or took it back, when, how, and what was asked. `address_print` is a keyed fingerprint.
create table consent_log (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  at bigint not null,
  address text not null,
  address_print text not null,
  opted_in bigint not null,
  source text not null,
  actor_kind text not null,
  actor_name text not null,
  ip text not null,
  reason text not null,
  wording text not null
);
create index consent_log_by_client on consent_log (client_id, id);

-- Addresses that want no marketing letters, by fingerprint alone: it holds on when the client has been deleted.
create table consent_withdrawals (
  address_print text primary key,
  at bigint not null
);

create table client_notes (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  administrator_id bigint,
  author text not null,
  body text not null,
  sticky bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  edited_by text
);
create index client_notes_by_client on client_notes (client_id, id);
create index client_notes_sticky on client_notes (client_id, id) where sticky = 1;

-- No reference to clients: the ledger outlives them.
create table credit_log (
  id {{id}},
  client_id bigint not null,
  currency text not null,
  day text not null,
  description text not null,
  amount_minor bigint not null,
  balance_minor bigint not null,
  related_id bigint not null,
  administrator_id bigint,
  administrator text not null,
  request_key text unique,
  created_at bigint not null
);
create index credit_log_by_client on credit_log (client_id, id);

alter table currencies add column format bigint not null default 1;
alter table currencies add column rate text not null default '1.00000';

create table client_files (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  title text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  admin_only bigint not null,
  administrator_id bigint,
  author text not null,
  created_at bigint not null
);
create index client_files_by_client on client_files (client_id, id);
create index client_files_shown on client_files (client_id, id) where admin_only = 0;

-- The bytes, in portions, so that every process that shares the database can serve them.
-- sqlite:
create table client_file_parts (
  file_id bigint not null references client_files (id) on delete cascade,
  part bigint not null,
  bytes blob not null,
  primary key (file_id, part)
);
-- end
-- postgres:
create table client_file_parts (
  file_id bigint not null references client_files (id) on delete cascade,
  part bigint not null,
  bytes bytea not null,
  primary key (file_id, part)
);
alter table client_file_parts alter column bytes set storage external;
-- end

create table client_alerts (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  tone text not null,
  body text not null,
  link text not null,
  author text not null,
  created_at bigint not null
);
create index client_alerts_by_client on client_alerts (client_id, id);
