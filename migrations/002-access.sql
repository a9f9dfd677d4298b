-- Access: terms, limits and the right to invite of a membership; invitations; who was here before; what an account asks of
-- whoever enters it.

alter table members add column service_ids text not null default '';
alter table members add column may_invite bigint not null default 0;
alter table members add column starts_at bigint;
alter table members add column ends_at bigint;
create index members_by_end on members (ends_at) where ends_at is not null;

-- Whose access ended, so that they are told so rather than that there is no such account.
create table former_members (
  client_id bigint not null references clients (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  ended_at bigint not null,
  why text not null,
  primary key (client_id, user_id)
);
create index former_members_by_user on former_members (user_id);
create index former_members_by_end on former_members (ended_at);

create table entry_rules (
  client_id bigint primary key references clients (id) on delete cascade,
  second_factor bigint not null
);

create table invitations (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  email text not null,
  email_key {{key}} not null,
  token_hash text not null unique,
  permissions text not null,
  service_ids text not null,
  may_invite bigint not null,
  starts_at bigint,
  ends_at bigint,
  lasts_ms bigint,
  by_staff bigint not null,
  invited_by bigint references users (id) on delete set null,
  invited_by_name text not null,
  letter_id bigint,
  state text not null,
  created_at bigint not null,
  sent_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  accepted_by bigint references users (id) on delete set null
);
create unique index invitations_waiting on invitations (client_id, email_key) where state = 'waiting';
create index invitations_by_client on invitations (client_id, state, id);
create index invitations_by_inviter on invitations (invited_by) where invited_by is not null;
create index invitations_by_accepter on invitations (accepted_by) where accepted_by is not null;
create index invitations_due on invitations (expires_at) where state = 'waiting';
create index invitations_by_ended on invitations (ended_at) where ended_at is not null;
