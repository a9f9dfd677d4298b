-- Tries that cost a growing pause, and bans that Doorward makes by itself.

-- Failures counted under a name. `free` of them cost nothing; afterwards nobody is looked at before `open_at`.
create table pauses (
  name text primary key,
  count bigint not null,
  free bigint not null,
  open_at bigint not null,
  ends_at bigint not null
);
create index pauses_by_end on pauses (ends_at);

-- Whether whoever is shut out is told the reason that staff wrote.
alter table banned_addresses add column reason_shown bigint not null default 0;
