-- Signing in with others: whom we ask who somebody is, which of their people are ours, and who is on the way to be linked.

create table sign_in_providers (
  id {{id}},
  kind {{key}} not null,
  -- The part of our addresses that names it, such as the callback's: it never changes.
  slug {{key}} not null unique,
  name text not null,
  issuer text not null,
  client_id text not null,
  -- The client secret, or Apple's signing key; sealed to its issuer, so that it opens for no other.
  sealed_secret text not null,
  team_id text not null default '',
  key_id text not null default '',
  scopes text not null,
  for_users bigint not null,
  for_administrators bigint not null,
  enabled bigint not null,
  -- Whether its word on verified addresses counts, and its word on a second factor.
  trusts_address bigint not null,
  accepts_factor bigint not null,
  factor_levels text not null default '',
  created_at bigint not null,
  updated_at bigint not null
);

-- Who somebody is there: issuer and subject, never the e-mail address, which may be another person's tomorrow.
create table linked_identities (
  id {{id}},
  side {{key}} not null,
  user_id bigint references users (id) on delete cascade,
  administrator_id bigint references administrators (id) on delete cascade,
  provider_id bigint not null references sign_in_providers (id) on delete cascade,
  issuer text not null,
  subject text not null,
  email text not null,
  linked_at bigint not null,
  last_used_at bigint
);
create unique index linked_identities_by_identity on linked_identities (side, issuer, subject);
create index linked_identities_by_user on linked_identities (user_id);
create index linked_identities_by_administrator on linked_identities (administrator_id);
create index linked_identities_by_provider on linked_identities (provider_id);

-- Somebody whom a provider told us of and whom we do not know: sealed, for one browser, for a few minutes.
create table pending_identities (
  browser_hash text not null,
  side text not null,
  sealed text not null,
  expires_at bigint not null,
  primary key (browser_hash, side)
);
create index pending_identities_by_end on pending_identities (expires_at);
