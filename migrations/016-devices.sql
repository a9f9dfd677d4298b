-- The browsers that people use: known, trusted, remembered.

-- One row a browser, by the cookie it was given at a sign-in. Only hashes of cookies are kept. The one before is taken for a
-- moment longer: two tabs may sign in at once.
create table devices (
  id {{id}},
  token_hash text not null unique,
  previous_hash text,
  rotated_at bigint not null
);
create index devices_by_previous on devices (previous_hash);

-- A person who signed in on a browser. `trusted_until`: no second factor is asked of them there before.
create table known_devices (
  id {{id}},
  device_id bigint not null references devices (id) on delete cascade,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  user_agent text not null,
  ip text not null,
  first_seen_at bigint not null,
  last_seen_at bigint not null,
  trusted_at bigint,
  trusted_until bigint
);
create unique index known_devices_of_user on known_devices (user_id, device_id) where user_id is not null;
create unique index known_devices_of_administrator on known_devices (administrator_id, device_id) where administrator_id is not null;
create index known_devices_by_device on known_devices (device_id);
create index known_devices_by_age on known_devices (last_seen_at);

-- "Remember me": one row for each sign-in that asked for it, whose cookie changes with every use.
create table remembered (
  id {{id}},
  selector text not null unique,
  secret_hash text not null,
  previous_hash text,
  rotated_at bigint not null,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  device_id bigint references devices (id) on delete set null,
  methods text not null,
  ip text not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  ended_reason text
);
create index remembered_by_user on remembered (user_id) where user_id is not null;
create index remembered_by_administrator on remembered (administrator_id) where administrator_id is not null;
create index remembered_by_device on remembered (device_id) where device_id is not null;
create index remembered_by_end on remembered (expires_at);

-- Which of them a session goes back to.
alter table sessions add column remembered_id bigint;
create index sessions_by_remembered on sessions (remembered_id) where remembered_id is not null;

-- Whether the person ticked that this browser need not be asked for the second factor again.
alter table login_attempts add column trust bigint not null default 0;
