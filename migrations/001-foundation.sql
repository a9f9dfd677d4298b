-- The foundation. Instants are milliseconds since 1970 UTC; flags are 0 or 1; money is in minor units.
-- Columns named *_key hold the lower-cased text that is compared, sorted and searched by its bytes.

create table settings (
  name text primary key,
  value text not null,
  updated_at bigint not null
);

create table audit_log (
  id {{id}},
  at bigint not null,
  event text not null,
  description text not null,
  client_id bigint,
  user_id bigint,
  administrator_id bigint,
  actor_kind text not null,
  actor_name text not null,
  ip text not null,
  details text
);
create index audit_log_by_client on audit_log (client_id, id);
create index audit_log_by_user on audit_log (user_id, id);
create index audit_log_by_administrator on audit_log (administrator_id, id);
create index audit_log_by_event on audit_log (event, id);
create index audit_log_by_ip on audit_log (ip, id);
create index audit_log_by_time on audit_log (at, id);

create table letters (
  id {{id}},
  created_at bigint not null,
  kind text not null,
  language text not null,
  to_address text not null,
  subject text not null,
  sealed text,
  kept_html text not null,
  kept_text text not null,
  user_id bigint,
  client_id bigint,
  administrator_id bigint,
  state text not null,
  attempts bigint not null default 0,
  next_attempt_at bigint,
  leased_until bigint,
  expires_at bigint not null,
  sent_at bigint,
  failure text
);
create index letters_due on letters (next_attempt_at) where state = 'waiting';
create index letters_by_user on letters (user_id, id);
create index letters_by_client on letters (client_id, id);
create index letters_by_state on letters (state, id);
create index letters_by_address on letters (lower(to_address), id);

create table banned_addresses (
  id {{id}},
  range text not null,
  reason text not null,
  source text not null,
  created_at bigint not null,
  expires_at bigint
);
create unique index banned_addresses_range on banned_addresses (range);

create table rate_limits (
  name text primary key,
  count bigint not null,
  resets_at bigint not null
);
create index rate_limits_by_end on rate_limits (resets_at);

create table jobs (
  name text primary key,
  leased_until bigint not null,
  last_started_at bigint,
  last_ended_at bigint,
  last_failure text
);

create table admin_roles (
  id {{id}},
  name text not null,
  name_key {{key}} not null unique,
  permissions text not null,
  mail_kinds text not null,
  created_at bigint not null
);

create table administrators (
  id {{id}},
  uuid text not null unique,
  role_id bigint not null references admin_roles (id),
  username text not null,
  username_key {{key}} not null unique,
  first_name text not null,
  last_name text not null,
  email text not null,
  email_key {{key}} not null unique,
  password_hash text,
  signature text not null default '',
  notes text not null default '',
  language text not null default '',
  disabled_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  last_login_at bigint,
  last_login_ip text
);
create index administrators_by_role on administrators (role_id);

create table setup_invitations (
  token_hash text primary key,
  created_at bigint not null,
  used_at bigint
);

create table api_roles (
  id {{id}},
  name text not null,
  name_key {{key}} not null unique,
  description text not null,
  actions text not null,
  created_at bigint not null
);

create table api_credentials (
  id {{id}},
  administrator_id bigint not null references administrators (id),
  identifier text not null unique,
  secret_hash text not null,
  secret_md5_hash text not null,
  description text not null,
  every_action bigint not null,
  allowed_addresses text not null,
  expires_at bigint,
  created_at bigint not null,
  last_used_at bigint,
  last_used_ip text
);
create index api_credentials_by_administrator on api_credentials (administrator_id);

create table api_credential_roles (
  credential_id bigint not null references api_credentials (id) on delete cascade,
  role_id bigint not null references api_roles (id) on delete cascade,
  primary key (credential_id, role_id)
);
create index api_credential_roles_by_role on api_credential_roles (role_id);

create table users (
  id {{id}},
  uuid text not null unique,
  first_name text not null,
  last_name text not null,
  email text not null,
  email_key {{key}} not null unique,
  first_key {{key}} not null,
  last_key {{key}} not null,
  full_key {{key}} not null,
  search_text text not null,
  password_hash text,
  password_must_change bigint not null default 0,
  password_changed_at bigint,
  language text not null default '',
  email_verified_at bigint,
  disabled_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  last_login_at bigint,
  last_login_ip text
);
create index users_by_last on users (last_key, id);
create index users_by_full on users (full_key, id);
create index users_by_created on users (created_at, id);

