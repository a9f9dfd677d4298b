-- Lists: indexes that answer a search without reading whole rows, and the filters that administrators keep.

-- Keys end after a hundred characters (two hundred for a full name): with four of them in a row of an index, longer ones
-- would not fit PostgreSQL's 2,704 bytes.
update clients set first_key = substr(first_key, 1, 100), last_key = substr(last_key, 1, 100),
  full_key = substr(full_key, 1, 200), company_key = substr(company_key, 1, 100)
  where length(full_key) > 100 or length(company_key) > 100;
update users set first_key = substr(first_key, 1, 100), last_key = substr(last_key, 1, 100),
  full_key = substr(full_key, 1, 200) where length(full_key) > 100;

-- What starts with a term is found by these four, which also hold whatever a list may be sorted by or narrowed to.
drop index clients_by_full;
drop index clients_by_last;
drop index clients_by_company;
drop index clients_by_email;
-- Only for what starts with a term within a status, which the first of the four now answers too.
drop index clients_by_status_full;

-- sqlite:
create index clients_by_full on clients
  (full_key, id, last_key, company_key, email_key, first_key, group_id, created_at, status);
create index clients_by_last on clients
  (last_key, id, full_key, company_key, email_key, first_key, group_id, created_at, status);
create index clients_by_company on clients
  (company_key, id, full_key, last_key, email_key, first_key, group_id, created_at, status);
create index clients_by_email on clients
  (email_key, id, full_key, last_key, company_key, first_key, group_id, created_at, status);
-- The ids with what the trigram search, which knows nothing else, is narrowed to.
drop index clients_by_id;
create index clients_by_id on clients (id, status, group_id);
drop index users_by_full;
drop index users_by_last;
create index users_by_full on users (full_key, id, last_key, email_key);
create index users_by_last on users (last_key, id, full_key, email_key);
create index users_by_email on users (email_key, id, full_key, last_key);
-- end

-- postgres:
create index clients_by_full on clients (full_key, id)
  include (last_key, company_key, email_key, first_key, group_id, created_at, status);
create index clients_by_last on clients (last_key, id)
  include (full_key, company_key, email_key, first_key, group_id, created_at, status);
create index clients_by_company on clients (company_key, id)
  include (full_key, last_key, email_key, first_key, group_id, created_at, status);
create index clients_by_email on clients (email_key, id)
  include (full_key, last_key, company_key, first_key, group_id, created_at, status);
-- The ids with the text that is searched: what a common term matches is found by walking them.
create index clients_by_id on clients (id) include (search_text, status, group_id);
drop index clients_by_status;
create index clients_by_status on clients (status, id) include (search_text, group_id);
drop index users_by_full;
drop index users_by_last;
create index users_by_full on users (full_key, id) include (last_key, email_key);
create index users_by_last on users (last_key, id) include (full_key, email_key);
create index users_by_email on users (email_key, id) include (full_key, last_key);
create index users_by_id on users (id) include (search_text);
-- end

create table saved_filters (
  id {{id}},
  administrator_id bigint not null references administrators (id) on delete cascade,
  list text not null,
  name text not null,
  name_key {{key}} not null,
  shared bigint not null,
  query text not null,
  created_at bigint not null,
  updated_at bigint not null
);
-- Nobody has two of one name; a name that is shared may be another's too.
create unique index saved_filters_by_owner on saved_filters (administrator_id, list, name_key);
create index saved_filters_shared on saved_filters (list, shared, name_key);

-- What staff do to many clients at once, as far as it has come.
create table client_bulk_tasks (
  id {{id}},
  administrator_id bigint not null references administrators (id) on delete cascade,
  ip text not null,
  act text not null,
  chosen_ids text,
  query text not null,
  upto_id bigint not null,
  after_id bigint not null,
  changed bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  refusals text not null,
  created_at bigint not null,
  leased_until bigint not null,
  ended_at bigint,
  ended_why text
);
create index client_bulk_tasks_open on client_bulk_tasks (leased_until) where ended_at is null;
create index client_bulk_tasks_by_administrator on client_bulk_tasks (administrator_id, id);
