-- Where other programs are told of what happens, what they are told, and how that went.

create table webhooks (
  id {{id}},
  url text not null,
  description text not null,
  events text not null,
  sealed_secret text not null,
  sealed_old_secret text,
  old_secret_until bigint,
  created_at bigint not null,
  failing_since bigint,
  disabled_at bigint,
  disabled_why text
);

create table webhook_messages (
  id {{id}},
  public_id text not null unique,
  event text not null,
  body text not null,
  created_at bigint not null
);
create index webhook_messages_by_age on webhook_messages (created_at);

-- No key refers to webhooks: one that is removed at this very moment must not undo what a message tells of.
create table webhook_deliveries (
  id {{id}},
  webhook_id bigint not null,
  message_id bigint not null references webhook_messages (id) on delete cascade,
  state {{key}} not null,
  attempts bigint not null default 0,
  next_attempt_at bigint,
  leased_until bigint,
  status bigint,
  failure text,
  created_at bigint not null,
  ended_at bigint
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where state = 'waiting';
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_by_state on webhook_deliveries (webhook_id, state, id);
create index webhook_deliveries_by_message on webhook_deliveries (message_id);
