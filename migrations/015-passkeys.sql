-- Passkeys and security keys (WebAuthn). Public keys only: whoever reads this table signs in as nobody.

-- The name by which an authenticator knows a person: 32 random bytes, base64url; never an id or an address.
create table passkey_handles (
  handle {{key}} primary key,
  user_id bigint unique references users (id) on delete cascade,
  administrator_id bigint unique references administrators (id) on delete cascade
);

create table passkeys (
  id {{id}},
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  -- The host that it was made for: it answers no other.
  site text not null,
  credential_id {{key}} not null unique,
  public_key text not null,
  sign_count bigint not null,
  transports text not null,
  authenticator text not null,
  backup_eligible bigint not null,
  backed_up bigint not null,
  verifies_person bigint not null,
  name text not null,
  created_at bigint not null,
  last_used_at bigint
);
create index passkeys_by_user on passkeys (user_id, id);
create index passkeys_by_administrator on passkeys (administrator_id, id);