create table client_groups (
  id {{id}},
  name text not null,
  colour text not null,
  discount_percent text not null default '0.00',
  suspend_exempt bigint not null default 0,
  separate_invoices bigint not null default 0
);

create table currencies (
  id {{id}},
  code text not null unique,
  prefix text not null,
  suffix text not null,
  is_default bigint not null
);
insert into currencies (code, prefix, suffix, is_default) values ('USD', '$', ' USD', 1);

create table clients (
  id {{id}},
  uuid text not null unique,
  first_name text not null,
  last_name text not null,
  company_name text not null,
  email text not null,
  first_key {{key}} not null,
  last_key {{key}} not null,
  full_key {{key}} not null,
  company_key {{key}} not null,
  email_key {{key}} not null,
  search_text text not null,
  address1 text not null,
  address2 text not null,
  city text not null,
  state text not null,
  postcode text not null,
  country text not null,
  phone_number text not null,
  tax_id text not null,
  language text not null,
  currency_id bigint not null references currencies (id),
  group_id bigint not null,
  default_gateway text not null,
  billing_contact_id bigint not null,
  notes text not null,
  status {{key}} not null,
  credit_minor bigint not null,
  tax_exempt bigint not null,
  late_fee_override bigint not null,
  override_due_notices bigint not null,
  separate_invoices bigint not null,
  disable_auto_cc bigint not null,
  override_auto_close bigint not null,
  allow_sso bigint not null,
  marketing_opt_in bigint not null,
  email_preferences text not null,
  signup_ip text not null,
  created_at bigint not null,
  updated_at bigint not null,
  closed_at bigint
);
create index clients_by_first on clients (first_key, id);
create index clients_by_last on clients (last_key, id);
create index clients_by_full on clients (full_key, id);
create index clients_by_company on clients (company_key, id);
create index clients_by_email on clients (email_key, id);
create index clients_by_group on clients (group_id, id);
create index clients_by_created on clients (created_at, id);
create index clients_by_status on clients (status, id);
-- Each order and each prefix again within a status: walking one and leaving out what has another status would read the
-- whole table where the status is rare.
create index clients_by_status_first on clients (status, first_key, id);
create index clients_by_status_full on clients (status, full_key, id);
create index clients_by_status_last on clients (status, last_key, id);
create index clients_by_status_company on clients (status, company_key, id);
create index clients_by_status_email on clients (status, email_key, id);
create index clients_by_status_group on clients (status, group_id, id);
create index clients_by_status_created on clients (status, created_at, id);

create table members (
  client_id bigint not null references clients (id),
  user_id bigint not null references users (id),
  is_owner bigint not null,
  permissions text not null,
  created_at bigint not null,
  last_entered_at bigint,
  primary key (client_id, user_id)
);
create unique index members_one_owner on members (client_id) where is_owner = 1;
create index members_by_user on members (user_id, client_id);

create table sessions (
  id {{id}},
  token_hash text not null unique,
  kind text not null,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  methods text not null,
  origin text not null,
  ip text not null,
  user_agent text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  handover_until bigint,
  ended_at bigint,
  ended_reason text,
  check ((user_id is null) <> (administrator_id is null))
);
create index sessions_by_user on sessions (user_id, id);
create index sessions_by_administrator on sessions (administrator_id, id);
create index sessions_by_end on sessions (expires_at);

create table login_attempts (
  token_hash text primary key,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  methods text not null,
  tries bigint not null,
  ip text not null,
  created_at bigint not null,
  expires_at bigint not null
);
create index login_attempts_by_end on login_attempts (expires_at);

