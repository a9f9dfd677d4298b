-- Authenticator apps and backup codes. The seeds are sealed by the installation's key and the codes are slow hashes of what
-- that key made of them: whoever reads these tables alone signs in as nobody.

create table authenticators (
  id {{id}},
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  name text not null,
  sealed_secret text not null,
  -- The newest step of time whose code was spent; no code of it or of an older one is taken again.
  last_step bigint not null,
  created_at bigint not null,
  last_used_at bigint
);
create index authenticators_by_user on authenticators (user_id, id);
create index authenticators_by_administrator on authenticators (administrator_id, id);

create table backup_codes (
  id {{id}},
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  -- The code's first characters, which tell its row, so that one guess costs one hash.
  beginning {{key}} not null,
  hash text not null,
  created_at bigint not null
);
create unique index backup_codes_by_user on backup_codes (user_id, beginning);
create unique index backup_codes_by_administrator on backup_codes (administrator_id, beginning);
