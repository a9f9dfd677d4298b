-- Links that prove an address. They hold for the address they were sent to and no other.
create table verification_links (
  token_hash text primary key,
  user_id bigint not null references users (id) on delete cascade,
  email_key {{key}} not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index verification_links_by_user on verification_links (user_id);
create index verification_links_by_end on verification_links (expires_at);

-- E-mail addresses nobody may come in with: whole domains with all below them, or single addresses. `hits`: how often refused.
create table banned_emails (
  id {{id}},
  pattern {{key}} not null unique,
  kind text not null,
  note text not null,
  hits bigint not null default 0,
  last_hit_at bigint,
  created_at bigint not null
);

-- Registrations on their way: `received` until they were looked at, `waiting` for staff. Who registered stands sealed in
-- `sealed`, with the hash of the password; the name and the address beside it are for the list of staff.
create table registrations (
  id {{id}},
  state {{key}} not null,
  name text not null,
  email text not null,
  email_key {{key}} not null,
  user_id bigint references users (id) on delete cascade,
  sealed text not null,
  ip text not null,
  tries bigint not null default 0,
  leased_until bigint,
  created_at bigint not null,
  expires_at bigint not null
);
create index registrations_by_state on registrations (state, id);
create index registrations_by_end on registrations (expires_at);
