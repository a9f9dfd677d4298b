-- Staff in the place of a user, and how support finds out whom it speaks to.

-- The session of staff by which they came: what ends it ends this one too.
alter table sessions add column acting_session_id bigint;
-- Until when the person of this session is asked on its pages whether it is they who speak to support; 0 when they are not.
alter table sessions add column asked_until bigint not null default 0;

-- One line for each time that staff were there. Sessions are swept, so their number is kept without a reference.
create table acting_visits (
  id {{id}},
  session_id bigint not null unique,
  administrator_id bigint not null references administrators (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  client_id bigint references clients (id) on delete set null,
  reason text not null,
  may_write bigint not null,
  started_at bigint not null,
  ends_at bigint not null,
  ended_at bigint,
  ended_why text
);
create index acting_visits_open on acting_visits (administrator_id) where ended_at is null;
create index acting_visits_by_end on acting_visits (ends_at);
create index acting_visits_by_user on acting_visits (user_id);
create index acting_visits_by_client on acting_visits (client_id);

-- The PIN that a person reads to support: at most one at a time.
create table support_pins (
  user_id bigint primary key references users (id) on delete cascade,
  pin_mac text not null,
  pin_sealed text not null,
  tries bigint not null,
  made_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

-- Questions of staff to somebody who is signed in: is it you who speaks to us?
create table identity_checks (
  id {{id}},
  user_id bigint not null references users (id) on delete cascade,
  administrator_id bigint not null references administrators (id) on delete cascade,
  number_sealed text not null,
  asked_at bigint not null,
  expires_at bigint not null,
  answered_at bigint,
  answer text
);
create index identity_checks_by_user on identity_checks (user_id, id);
create index identity_checks_by_administrator on identity_checks (administrator_id, id);
create index identity_checks_by_end on identity_checks (expires_at);