create table password_links (
  token_hash text primary key,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index password_links_by_user on password_links (user_id);
create index password_links_by_administrator on password_links (administrator_id);
create index password_links_by_end on password_links (expires_at);

create table sso_tokens (
  token_hash text primary key,
  user_id bigint not null references users (id) on delete cascade,
  client_id bigint references clients (id) on delete cascade,
  target text not null,
  issued_by text not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index sso_tokens_by_end on sso_tokens (expires_at);

-- How many there are, kept by the database itself, so that no list has to count a million rows.
create table row_counts (
  name text primary key,
  count bigint not null
);
insert into row_counts (name, count) values ('users', 0), ('clients:Active', 0), ('clients:Inactive', 0), ('clients:Closed', 0);

-- sqlite:
-- The ids alone, for long offsets: the table's own tree holds whole rows, and a step in it is ten times as long.
create index users_by_id on users (id);
create index clients_by_id on clients (id);

create trigger users_counted_in after insert on users begin
  update row_counts set count = count + 1 where name = 'users';
end;
create trigger users_counted_out after delete on users begin
  update row_counts set count = count - 1 where name = 'users';
end;
create trigger clients_counted_in after insert on clients begin
  update row_counts set count = count + 1 where name = 'clients:' || new.status;
end;
create trigger clients_counted_out after delete on clients begin
  update row_counts set count = count - 1 where name = 'clients:' || old.status;
end;
create trigger clients_counted_over after update of status on clients when old.status <> new.status begin
  update row_counts set count = count - 1 where name = 'clients:' || old.status;
  update row_counts set count = count + 1 where name = 'clients:' || new.status;
end;

create virtual table users_search using fts5(search_text, content='users', content_rowid='id', tokenize='trigram');
create trigger users_searched_in after insert on users begin
  insert into users_search (rowid, search_text) values (new.id, new.search_text);
end;
create trigger users_searched_out after delete on users begin
  insert into users_search (users_search, rowid, search_text) values ('delete', old.id, old.search_text);
end;
create trigger users_searched_over after update of search_text on users when old.search_text <> new.search_text begin
  insert into users_search (users_search, rowid, search_text) values ('delete', old.id, old.search_text);
  insert into users_search (rowid, search_text) values (new.id, new.search_text);
end;

create virtual table clients_search using fts5(search_text, content='clients', content_rowid='id', tokenize='trigram');
create trigger clients_searched_in after insert on clients begin
  insert into clients_search (rowid, search_text) values (new.id, new.search_text);
end;
create trigger clients_searched_out after delete on clients begin
  insert into clients_search (clients_search, rowid, search_text) values ('delete', old.id, old.search_text);
end;
create trigger clients_searched_over after update of search_text on clients when old.search_text <> new.search_text begin
  insert into clients_search (clients_search, rowid, search_text) values ('delete', old.id, old.search_text);
  insert into clients_search (rowid, search_text) values (new.id, new.search_text);
end;
-- end

-- postgres:
create function count_users() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update row_counts set count = count + (select count(*) from changed) where name = 'users';
  else
    update row_counts set count = count - (select count(*) from changed) where name = 'users';
  end if;
  return null;
end $$;
create trigger users_counted_in after insert on users referencing new table as changed
  for each statement execute function count_users();
create trigger users_counted_out after delete on users referencing old table as changed
  for each statement execute function count_users();

create function count_clients_in() returns trigger language plpgsql as $$
begin
  update row_counts set count = row_counts.count + c.n
    from (select status, count(*) as n from changed group by status) c where name = 'clients:' || c.status;
  return null;
end $$;
create function count_clients_out() returns trigger language plpgsql as $$
begin
  update row_counts set count = row_counts.count - c.n
    from (select status, count(*) as n from changed group by status) c where name = 'clients:' || c.status;
  return null;
end $$;
create function count_clients_over() returns trigger language plpgsql as $$
begin
  update row_counts set count = count + case when name = 'clients:' || new.status then 1 else -1 end
    where name in ('clients:' || new.status, 'clients:' || old.status);
  return null;
end $$;
create trigger clients_counted_in after insert on clients referencing new table as changed
  for each statement execute function count_clients_in();
create trigger clients_counted_out after delete on clients referencing old table as changed
  for each statement execute function count_clients_out();
create trigger clients_counted_over after update of status on clients
  for each row when (old.status <> new.status) execute function count_clients_over();

create extension if not exists pg_trgm;
create index users_search on users using gin (search_text gin_trgm_ops);
create index clients_search on clients using gin (search_text gin_trgm_ops);
-- end
