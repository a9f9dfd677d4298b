-- Passwords, the way back by letter, and security questions (a legacy, off unless the operator switches it on).

-- Where a link went, so that a dead one can be told apart and sent afresh to the very same mailbox, and no other.
alter table password_links add column sent_to text;
alter table password_links add column ended_at bigint;
alter table password_links add column ended_how text;

-- Staff, like users, may be asked for a new password at their next sign-in.
alter table administrators add column password_must_change bigint not null default 0;

create table security_questions (
  id {{id}},
  question text not null,
  created_at bigint not null
);

-- A person's answer to one of them: the Argon2id hash of the normalised answer, as passwords are stored.
create table security_answers (
  user_id bigint primary key references users (id) on delete cascade,
  question_id bigint not null references security_questions (id),
  answer_hash text not null,
  set_at bigint not null
);
create index security_answers_by_question on security_answers (question_id);
