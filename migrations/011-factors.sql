-- Second factors, and how lately a session's person has proved who they are.

alter table sessions add column proven_at bigint not null default 0;
alter table sessions add column proven_by text not null default '';
-- Staff in the place of a user: who, and whether they may change anything.
alter table sessions add column acting_administrator_id bigint references administrators (id) on delete cascade;
alter table sessions add column acting_may_write bigint not null default 0;
-- The browser, where it is known by a cookie of its own.
alter table sessions add column device_id bigint;

-- Whether the person ticked "remember me" at the first step.
alter table login_attempts add column remember bigint not null default 0;

-- Names of what may happen once: the row that was inserted is the answer.
create table spent_once (
  name text primary key,
  expires_at bigint not null
);
create index spent_once_by_end on spent_once (expires_at);

-- Until when whoever must have a second factor may do without.
create table factor_grace (
  holder_kind text not null,
  holder_id bigint not null,
  due_at bigint not null,
  primary key (holder_kind, holder_id)
);
