-- People and what they own: another address and its undo, an account handed to another owner, where an account's details
-- and its owner's differ.

-- An address that a person means to have, until the letter to it is answered. Taken addresses are kept here too, with a
-- token that nobody was told: whoever asks cannot tell the two apart.
create table email_changes (
  token_hash text primary key,
  user_id bigint not null references users (id) on delete cascade,
  email text not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index email_changes_by_user on email_changes (user_id);
create index email_changes_by_end on email_changes (expires_at);

-- The address that a person had, and the link by which it comes back. While it holds, nobody else gets the address.
create table email_undos (
  id {{id}},
  token_hash text not null unique,
  user_id bigint not null references users (id) on delete cascade,
  email text not null,
  email_key {{key}} not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  ended_how text
);
create index email_undos_by_user on email_undos (user_id, id);
create index email_undos_by_address on email_undos (email_key);
create index email_undos_by_end on email_undos (expires_at);

-- The last letters to people who left for good are kept for a while only.
create index letters_farewell on letters (created_at) where kind = 'farewell';

-- An account offered to another owner, or handed over, and what it takes to put it back.
create table ownership_transfers (
  id {{id}},
  client_id bigint not null references clients (id) on delete cascade,
  from_user_id bigint not null references users (id) on delete cascade,
  to_user_id bigint not null references users (id) on delete cascade,
  by_staff bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  ended_how text,
  undo_token_hash text unique,
  undo_until bigint,
  undone_at bigint,
  undone_by_staff bigint,
  to_access text
);
create unique index ownership_transfers_one_offer on ownership_transfers (client_id) where ended_at is null;
create index ownership_transfers_by_client on ownership_transfers (client_id, id);
create index ownership_transfers_by_from on ownership_transfers (from_user_id, id);
create index ownership_transfers_by_to on ownership_transfers (to_user_id, id);

-- The open accounts whose name or address is another than their owner's. The database keeps it, so that no way of changing
-- either of them can forget it, and no list has to compare a million pairs.
create table owner_drift (
  client_id bigint primary key references clients (id) on delete cascade
);
insert into owner_drift (client_id)
  select c.id from members m join clients c on c.id = m.client_id join users u on u.id = m.user_id
  where m.is_owner = 1 and c.status <> 'Closed' and (c.full_key <> u.full_key or c.email_key <> u.email_key);

-- sqlite:
create trigger owner_drift_by_owner_in after insert on members when new.is_owner = 1 begin
  delete from owner_drift where client_id = new.client_id;
  insert into owner_drift (client_id) select c.id from clients c join users u on u.id = new.user_id
    where c.id = new.client_id and c.status <> 'Closed' and (c.full_key <> u.full_key or c.email_key <> u.email_key);
end;
create trigger owner_drift_by_owner_out after delete on members when old.is_owner = 1 begin
  delete from owner_drift where client_id = old.client_id;
end;
create trigger owner_drift_by_owner_over after update of is_owner on members when old.is_owner <> new.is_owner begin
  delete from owner_drift where client_id = new.client_id;
  insert into owner_drift (client_id)
    select c.id from members m join clients c on c.id = m.client_id join users u on u.id = m.user_id
    where m.client_id = new.client_id and m.is_owner = 1 and c.status <> 'Closed'
      and (c.full_key <> u.full_key or c.email_key <> u.email_key);
end;
create trigger owner_drift_by_user after update of full_key, email_key on users
  when old.full_key <> new.full_key or old.email_key <> new.email_key begin
  delete from owner_drift where client_id in (select client_id from members where user_id = new.id and is_owner = 1);
  insert into owner_drift (client_id) select c.id from members m join clients c on c.id = m.client_id
    where m.user_id = new.id and m.is_owner = 1 and c.status <> 'Closed'
      and (c.full_key <> new.full_key or c.email_key <> new.email_key);
end;
create trigger owner_drift_by_client after update of full_key, email_key, status on clients
  when old.full_key <> new.full_key or old.email_key <> new.email_key or old.status <> new.status begin
  delete from owner_drift where client_id = new.id;
  insert into owner_drift (client_id) select new.id from members m join users u on u.id = m.user_id
    where m.client_id = new.id and m.is_owner = 1 and new.status <> 'Closed'
      and (new.full_key <> u.full_key or new.email_key <> u.email_key);
end;
-- end

-- postgres:
create function note_owner_drift(ids bigint[]) returns void language sql as $$
  delete from owner_drift where client_id = any (ids);
  insert into owner_drift (client_id)
    select c.id from members m join clients c on c.id = m.client_id join users u on u.id = m.user_id
    where m.client_id = any (ids) and m.is_owner = 1 and c.status <> 'Closed'
      and (c.full_key <> u.full_key or c.email_key <> u.email_key)
    on conflict do nothing;
$$;
create function owner_drift_by_owner_in() returns trigger language plpgsql as $$
begin
  perform note_owner_drift((select array_agg(client_id) from changed where is_owner = 1));
  return null;
end $$;
create function owner_drift_by_owner() returns trigger language plpgsql as $$
begin
  perform note_owner_drift(array[old.client_id]);
  return null;
end $$;
create function owner_drift_by_user() returns trigger language plpgsql as $$
begin
  perform note_owner_drift((select array_agg(client_id) from members where user_id = new.id and is_owner = 1));
  return null;
end $$;
create function owner_drift_by_client() returns trigger language plpgsql as $$
begin
  perform note_owner_drift(array[new.id]);
  return null;
end $$;
create trigger owner_drift_by_owner_in after insert on members referencing new table as changed
  for each statement execute function owner_drift_by_owner_in();
create trigger owner_drift_by_owner_out after delete on members
  for each row when (old.is_owner = 1) execute function owner_drift_by_owner();
create trigger owner_drift_by_owner_over after update of is_owner on members
  for each row when (old.is_owner <> new.is_owner) execute function owner_drift_by_owner();
create trigger owner_drift_by_user after update of full_key, email_key on users
  for each row when (old.full_key <> new.full_key or old.email_key <> new.email_key)
  execute function owner_drift_by_user();
create trigger owner_drift_by_client after update of full_key, email_key, status on clients
  for each row when (old.full_key <> new.full_key or old.email_key <> new.email_key or old.status <> new.status)
  execute function owner_drift_by_client();
-- end
