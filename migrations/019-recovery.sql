-- Second factors that were lost: who asks to do without, who vouched for them, and until when they wait.

create table recoveries (
  id {{id}},
  user_id bigint not null references users (id) on delete cascade,
  reason text not null,
  ip text not null,
  cancel_hash text not null unique,
  asked_at bigint not null,
  expires_at bigint not null,
  approved_at bigint,
  approved_by text,
  approver_user_id bigint,
  note text not null default '',
  ready_at bigint,
  used_at bigint,
  ended_at bigint,
  ended_why text
);
-- A person has one at a time; however many ask at once.
create unique index recoveries_open on recoveries (user_id) where ended_at is null and used_at is null;
create index recoveries_waiting on recoveries (id) where ended_at is null and used_at is null;
create index recoveries_by_user on recoveries (user_id, id);
