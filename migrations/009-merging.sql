-- Merging: two client accounts became one, and the list of moves by which they become two again.

-- While a merge stands, the account that went is not among the clients: `before` holds its own row, so that no list, search,
-- count or program can come upon it. Both columns with names are emptied when the time for undoing is over.
create table client_merges (
  id {{id}},
  from_client_id bigint not null,
  into_client_id bigint not null,
  from_name text not null,
  administrator text not null,
  merged_at bigint not null,
  before text,
  undone_at bigint,
  settled_at bigint
);
-- An account can have gone into one other at a time.
create unique index client_merges_standing on client_merges (from_client_id) where undone_at is null;
create index client_merges_by_target on client_merges (into_client_id, id) where undone_at is null;
create index client_merges_due on client_merges (merged_at) where undone_at is null and settled_at is null;

-- One row of the account that went: where it is now (nowhere: set aside, and only `before` holds it), and what it was.
create table client_merge_moves (
  id {{id}},
  merge_id bigint not null references client_merges (id) on delete cascade,
  kind text not null,
  row_id bigint not null,
  from_client_id bigint not null,
  to_client_id bigint,
  before text
);
create index client_merge_moves_by_merge on client_merge_moves (merge_id, kind, id);
